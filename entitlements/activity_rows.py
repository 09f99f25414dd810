"""The rows of an activities file (DESIGN section 5), checked cell by cell. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from staff.csv_files import CsvFile, RowError
from staff.loose_types import ColumnValues

_AMOUNT = re.compile(r"[0-9]{1,5}(\.[0-9]{1,4})?", re.ASCII)
_FRACTION = re.compile(r"(0?\.[0-9]{1,5}|[01](\.[0-9]{1,5})?)", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YES, _NO = ("true", "yes", "y", "1", "t"), ("false", "no", "n", "0", "f", "")
STATUSES = ("planned", "attended", "verified")


class _BadCell(ValueError):
    """The reason a cell cannot be read, as a sentence."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity of one person, as another system's register has it."""

    line: int = field(compare=False)
    external_id: str
    payroll_number: str
    kind: str
    amount: Decimal
    occurred_on: date
    title: str
    status: str
    cpd_fraction: Decimal
    body: str
    own_time: bool


def _text(longest: int, *, required: bool = False) -> Callable[[str], str]:
    def read(cell: str) -> str:
        text = " ".join(cell.split())
        if required and not text:
            raise _BadCell("It is empty and has to be there.")
        if len(text) > longest:
            raise _BadCell(f"It has {len(text)} characters; at most {longest} fit.")
        if not text.isprintable():
            raise _BadCell("It has a character that cannot be printed.")
        return text

    return read


def _amount(cell: str) -> Decimal:
    if not _AMOUNT.fullmatch(cell) or not Decimal(cell):
        raise _BadCell(
            f"“{cell[:40]}” is not an amount; write minutes, or a number of days such as 1 or 0.5."
        )
    return Decimal(cell)


def _fraction(cell: str) -> Decimal:
    if not cell:
        return Decimal(1)
    if not _FRACTION.fullmatch(cell) or not 0 < Decimal(cell) <= 1:
        raise _BadCell(f"“{cell[:40]}” is not a share; it is above 0 and at most 1, such as 0.5, or empty.")
    return Decimal(cell)


def _day(cell: str) -> date:
    try:
        if not _DATE.fullmatch(cell):
            raise ValueError
        day = date.fromisoformat(cell)
    except ValueError:
        raise _BadCell(f"“{cell[:40]}” is not a date; write it like 2026-09-01.") from None
    if not 2000 <= day.year <= 2200:
        raise _BadCell(f"“{cell}” is not a date anybody works on.")
    return day


def _status(cell: str) -> str:
    word = cell.lower()
    if word not in STATUSES:
        raise _BadCell(f"“{cell[:40]}” is not one of {', '.join(STATUSES)}.")
    return word


def _yes_or_no(cell: str) -> bool:
    word = cell.lower()
    if word not in _YES + _NO:
        raise _BadCell(f"“{cell[:40]}” is neither true nor false.")
    return word in _YES


COLUMNS: dict[str, Callable[[str], object]] = {
    "external_id": _text(80, required=True),
    "payroll_number": _text(20, required=True),
    "kind": _text(30, required=True),
    "amount": _amount,
    "occurred_on": _day,
    "title": _text(200),
    "status": _status,
    "cpd_fraction": _fraction,
    "body": _text(120),
    "own_time": _yes_or_no,
}


def read_activities(
    name: str, stream: BinaryIO
) -> tuple[list[ActivityRow], list[tuple[int, ColumnValues]], list[RowError]]:
    """The good rows of a file in order, the lines of bad ones with what could be read of them, and all that is
    wrong with those.

    An external id given twice word for word is one row; given twice with a difference, an error.
    """
    csv_file = CsvFile(name, stream, list(COLUMNS))
    rows: dict[str, ActivityRow] = {}
    errors, bad_rows = [], []
    for cells in csv_file:
        values: ColumnValues = {}
        for column, read in COLUMNS.items():
            try:
                values[column] = read(cells.cells[column])
            except _BadCell as bad:
                errors.append(RowError(name, cells.line, column, str(bad)))
        if len(values) < len(COLUMNS):
            bad_rows.append((cells.line, values))
            continue
        row = ActivityRow(line=cells.line, **values)
        before = rows.setdefault(row.external_id, row)
        if before != row:
            reason = f"{row.external_id} is on line {before.line} too, with other values."
            errors.append(RowError(name, row.line, "external_id", reason))
    return list(rows.values()), bad_rows, [*errors, *csv_file.errors]
