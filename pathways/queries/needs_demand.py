"""What people need against what the catalogue offers, and how far a cycle is by school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Count, F, Q, Sum

from courses.models import Session
from pathways.models import Competency, NeedsCycle, NeedsPlanLine
from pathways.queries.needs_reports import MAIN_ON
from pathways.rules.suppression import hidden_in_list
from staff.models import School

AHEAD: Final = timedelta(days=183)
"""The coming months that count as offered: half a year."""

_DEMAND = f"""
SELECT rating.competency_id, main.school_id, COUNT(*) FILTER (WHERE rating.required_level > rating.agreed_level),
    COUNT(*) FILTER (WHERE rating.required_level - rating.agreed_level >= 2)
FROM pathways_needsrating rating JOIN ({MAIN_ON}) main ON main.person_id = rating.person_id
WHERE rating.cycle_id = %(cycle)s AND rating.agreed_level IS NOT NULL
GROUP BY 1, 2
"""  # noqa: S608 - put together from constants
_PROGRESS = f"""
SELECT main.school_id, COUNT(DISTINCT rating.person_id), COUNT(*), COUNT(rating.self_level),
    COUNT(rating.manager_level), COUNT(rating.agreed_level),
    COUNT(*) FILTER (WHERE rating.agreed_level IS NULL AND rating.conversation_on IS NULL
        AND abs(rating.self_level - rating.manager_level) >= 2)
FROM pathways_needsrating rating JOIN ({MAIN_ON}) main ON main.person_id = rating.person_id
WHERE rating.cycle_id = %(cycle)s GROUP BY 1
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class Demand:
    """One competency: people with a gap, places left on its courses, and what the plan has for it.

    `is_hidden`: fewer than five people, or as many as would give a smaller number away.
    """

    competency: Competency
    people: int
    large: int
    dates: int
    places: int
    is_hidden: bool
    lines: list[NeedsPlanLine] = field(default_factory=list)

    @property
    def unmet(self) -> int:
        """People for whom there is no place left; 0 where the number is hidden."""
        return 0 if self.is_hidden else max(0, self.people - self.places)


def demand_by_competency(
    cycle: NeedsCycle, *, school: School | None, now: datetime, on: date
) -> list[Demand]:
    """Every competency in which somebody has a gap, the largest unmet demand first. Five queries.

    Places are those left on published courses linked with it, on dates within the coming half year;
    dates for one school's own staff count only where that school is asked for. `school` None: the trust.
    What is hidden is worked out on the schools of the whole trust, whatever is shown of it, so that no
    school's number is found by subtracting the others from the trust.
    """
    people = _people(cycle, school, on)
    competencies = Competency.objects.in_bulk(people)
    offered = _offered(None if school is None else [school.pk], now)
    lines: dict[int, list[NeedsPlanLine]] = {pk: [] for pk in people}
    for line in NeedsPlanLine.objects.filter(cycle=cycle, competency__in=people):
        lines[line.competency_id or 0].append(line)
    found = [
        Demand(competencies[pk], with_gap, large, *offered.get(pk, (0, 0)), is_hidden, lines[pk])
        for pk, (with_gap, large, is_hidden) in people.items()
    ]
    # Hidden ones by title alone: their order must not tell which is larger.
    return sorted(
        found,
        key=lambda one: (
            -one.unmet,
            one.is_hidden,
            0 if one.is_hidden else -one.people,
            one.competency.title,
        ),
    )


def _people(cycle: NeedsCycle, school: School | None, on: date) -> dict[int, tuple[int, int, bool]]:
    """For each competency that somebody there has a gap in: people, those with a large gap, whether hidden."""
    with connection.cursor() as cursor:
        cursor.execute(_DEMAND, {"cycle": cycle.pk, "on": min(on, cycle.closes_on)})
        found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for competency, at, with_gap, large in cursor.fetchall():
            found[competency][at] = (with_gap, large)
    people = {}
    for competency, by_school in found.items():
        schools = sorted(by_school)
        hidden, no_total = hidden_in_list([by_school[at][0] for at in schools])
        if school is None:
            with_gap, large = (sum(counts) for counts in zip(*by_school.values(), strict=True))
            is_hidden = no_total
        else:
            with_gap, large = by_school.get(school.pk, (0, 0))
            is_hidden = school.pk in by_school and schools.index(school.pk) in hidden
        if with_gap:
            people[competency] = (with_gap, large, is_hidden)
    return people


def _offered(schools: list[int] | None, now: datetime) -> dict[int, tuple[int, int]]:
    to_come = Session.objects.filter(
        Q(is_own_school_only=False) | Q(school__in=schools or []),
        status=Session.Status.SCHEDULED,
        starts_at__gt=now,
        starts_at__lte=now + AHEAD,
        course__is_published=True,
        course__competencies__isnull=False,
    )
    rows = to_come.values("course__competencies").annotate(
        dates=Count("pk"), places=Sum(F("capacity") - F("booked_count") - F("offered_count"))
    )
    return {row["course__competencies"]: (row["dates"], row["places"]) for row in rows}


@dataclass(frozen=True)
class Progress:
    """How far a cycle is at one school, or all together. `ratings` is people × competencies asked."""

    name: str
    code: str
    people: int
    ratings: int
    self_rated: int
    manager_rated: int
    agreed: int
    to_talk_over: int

    @property
    def self_percent(self) -> int:
        """Of 100 competencies asked, how many people have rated themselves; rounded down."""
        return self._percent(self.self_rated)

    @property
    def manager_percent(self) -> int:
        """The same for managers."""
        return self._percent(self.manager_rated)

    @property
    def agreed_percent(self) -> int:
        """The same for levels agreed."""
        return self._percent(self.agreed)

    def _percent(self, part: int) -> int:
        return 100 * part // self.ratings if self.ratings else 0


def progress_by_school(
    cycle: NeedsCycle, *, schools: Sequence[School], on: date
) -> tuple[list[Progress], Progress]:
    """How far each of these schools is, by name, and all of them together. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"cycle": cycle.pk, "on": min(on, cycle.closes_on)})
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    found = [Progress(school.name, school.code, *rows[school.pk]) for school in schools if school.pk in rows]
    sums = [sum(rows[school.pk][place] for school in schools if school.pk in rows) for place in range(6)]
    return found, Progress("All together", "", *sums)
