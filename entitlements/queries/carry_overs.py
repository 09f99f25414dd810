"""What may be carried out of a year, and what somebody has carried into one (R14)."""

from __future__ import annotations

from datetime import date

from entitlements.models import AcademicYear, CarryOver, ClosedStatement, Statement
from entitlements.queries.statements import statements_on
from entitlements.rules.accrual import carry_over_ceiling
from staff.models import Person


def most_to_carry(person: Person, year: AcademicYear) -> int:
    """Entitlement less expected of a year as of its last day, frozen where it is closed; minutes. One query."""
    row: Statement | ClosedStatement | None
    if year.closed_at is not None:
        row = ClosedStatement.objects.filter(person=person, year=year).first()
    else:
        row = next(iter(statements_on(year, year.ends_on, person_ids=[person.pk])), None)
    if row is None:
        return 0
    return carry_over_ceiling(row.entitlement_minutes or 0, row.expected_minutes or 0)


def expires_on(from_year: AcademicYear) -> date:
    """The 31 August by which it has to be taken: the end of the year after."""
    return from_year.dates.next.last_day


def carried_into(person: Person, year: AcademicYear) -> CarryOver | None:
    """What the person may take in this year beside its own, if anything. One query."""
    return (
        CarryOver.objects.filter(person=person, from_year__ends_on=year.dates.previous.last_day)
        .select_related("from_year", "approved_by")
        .first()
    )
