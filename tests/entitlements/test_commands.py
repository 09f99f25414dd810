"""What the commands of the entitlement promise to whoever runs them (DESIGN section 5)."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.db import connection

from entitlements.actions import ledger
from entitlements.actions.statements import recompute_statements
from entitlements.actions.years import not_yet_over
from entitlements.management.commands.verify_ledger import all_equal
from entitlements.models import AcademicYear, ClosedStatement, LedgerEntry, Statement
from staff.models import Contract
from tests.entitlements.csv_files import ACTIVITY_COLUMNS, write
from tests.factories.staff import ContractFactory, SchoolFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)
COMMANDS = ("shortfalls", "import_activities", "verify_ledger", "close_year")


@pytest.fixture
def contract() -> Contract:
    """A full-time teacher with two hours of a course, and their stored figures."""
    contract = ContractFactory(person__payroll_number="P001", school=SchoolFactory(code="BPS"))
    one = ledger.Credit(
        person_id=contract.person_id, kind_code="course", occurred_on=date(2026, 11, 2), title="Phonics",
        source_key="test:1:1", minutes=120,
    )  # fmt: skip
    ledger.credit(one, by=None, today=ON)
    return contract


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*(str(argument) for argument in arguments), stdout=out, stderr=out)
    return out.getvalue()


def refusal(*arguments: object) -> str:
    """The one line a refused command ends with; it leaves with 1."""
    with pytest.raises(CommandError) as failure:
        run(*arguments)
    assert failure.value.returncode == 1
    assert "\n" not in str(failure.value)
    return str(failure.value)


# Every command -------------------------------------------------------------------------------
@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_and_what_each_option_means(name: str) -> None:
    command = load_command_class("entitlements", name)
    own = [
        action
        for action in command.create_parser("manage.py", name)._actions
        if not {"--settings", "--version", "--help"} & set(action.option_strings)
    ]

    assert len(command.help) > 60
    assert command.help.rstrip().endswith(".")
    assert all(action.help for action in own if action.dest != "format")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("shortfalls", "--year", "2026"), "2026"),
        (("shortfalls", "--year", "2026/28"), "2026/28"),
        (("shortfalls", "--year", "1999/00"), "too far"),
        (("shortfalls", "--year", "2026/27", "--on", "31.8.2027"), "is not a date"),
        (("shortfalls", "--year", "2026/27", "--on", "2027-02-30"), "is not a date"),
        (("shortfalls", "--year", "2026/27", "--person", "X9"), "Nobody has the payroll number X9"),
        (("shortfalls", "--year", "2026/27", "--school", "XYZ"), "no school with the code XYZ"),
        (("verify_ledger", "--year", "1999/00"), "There is no year 1999/00"),
        (("close_year", "--year", "1999/00"), "There is no year 1999/00"),
        (("close_year", "--year", "2199/00"), "There is no year 2199/00"),
        (("import_activities", "nowhere.csv"), "cannot be read"),
        (("import_activities", "."), "cannot be read"),
    ],
)
def test_a_mistake_is_said_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    assert said in refusal(*arguments)


def test_a_year_that_is_not_over_is_not_closed(contract: Contract) -> None:
    year = AcademicYear.objects.get(name="2027/28")

    assert refusal("close_year", "--year", "2027/28") == not_yet_over(year)


# verify_ledger -------------------------------------------------------------------------------
def change(**values: object) -> None:
    Statement.objects.filter(year__name="2026/27").update(**values)


def add_unseen() -> None:
    """An entry that some other program wrote, so that nobody's figures followed."""
    entry = LedgerEntry.objects.get()
    entry.pk, entry.source_key, entry.minutes = None, "smuggled:1", 7
    entry.save()


def twist_reversal() -> None:
    """A reversal of other minutes than it reverses."""
    entry = LedgerEntry.objects.get()
    fields = {
        field.attname: getattr(entry, field.attname)
        for field in LedgerEntry._meta.concrete_fields
        if field.attname != "id"
    }
    LedgerEntry.objects.create(
        **{**fields, "minutes": -100, "source_key": "reversal:x", "reverses_id": entry.pk, "reason": "So"}
    )


