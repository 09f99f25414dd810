"""Every acceptance case through `import_staff`, `import_activities` and `shortfalls --format json`."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from entitlements.management.commands.verify_ledger import all_equal
from entitlements.models import LedgerEntry, Statement
from entitlements.rules.contracts import ContractFacts
from staff.models import Contract, Person
from tests.entitlements.acceptance import CASES, Activity, Case, contract
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
    assert run("verify_ledger", "--year", "2026/27") == f"{all_equal('2026/27')}\n"


# The notes under the table -------------------------------------------------------------------
def one_case(contracts: tuple[ContractFacts, ...], activities: tuple[Activity, ...] = ()) -> dict[str, Case]:
    """A file's worth of one person."""
    return {"E900": Case("one", contracts, {}, activities=activities)}


def bring_in(folder: Path, case: dict[str, Case]) -> str:
    files = write_staff(folder, case)
    said = run("import_staff", *(part for kind, path in files.items() for part in (f"--{kind}", path)))
    return said + run("import_activities", write_activities(folder / "activities.csv", case))


def row_of(label: str, on: str) -> dict[str, object]:
    report = json.loads(
        run("shortfalls", "--year", label, "--on", on, "--person", "E900", "--format", "json")
    )
    (row,) = report["people"]
    return dict(row)


def test_identical_rows_of_one_contract_are_one_contract(tmp_path: Path) -> None:
    bring_in(tmp_path, one_case((contract(), contract(), contract(fte="0.5", contract_id="C2"))))

    # Full time and a half, scaled to one; a doubled full-time post would give the same only alone.
    assert Contract.objects.count() == 2
    assert row_of("2026/27", "2027-08-31")["entitlement_minutes"] == 1950


def test_differing_rows_of_one_contract_are_a_row_error_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        bring_in(tmp_path, one_case((contract(), contract(fte="0.5"))))

    assert not Person.objects.exists()


def test_two_main_contracts_on_one_day_are_a_row_error(tmp_path: Path) -> None:
    both = (contract(is_main=True), contract(is_main=True, contract_id="C2", starts_on=date(2027, 1, 1)))

    with pytest.raises(CommandError):
        bring_in(tmp_path, one_case(both))


def test_a_main_contract_that_ends_the_day_before_the_next_is_none(tmp_path: Path) -> None:
    after = contract(is_main=True, contract_id="C2", starts_on=date(2027, 1, 1))

    bring_in(tmp_path, one_case((contract(is_main=True, ends_on=date(2026, 12, 31)), after)))

    assert row_of("2026/27", "2027-08-31")["entitlement_minutes"] == 1950


def test_a_retrospective_fte_change_recomputes_open_years_only(tmp_path: Path) -> None:
    days = (Activity("inset_day", 1, date(2025, 9, 2)), Activity("inset_day", 1, date(2026, 9, 2)))
    bring_in(tmp_path, one_case((contract(),), days))
    run("close_year", "--year", "2025/26")

    bring_in(tmp_path, one_case((contract(fte="0.6"),), days))

    closed, opened = row_of("2025/26", "2026-08-31"), row_of("2026/27", "2027-08-31")
    assert (closed["expected_minutes"], closed["counted_minutes"]) == (1950, 390)
    assert (opened["expected_minutes"], opened["counted_minutes"]) == (1170, 234)
    for year in ("2025/26", "2026/27"):
        assert run("verify_ledger", "--year", year) == f"{all_equal(year)}\n"


def test_a_leap_year_owes_the_same(tmp_path: Path) -> None:
    bring_in(tmp_path, one_case((contract(),)))

    assert row_of("2027/28", "2028-08-31")["entitlement_minutes"] == 1950


def test_somebody_without_a_contract_in_the_year_is_not_listed(tmp_path: Path) -> None:
    bring_in(tmp_path, one_case((contract(ends_on=date(2026, 8, 31)),)))

    assert json.loads(run("shortfalls", "--year", "2026/27", "--format", "json"))["people"] == []
