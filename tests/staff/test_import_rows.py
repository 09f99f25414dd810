"""The rows of the HR files by themselves: what is read, and how what is wrong is named."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest

from staff.csv_files import LONGEST_LINE
from staff.import_rows import ContractRow, PersonRow, read_file
from tests.staff.hr_files import ABSENCES, CONTRACTS, PEOPLE, ROLES, TRUST

GOOD = "C001,P001,BPS,TCH,1,5,39,2020-09-01,,,true"


def _read(kind, text):
    return read_file(kind, f"{kind}.csv", BytesIO(text if isinstance(text, bytes) else text.encode()))


def _errors(kind, text):
    return [str(error) for error in _read(kind, text).errors]


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
        ("fte", "0", "0 is out of range; it is above 0 and at most 1, such as 0.6 or 25/37."),
        ("fte", "3", "3 is out of range; it is above 0 and at most 1, such as 0.6 or 25/37."),
        ("fte", "38/37", "38/37 is out of range; it is above 0 and at most 1, such as 0.6 or 25/37."),
        ("fte", "1/0", "“1/0” is not a number; write it like 0.6 or 25/37."),
        ("fte", "-0.5", "“-0.5” is not a number; write it like 0.6 or 25/37."),
        ("fte", "1e-1", "“1e-1” is not a number; write it like 0.6 or 25/37."),
        ("fte", "NaN", "“NaN” is not a number; write it like 0.6 or 25/37."),
        ("fte", "", "It is empty; write a number above 0 and at most 1, such as 0.6 or 25/37."),
        (
            "fte",
            "0.67567",
            "0.67567 cannot be kept exactly; use at most four decimals or a fraction such as 0.6 or 25/37.",
        ),
        ("days_per_week", "7.5", "7.5 is out of range; it is above 0 and at most 7, such as 5 or 7/2."),
        ("days_per_week", "0", "0 is out of range; it is above 0 and at most 7, such as 5 or 7/2."),
        ("weeks_per_year", "60", "“60” is not a number of weeks; it is above 0 and at most 53, or empty."),
        ("starts_on", "2027-02-31", "“2027-02-31” is not a date; write it like 2026-09-01."),
        ("starts_on", "01/09/2026", "“01/09/2026” is not a date; write it like 2026-09-01."),
        ("starts_on", "", "It is empty and has to be there."),
        ("starts_on", "0026-09-01", "“0026-09-01” is not a date anybody works on."),
        ("ends_on", "2020-08-31", "2020-08-31 is before the start, 2020-09-01."),
        ("ends_on", "20270831", "“20270831” is not a date; write it like 2026-09-01."),
        ("is_main", "perhaps", "“perhaps” is neither true nor false."),
        ("contract_id", "", "It is empty and has to be there."),
        ("contract_id", "C" * 41, "It has 41 characters; at most 40 fit."),
        ("payroll_number", "P\x07", "It has a character that cannot be printed."),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(column, cell, reason):
    columns = CONTRACTS.strip().split(",")
    cells = GOOD.split(",")
    cells[columns.index(column)] = cell

    assert _errors("contracts", CONTRACTS + ",".join(cells) + "\n") == [
        f"contracts.csv, line 2, column {column}: {reason}"
    ]


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("roles", "X,Title,Dept,Family,boss", "line 2, column staff_group: “boss” is not one of teacher, leadership, support, casual."),
        ("people", "P1,A,B,not-an-email,", "line 2, column work_email: “not-an-email” is not an e-mail address."),
        ("people", "P1,A,B,a@b.c\u200b,", "line 2, column work_email: “a@b.c\u200b” is not an e-mail address."),
        ("people", f"P1,A,B,a@{'x' * 64}.example,", f"line 2, column work_email: “a@{'x' * 35}…” has a part of 64 characters after the @; at most 63 can be written to."),
        ("people", f"P1,A,B,a@{'ü' * 60}.example,", f"line 2, column work_email: “a@{'ü' * 35}…” is not an e-mail address."),
        ("people", "P1,A,B,,12345", "line 2, column trn: “12345” is not a number of 7 digits."),
        ("people", "P1,,B,,", "line 2, column first_name: It is empty and has to be there."),
        ("absences", "P1,maternity,2026-11-01,", "line 2, column class: “maternity” is not one of family, sickness, unpaid, secondment."),
        ("absences", "P1,family,2026-11-01", "line 2: The row has 3 cells and the header 4."),
        ("absences", "P1,family,2026-11-01,,x", "line 2: The row has 5 cells and the header 4."),
    ],
)  # fmt: skip
def test_other_bad_cells(kind, row, reason):
    header = {"roles": ROLES, "people": PEOPLE, "absences": ABSENCES}[kind]

    assert _errors(kind, f"{header}{row}\n") == [f"{kind}.csv, {reason}"]


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
    assert [str(error) for error in file.errors] == [
        "contracts.csv, line 4, column contract_id: C001 is on line 2 too, with other values."
    ]


def test_unknown_missing_and_twice_named_columns_are_errors_and_no_row_is_read():
    file = _read("absences", "payroll_number,class,starts_on,starts_on,diagnosis\nP1,family,2026-11-01,,x\n")

    assert file.rows == {}
    assert [(error.column, error.reason.split(";")[0]) for error in file.errors] == [
        ("starts_on", "The column is named twice."),
        ("diagnosis", "Unknown column"),
        ("ends_on", "The column is missing."),
    ]


@pytest.mark.parametrize("text", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_says_so(text):
    assert _errors("absences", text) == [
        "absences.csv, line 1: The file is empty; its first line names the columns: payroll_number,class,starts_on,ends_on."
    ]


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

    assert [str(error) for error in sorted(file.errors)] == [
        f"absences.csv, line 2: The line is longer than {LONGEST_LINE // 1024} kB.",
        "absences.csv, line 3, column class: “illness” is not one of family, sickness, unpaid, secondment.",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"P1,fam\xffily,2026-11-01,\n", "line 2: The line is not UTF-8; save the file as “CSV UTF-8”."),
        (b"P1,fam\0ily,2026-11-01,\n", "line 2: The line has a null character in it."),
        (b'P1,"family,2026-11-01,\n', 'line 2: The quotes do not match up: a cell with a quote in it is written "like ""this""".'),
    ],
)  # fmt: skip
def test_what_is_not_text_is_named(text, reason):
    assert _errors("absences", ABSENCES.encode() + text) == [f"absences.csv, {reason}"]


def test_a_file_in_utf_16_is_refused_with_what_to_do():
    assert _errors("absences", ABSENCES.encode("utf-16"))[0] == (
        "absences.csv, line 1: The file is in UTF-16; save it as “CSV UTF-8”."
    )


def test_a_quoted_line_break_in_a_name_becomes_a_space():
    rows = _read("people", f'{PEOPLE}P1,"Ann\nBcc: x",Ash,,\n').rows

    assert rows["P1"].first_name == "Ann Bcc: x"