def test_verify_ledger_agrees_with_what_the_portal_wrote(contract: Contract) -> None:
    assert run("verify_ledger", "--year", "2026/27") == f"{all_equal('2026/27')}\n"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: change(recorded_minutes=121), "recorded is 121, rebuilt 120"),
        (lambda: change(counted_minutes=119), "counted is 119, rebuilt 120"),
        (lambda: change(shortfall_minutes=0), "shortfall is 0, rebuilt 1830"),
        (lambda: change(expected_minutes=1949), "expected is 1949, rebuilt 1950"),
        (lambda: change(status="met"), "status is met, rebuilt"),
        (lambda: change(own_time_minutes=5), "own time is 5, rebuilt 0"),
        (add_unseen, "recorded is 120, rebuilt 127"),
        (twist_reversal, "does not take back what it reverses"),
        (lambda: ContractFactory(person__payroll_number="P002"), "lacks a statement"),
    ],
    ids=["recorded", "counted", "shortfall", "expected", "status", "own", "unseen", "reversal", "lacks"],
)
def test_verify_ledger_names_each_difference_and_leaves_with_1(
    contract: Contract, monkeypatch: pytest.MonkeyPatch, spoil: object, said: str
) -> None:
    monkeypatch.setattr("staff.clock.today", lambda: ON)
    spoil()  # type: ignore[operator]
    out = StringIO()

    with pytest.raises(CommandError, match="difference") as failure:
        call_command("verify_ledger", "--year", "2026/27", stdout=out)

    assert failure.value.returncode == 1
    assert said in out.getvalue()


def test_verify_ledger_checks_a_closed_year_against_its_entries(contract: Contract) -> None:
    run_close(AcademicYear.objects.get(name="2026/27"))
    assert run("verify_ledger", "--year", "2026/27") == f"{all_equal('2026/27')}\n"

    for spoilt in (
        {"recorded_minutes": 60},
        {"counted_minutes": 119},
        {"shortfall_minutes": 7},
        {"own_time_minutes": 1},
    ):
        before = ClosedStatement.objects.values(*spoilt).get()
        ClosedStatement.objects.update(**spoilt)

        said = refusal("verify_ledger", "--year", "2026/27")

        # The shortfall follows from what counted: either way it is one mistake, seen twice.
        assert (
            said
            == f"{2 if 'counted_minutes' in spoilt else 1} difference{'s' * ('counted_minutes' in spoilt)} in 2026/27."
        )
        ClosedStatement.objects.update(**before)


def run_close(year: AcademicYear) -> None:
    from entitlements.actions.years import close_year

    close_year(year, today=date(2027, 9, 30))


def test_before_a_year_begins_only_who_has_booked_has_figures(contract: Contract) -> None:
    ContractFactory()
    one = ledger.Credit(
        person_id=contract.person_id, kind_code="course", occurred_on=date(2027, 11, 2), title="Phonics",
        source_key="booking:1:1", minutes=120,
    )  # fmt: skip
    ledger.plan_many([one], status="planned", today=ON)

    assert run("verify_ledger", "--year", "2027/28") == f"{all_equal('2027/28')}\n"


# shortfalls ----------------------------------------------------------------------------------
def test_a_closed_year_is_shown_as_it_was_closed(contract: Contract) -> None:
    run_close(AcademicYear.objects.get(name="2026/27"))
    Contract.objects.update(fte_numerator=1, fte_denominator=2)

    def expected(on: str) -> int:
        told = json.loads(run("shortfalls", "--year", "2026/27", "--on", on, "--format", "json"))
        return int(told["people"][0]["expected_minutes"])

    assert expected("2027-10-01") == 1950
    assert expected("2027-03-01") == 975, "inside the year the contracts of now are asked"


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_columns_are_those_of_the_contract(contract: Contract, kind: str) -> None:
    columns = (
        "payroll_number,school,staff_group,entitlement_minutes,expected_minutes,expected_to_date_minutes,"
        "recorded_minutes,counted_minutes,planned_minutes,shortfall_minutes,status"
    )

    said = run("shortfalls", "--year", "2026/27", "--on", "2026-11-24", "--format", kind)

    if kind == "csv":
        assert said.splitlines() == [columns, "P001,BPS,teacher,1950,1950,454,120,120,0,1830,behind"]
    else:
        told = json.loads(said)
        assert list(told) == ["year", "on", "people"]
        assert list(told["people"][0]) == columns.split(",")


@pytest.mark.parametrize("options", [(), ("--on", "2026-11-03")], ids=["stored", "computed anew"])
def test_a_school_and_a_person_narrow_it(contract: Contract, options: tuple[str, ...]) -> None:
    ContractFactory(person__payroll_number="P002", school=SchoolFactory(code="KSA"))

    def numbers(*narrowed: str) -> list[str]:
        told = json.loads(run("shortfalls", "--year", "2026/27", "--format", "json", *options, *narrowed))
        return [row["payroll_number"] for row in told["people"]]

    assert numbers() == ["P001", "P002"]
    assert numbers("--school", "KSA") == ["P002"]
    assert numbers("--person", "P001") == ["P001"]


def test_shortfalls_takes_the_same_statements_whatever_the_number_of_people(contract: Contract) -> None:
    from django.test.utils import CaptureQueriesContext

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            run("shortfalls", "--year", "2026/27", "--format", "json")
        return len(queries)

    statements()
    one = statements()
    for _ in range(30):
        ContractFactory()

    assert statements() == one


