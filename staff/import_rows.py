"""The rows of the five HR files (DESIGN section 5), checked cell by cell. Pure: no database.

What can be said of a row by itself is said here; what needs other rows or the database (an
unknown school, two main contracts at once) is said by `staff/queries/imports.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, BinaryIO, TypeAlias

from staff.csv_files import CsvFile, RowError
from staff.loose_types import ColumnValues

LONGEST_LABEL = 63  # of the name of a mail server, between two dots (RFC 1035)
FINEST = 10_000  # the largest denominator of a working time (R4)
_NUMBER = re.compile(r"[0-9]{1,7}(\.[0-9]{1,10})?", re.ASCII)
_FRACTION = re.compile(r"[0-9]{1,9}/[0-9]{1,9}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[^@\s,;:<>()\[\]\"\\.]+(\.[^@\s,;:<>()\[\]\"\\.]+)+")
_YES, _NO = ("true", "yes", "y", "1", "t"), ("false", "no", "n", "0", "f", "")
ABSENCE_CLASSES = ("family", "sickness", "unpaid", "secondment")
STAFF_GROUPS = ("teacher", "leadership", "support", "casual")
FTE_EXAMPLE, WEEK_EXAMPLE = "0.6 or 25/37", "5 or 7/2"

EMPTY_CELL = "It is empty and has to be there."
UNPRINTABLE = "It has a character that cannot be printed."


def too_many_characters(count: int, most: int) -> str:
    """The reason a text of this length is refused."""
    return f"It has {count} characters; at most {most} fit."


def none_of(cell: str, words: Sequence[str]) -> str:
    """The reason a word is refused that is none of those of its column."""
    return f"“{_short(cell)}” is not one of {', '.join(words)}."


def not_digits(cell: str, count: int) -> str:
    """The reason a number of the wrong length is refused."""
    return f"“{_short(cell)}” is not a number of {count} digits."


def not_an_address(cell: str) -> str:
    """The reason an address is refused that no mail could be sent to."""
    return f"“{_short(cell)}” is not an e-mail address."


def label_too_long(cell: str, length: int) -> str:
    """The reason an address is refused whose mail server's name has too long a part."""
    return f"“{_short(cell)}” has a part of {length} characters after the @; at most {LONGEST_LABEL} can be written to."


def not_true_or_false(cell: str) -> str:
    """The reason a cell for yes or no is refused."""
    return f"“{_short(cell)}” is neither true nor false."


def not_a_date(cell: str) -> str:
    """The reason a date is refused that is none, or is written another way."""
    return f"“{_short(cell)}” is not a date; write it like 2026-09-01."


def not_a_working_date(cell: str) -> str:
    """The reason a date centuries away is refused."""
    return f"“{_short(cell)}” is not a date anybody works on."


def no_share(most: int, example: str) -> str:
    """The reason an empty working time is refused."""
    return f"It is empty; write a number above 0 and at most {most}, such as {example}."


def not_a_share(cell: str, example: str) -> str:
    """The reason a working time is refused that is no number."""
    return f"“{_short(cell)}” is not a number; write it like {example}."


def share_out_of_range(cell: str, most: int, example: str) -> str:
    """The reason a working time of nothing, or of too much, is refused."""
    return f"{_short(cell)} is out of range; it is above 0 and at most {most}, such as {example}."


def share_too_fine(cell: str, example: str) -> str:
    """The reason a working time is refused that cannot be kept exactly (R4)."""
    return (
        f"{_short(cell)} cannot be kept exactly; use at most four decimals or a fraction such as {example}."
    )


def not_weeks(cell: str) -> str:
    """The reason a number of weeks in a year is refused."""
    return f"“{_short(cell)}” is not a number of weeks; it is above 0 and at most 53, or empty."


def ends_before_it_starts(starts_on: date, ends_on: date) -> str:
    """What is wrong with two dates the wrong way round."""
    return f"{ends_on} is before the start, {starts_on}."


def said_otherwise_before(key: Hashable, line: int) -> str:
    """What is wrong with a row whose key another line has with other values (R6)."""
    return f"{key} is on line {line} too, with other values."


class _Bad(ValueError):
    """The reason a cell cannot be read, as a sentence."""


