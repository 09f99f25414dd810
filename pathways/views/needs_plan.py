"""My personal development plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pathways.access.needs import get_own_plan_item
from pathways.actions.needs_plan import add_plan_item, settle_plan_item
from pathways.forms.needs import PlanItemForm
from pathways.models import PlanItem
from pathways.queries.needs_plan import plan_of
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def plan(request: SignedInRequest) -> HttpResponse:
    """What I have planned, and what would close my gaps."""
    return _page(request, PlanItemForm())


@require_POST
def plan_add(request: SignedInRequest) -> HttpResponse:
    """Put a course, a route or something of my own into my plan."""
    person, form = person_or_404(request.user), PlanItemForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    try:
        item = add_plan_item(
            person=person,
            by=person,
            title=data["title"],
            due_on=data["due_on"],
            rating_id=data["rating"],
            course_id=data["course"],
            route_id=data["route"],
        )
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"In your plan: {item.title}.")
    return redirect("pathways:plan")


@require_POST
def plan_done(request: SignedInRequest, pk: int) -> HttpResponse:
    """I have done this."""
    return _settle(request, pk, PlanItem.State.DONE, "Done. Well on your way.")


@require_POST
def plan_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    """I will not do this."""
    return _settle(request, pk, PlanItem.State.DROPPED, "Dropped from your plan.")


def _settle(request: SignedInRequest, pk: int, state: str, words: str) -> HttpResponse:
    item = get_own_plan_item(request.user, pk)
    try:
        settle_plan_item(item_id=item.pk, state=state, by=person_or_404(request.user))
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, words)
    return redirect("pathways:plan")


def _page(request: SignedInRequest, form: PlanItemForm, *, status: int = 200) -> HttpResponse:
    found = plan_of(person_or_404(request.user), now=clock.now())
    context = {"plan": found, "form": form, "nav_current": "pathways"}
    return render(request, "pathways/plan.html", context, status=status)
