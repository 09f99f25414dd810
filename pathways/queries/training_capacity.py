"""How many trainees and mentors each school can have in a year, and how many it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from entitlements.models import AcademicYear
from pathways.models import EarlyCareer, TeachingInterest, TrainingCapacity
from pathways.rules.teaching_interest import placement_ends_on
from staff.models import School


@dataclass(frozen=True)
class Capacity:
    """One school in one year. None: nobody has said how many."""

    school: School
    mentors: int | None
    placements: int | None
    mentor_ids: frozenset[int]
    placed: int

    @property
    def mentors_used(self) -> int:
        """Mentors who have somebody: early career teachers or trainees."""
        return len(self.mentor_ids)

    @property
    def mentors_free(self) -> int:
        """How many more could mentor; 0 where nothing is said."""
        return max((self.mentors or 0) - self.mentors_used, 0)

    @property
    def placements_free(self) -> int:
        """How many more trainees there could be; 0 where nothing is said."""
        return max((self.placements or 0) - self.placed, 0)

    @property
    def is_over(self) -> bool:
        """Whether more is used than there is, since a number was lowered."""
        return (self.mentors is not None and self.mentors_used > self.mentors) or (
            self.placements is not None and self.placed > self.placements
        )


def capacity_by_school(year: AcademicYear, school_ids: Collection[int] | None = None) -> list[Capacity]:
    """Every school of the trust, or those asked for, by name. Four queries however many.

    A placement counts in every year of which it has a day, for its place and for its mentor.
    """
    schools = School.objects.filter(kind=School.Kind.SCHOOL)
    if school_ids is not None:
        schools = schools.filter(pk__in=school_ids)
    rows = {row.school_id: row for row in TrainingCapacity.objects.filter(year=year)}
    mentors: dict[int, set[int]] = defaultdict(set)
    placed: dict[int, int] = defaultdict(int)
    careers = EarlyCareer.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=year.starts_on),
        completed_on__isnull=True,
        starts_on__lte=year.ends_on,
        mentor__isnull=False,
    )
    for school_id, mentor_id in careers.values_list("school_id", "mentor_id"):
        if mentor_id is not None:
            mentors[school_id].add(mentor_id)
    for placed_at, trainees_mentor in _trainees_in(year):
        placed[placed_at] += 1
        mentors[placed_at] |= {trainees_mentor} if trainees_mentor is not None else set()
    return [
        Capacity(
            school,
            rows[school.pk].mentors if school.pk in rows else None,
            rows[school.pk].placements if school.pk in rows else None,
            frozenset(mentors[school.pk]),
            placed[school.pk],
        )
        for school in schools.order_by("name")
    ]


def capacity_of(school: School, year: AcademicYear) -> Capacity:
    """One school. Four queries."""
    return capacity_by_school(year, [school.pk])[0]


def years_of(first: date, last: date) -> list[AcademicYear]:
    """The years of which a placement from one day to another has a day, as far as they are there. One query."""
    return list(AcademicYear.objects.filter(starts_on__lte=last, ends_on__gte=first).order_by("starts_on"))


def _trainees_in(year: AcademicYear) -> Iterator[tuple[int, int | None]]:
    """(school, mentor) of every placement that has a day in the year. One query."""
    rows = TeachingInterest.objects.filter(
        state=TeachingInterest.State.PLACED, placed_at__isnull=False, starts_on__lte=year.ends_on
    )
    found = rows.values_list("placed_at_id", "mentor_id", "starts_on", "route__typical_months")
    for placed_at, mentor_id, starts_on, months in found:
        if placed_at is not None and starts_on and placement_ends_on(starts_on, months) >= year.starts_on:
            yield placed_at, mentor_id


def years_shown(on: date) -> list[AcademicYear]:
    """The running year and the next, as far as they are there. One query."""
    return list(AcademicYear.objects.filter(ends_on__gte=on).order_by("starts_on")[:2])
