"""Who is asked about an induction as its manager: the post's line manager, else who is nearest to the starter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from pathways.models import Induction, InductionStep
from pathways.rules.induction import LOOK_AHEAD
from staff.models import Person
from staff.queries.deciders import actors_of, not_left, people_nearest_to
from staff.queries.nearest import Asked, asked_about


def managers_of(inductions: Collection[Induction], on: date) -> dict[int, list[int]]:
    """By the pk of each induction whom to ask: the line manager of the post and who stands in for them; without
    one whoever else is nearest to the starter. Nobody where nobody decides. Keys of people, in order.

    Of somebody whose first day is still to come, who will be it then. Reads `contract`; six queries at most.
    """
    to_come = {one.person_id for one in inductions if one.starts_on > on}
    begun = {one.person_id for one in inductions if one.starts_on <= on}
    now = asked_about(begun, on)
    soon = asked_about(to_come, on + LOOK_AHEAD) if to_come else {}
    return {
        one.pk: _of_the_post(one, (now if one.starts_on <= on else soon).get(one.person_id, []))
        for one in inductions
    }


def late_steps_of(manager: Person, on: date) -> QuerySet[InductionStep]:
    """The open steps that were due before today about which this person is asked. Three queries when called."""
    has_manager = Q(induction__contract__line_manager__isnull=False) & not_left(
        on, "induction__contract__line_manager"
    )
    nearest = people_nearest_to(manager, on).values("pk")
    mine = Q(induction__contract__line_manager__in=actors_of(manager, on))
    return (
        late_steps(on)
        .filter(mine | (~has_manager & Q(induction__person__in=nearest)))
        .exclude(induction__person=manager)
    )


def late_steps(on: date) -> QuerySet[InductionStep]:
    """The open steps that were due before today, of everybody who is still in the post."""
    return InductionStep.objects.filter(
        Q(induction__contract__ends_on__isnull=True) | Q(induction__contract__ends_on__gte=on),
        done_on__isnull=True,
        due_on__lt=on,
    )


def _of_the_post(induction: Induction, nearest: list[Asked]) -> list[int]:
    theirs = [one for one in nearest if one.for_id == induction.contract.line_manager_id]
    return sorted({one.person_id for one in theirs or nearest})
