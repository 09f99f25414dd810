"""Every fte × every start day × both kinds of year: SQL gives what the rules give (RELIABILITY row 8)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from entitlements.academic_year import YearDates
from entitlements.queries import statement_sql
from entitlements.queries.statements import statements_on
from entitlements.rules.accrual import target
from entitlements.rules.contracts import ContractFacts
from entitlements.rules.policy import EntitlementPolicy
from staff.audit import keys_checked_at_once
from tests.entitlements.in_database import store_people
from tests.entitlements.test_rules_oracle import starts
from tests.entitlements.test_statement_sql import year_of

pytestmark = pytest.mark.django_db

Figures = tuple[int | None, int | None, int | None]


def by_rules(dates: YearDates, row: ContractFacts, on: date) -> Figures:
    """The figures by whole fractions; the table test of the rules holds these against the oracle."""
    owed = target(dates, [row], [], EntitlementPolicy(), on)
    return owed.entitlement_minutes, owed.expected_minutes, owed.expected_to_date_minutes


def differing(dates: YearDates, rows: list[ContractFacts]) -> int:
    """How many of the people with these contracts have other figures in SQL than by the rules."""
    on = date(dates.start_year + 1, 3, 1)
    with keys_checked_at_once():  # thousands with their trail (docs/decisions/bulk-writes.md)
        people = store_people([[row] for row in rows])
    found = {
        one.person_id: (one.entitlement_minutes, one.expected_minutes, one.expected_to_date_minutes)
        for one in statements_on(year_of(dates), on)
    }
    assert len(found) == len(rows)
    return sum(found[person.pk] != by_rules(dates, row, on) for person, row in zip(people, rows, strict=True))


@pytest.mark.parametrize("start_year", [2026, 2027])
def test_every_fte_and_every_start_day_is_the_same_in_sql(start_year: int) -> None:
    dates = YearDates(start_year)
    rows = [row for row in starts(step=1) if row.starts_on in dates]

    assert len(rows) == 27 * dates.days
    assert differing(dates, rows) == 0


def test_the_table_catches_another_rounding_in_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an exact half goes down."""
    sql = statement_sql.figures_sql

    def half_down(*scope: object) -> str:
        return sql(*scope).replace("+ s.divisor) / (2", "+ s.divisor - 1) / (2")

    monkeypatch.setattr("entitlements.queries.statements.figures_sql", half_down)
    dates = YearDates(2026)
    rows = [row for row in starts(step=40) if row.starts_on in dates and row.fte >= Fraction(1, 20)]

    assert differing(dates, rows) > 0
