"""How long everybody's figures take beside bare SQL over the same ledger (issue, section 11). Prints ratios."""

import statistics
import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, Statement
from staff.models import Person
from tests.benchmarks.trust import make_trust

pytestmark = pytest.mark.bench

PEOPLE, ROUNDS, ON = 100_000, 5, date(2026, 11, 24)
BARE = """
INSERT INTO entitlements_statement AS old (
    year_id, person_id, main_contract_id, is_in_contract, computed_on, entitlement_minutes, expected_minutes,
    expected_to_date_minutes, recorded_minutes, counted_minutes, planned_minutes, shortfall_minutes,
    own_time_minutes, status
)
SELECT l.year_id, l.person_id, c.id, true, %(on)s, 0, 0, 0, l.minutes, l.minutes, 0, 0, 0, 'behind'
FROM (
    SELECT year_id, person_id, sum(minutes) AS minutes FROM entitlements_ledgerentry
    WHERE year_id = %(year)s GROUP BY year_id, person_id
) l JOIN staff_contract c ON c.contract_id = 'B' || l.person_id || '-1'
ON CONFLICT (year_id, person_id) DO UPDATE SET
    recorded_minutes = excluded.recorded_minutes, counted_minutes = excluded.counted_minutes,
    computed_on = excluded.computed_on, computed_at = now(), status = excluded.status,
    entitlement_minutes = excluded.entitlement_minutes, expected_minutes = excluded.expected_minutes,
    shortfall_minutes = excluded.shortfall_minutes
"""


def bare(year: AcademicYear) -> None:
    """The same ledger aggregated and the same rows upserted, with no rule at all."""
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"on": ON, "year": year.pk})
        assert cursor.rowcount == PEOPLE


def seconds(work: object, *arguments: object, **options: object) -> float:
    """How long one call takes, with the table tidied before it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM entitlements_statement")
    begun = time.perf_counter()
    work(*arguments, **options)  # type: ignore[operator]
    return time.perf_counter() - begun


def test_everybodys_figures_beside_bare_sql(
    cloned_database: object, capsys: pytest.CaptureFixture[str]
) -> None:
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")
    make_trust(PEOPLE, year)
    bare(year)

    bares, ours = [], []
    for _ in range(ROUNDS):
        bares.append(seconds(bare, year))
        ours.append(seconds(recompute_statements, year, on=ON))
    ratio = statistics.median(ours) / statistics.median(bares)

    with capsys.disabled():
        print(
            f"\nshortfalls for {PEOPLE:,} people × 8 entries: {statistics.median(ours):.2f} s, "
            f"bare SQL {statistics.median(bares):.2f} s: {ratio:.2f}× (at most 4)"
        )
    assert Statement.objects.filter(year=year).count() == PEOPLE
    assert ratio <= 4
    one_person(year, capsys)


def one_person(year: AcademicYear, capsys: pytest.CaptureFixture[str]) -> None:
    """One person's figures among 100,000: few statements, and no scan of the others."""
    pk = Person.objects.order_by("pk").values_list("pk", flat=True)[PEOPLE // 2]
    recompute_statements(year, on=date(2026, 11, 25), person_ids=[pk])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        took = min(seconds(recompute_statements, year, on=ON, person_ids=[pk]) for _ in range(ROUNDS))
    with capsys.disabled():
        print(
            f"one person of {PEOPLE:,}: {took * 1000:.1f} ms, {(len(queries) - ROUNDS) // ROUNDS} statements (at most 5)"
        )
    assert (len(queries) - ROUNDS) / ROUNDS <= 5
