"""What people are to be reminded of on the Golden Thread on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from pathways.models import EarlyCareerReview, TeachingInterest
from pathways.queries.due import Due
from pathways.rules.teaching_interest import WITHIN_DAYS
from staff.models import Contract, Responsibility
from staff.wording import day_words

BEFORE: Final = timedelta(days=14)
AFTER: Final = timedelta(days=3)
NOT_OLDER: Final = timedelta(days=60)
"""A review missed longer ago stands on the list of its school; no mail begins with it."""


def due_on(on: date) -> Iterator[Due]:
    """Reviews due in a fortnight to the induction tutor, late ones to the head too, and interest that
    nobody of the people team has answered in a fortnight. Four queries.
    """
    yield from _reviews(on)
    yield from _interests(on)


def _reviews(on: date) -> Iterator[Due]:
    here = Contract.objects.in_force(on).filter(person=OuterRef("early_career__person"))
    reviews = list(
        EarlyCareerReview.objects.filter(
            Exists(here),
            Q(due_on__range=(on, on + BEFORE)) | Q(due_on__range=(on - NOT_OLDER, on - AFTER)),
            held_on__isnull=True,
            early_career__completed_on__isnull=True,
        )
        .select_related("early_career__person")
        .order_by("due_on", "pk")
    )
    heads = _heads({review.early_career.school_id for review in reviews}, on)
    for review in reviews:
        career = review.early_career
        is_late = review.due_on < on
        told = {career.induction_tutor_id}
        if is_late or career.induction_tutor_id is None:
            told |= heads[career.school_id]
        for person_id in sorted(pk for pk in told if pk is not None and pk != career.person_id):
            yield Due(
                person_id,
                "review_late" if is_late else "review_due",
                f"ect-review:{review.pk}:{'late' if is_late else 'due'}",
                f"{review.get_kind_display()} of {career.person.full_name}, term {review.term}, "
                f"{'was' if is_late else 'is'} due {day_words(review.due_on)}.",
                reverse("pathways:ect-detail", args=[career.pk]),
                "Record it" if person_id == career.induction_tutor_id else "See the induction",
            )


def _heads(school_ids: set[int], on: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    held = Responsibility.objects.in_force(on).filter(kind="headteacher", school__in=school_ids)
    for school_id, person_id in held.values_list("school_id", "person_id"):
        if school_id is not None:
            found[school_id].add(person_id)
    return found


def _interests(on: date) -> Iterator[Due]:
    waiting = [
        interest
        for interest in TeachingInterest.objects.filter(state=TeachingInterest.State.INTERESTED)
        .select_related("person")
        .order_by("created_at", "pk")
        if timezone.localdate(interest.created_at) <= on - timedelta(days=WITHIN_DAYS)
    ]
    if not waiting:
        return
    team = list(
        Responsibility.objects.in_force(on)
        .filter(kind="people_team", school__isnull=True, hub__isnull=True)
        .values_list("person_id", flat=True)
    )
    for interest in waiting:
        since = timezone.localdate(interest.created_at)
        for person_id in team:
            if person_id != interest.person_id:
                yield Due(
                    person_id,
                    "interest_unanswered",
                    f"teaching-interest:{interest.pk}",
                    f"{interest.person.full_name} would like to train to teach, since {day_words(since)}: "
                    "nobody has answered.",
                    reverse("pathways:teach-detail", args=[interest.pk]),
                    "Advise them",
                )
