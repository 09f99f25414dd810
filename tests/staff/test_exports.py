"""Files for spreadsheets: no text of ours becomes a formula or another line (RELIABILITY row 17)."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook, load_workbook

from staff import exports
from staff.exports import csv_lines, plain, xlsx_file

BAD = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "＝1+1",
    "|calc",
    'a"b,c',
    "line one\r\nline two;=1",
    "abc\u202egnp.exe",
]


def _live(value) -> bool:
    return isinstance(value, str) and value.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝", "|"))


def _csv_cells(rows) -> list[list[str]]:
    text = "".join(csv_lines(["Name", "Minutes"], rows)).removeprefix("\ufeff")
    return list(csv.reader(StringIO(text, newline="")))


@pytest.mark.parametrize("text", BAD)
def test_a_csv_cell_is_never_live_and_stays_in_its_line(text):
    cells = _csv_cells([[text, -90], ["Ann", 5]])

    assert len(cells) == 3
    assert not _live(cells[1][0])
    assert cells[1][1] == "-90"
    assert "\u202e" not in cells[1][0]
    assert "\n" not in cells[1][0]


@pytest.mark.parametrize("text", BAD)
def test_an_xlsx_cell_is_text_when_reopened(text):
    book = load_workbook(BytesIO(xlsx_file([("People", ["Name", "Minutes"], [[text, -90]])])))

    cell, number = next(book["People"].iter_rows(min_row=2))
    assert cell.data_type == "s"
    assert cell.value == plain(text)
    assert (number.data_type, number.value) == ("n", -90)


def test_a_header_is_protected_too():
    book = load_workbook(BytesIO(xlsx_file([("People", ["=1+1"], [])])))

    assert book["People"]["A1"].data_type == "s"


def test_control_without_the_guard_the_same_text_is_live(monkeypatch):
    monkeypatch.setattr(exports, "csv_cell", lambda value: value)
    book = Workbook()
    book.active.append([BAD[0]])
    file = BytesIO()
    book.save(file)

    assert _live(_csv_cells([[BAD[0], 1]])[1][0])
    assert load_workbook(file).active["A1"].data_type == "f"
