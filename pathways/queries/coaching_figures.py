"""Figures of the coaching culture, small groups hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone

from pathways.models import CoachingAgreement, CoachingMeeting, CoachProfile
from pathways.rules.coaching import TRAINED, Figure, Group, figures, median
from pathways.rules.suppression import MIN_CELL
from staff.models import Contract, StaffGroup
from staff.queries.main_contract import MAIN_LAST


@dataclass(frozen=True)
class Culture:
    """The tables and the figures above them; None where fewer than 5 people are behind one."""

    by_school: list[Figure]
    by_group: list[Figure]
    together: Figure
    wait_days: int | None
    meetings: int | None
    minutes: int | None
    overdue: int | None


def culture(on: date, *, since: date, school_ids: Collection[int] | None = None) -> Culture:
    """Of everybody in contract on that day but casual staff, at these schools or all; meetings since a day.

    Everybody counts once, at the school of their main contract. Where one school alone is asked for, what
    is hidden cannot be had from the table of schools: it has one row. Five queries.
    """
    held = Contract.objects.in_force(on).exclude(job_role__staff_group=StaffGroup.CASUAL).order_by(*MAIN_LAST)
    people: dict[int, tuple[int, str, str]] = {
        person: (school, name, group)
        for person, school, name, group in held.values_list(
            "person_id", "school_id", "school__name", "job_role__staff_group"
        )
    }
    if school_ids is not None:
        people = {pk: facts for pk, facts in people.items() if facts[0] in school_ids}
    trained = set(
        CoachProfile.objects.filter(training__in=TRAINED, person__in=people).values_list(
            "person_id", flat=True
        )
    )
    live = CoachingAgreement.objects.filter(state__in=["agreed", "completed"], starts_on__gte=since)
    pairs = list(live.values_list("coach_id", "coachee_id"))
    in_it = {pk for pair in pairs for pk in pair} & set(people)
    by_school, together = figures(_groups(people, 1, trained, in_it))
    by_group, same = figures(_groups(people, 2, trained, in_it))
    agreements = CoachingAgreement.objects.filter(coachee__in=people)
    waits = agreements.filter(answered_at__isnull=False, state__in=["agreed", "completed", "ended"])
    days = [
        max(0, (timezone.localdate(answered) - timezone.localdate(asked)).days)
        for asked, answered in waits.filter(asked_at__date__gte=since).values_list("asked_at", "answered_at")
    ]
    meetings = CoachingMeeting.objects.filter(
        removed_at__isnull=True, held_on__gte=since, agreement__coachee__in=people
    )
    met = meetings.values("agreement__coachee").distinct().count()
    total = meetings.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    overdue = CoachProfile.objects.filter(person__in=people, supervision_due_on__lt=on).count()
    return Culture(
        by_school,
        by_group,
        _both(together, same),
        median(days) if len(days) >= MIN_CELL else None,
        meetings.count() if not met or met >= MIN_CELL else None,
        total if not met or met >= MIN_CELL else None,
        overdue if not overdue or overdue >= MIN_CELL else None,
    )


def _both(one: Figure, other: Figure) -> Figure:
    """The figures of all together that neither table has to hide: they stand under both."""
    has_coaches = one.coaches is not None and other.coaches is not None
    has_coached = one.coached is not None and other.coached is not None
    return Figure(
        one.name,
        one.staff if other.staff is not None else None,
        one.coaches if has_coaches else None,
        one.per_100 if has_coaches else None,
        one.coached if has_coached else None,
        one.coverage if has_coached else None,
    )


def since_of(on: date) -> date:
    """A year back: a figure of the culture is about twelve months."""
    return on - timedelta(days=365)


def _groups(
    people: dict[int, tuple[int, str, str]], place: int, trained: set[int], in_it: set[int]
) -> list[Group]:
    members: dict[str, set[int]] = defaultdict(set)
    for pk, facts in people.items():
        members[str(facts[place])].add(pk)
    words = dict(StaffGroup.choices)
    return [
        Group(str(words.get(name, name)), len(pks), len(pks & trained), len(pks & in_it))
        for name, pks in sorted(members.items())
    ]