@dataclass(frozen=True, slots=True)
class SchoolRow:
    line: int = field(compare=False)
    code: str
    name: str
    kind: str
    phase: str
    town: str
    local_authority: str
    urn: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    line: int = field(compare=False)
    code: str
    title: str
    department: str
    job_family: str
    staff_group: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    line: int = field(compare=False)
    payroll_number: str
    first_name: str
    last_name: str
    work_email: str
    trn: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """`fte` and `days_per_week` are exact; `ends_on` None goes on; `manager_payroll_number` "" has none."""

    line: int = field(compare=False)
    contract_id: str
    payroll_number: str
    school_code: str
    role_code: str
    fte: Fraction
    days_per_week: Fraction
    weeks_per_year: Decimal | None
    starts_on: date
    ends_on: date | None
    manager_payroll_number: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    line: int = field(compare=False)
    payroll_number: str
    absence_class: str
    starts_on: date
    ends_on: date | None


def _text(longest: int, *, required: bool = False) -> Callable[[str], str]:
    def read(cell: str) -> str:
        text = " ".join(cell.split())
        if required and not text:
            raise _Bad(EMPTY_CELL)
        if len(text) > longest:
            raise _Bad(too_many_characters(len(text), longest))
        if not text.isprintable():
            raise _Bad(UNPRINTABLE)
        return text

    return read


def _one_of(*words: str, required: bool = True) -> Callable[[str], str]:
    def read(cell: str) -> str:
        word = cell.lower()
        if word in words or (not word and not required):
            return word
        raise _Bad(none_of(cell, words))

    return read


def _digits(count: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell and not (len(cell) == count and cell.isascii() and cell.isdigit()):
            raise _Bad(not_digits(cell, count))
        return cell

    return read


def _email(cell: str) -> str:
    text = cell.lower()
    if text and (len(text) > 254 or not _EMAIL.fullmatch(text) or not text.isprintable()):
        raise _Bad(not_an_address(cell))
    domain = text.rpartition("@")[2]
    longest = max(map(len, domain.split(".")))
    if longest > LONGEST_LABEL:
        raise _Bad(label_too_long(cell, longest))
    try:
        domain.encode("idna")  # as mail writes it: letters with accents take more room
    except UnicodeError:
        raise _Bad(not_an_address(cell)) from None
    return text


def _yes_or_no(cell: str) -> bool:
    word = cell.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _Bad(not_true_or_false(cell))


def _day(cell: str) -> date:
    if not cell:
        raise _Bad(EMPTY_CELL)
    try:
        if not _DATE.fullmatch(cell):
            raise ValueError
        day = date.fromisoformat(cell)
    except ValueError:
        raise _Bad(not_a_date(cell)) from None
    if not 1900 <= day.year <= 2200:
        raise _Bad(not_a_working_date(cell))
    return day


def _day_or_none(cell: str) -> date | None:
    return _day(cell) if cell else None


def _share(cell: str, most: int, example: str) -> Fraction:
    """An exact number above 0 and up to `most`, decimal or fraction, fine enough to be kept (R4)."""
    if not cell:
        raise _Bad(no_share(most, example))
    try:
        if not (_NUMBER.fullmatch(cell) or _FRACTION.fullmatch(cell)):
            raise ValueError
        share = Fraction(cell)
    except (ValueError, ZeroDivisionError):
        raise _Bad(not_a_share(cell, example)) from None
    if not 0 < share <= most:
        raise _Bad(share_out_of_range(cell, most, example))
    if share.denominator > FINEST:
        raise _Bad(share_too_fine(cell, example))
    return share


def fte_of(cell: str) -> Fraction:
    """The share of a full-time week as HR or the people team writes it. ValueError with the reason."""
    return _share(cell, 1, FTE_EXAMPLE)


def days_per_week_of(cell: str) -> Fraction:
    """Working days in a week, exact. ValueError with the reason."""
    return _share(cell, 7, WEEK_EXAMPLE)


def _weeks(cell: str) -> Decimal | None:
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell) or not 0 < Decimal(cell) <= 53:
        raise _Bad(not_weeks(cell))
    return Decimal(cell).quantize(Decimal("0.001"))


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:37]}…"


FileRow: TypeAlias = Any
"""A row of one of the five files: of which, its FileKind says."""
RowKey: TypeAlias = Any
"""The code or number of a row; of an absence the row itself."""


