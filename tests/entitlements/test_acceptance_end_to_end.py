"""Every acceptance case through `import_staff`, `import_activities` and `shortfalls --format json`."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from entitlements.models import LedgerEntry, Statement
from tests.entitlements.acceptance import CASES, Case
from tests.entitlements.csv_files import write_activities, write_staff

pytestmark = pytest.mark.django_db
NUMBERED = {f"E{number:03d}": case for number, case in enumerate(CASES)}
TOLD = ("entitlement", "expected", "expected_to_date", "recorded", "counted", "planned", "shortfall")


def run(*arguments: object) -> str:
    """What a command says."""
    out = StringIO()
    call_command(*(str(argument) for argument in arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    """All cases in the database by way of the files."""
    files = write_staff(tmp_path, NUMBERED)
    run("import_staff", *(part for kind, path in files.items() for part in (f"--{kind}", path)))
    run("import_activities", write_activities(tmp_path / "activities.csv", NUMBERED))
    return tmp_path


def figures(case: Case, number: str) -> dict[str, object]:
    """One person's row of the report, under the names of the table."""
    options = ("--year", case.year.label, "--on", case.on, "--person", number, "--format", "json")
    report = json.loads(run("shortfalls", *options))
    assert (report["year"], report["on"]) == (case.year.label, case.on.isoformat())
    (row,) = report["people"]
    return {"status": row["status"], **{name: row[f"{name}_minutes"] for name in TOLD}}


def test_cases_through_the_commands(imported: Path) -> None:
    for number, case in NUMBERED.items():
        told = {name: value for name, value in case.expected.items() if name in (*TOLD, "status")}

        found = figures(case, number)

        assert {name: found[name] for name in told} == told, case.name


def test_another_date_stores_nothing(imported: Path) -> None:
    before = list(Statement.objects.order_by("pk").values())

    run("shortfalls", "--year", "2026/27", "--on", "2027-08-31", "--format", "json")

    assert list(Statement.objects.order_by("pk").values()) == before


def test_second_run_of_the_same_files_changes_nothing(imported: Path) -> None:
    before = list(LedgerEntry.objects.order_by("pk").values())

    said = run("import_activities", imported / "activities.csv")

    assert said.startswith("Written: no changes;")
    assert list(LedgerEntry.objects.order_by("pk").values()) == before


def test_report_has_everybody_in_order_and_is_verified(imported: Path) -> None:
    report = json.loads(run("shortfalls", "--year", "2026/27", "--format", "json"))

    numbers = [row["payroll_number"] for row in report["people"]]
    in_year = {number for number, case in NUMBERED.items() if case.year.label == "2026/27"}
    assert numbers == sorted(numbers)
    assert in_year <= set(numbers)
    assert run("verify_ledger", "--year", "2026/27") == "2026/27: every balance equals its rebuild.\n"
