"""What people are to be reminded of in coaching on a date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.urls import reverse

from pathways.models import CoachingAgreement, CoachProfile
from pathways.queries.due import Due
from staff.queries.deciders import not_left
from staff.wording import day_words

ASKED_FOR: Final = timedelta(days=7)
BEFORE: Final = timedelta(days=14)
NOT_OLDER: Final = timedelta(days=60)


def due_on(on: date) -> Iterator[Due]:
    """Coaches asked a week ago or more who have not answered; supervision due within two weeks. Two queries.

    Each is said once, by its `subject_key`, so that a missed night loses nothing.
    """
    waiting = CoachingAgreement.objects.filter(
        state="asked", asked_at__date__range=(on - NOT_OLDER, on - ASKED_FOR)
    )
    for one in waiting.select_related("coachee").order_by("pk"):
        yield Due(
            one.coach_id,
            "coaching_asked",
            f"coaching:{one.pk}:asked",
            f"{one.coachee.full_name} waits for your answer about coaching.",
            reverse("pathways:coaching-agreement", args=[one.pk]),
            "Answer",
        )
    soon = CoachProfile.objects.filter(not_left(on, "person"), supervision_due_on__range=(on, on + BEFORE))
    for profile in soon.order_by("pk"):
        yield Due(
            profile.person_id,
            "coaching_supervision",
            f"coach:{profile.pk}:{profile.supervision_due_on}",
            f"Arrange your coaching supervision by {day_words(profile.supervision_due_on or on)}.",
            reverse("pathways:coaching-offer"),
            "My profile",
        )
