"""What a long absence took off a year may be taken in the next, where the people team agrees (R14)."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from entitlements.durations import in_hours
from entitlements.models import AcademicYear, CarryOver
from entitlements.queries.carry_overs import expires_on, most_to_carry
from staff.actions.responsibilities import is_people_team
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import date_words

FOR_ONESELF = "Nobody approves their own carry-over. Ask a colleague of the people team."
NOT_PEOPLE_TEAM = "The people team approves what is carried over."


def approved_already(person: Person, from_year: AcademicYear) -> str:
    """Why nothing is approved a second time."""
    return f"A carry-over from {from_year} has been approved for {person.full_name} already."


def nothing_to_carry(from_year: AcademicYear) -> str:
    """Why a person whose target wasn't lowered can't carry anything over."""
    return f"Nothing can be carried over: no family leave or long sickness lowered the year {from_year}."


def more_than_taken_off(most: int) -> str:
    """Why so much cannot be carried over; `most` minutes can."""
    return (
        f"At most {in_hours(most)} ({most} minutes) can be carried over: "
        "what family leave or long sickness took off the year."
    )


def approve_carry_over(
    *, person: Person, from_year: AcademicYear, minutes: int, reason: str, by: Person, today: date
) -> CarryOver:
    """Let somebody take so many minutes of a year that is over in the year after it, once, until its 31 August.

    It is a leave to take more, and changes no figure of either year. ActionRefused as `check_carry_over`, and
    where it has been approved already.
    """
    check_carry_over(person=person, from_year=from_year, minutes=minutes, reason=reason, by=by, today=today)
    try:
        with transaction.atomic():
            return CarryOver.objects.create(
                person=person,
                from_year=from_year,
                minutes=minutes,
                approved_by=by,
                reason=reason.strip()[:300],
            )
    except IntegrityError as failure:
        raise ActionRefused(approved_already(person, from_year)) from failure


def check_carry_over(
    *, person: Person, from_year: AcademicYear, minutes: int, reason: str, by: Person, today: date
) -> None:
    """ActionRefused for somebody who is not of the people team, for themselves, without a reason, before the year
    is over or after the carry-over would have expired, and for more than the absence took off. Two queries.
    """
    if by.pk == person.pk:
        raise ActionRefused(FOR_ONESELF)
    if not is_people_team(by, today):
        raise ActionRefused(NOT_PEOPLE_TEAM)
    if not reason.strip():
        raise ActionRefused("Say why: the person reads it.")
    if today <= from_year.ends_on:
        raise ActionRefused(
            f"The year {from_year} runs to {date_words(from_year.ends_on)}; ask again when it is over."
        )
    if today > expires_on(from_year):
        raise ActionRefused(
            f"What is carried over from {from_year} expired on {date_words(expires_on(from_year))}."
        )
    most = most_to_carry(person, from_year)
    if not most:
        raise ActionRefused(nothing_to_carry(from_year))
    if not 0 < minutes <= most:
        raise ActionRefused(more_than_taken_off(most))
