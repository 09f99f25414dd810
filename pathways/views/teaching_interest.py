"""Training to teach: saying so, and the people team's board from interest to placement."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pathways.access.golden_thread import check_people_team, get_interest
from pathways.actions import teaching_interest as actions
from pathways.forms.golden_thread import InterestForm, MoveForm, OwnMoveForm, PlaceForm
from pathways.models import TeachingInterest
from pathways.queries.golden_thread import stage_on, thread_title
from pathways.queries.teaching_interest import board, entry_of, interests_of, is_placement_over, lately_over
from pathways.rules.golden_thread import ThreadStage
from pathways.rules.teaching_interest import MOVES, OPEN_STATES, OWN, advice, checks_of, targets
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

BUTTONS: Final = {
    ("people_team", "advised"): "Advise",
    ("people_team", "applied"): "They have applied",
    ("people_team", "offered"): "They have an offer",
    ("people_team", "placed"): "Place them",
    ("people_team", "withdrawn"): "Close it",
    ("own", "applied"): "I have applied",
    ("own", "withdrawn"): "I have changed my mind",
}


@require_http_methods(["GET", "HEAD", "POST"])
def teach_mine(request: SignedInRequest) -> HttpResponse:
    """Where my interest stands; where there is none, what training asks for and the form."""
    person, now = person_or_404(request.user), clock.now()
    if request.method != "POST":
        there = next(iter(interests_of(person)), None)
        if there is not None and there.state != TeachingInterest.State.WITHDRAWN:
            return redirect("pathways:teach-detail", there.pk)
    form = InterestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            interest = actions.express_interest(person=person, by=person, now=now, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Thank you. The people team answers within a fortnight.")
            return redirect("pathways:teach-detail", interest.pk)
    stage = stage_on(person, timezone.localdate(now))
    context = {
        "form": form,
        "is_before": stage == ThreadStage.BEFORE_TRAINING,
        "stage": thread_title(stage),
        "nav_current": "pathways",
    }
    return render(request, "pathways/teach_mine.html", context, status=422 if form.errors else 200)


@require_safe
def teach_board(request: SignedInRequest) -> HttpResponse:
    """Everybody who would like to train to teach, by state."""
    on = clock.today()
    check_people_team(request.user, on)
    context = {"columns": board(on), "over": lately_over(), "nav_current": "pathways"}
    return render(request, "pathways/teach_board.html", context)


@require_safe
def teach_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One interest: what they meet, what is missing, where it stands and how it came there."""
    on = clock.today()
    interest, capacity = get_interest(request.user, pk, on)
    entry = entry_of(interest)
    moves = [
        {
            "to": to,
            "label": _button(interest, capacity, to),
            "ends_it": to == TeachingInterest.State.WITHDRAWN,
        }
        for to in _targets(interest, capacity, on)
    ]
    context = {
        "interest": interest,
        "is_own": capacity == OWN,
        "checks": [{"words": check.words, "is": check.standing} for check in checks_of(entry)],
        "advice": advice(entry),
        "steps": _line(interest),
        "moves": moves,
        "nav_current": "pathways",
    }
    return render(request, "pathways/teach_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def teach_move(request: SignedInRequest, pk: int, to: str) -> HttpResponse:
    """Move it on, or end it, with a reason."""
    now = clock.now()
    on = timezone.localdate(now)
    interest, capacity = get_interest(request.user, pk, on)
    if (capacity, to) not in BUTTONS:
        if any(target == to for _, target in MOVES):
            raise PermissionDenied("This step is the people team's.")
        raise Http404("There is no such step.")
    data = request.POST if request.method == "POST" else None
    form: OwnMoveForm | MoveForm | PlaceForm = OwnMoveForm(data) if capacity == OWN else MoveForm(data)
    if to == TeachingInterest.State.PLACED:
        form = PlaceForm(data, interest=interest, on=on)
    if form.is_bound and form.is_valid():
        by = person_or_404(request.user)
        try:
            if to == TeachingInterest.State.PLACED:
                actions.place_trainee(interest_id=pk, by=by, now=now, **form.cleaned_data)
            else:
                actions.move_interest(interest_id=pk, to=to, by=by, now=now, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Saved: {TeachingInterest.State(to).label.lower()}.")
            return redirect("pathways:teach-detail", pk)
    context = {
        "interest": interest,
        "form": form,
        "button": _button(interest, capacity, to),
        "can": to in _targets(interest, capacity, on),
        "to": to,
        "places": to == TeachingInterest.State.PLACED,
        "ends_it": to == TeachingInterest.State.WITHDRAWN,
        "is_own": capacity == OWN,
        "nav_current": "pathways",
    }
    return render(request, "pathways/teach_move.html", context, status=422 if form.errors else 200)


def _targets(interest: TeachingInterest, capacity: str, on: date) -> tuple[str, ...]:
    """Where the reader may move it; nowhere once the placement is over."""
    return () if is_placement_over(interest, on) else targets(interest.state, capacity)


def _button(interest: TeachingInterest, capacity: str, to: str) -> str:
    is_placed = interest.state == TeachingInterest.State.PLACED
    return "End the placement" if is_placed and to == "withdrawn" else BUTTONS[capacity, to]


def _line(interest: TeachingInterest) -> list[dict[str, str]]:
    """The states from interest to placement: done, now, to come. One that was ended has only what was."""
    order = [*OPEN_STATES, TeachingInterest.State.PLACED]
    reached = {step.to_state for step in interest.steps.all()} | {"interested"}
    shown = (
        [state for state in order if state in reached] + ["withdrawn"]
        if interest.state == "withdrawn"
        else order
    )
    here = shown.index(interest.state)
    is_over = interest.state in ("placed", "withdrawn")
    marks = [
        "done" if place < here or is_over else "now" if place == here else "" for place in range(len(shown))
    ]
    if interest.state == "withdrawn":
        marks[-1] = "no"
    return [
        {"title": str(TeachingInterest.State(state).label), "words": "", "is": mark}
        for state, mark in zip(shown, marks, strict=True)
    ]
