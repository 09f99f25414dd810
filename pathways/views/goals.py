"""My goal: what it asks, what I have of it, what I do next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pathways.access.careers import (
    get_line,
    get_own_goal,
    get_own_goal_to_end,
    get_own_goal_to_take_up,
    get_own_held,
    get_rung,
)
from pathways.actions import goals as actions
from pathways.forms.careers import HeldForm
from pathways.queries.careers import all_pathways
from pathways.queries.goals import goal_page, goal_to_take_up_again, rung_url
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def goal(request: SignedInRequest) -> HttpResponse:
    """My goal with its list; without one, where I could go next."""
    person, now = person_or_404(request.user), clock.now()
    shown = goal_page(person, now=now)
    context: dict[str, object] = {"shown": shown, "nav_current": "pathways"}
    if shown is None:
        views = all_pathways(person, on=timezone.localdate(now))
        context |= {
            "let_go": goal_to_take_up_again(person, now=now),
            "ahead": [view for view in views if view.here and view.next_step],
        }
    return render(request, "pathways/goal.html", context)


@require_POST
def goal_set(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a rung my goal."""
    person, rung = person_or_404(request.user), get_rung(pk)
    is_shared = "share" in request.POST
    try:
        actions.set_goal(person=person, rung=rung, is_shared=is_shared, by=person, now=clock.now())
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
        return redirect(rung_url(rung))
    messages.success(request, "This is your goal now." + _shared_words(is_shared))
    return redirect("pathways:goal")


@require_POST
def goal_share(request: SignedInRequest) -> HttpResponse:
    """Show my goal to my manager, or keep it to myself."""
    mine, is_shared = get_own_goal(request.user), request.POST.get("share") == "yes"
    actions.share_goal(goal=mine, is_shared=is_shared, by=person_or_404(request.user))
    messages.success(
        request, "Your line manager sees your goal now." if is_shared else "Only you see your goal now."
    )
    return redirect("pathways:goal")


@require_POST
def goal_drop(request: SignedInRequest) -> HttpResponse:
    """Let my goal go."""
    return _end(request, is_reached=False)


@require_POST
def goal_reached(request: SignedInRequest) -> HttpResponse:
    """Say that I have got there."""
    return _end(request, is_reached=True)


@require_POST
def goal_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a goal up again that I let go."""
    ended, now = get_own_goal_to_take_up(request.user, pk), clock.now()
    try:
        actions.take_up_again(goal=ended, by=person_or_404(request.user), now=now)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "It is your goal again. Only you see it.")
    return redirect("pathways:goal")


@require_http_methods(["GET", "HEAD", "POST"])
def held_say(request: SignedInRequest, pk: int) -> HttpResponse:
    """ "I have this already", since when."""
    person, line = person_or_404(request.user), get_line(pk)
    form = HeldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_held(person=person, cpd=line, by=person, on=clock.today(), **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error("held_on", refused.sentence)
        else:
            messages.success(request, f"Noted: you have “{line.words}” already.")
            return redirect("pathways:goal")
    context = {"line": line, "form": form, "back": rung_url(line.rung), "nav_current": "pathways"}
    return render(request, "pathways/held.html", context, status=422 if form.errors else 200)


@require_POST
def held_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """I do not have it after all."""
    held, line = get_own_held(request.user, pk)
    if held is not None:
        actions.take_back_held(held=held, by=person_or_404(request.user))
    messages.success(request, f"Open again: {line.words}.", extra_tags="passing")
    return redirect("pathways:goal")


def _end(request: SignedInRequest, *, is_reached: bool) -> HttpResponse:
    mine = get_own_goal_to_end(request.user, is_reached=is_reached)
    try:
        actions.end_goal(goal=mine, is_reached=is_reached, by=person_or_404(request.user), now=clock.now())
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        said = "Well done. What comes next?" if is_reached else "Let go. You can take it up again below."
        messages.success(request, said)
    return redirect("pathways:goal")


def _shared_words(is_shared: bool) -> str:
    return " Your line manager sees it too." if is_shared else " Only you see it."
