"""Writing down where everybody stands: the stored result of the one statement (DESIGN invariant 2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import connection, transaction

from entitlements.academic_year import YearDates
from entitlements.models import AcademicYear
from entitlements.queries.facts import policy_of
from entitlements.queries.statement_sql import FIGURES, PARAM_TYPES, Scope, figures_params, figures_sql
from staff.queries.kept_plans import KeptPlan

# Of so many people or fewer a plan is kept; it walks through indexes, which suits no large part of a trust.
FEW: Final = 100
_COLUMNS: Final = ("main_contract_id", "is_in_contract", *FIGURES)


def recompute_statements(year: AcademicYear, *, on: date, person_ids: Collection[int] | None = None) -> int:
    """Store everybody's figures of a year as of a date, or those of some people; returns how many changed.

    Two statements whatever the number of people: nobody else may compute the same figures from older rows
    at the same time, so the people, or for everybody the table, are locked first. Rows whose figures are
    the same are left alone; the rows of people who no longer have a contract in the year go. The figures
    of a closed year are frozen: nothing is done (R17).
    """
    if year.closed_at is not None:
        return 0
    scope = Scope(person_ids=None if person_ids is None else tuple(sorted(person_ids)))
    params = figures_params(
        year_id=year.pk, year=YearDates.for_date(year.starts_on), policy=policy_of(year), on=on, scope=scope
    )
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if person_ids is None:
            cursor.execute("LOCK TABLE entitlements_statement IN SHARE ROW EXCLUSIVE MODE")
        else:
            cursor.execute(
                "SELECT 1 FROM staff_person WHERE id = ANY(%(person_ids)s) ORDER BY id FOR NO KEY UPDATE",
                params,
            )
        if person_ids is not None and len(person_ids) <= FEW:
            [(changed,)] = _FOR_FEW.run(params)
            return int(changed)
        cursor.execute(_leaving(scope), params)
        gone = cursor.rowcount
        cursor.execute(_storing(scope), params)
        return gone + cursor.rowcount


def _leaving(scope: Scope) -> str:
    """The statement that removes the rows of people without a contract in the year."""
    return f"""
        DELETE FROM entitlements_statement s
        WHERE s.year_id = %(year_id)s {scope.filter("s.person_id")} AND NOT EXISTS (
            SELECT 1 FROM staff_contract c
            WHERE c.person_id = s.person_id AND c.starts_on <= %(last)s
                AND (c.ends_on IS NULL OR c.ends_on >= %(first)s)
        )
        """  # noqa: S608 - the text holds no value, all come as parameters


def _storing(scope: Scope) -> str:
    """The statement that stores the figures of everybody in scope, where they are not those already there."""
    changed = " OR ".join(f"old.{name} IS DISTINCT FROM excluded.{name}" for name in _COLUMNS)
    return f"""
        INSERT INTO entitlements_statement AS old
            (year_id, person_id, computed_on, {", ".join(_COLUMNS)})
        SELECT %(year_id)s, person_id, %(on)s::date, {", ".join(_COLUMNS)}
        FROM ({figures_sql(scope)}) figures
        ON CONFLICT (year_id, person_id) DO UPDATE SET
            computed_on = excluded.computed_on, computed_at = portal_now(),
            {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}
        WHERE old.computed_on <> excluded.computed_on OR {changed}
        """  # noqa: S608 - the text holds no value, all come as parameters


# Both in one, whose plan is kept: no row is removed and stored at once.
_SOME = Scope(person_ids=())
_FOR_FEW: Final = KeptPlan(
    "statements_of_few",
    f"""
    WITH gone AS ({_leaving(_SOME)} RETURNING 1), stored AS ({_storing(_SOME)} RETURNING 1)
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM stored)
    """,  # noqa: S608 - the text holds no value, all come as parameters
    {name: kind for name, kind in PARAM_TYPES.items() if name != "school_id"},
)
