"""Somebody's personal development plan: lines planned, done, dropped."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from courses.models import Course
from pathways.models import NeedsRating, PlanItem, Route
from staff.models import Person
from staff.refusals import ActionRefused


@transaction.atomic
def add_plan_item(
    *,
    person: Person,
    by: Person,
    title: str,
    due_on: date | None = None,
    rating_id: int | None = None,
    course_id: int | None = None,
    route_id: int | None = None,
) -> PlanItem:
    """Put a line into one's own plan. The same title again gives the line that is there, planned anew
    where it was dropped. Raises ActionRefused for anybody else's plan, a rating that is not theirs, and
    a course or route that is not on offer.
    """
    if by.pk != person.pk:
        raise ActionRefused("Everybody writes their own plan.")
    if rating_id is not None and not NeedsRating.objects.filter(pk=rating_id, person=person).exists():
        raise ActionRefused("This need is not one of yours.")
    if course_id is not None and not Course.objects.filter(pk=course_id, is_published=True).exists():
        raise ActionRefused("This course is not on offer any more.")
    if route_id is not None and not Route.objects.filter(pk=route_id, is_open=True).exists():
        raise ActionRefused("This route is not open any more.")
    item, is_new = PlanItem.objects.get_or_create(
        person=person,
        title=title.strip(),
        defaults={
            "due_on": due_on,
            "rating_id": rating_id,
            "course_id": course_id,
            "route_id": route_id,
            "created_by": by,
        },
    )
    if not is_new and item.state == PlanItem.State.DROPPED:
        item.state, item.due_on = PlanItem.State.PLANNED, due_on or item.due_on
        item.save(update_fields=["state", "due_on"])
    return item


@transaction.atomic
def settle_plan_item(*, item_id: int, state: str, by: Person) -> PlanItem:
    """Say that a line is done or dropped; said twice it is the same. Raises ActionRefused for anybody but
    its owner, and for a line that is done and would be dropped.
    """
    item = PlanItem.objects.select_for_update(no_key=True).get(pk=item_id)
    if item.person_id != by.pk:
        raise ActionRefused("Everybody writes their own plan.")
    if item.state == PlanItem.State.DONE and state == PlanItem.State.DROPPED:
        raise ActionRefused("This is done already, so it stays in your plan.")
    item.state = PlanItem.State(state)
    item.save(update_fields=["state"])
    return item
