"""The rows of the HR files by themselves: what is read, and how what is wrong is named."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest

from staff import csv_files, import_rows
from staff.csv_files import RowError
from staff.import_rows import FTE_EXAMPLE, WEEK_EXAMPLE, ContractRow, PersonRow, read_file
from tests.staff.hr_files import ABSENCES, CONTRACTS, PEOPLE, ROLES, TRUST

ABSENCE_COLUMNS = ABSENCES.strip().split(",")
GOOD = "C001,P001,BPS,TCH,1,5,39,2020-09-01,,,true"


def _read(kind, text):
    return read_file(kind, f"{kind}.csv", BytesIO(text if isinstance(text, bytes) else text.encode()))


def _errors(kind, text):
    return [(error.line, error.column, error.reason) for error in _read(kind, text).errors]


def test_an_error_names_file_line_and_column():
    assert str(RowError("people.csv", 3, "trn", "Wrong.")) == "people.csv, line 3, column trn: Wrong."
    assert str(RowError("people.csv", 3, "", "Wrong.")) == "people.csv, line 3: Wrong."


def test_a_contract_is_read_exactly():
    text = CONTRACTS + "C001,P001,BPS,TCH,25/37,7/2,39.5,2020-09-01,2027-08-31,P002,No\n"

    assert list(_read("contracts", text).rows.values()) == [
        ContractRow(
            2,
            "C001",
            "P001",
            "BPS",
            "TCH",
            Fraction(25, 37),
            Fraction(7, 2),
            Decimal("39.500"),
            date(2020, 9, 1),
            date(2027, 8, 31),
            "P002",
            False,
        )
    ]


def test_bom_crlf_quoted_commas_blank_lines_and_any_order_of_columns_are_read():
    text = (
        b"\xef\xbb\xbflast_name,first_name,payroll_number,trn,work_email\r\n"
        b'\r\n"Ash, the elder",Ann,P001,,ANN@Trust.example\r\n,,,,\r\n\r\n   \r\n'
    )

    file = _read("people", text)

    assert file.errors == []
    assert list(file.rows.values()) == [
        PersonRow(3, "P001", "Ann", "Ash, the elder", "ann@trust.example", "")
    ]


@pytest.mark.parametrize("name", sorted(TRUST))
def test_the_example_files_have_no_mistake(name):
    assert _errors(name, TRUST[name]) == []


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("fte", "0", import_rows.share_out_of_range("0", 1, FTE_EXAMPLE)),
        ("fte", "3", import_rows.share_out_of_range("3", 1, FTE_EXAMPLE)),
        ("fte", "38/37", import_rows.share_out_of_range("38/37", 1, FTE_EXAMPLE)),
        ("fte", "1/0", import_rows.not_a_share("1/0", FTE_EXAMPLE)),
        ("fte", "-0.5", import_rows.not_a_share("-0.5", FTE_EXAMPLE)),
        ("fte", "1e-1", import_rows.not_a_share("1e-1", FTE_EXAMPLE)),
        ("fte", "NaN", import_rows.not_a_share("NaN", FTE_EXAMPLE)),
        ("fte", "", import_rows.no_share(1, FTE_EXAMPLE)),
        ("fte", "0.67567", import_rows.share_too_fine("0.67567", FTE_EXAMPLE)),
        ("days_per_week", "7.5", import_rows.share_out_of_range("7.5", 7, WEEK_EXAMPLE)),
        ("days_per_week", "0", import_rows.share_out_of_range("0", 7, WEEK_EXAMPLE)),
        ("weeks_per_year", "60", import_rows.not_weeks("60")),
        ("starts_on", "2027-02-31", import_rows.not_a_date("2027-02-31")),
        ("starts_on", "01/09/2026", import_rows.not_a_date("01/09/2026")),
        ("starts_on", "", import_rows.EMPTY_CELL),
        ("starts_on", "0026-09-01", import_rows.not_a_working_date("0026-09-01")),
        (
            "ends_on",
            "2020-08-31",
            import_rows.ends_before_it_starts(date(2020, 9, 1), date(2020, 8, 31)),
        ),
        ("ends_on", "20270831", import_rows.not_a_date("20270831")),
        ("is_main", "perhaps", import_rows.not_true_or_false("perhaps")),
        ("contract_id", "", import_rows.EMPTY_CELL),
        ("contract_id", "C" * 41, import_rows.too_many_characters(41, 40)),
        ("payroll_number", "P\x07", import_rows.UNPRINTABLE),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(column, cell, reason):
    columns = CONTRACTS.strip().split(",")
    cells = GOOD.split(",")
    cells[columns.index(column)] = cell

    assert _errors("contracts", CONTRACTS + ",".join(cells) + "\n") == [(2, column, reason)]


@pytest.mark.parametrize(
    ("kind", "row", "column", "reason"),
    [
        ("roles", "X,Title,Dept,Family,boss", "staff_group", import_rows.none_of("boss", import_rows.STAFF_GROUPS)),
        ("people", "P1,A,B,not-an-email,", "work_email", import_rows.not_an_address("not-an-email")),
        ("people", "P1,A,B,a@b.c\u200b,", "work_email", import_rows.not_an_address("a@b.c\u200b")),
        ("people", f"P1,A,B,a@{'x' * 64}.example,", "work_email", import_rows.label_too_long(f"a@{'x' * 64}.example", 64)),
        ("people", f"P1,A,B,a@{'ü' * 60}.example,", "work_email", import_rows.not_an_address(f"a@{'ü' * 60}.example")),
        ("people", "P1,A,B,,12345", "trn", import_rows.not_digits("12345", 7)),
        ("people", "P1,,B,,", "first_name", import_rows.EMPTY_CELL),
        ("absences", "P1,maternity,2026-11-01,", "class", import_rows.none_of("maternity", import_rows.ABSENCE_CLASSES)),
        ("absences", "P1,family,2026-11-01", "", csv_files.wrong_number_of_cells(3, 4)),
        ("absences", "P1,family,2026-11-01,,x", "", csv_files.wrong_number_of_cells(5, 4)),
    ],
)  # fmt: skip
def test_other_bad_cells(kind, row, column, reason):
    header = {"roles": ROLES, "people": PEOPLE, "absences": ABSENCES}[kind]

    assert _errors(kind, f"{header}{row}\n") == [(2, column, reason)]


def test_a_reason_quotes_no_more_than_the_beginning_of_a_long_cell():
    assert f"“a@{'ü' * 35}…”" in import_rows.not_an_address(f"a@{'ü' * 60}.example")


def test_an_address_as_long_as_can_be_written_to_is_read():
    address = f"a@{'x' * 63}.bücher.example"

    assert _read("people", f"{PEOPLE}P1,A,B,{address},\n").rows["P1"].work_email == address


def test_all_mistakes_are_named_at_once():
    text = CONTRACTS + GOOD.replace(",1,5,", ",0,9,") + "\n" + GOOD.replace("2020-09-01", "2027-02-31") + "\n"

    assert [(error.line, error.column) for error in _read("contracts", text).errors] == [
        (2, "fte"),
        (2, "days_per_week"),
        (3, "starts_on"),
    ]


def test_the_same_row_twice_is_one_and_a_different_one_an_error():
    text = f"{CONTRACTS}{GOOD}\n{GOOD.replace(',1,', ',1.0,')}\n{GOOD.replace(',1,', ',0.5,')}\n"

    file = _read("contracts", text)

    assert len(file.rows) == 1
    assert file.errors == [
        RowError("contracts.csv", 4, "contract_id", import_rows.said_otherwise_before("C001", 2))
    ]


def test_unknown_missing_and_twice_named_columns_are_errors_and_no_row_is_read():
    file = _read("absences", "payroll_number,class,starts_on,starts_on,diagnosis\nP1,family,2026-11-01,,x\n")

    assert file.rows == {}
    assert [(error.column, error.reason) for error in file.errors] == [
        ("starts_on", csv_files.NAMED_TWICE),
        ("diagnosis", csv_files.unknown_column(ABSENCE_COLUMNS)),
        ("ends_on", csv_files.MISSING_COLUMN),
    ]


@pytest.mark.parametrize("text", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_says_so(text):
    assert _errors("absences", text) == [(1, "", csv_files.empty_file(ABSENCE_COLUMNS))]


class _Endless:
    """A line that never ends, given piece by piece; counts what was asked for at once."""

    def __init__(self, head: bytes, length: int, tail: bytes) -> None:
        self.head, self.left, self.tail, self.most = BytesIO(head), length, BytesIO(tail), 0

    def readline(self, size: int = -1) -> bytes:
        assert size > 0, "asked for a whole line, however long"
        if line := self.head.readline(size):
            return line
        if self.left > 0:
            piece = min(size, self.left)
            self.left -= piece
            return b"x" * piece if self.left else b"x" * (piece - 1) + b"\n"
        return self.tail.readline(size)


def test_a_line_of_10_mb_is_refused_in_small_pieces_and_the_rest_is_still_read():
    stream = _Endless(ABSENCES.encode(), 10 * 1024 * 1024, b"P1,illness,2026-11-01,\n")

    file = read_file("absences", "absences.csv", stream)

    assert sorted(file.errors) == [
        RowError("absences.csv", 2, "", csv_files.LINE_TOO_LONG),
        RowError("absences.csv", 3, "class", import_rows.none_of("illness", import_rows.ABSENCE_CLASSES)),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"P1,fam\xffily,2026-11-01,\n", csv_files.NOT_UTF_8),
        (b"P1,fam\0ily,2026-11-01,\n", csv_files.NULL_CHARACTER),
        (b'P1,"family,2026-11-01,\n', csv_files.UNMATCHED_QUOTES),
    ],
)
def test_what_is_not_text_is_named(text, reason):
    assert _errors("absences", ABSENCES.encode() + text) == [(2, "", reason)]


def test_a_file_in_utf_16_is_refused_with_what_to_do():
    assert _errors("absences", ABSENCES.encode("utf-16"))[0] == (1, "", csv_files.UTF_16)


def test_a_quoted_line_break_in_a_name_becomes_a_space():
    rows = _read("people", f'{PEOPLE}P1,"Ann\nBcc: x",Ash,,\n').rows

    assert rows["P1"].first_name == "Ann Bcc: x"