# import_activities ---------------------------------------------------------------------------
def row(**cells: object) -> dict[str, object]:
    return {
        "external_id": "E1", "payroll_number": "P001", "kind": "course", "amount": 60,
        "occurred_on": "2026-11-10", "title": "Webinar", "status": "verified", **cells,
    }  # fmt: skip


def bring_in(folder: Path, *rows: dict[str, object]) -> str:
    return run("import_activities", write(folder / "activities.csv", ACTIVITY_COLUMNS, list(rows)))


def standing() -> list[tuple[str, int]]:
    found = LedgerEntry.objects.filter(external_id="E1").order_by("pk")
    return [(entry.source_key, entry.minutes) for entry in found]


def test_another_amount_reverses_and_credits_anew(contract: Contract, tmp_path: Path) -> None:
    bring_in(tmp_path, row())

    assert bring_in(tmp_path, row(amount=90)).startswith("Written: 1 credited, 1 reversed;")
    pk = LedgerEntry.objects.get(source_key="import:E1:1").pk
    assert standing() == [("import:E1:1", 60), (f"reversal:{pk}", -60), ("import:E1:2", 90)]
    assert bring_in(tmp_path, row(amount=90)).startswith("Written: no changes;")


def test_what_was_reversed_by_hand_stays_so_until_the_row_says_something_else(
    contract: Contract, tmp_path: Path
) -> None:
    bring_in(tmp_path, row())
    entry = LedgerEntry.objects.get(external_id="E1")
    ledger.reverse(entry, reason="It was not CPD", by=None, today=date(2026, 11, 24))

    again = bring_in(tmp_path, row())

    said = "activities.csv, line 2: E1 of P001: reversed by hand (It was not CPD), so it is left as it is.\n"
    assert again == said + "Written: no changes; 1 row unchanged.\n"
    assert standing() == [("import:E1:1", 60), (f"reversal:{entry.pk}", -60)]
    assert bring_in(tmp_path, row(amount=90)).startswith("Written: 1 credited;")


def test_all_that_is_wrong_with_a_row_is_told_at_once(contract: Contract, tmp_path: Path) -> None:
    bad = row(
        external_id="E1", payroll_number="P999", kind="dancing", amount="many", occurred_on="2026-02-31"
    )
    path, err = write(tmp_path / "activities.csv", ACTIVITY_COLUMNS, [bad]), StringIO()

    with pytest.raises(CommandError):
        call_command("import_activities", str(path), stderr=err)

    found = [line.partition(", column ")[2].partition(":")[0] for line in err.getvalue().splitlines()]
    assert found == ["amount", "kind", "occurred_on", "payroll_number"]


def test_a_status_that_goes_back_takes_the_credit_back(contract: Contract, tmp_path: Path) -> None:
    bring_in(tmp_path, row())

    bring_in(tmp_path, row(status="planned"))

    found = Statement.objects.get(person=contract.person, year__name="2026/27")
    assert (found.recorded_minutes, found.planned_minutes) == (120, 60)


def test_every_bad_row_is_named_and_nothing_is_written(contract: Contract, tmp_path: Path) -> None:
    bad = [
        row(external_id="E1"),
        row(external_id="E2", payroll_number="P999"),
        row(external_id="E3", kind="dancing"),
        row(external_id="E4", amount="many"),
        row(external_id="E5", occurred_on="2026-02-31"),
        row(external_id="E6", cpd_fraction="1.5"),
        row(external_id="E7", kind="membership", amount=1),
        row(external_id="E8", kind="inset_day", amount=1, occurred_on="2019-09-01"),
        row(external_id="E1", amount=61),
    ]
    path, err = write(tmp_path / "activities.csv", ACTIVITY_COLUMNS, bad), StringIO()

    with pytest.raises(CommandError) as failure:
        call_command("import_activities", str(path), stderr=err)

    lines = err.getvalue().splitlines()
    assert failure.value.returncode == 1
    assert "\n" not in str(failure.value)
    for line, column in zip(
        range(3, 11),
        (
            "payroll_number",
            "kind",
            "amount",
            "occurred_on",
            "cpd_fraction",
            "body",
            "occurred_on",
            "external_id",
        ),
        strict=True,
    ):
        assert any(f"line {line}" in one and column in one for one in lines), (line, column, lines)
    assert LedgerEntry.objects.count() == 1


def test_stored_figures_follow_at_once(contract: Contract, tmp_path: Path) -> None:
    bring_in(tmp_path, row())

    year = AcademicYear.objects.select_related("policy").get(name="2026/27")
    found = Statement.objects.get(person=contract.person, year=year)
    assert found.recorded_minutes == 180
    assert recompute_statements(year, on=found.computed_on) == 0
