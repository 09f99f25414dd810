"""My induction, and the starters I look after."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pathways.access.induction import Looked, get_induction, get_induction_to_lead, get_step
from pathways.actions import induction as actions
from pathways.forms.induction import BuddyForm
from pathways.models import DoneBy
from pathways.queries.induction import (
    STARTERS_HEADER,
    buddied_by,
    induction_of,
    journey_of,
    narrowed,
    schools_of_starters,
    starters_seen_by,
    starters_table,
)
from pathways.rules.induction import Standing, may_choose_buddy
from staff import clock
from staff.access import person_or_404
from staff.exports import csv_lines, xlsx_file
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

PAGE_SIZE = 40
SHOWN = [("", "All"), ("late", "Late"), ("open", "Under way"), ("done", "Completed")]
WHOSE = [("person", "The starter"), *DoneBy.choices[1:]]


@require_safe
def induction_mine(request: SignedInRequest) -> HttpResponse:
    """My own steps, what others do for me, and the starters I am the buddy of."""
    person, on = person_or_404(request.user), clock.today()
    induction = induction_of(person, on)
    journey = journey_of(induction, frozenset({Standing.OWN}), on) if induction else None
    context = {
        "journey": journey,
        "induction": induction,
        "buddied": list(buddied_by(person, on)),
        "leads": _leads(request),
        "nav_current": "pathways",
    }
    return render(request, "pathways/induction_mine.html", context)


@require_safe
def induction_team(request: SignedInRequest) -> HttpResponse:
    """Starters I manage, of my site or of the trust: late ones first, with what is late."""
    person, on = person_or_404(request.user), clock.today()
    chosen = _chosen(request)
    starters = narrowed(starters_seen_by(person, on), on, **chosen)
    context = {
        "page": Paginator(starters, PAGE_SIZE).get_page(request.GET.get("page")),
        "options": SHOWN,
        "schools": schools_of_starters(person, on),
        "doers": WHOSE,
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
        "on": on,
        "nav_current": "pathways",
    }
    return render(request, "pathways/induction_team.html", context)


@require_safe
def induction_team_download(request: SignedInRequest) -> HttpResponse:
    """The same starters as a file, by the same choice: everybody of it, not one page."""
    person, on = person_or_404(request.user), clock.today()
    starters = narrowed(starters_seen_by(person, on), on, **_chosen(request))
    rows = starters_table(starters)
    if request.GET.get("format") == "xlsx":
        response = HttpResponse(
            xlsx_file([("Starters", STARTERS_HEADER, rows)]),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
        response["Content-Disposition"] = 'attachment; filename="starters.xlsx"'
        return response
    response = HttpResponse("".join(csv_lines(STARTERS_HEADER, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="starters.csv"'
    return response


@require_safe
def induction_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One starter, with the steps that are the reader's to tick."""
    on = clock.today()
    looked = get_induction(request.user, pk, on)
    form = BuddyForm(None, looked.induction, on) if may_choose_buddy(looked.standings) else None
    return _detail(request, looked, form)


@require_POST
def induction_buddy(request: SignedInRequest, pk: int) -> HttpResponse:
    """Choose who helps the starter to settle in."""
    now = clock.now()
    on = timezone.localdate(now)
    looked = get_induction_to_lead(request.user, pk, on)
    form = BuddyForm(request.POST, looked.induction, on)
    if not form.is_valid():
        return _detail(request, looked, form, status=422)
    try:
        induction = actions.choose_buddy(
            induction_id=pk,
            buddy=form.cleaned_data["buddy"],
            by=person_or_404(request.user),
            standings=looked.standings,
            on=on,
            now=now,
        )
    except ActionRefused as refused:
        form.add_error("buddy", refused.sentence)
        return _detail(request, looked, form, status=422)
    said = f"{induction.buddy} is the buddy now." if induction.buddy else "Nobody is the buddy now."
    messages.success(request, said)
    return redirect("pathways:induction-detail", pk)


@require_POST
def induction_tick(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a step done."""
    return _mark(request, pk, is_done=True)


@require_POST
def induction_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a tick back."""
    return _mark(request, pk, is_done=False)


def _chosen(request: SignedInRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("show", "school", "whose")}


def _mark(request: SignedInRequest, pk: int, *, is_done: bool) -> HttpResponse:
    on = clock.today()
    step, looked = get_step(request.user, pk, on)
    act = actions.tick_step if is_done else actions.undo_step
    try:
        act(step_id=step.pk, by=person_or_404(request.user), standings=looked.standings, on=on)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        said = f"Done: {step.title}." if is_done else f"Open again: {step.title}."
        messages.success(request, said, extra_tags="passing")
    if Standing.OWN in looked.standings:
        return redirect("pathways:induction-mine")
    return redirect("pathways:induction-detail", step.induction_id)


def _detail(
    request: SignedInRequest, looked: Looked, form: BuddyForm | None, *, status: int = 200
) -> HttpResponse:
    journey = journey_of(looked.induction, looked.standings, clock.today())
    context: dict[str, object] = {
        "induction": looked.induction,
        "journey": journey,
        "form": form,
        "is_own": Standing.OWN in looked.standings,
        "nav_current": "pathways",
    }
    return render(request, "pathways/induction_detail.html", context, status=status)


def _leads(request: SignedInRequest) -> bool:
    """Whether somebody who manages nobody still looks after starters; read for the frame already."""
    kinds = {"headteacher", "cpd_lead", "people_team"}
    return any(held.kind in kinds for held in request.user.responsibilities)
