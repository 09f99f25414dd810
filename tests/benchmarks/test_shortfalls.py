"""How long everybody's figures take beside bare SQL over the same ledger (issue, section 11). Prints ratios."""

import os
import statistics
import subprocess
import sys
import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bwt_cpd.embedded.places import ROOT
from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, Statement
from staff.models import Person
from tests.benchmarks.trust import make_trust
from tests.conftest import ClonedDatabase

pytestmark = pytest.mark.bench

PEOPLE, FEW, MANY, ROUNDS, ON = 100_000, 10_000, 1_000_000, 5, date(2026, 11, 24)
BARE = """
INSERT INTO entitlements_statement AS old (
    year_id, person_id, main_contract_id, is_in_contract, computed_on, entitlement_minutes, expected_minutes,
    expected_to_date_minutes, recorded_minutes, counted_minutes, planned_minutes, shortfall_minutes,
    own_time_minutes, status
)
SELECT
    year_id, person_id, (SELECT min(id) FROM staff_contract), true, %(on)s,
    0, 0, 0, sum(minutes), sum(minutes), 0, 0, 0, 'behind'
FROM entitlements_ledgerentry
WHERE year_id = %(year)s
GROUP BY year_id, person_id
ON CONFLICT (year_id, person_id) DO UPDATE SET
    recorded_minutes = excluded.recorded_minutes, counted_minutes = excluded.counted_minutes,
    computed_on = excluded.computed_on, computed_at = portal_now(), status = excluded.status,
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
    cloned_database: ClonedDatabase, capsys: pytest.CaptureFixture[str]
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
    memory_stays_flat(cloned_database, capsys)


def peak_megabytes(database: ClonedDatabase, *options: str) -> float:
    """The most memory that `shortfalls` of the whole year has taken as a process of its own."""
    command = [
        sys.executable,
        "manage.py",
        "shortfalls",
        "--year",
        "2026/27",
        "--on",
        str(ON),
        "--format",
        "csv",
    ]
    with open(os.devnull, "w") as nowhere:
        child = subprocess.Popen(
            [*command, *options], cwd=ROOT, stdout=nowhere, env={**os.environ, **database.environment}
        )
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return used.ru_maxrss / 1024


def memory_stays_flat(database: ClonedDatabase, capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody's rows are read in pieces: they take no more memory than one person's."""
    number = Person.objects.order_by("pk").values_list("payroll_number", flat=True)[0]
    one, everybody = peak_megabytes(database, "--person", str(number)), peak_megabytes(database)
    with capsys.disabled():
        print(f"memory of shortfalls: {one:.0f} MB for one person, {everybody:.0f} MB for {PEOPLE:,}")
    assert everybody <= one + 25


def one_person(year: AcademicYear) -> tuple[float, int]:
    """Seconds and statements of one person's figures in the middle of all the others; medians."""
    pk = Person.objects.order_by("pk").values_list("pk", flat=True)[FEW // 2]
    took, statements = [], []
    for number in range(21):
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            recompute_statements(year, on=date(2026, 11, 2 + number), person_ids=[pk])
            took.append(time.perf_counter() - begun)
        statements.append(len(queries))
    return statistics.median(took), max(statements)


def test_one_person_among_a_million_is_as_quick_as_among_ten_thousand(
    cloned_database: ClonedDatabase, capsys: pytest.CaptureFixture[str]
) -> None:
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")
    make_trust(FEW, year, entries=2)
    few, statements = one_person(year)
    make_trust(MANY, year, entries=2)
    many, among_many = one_person(year)

    with capsys.disabled():
        print(
            f"\none person of {FEW:,}: {few * 1000:.1f} ms, of {MANY:,}: {many * 1000:.1f} ms "
            f"({many / few:.2f}×, at most 1.5), {among_many} statements (at most 5)"
        )
    assert statements == among_many <= 5
    assert many <= 1.5 * few
