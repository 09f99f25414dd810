"""Who would like to train to teach, and where each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from pathways.models import TeachingInterest, TeachingInterestStep
from pathways.rules.teaching_interest import OPEN_STATES, WITHIN_DAYS, Entry, placement_ends_on
from staff.models import Contract, Person
from staff.queries.main_contract import MAIN_LAST

OVER_SHOWN: Final = 30


@dataclass(frozen=True)
class Column:
    """One state of the board with the people in it."""

    state: str
    title: str
    rows: list[TeachingInterest]


def interests_of(person: Person) -> QuerySet[TeachingInterest]:
    """Everything somebody has said, newest first, with its steps. Two queries when read."""
    return _whole(TeachingInterest.objects.filter(person=person)).order_by("-created_at", "-pk")


def interests() -> QuerySet[TeachingInterest]:
    """Every interest, as the people team sees them."""
    return _whole(TeachingInterest.objects.all())


def board(on: date) -> list[Column]:
    """What is open by state, whoever waits longest first. Two queries.

    Each row has `is_late`, where nobody has answered in time, and `job`, what the person does today.
    """
    rows = list(
        TeachingInterest.objects.filter(state__in=OPEN_STATES)
        .select_related("person", "route")
        .order_by("state_since_at", "pk")
    )
    jobs = {
        contract.person_id: f"{contract.job_role}, {contract.school}"
        for contract in Contract.objects.in_force(on)
        .filter(person__in=[row.person_id for row in rows])
        .select_related("job_role", "school")
        .order_by(*MAIN_LAST)
    }
    for row in rows:
        waited = timezone.localdate(row.created_at) <= on - timedelta(days=WITHIN_DAYS)
        row.is_late = row.state == TeachingInterest.State.INTERESTED and waited  # type: ignore[attr-defined]
        row.job = jobs.get(row.person_id, "")  # type: ignore[attr-defined]
    return [
        Column(state, str(TeachingInterest.State(state).label), [row for row in rows if row.state == state])
        for state in OPEN_STATES
    ]


def lately_over() -> list[TeachingInterest]:
    """The last that were placed or withdrawn. One query."""
    return list(
        TeachingInterest.objects.exclude(state__in=OPEN_STATES)
        .select_related("person", "placed_at", "mentor")
        .order_by("-state_since_at", "-pk")[:OVER_SHOWN]
    )


def is_placement_over(interest: TeachingInterest, on: date) -> bool:
    """Whether somebody was placed and the last day of it has passed. Reads `route` of who is placed."""
    if interest.state != TeachingInterest.State.PLACED or interest.starts_on is None:
        return False
    months = interest.route.typical_months if interest.route else None
    return placement_ends_on(interest.starts_on, months) < on


def entry_of(interest: TeachingInterest) -> Entry:
    """What somebody brings with them, as the rules take it."""
    return Entry(interest.has_degree, interest.has_english_and_maths, interest.has_science, interest.phase)


def _whole(found: QuerySet[TeachingInterest]) -> QuerySet[TeachingInterest]:
    return found.select_related("person", "route", "placed_at", "mentor").prefetch_related(
        Prefetch("steps", queryset=TeachingInterestStep.objects.select_related("actor").order_by("number"))
    )
