"""How many trainees and mentors a school can have; and the refusals when it is full."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from entitlements.models import AcademicYear
from pathways.models import TrainingCapacity
from pathways.queries.training_capacity import capacity_of, years_of
from staff.models import Person, Responsibility, School
from staff.refusals import ActionRefused
from staff.wording import counted

NO_SUCH_YEAR = "The portal does not have that academic year yet. Choose an earlier first day."


def mentors_are_taken(school: School, mentors: int, year: AcademicYear) -> str:
    """Why a school that has all its mentors can't have another."""
    return (
        f"{school} can have {counted(mentors, 'mentor')} in {year}, and all of them help "
        "somebody. Choose one of them, or raise the number first."
    )


def mentors_in_use(mentors: int, school: School, year: AcademicYear) -> str:
    """Why the number of mentors can't fall below those already mentoring."""
    return (
        f"{counted(mentors, 'mentor')} of {school} already help somebody in {year}. Write that many or more."
    )


def number_not_said(school: School, year: AcademicYear) -> str:
    """Why no trainee is placed at a school that has not said how many it can have."""
    return f"{school} has not said how many trainees it can have in {year}. Set the number first."


def placements_are_taken(school: School, placements: int, year: AcademicYear) -> str:
    """Why no further trainee is placed where a school can have so many."""
    return (
        f"{school} is full: {counted(placements, 'placement')} in {year}, all taken. "
        "Choose another school, or raise the number first."
    )


@transaction.atomic
def set_capacity(
    *, school: School, year: AcademicYear, by: Person, mentors: int, placements: int, on: date
) -> TrainingCapacity:
    """Say how many mentors and trainees a school can have in a year.

    Raises ActionRefused for anybody but its head and the people team, and for fewer than are in use.
    """
    held = Responsibility.objects.in_force(on).filter(person=by)
    if not (
        held.filter(kind="headteacher", school=school).exists()
        or held.filter(kind="people_team", school__isnull=True, hub__isnull=True).exists()
    ):
        raise ActionRefused("The headteacher or the people team says how many there can be.")
    row, _ = TrainingCapacity.objects.get_or_create(school=school, year=year)
    row = TrainingCapacity.objects.select_for_update(no_key=True).get(pk=row.pk)
    used = capacity_of(school, year)
    if mentors < used.mentors_used:
        raise ActionRefused(mentors_in_use(used.mentors_used, school, year))
    if placements < used.placed:
        raise ActionRefused(
            f"{counted(used.placed, 'trainee')} already placed at {school} in {year}. Write that many or more."
        )
    row.mentors, row.placements = mentors, placements
    row.save()
    return row


def refuse_mentor_beyond_capacity(school: School, mentor: Person, on: date) -> None:
    """Raise ActionRefused where all the mentors a school can have this year help somebody else.

    Under the lock of the school's line, so that two choices do not share the last. A school that has not
    said how many it can have is not held to a number: an early career teacher has to have a mentor.
    """
    year = AcademicYear.objects.filter(starts_on__lte=on, ends_on__gte=on).first()
    if year is None or not _lock(school, year):
        return
    used = capacity_of(school, year)
    if mentor.pk not in used.mentor_ids and not used.mentors_free:
        raise ActionRefused(mentors_are_taken(school, used.mentors or 0, year))


def take_placement(school: School, mentor: Person, starts_on: date, ends_on: date) -> None:
    """Make sure of a place for a trainee and a mentor for them in every year of which it has a day, under the locks
    of the school's lines.

    Raises ActionRefused where the school is full in one of them, or has not said how many it can have in the first;
    a later year of which nothing is said yet refuses nothing, and its number starts from who is there.
    """
    years = years_of(starts_on, ends_on)
    if not years or years[0].starts_on > starts_on:
        raise ActionRefused(NO_SUCH_YEAR)
    if not _lock(school, years[0]):
        raise ActionRefused(number_not_said(school, years[0]))
    for year in [years[0], *(one for one in years[1:] if _lock(school, one))]:
        _has_room(school, year, mentor)


def _has_room(school: School, year: AcademicYear, mentor: Person) -> None:
    used = capacity_of(school, year)
    if not used.placements_free:
        raise ActionRefused(placements_are_taken(school, used.placements or 0, year))
    if mentor.pk not in used.mentor_ids and not used.mentors_free:
        raise ActionRefused(mentors_are_taken(school, used.mentors or 0, year))


def _lock(school: School, year: AcademicYear) -> bool:
    rows = TrainingCapacity.objects.select_for_update(no_key=True).filter(school=school, year=year)
    return rows.first() is not None