@dataclass(frozen=True)
class FileKind:
    """One of the five files: its columns with their readers, the row they make, and the key of a row."""

    name: str
    row: Callable[..., FileRow]
    columns: Mapping[str, Callable[[str], object]]
    key: Callable[[FileRow], RowKey]
    fields: Mapping[str, str] = field(default_factory=dict)


_code = _text(12, required=True)
_payroll = _text(20, required=True)
FILE_KINDS = {
    kind.name: kind
    for kind in (
        FileKind(
            "schools",
            SchoolRow,
            {
                "code": _code,
                "name": _text(120, required=True),
                "kind": _one_of("school", "central", "partner"),
                "phase": _one_of("primary", "secondary", required=False),
                "town": _text(60),
                "local_authority": _text(80),
                "urn": _digits(6),
            },
            key=lambda row: row.code,
        ),
        FileKind(
            "roles",
            RoleRow,
            {
                "code": _text(20, required=True),
                "title": _text(120, required=True),
                "department": _text(80, required=True),
                "job_family": _text(60, required=True),
                "staff_group": _one_of(*STAFF_GROUPS),
            },
            key=lambda row: row.code,
        ),
        FileKind(
            "people",
            PersonRow,
            {
                "payroll_number": _payroll,
                "first_name": _text(80, required=True),
                "last_name": _text(80, required=True),
                "work_email": _email,
                "trn": _digits(7),
            },
            key=lambda row: row.payroll_number,
        ),
        FileKind(
            "contracts",
            ContractRow,
            {
                "contract_id": _text(40, required=True),
                "payroll_number": _payroll,
                "school_code": _code,
                "role_code": _text(20, required=True),
                "fte": fte_of,
                "days_per_week": days_per_week_of,
                "weeks_per_year": _weeks,
                "starts_on": _day,
                "ends_on": _day_or_none,
                "manager_payroll_number": _text(20),
                "is_main": _yes_or_no,
            },
            key=lambda row: row.contract_id,
        ),
        FileKind(
            "absences",
            AbsenceRow,
            {
                "payroll_number": _payroll,
                "class": _one_of(*ABSENCE_CLASSES),
                "starts_on": _day,
                "ends_on": _day_or_none,
            },
            key=lambda row: (row.payroll_number, row.absence_class, row.starts_on),
            fields={"class": "absence_class"},
        ),
    )
}


@dataclass
class FileRows:
    """What one file says: its good rows by key, and everything that is wrong with the others.

    `named` has every key that occurs, those of bad rows too, so that one mistake is not told twice. `bad`
    has the lines of bad rows with what could be read of them, so that all that is wrong is told at once.
    """

    name: str
    rows: dict[RowKey, FileRow]
    named: set[str]
    errors: list[RowError]
    bad: list[tuple[int, dict[str, object]]] = field(default_factory=list)


def read_file(kind_name: str, name: str, stream: BinaryIO) -> FileRows:
    """Read one file. A row given twice word for word is one row; given twice with a difference, an error (R6)."""
    kind = FILE_KINDS[kind_name]
    csv_file = CsvFile(name, stream, list(kind.columns))
    result = FileRows(name, {}, set(), [])
    first_column = next(iter(kind.columns))
    for row in csv_file:
        result.named.add(row.cells[first_column])
        values: ColumnValues = {}
        for column, read in kind.columns.items():
            try:
                values[kind.fields.get(column, column)] = read(row.cells[column])
            except _Bad as bad:
                result.errors.append(RowError(name, row.line, column, str(bad)))
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        is_backwards = False
        if starts_on and ends_on and ends_on < starts_on:
            is_backwards = True
            reason = ends_before_it_starts(starts_on, ends_on)
            result.errors.append(RowError(name, row.line, "ends_on", reason))
        if is_backwards or len(values) < len(kind.columns):
            result.bad.append((row.line, values))
            continue
        made = kind.row(line=row.line, **values)
        key = kind.key(made)
        before: FileRow = result.rows.setdefault(key, made)
        if before != made:
            result.errors.append(
                RowError(name, row.line, first_column, said_otherwise_before(key, before.line))
            )
    result.errors.extend(csv_file.errors)
    return result
