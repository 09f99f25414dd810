"""What people are to be reminded of in inductions on a date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.urls import reverse

from pathways.models import InductionStep
from pathways.queries.due import Due
from staff.wording import day_words

BEFORE: Final = timedelta(days=2)
AFTER: Final = timedelta(days=3)
NOT_OLDER: Final = timedelta(days=21)


def due_on(on: date) -> Iterator[Due]:
    """Open steps due within two days to whose they are, and three days late or more to the manager too. One query.

    Each is said once, by its `subject_key`, so that a missed night loses nothing.
    People-team steps remind nobody by name: they stand on the team's own list.
    """
    steps = (
        InductionStep.objects.filter(
            Q(induction__contract__ends_on__isnull=True) | Q(induction__contract__ends_on__gte=on),
            Q(due_on__range=(on, on + BEFORE)) | Q(due_on__range=(on - NOT_OLDER, on - AFTER)),
            done_on__isnull=True,
        )
        .select_related("induction__person", "induction__contract")
        .order_by("pk")
    )
    for step in steps:
        is_late = step.due_on < on
        manager = step.induction.contract.line_manager_id
        owner = {
            "person": step.induction.person_id,
            "manager": manager,
            "buddy": step.induction.buddy_id or manager,
        }.get(step.done_by)
        told = {owner, manager} if is_late else {owner}
        for person_id in sorted(pk for pk in told if pk is not None):
            yield _due(step, person_id, is_late=is_late)


def _due(step: InductionStep, person_id: int, *, is_late: bool) -> Due:
    induction = step.induction
    is_own = person_id == induction.person_id
    whose = "" if is_own else f" ({induction.person.full_name})"
    verb = "was due" if is_late else "is due"
    return Due(
        person_id,
        "induction_late" if is_late else "induction_due",
        f"induction:{step.pk}:{'late' if is_late else 'due'}",
        f"Induction: {step.title}{whose} {verb} {day_words(step.due_on)}.",
        reverse("pathways:induction-mine")
        if is_own
        else reverse("pathways:induction-detail", args=[induction.pk]),
        "My induction" if is_own else "See the steps",
    )
