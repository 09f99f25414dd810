"""Tables as files for a spreadsheet, in which no text of ours can act as a formula (RELIABILITY row 17).

Names, titles and roles come from people and other systems. A cell that begins like a formula is
written as text, line breaks and marks that turn the reading direction are taken out.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Row = Sequence[object]
_STARTS_A_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠|%]")
_UNSEEN = {"Cc", "Cf"}  # control characters, zero-width and bidirectional marks


def plain(value: object) -> object:
    """A text without characters that are not seen, on one line; numbers and dates as they are."""
    if not isinstance(value, str):
        return value
    on_one_line = " ".join(value.split())
    return "".join(char for char in on_one_line if unicodedata.category(char) not in _UNSEEN).strip()


def is_like_a_formula(value: object) -> bool:
    """Whether a spreadsheet could take this text for something to work out."""
    return isinstance(value, str) and _STARTS_A_FORMULA.match(value) is not None


def csv_cell(value: object) -> object:
    """What stands in a CSV file: an apostrophe before anything like a formula, as spreadsheets expect."""
    before = value
    text = plain(value)
    return f"'{text}" if is_like_a_formula(before) or is_like_a_formula(text) else text


def csv_lines(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file in UTF-8 with a byte order mark, one at a time."""
    yield "\ufeff" + _csv_line(header)
    for row in rows:
        yield _csv_line(row)


def _csv_line(row: Row) -> str:
    line = StringIO()
    csv.writer(line).writerow([csv_cell(value) for value in row])
    return line.getvalue()


def xlsx_file(sheets: Iterable[tuple[str, Row, Iterable[Row]]]) -> bytes:
    """A workbook of (title, header, rows); texts are texts, whatever they begin with."""
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, words in enumerate(header):
            width = max(12, min(40, len(str(words)) + 4))
            sheet.column_dimensions[_letter(number)].width = width
        sheet.append([_xlsx_cell(sheet, words, is_bold=True) for words in header])
        for row in rows:
            sheet.append([_xlsx_cell(sheet, value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _xlsx_cell(sheet: object, value: object, *, is_bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=plain(value))
    if isinstance(value, str):
        # openpyxl takes a text with = in front for a formula; said to be a text, it stays one, and
        # the quote prefix keeps it one when somebody edits the cell.
        cell.data_type = "s"
        cell.quotePrefix = is_like_a_formula(value)
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _letter(number: int) -> str:
    return chr(ord("A") + number)
