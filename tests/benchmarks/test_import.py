"""How long the whole of a large trust takes to come in (issue, section 2). Prints the figures."""

import csv
import os
from io import StringIO
from pathlib import Path
from time import monotonic

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.models import Contract, Person
from tests.staff.hr_files import CONTRACTS, PEOPLE, TRUST

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

PERSONS, CONTRACT_ROWS = 20_000, 30_000
SECONDS = 60.0
STATEMENTS = 25  # of a run that finds nothing to write
KINDS = ("schools", "roles", "people", "contracts")


def _write_files(folder: Path) -> None:
    """Everybody has a main contract, every second one another; a manager for every ten."""
    for kind in ("schools", "roles"):
        (folder / f"{kind}.csv").write_text(TRUST[kind])
    with (folder / "people.csv").open("w", newline="") as people:
        people.write(PEOPLE)
        csv.writer(people).writerows(
            (f"P{n:05d}", "First", f"Last, {n}", f"p{n}@trust.example" if n % 3 else "", "")
            for n in range(PERSONS)
        )
    with (folder / "contracts.csv").open("w", newline="") as contracts:
        contracts.write(CONTRACTS)
        rows = csv.writer(contracts)
        for n in range(CONTRACT_ROWS):
            person, is_main = n % PERSONS, n < PERSONS
            manager = f"P{person // 10:05d}" if person >= 10 else ""
            rows.writerow(
                (f"C{n}", f"P{person:05d}", "BPS", "TCH" if n % 2 else "TA2", "25/37" if is_main else "0.2", 5, 39,
                 "2020-09-01", "", manager, is_main)
            )  # fmt: skip


def _run(folder: Path) -> tuple[str, float]:
    out, began = StringIO(), monotonic()
    with open(os.devnull, "w") as nowhere:
        paths = {kind: folder / f"{kind}.csv" for kind in KINDS}
        call_command("import_staff", stdout=out, stderr=nowhere, **paths)
    return out.getvalue(), monotonic() - began


def test_20000_people_and_30000_contracts_come_in_under_60_seconds(tmp_path, capsys):
    _write_files(tmp_path)

    first, took = _run(tmp_path)
    with CaptureQueriesContext(connection) as queries:
        again, took_again = _run(tmp_path)

    with capsys.disabled():
        print(
            f"\n  import_staff of {PERSONS:,} people and {CONTRACT_ROWS:,} contracts: {took:.0f} s "
            f"(at most {SECONDS:.0f}); again with no change {took_again:.0f} s and {len(queries)} statements"
        )
    assert first.startswith("Written: ")
    assert (Person.objects.count(), Contract.objects.count()) == (PERSONS, CONTRACT_ROWS)
    assert again.startswith("Written: no changes")
    assert len(queries) < STATEMENTS
    assert took < SECONDS
