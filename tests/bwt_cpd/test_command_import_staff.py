"""The command `import_staff` and its contract with the outside (DESIGN section 5)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from staff.actions.imports import rows_are_wrong
from staff.csv_files import RowError
from staff.import_rows import EMPTY_CELL, not_digits
from staff.models import Person
from tests.staff.hr_files import TRUST


@pytest.fixture
def files(tmp_path):
    for kind, text in TRUST.items():
        (tmp_path / f"{kind}.csv").write_text(text)
    return tmp_path


def _run(folder, kinds=tuple(TRUST), **options):
    out, err = StringIO(), StringIO()
    paths = {kind: folder / f"{kind}.csv" for kind in kinds}
    call_command("import_staff", stdout=out, stderr=err, **paths, **options)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_the_files_come_in_and_a_second_run_says_that_nothing_changed(files):
    first, _ = _run(files)
    second, _ = _run(files)

    assert first == (
        "Written: 2 schools: new, 2 roles: new, 3 people: new, 3 contracts: new, 1 absences: new; 0 rows unchanged.\n"
    )
    assert second == "Written: no changes; 11 rows unchanged.\n"


@pytest.mark.django_db
def test_a_dry_run_prints_each_row_and_writes_nothing(files):
    out, _ = _run(files, dry_run=True)

    assert out.splitlines()[4:8] == [
        "people: new P001: Ann Ash",
        "people: new P002: Ben Box",
        "people: new P003: Cy Cole, junior",
        "contracts: new C001: P001, TCH at BPS, fte 1, from 2020-09-01",
    ]
    assert Person.objects.count() == 0


@pytest.mark.django_db
def test_every_bad_row_is_named_and_the_command_fails(files, capsys):
    (files / "people.csv").write_text(TRUST["people"].replace("1234567", "12").replace("P002,Ben", "P002,"))
    err = StringIO()

    with pytest.raises(CommandError) as refusal:
        call_command("import_staff", people=files / "people.csv", stderr=err)

    assert err.getvalue().splitlines() == [
        str(RowError("people.csv", 2, "trn", not_digits("12", 7))),
        str(RowError("people.csv", 3, "first_name", EMPTY_CELL)),
    ]
    assert str(refusal.value) == rows_are_wrong(2)


@pytest.mark.django_db
def test_all_that_is_wrong_with_a_row_is_told_at_once(files):
    """An unknown school, role and person beside a number that cannot be read and an end before the start."""
    for kind, bad in (
        ("contracts", "C009,P999,NOPE,NIL,0,5,39,2026-09-01,2020-09-01,,yes"),
        ("absences", "P998,holiday,2026-10-01,2026-09-01"),
    ):
        (files / f"{kind}.csv").write_text(TRUST[kind].splitlines()[0] + f"\n{bad}\n")
    err = StringIO()

    with pytest.raises(CommandError):
        call_command(
            "import_staff", contracts=files / "contracts.csv", absences=files / "absences.csv", stderr=err
        )

    found = [line.partition(", column ")[2].partition(":")[0] for line in err.getvalue().splitlines()]
    of_contract = ["payroll_number", "school_code", "role_code", "fte", "ends_on"]
    assert sorted(found) == sorted([*of_contract, "payroll_number", "class", "ends_on"])


@pytest.mark.django_db
@pytest.mark.parametrize("kinds", [["people"], []])
def test_a_missing_file_or_none_at_all_is_one_line(tmp_path, kinds):
    with pytest.raises(CommandError) as refusal:
        _run(tmp_path, kinds)

    assert "\n" not in str(refusal.value)
