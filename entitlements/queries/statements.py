"""Where everybody stands on any date, by the one statement of SQL; nothing is stored."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection

from entitlements.models import AcademicYear, Statement
from entitlements.queries.facts import policy_of
from entitlements.queries.statement_sql import FIGURES, Scope, figures_params, figures_sql
from staff.models import Person

COLUMNS = ("person_id", "main_contract_id", "is_in_contract", *FIGURES)


def scope_of(person_ids: Collection[int] | None = None, school_id: int | None = None) -> Scope:
    """Some people, one school or, with neither, everybody; people go before the school."""
    return Scope(None if person_ids is None else tuple(sorted(set(person_ids))), school_id)


def statements_on(
    year: AcademicYear,
    on: date,
    *,
    person_ids: Collection[int] | None = None,
    school_id: int | None = None,
) -> list[Statement]:
    """The figures of a year as of a date as unsaved statements, in no order; one query.

    One for each person with a contract in the year; `school_id` keeps those whose main contract is
    there. The year's policy is read as well where the caller has not selected it.
    """
    scope = scope_of(person_ids, school_id)
    params = figures_params(year_id=year.pk, year=year.dates, policy=policy_of(year), on=on, scope=scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM ({figures_sql(scope)}) figures", params)  # noqa: S608 - own constants
        return [
            Statement(year=year, computed_on=on, **dict(zip(COLUMNS, row, strict=True)))
            for row in cursor.fetchall()
        ]


def counted_in(year: AcademicYear, person: Person) -> int | None:
    """What counts of a person's year as it stands stored; None where nothing is owed. One query."""
    stored = Statement.objects.filter(year=year, person=person)
    return stored.values_list("counted_minutes", flat=True).first()
