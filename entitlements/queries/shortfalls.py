"""The rows that `shortfalls` prints, one at a time, so that 100,000 people take no more memory than one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection

from entitlements.models import AcademicYear
from entitlements.queries.facts import policy_of
from entitlements.queries.statement_sql import Scope, figures_params, figures_sql
from staff.loose_types import ColumnValues

MINUTES = (
    "entitlement_minutes",
    "expected_minutes",
    "expected_to_date_minutes",
    "recorded_minutes",
    "counted_minutes",
    "planned_minutes",
    "shortfall_minutes",
)
COLUMNS = ("payroll_number", "school", "staff_group", *MINUTES, "status")


def shortfall_rows(year: AcademicYear, on: date, *, scope: Scope, source: str) -> Iterator[ColumnValues]:
    """COLUMNS for each person with a contract in the year, by payroll number; one query, read in pieces.

    `source` says which figures: "stored" (today's), "closed" (frozen, with the school and the group of
    then), or "computed" as of `on`.
    """
    tables = {
        "stored": _with_posts("SELECT * FROM entitlements_statement WHERE year_id = %(year_id)s"),
        "closed": "SELECT * FROM entitlements_closedstatement WHERE year_id = %(year_id)s",
        "computed": _with_posts(figures_sql(scope)),
    }
    at_school = "AND f.school_id = %(school_id)s" if scope.school_id is not None else ""
    of_person = "AND f.person_id = ANY(%(person_ids)s)" if scope.person_ids is not None else ""
    figures = ", ".join(f"f.{name}" for name in (*MINUTES, "status"))
    params = figures_params(year_id=year.pk, year=year.dates, policy=policy_of(year), on=on, scope=scope)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT coalesce(p.payroll_number, ''), s.code, f.staff_group, {figures}
            FROM ({tables[source]}) f
                JOIN staff_person p ON p.id = f.person_id
                JOIN staff_school s ON s.id = f.school_id
            WHERE true {at_school} {of_person}
            ORDER BY p.payroll_number COLLATE "C", p.id
            """,  # noqa: S608 - own constants; every value is a parameter
            params,
        )
        for row in cursor:
            yield dict(zip(COLUMNS, row, strict=True))


def _with_posts(figures: str) -> str:
    """Figures with the school and the staff group of the contract that speaks for each person."""
    return f"""
        SELECT g.*, c.school_id, r.staff_group
        FROM ({figures}) g
            JOIN staff_contract c ON c.id = g.main_contract_id
            JOIN staff_jobrole r ON r.id = c.job_role_id
        """  # noqa: S608 - own constants; every value is a parameter
