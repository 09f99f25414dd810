"""What people are to be reminded of in inductions on a date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.urls import reverse

from pathways.models import InductionStep
from pathways.queries.due import Due
from pathways.queries.induction_managers import managers_of
from staff.wording import day_words

BEFORE: Final = timedelta(days=2)
AFTER: Final = timedelta(days=3)
NOT_OLDER: Final = timedelta(days=21)


def due_on(on: date) -> Iterator[Due]:
    """Open steps due within two days to whose they are, and three days late or more to the manager too: the line
    manager, else who is nearest to the starter, and who stands in. Seven queries at most.

    Each is said once, by its `subject_key`, so that a missed night loses nothing.
    People-team steps remind nobody by name: they stand on the team's own list.
    """
    due = (
        InductionStep.objects.filter(
            Q(induction__contract__ends_on__isnull=True) | Q(induction__contract__ends_on__gte=on),
            Q(due_on__range=(on, on + BEFORE)) | Q(due_on__range=(on - NOT_OLDER, on - AFTER)),
            done_on__isnull=True,
        )
        .select_related("induction__person", "induction__contract")
        .order_by("pk")
    )
    steps = list(due)
    managers = managers_of({step.induction_id: step.induction for step in steps}.values(), on)
    for step in steps:
        is_late = step.due_on < on
        asked = set(managers[step.induction_id])
        buddy = {step.induction.buddy_id} if step.induction.buddy_id else asked
        owners = {"person": {step.induction.person_id}, "manager": asked, "buddy": buddy}.get(
            step.done_by, set()
        )
        for person_id in sorted(owners | asked if is_late else owners):
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
