"""The rows of the two catalogue files (`import_catalogue --help`), checked cell by cell. Pure: no database.

What a row says by itself is checked here; what needs other rows or the database (an unknown hub, a
capacity below what is booked) is checked by `courses/actions/catalogue_import.py`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, BinaryIO, TypeAlias

from courses.models import Course
from staff.csv_files import CsvFile, RowError
from staff.import_rows import EMPTY_CELL, UNPRINTABLE, none_of, too_many_characters
from staff.wording import LONDON

COURSE_COLUMNS = (
    *("code", "title", "hub", "strand", "audience", "mode", "minutes", "kind"),
    *("summary", "outcomes", "for_whom"),
)
SESSION_COLUMNS = (
    *("course_code", "session_code", "school", "room", "online_link", "starts_at", "ends_at"),
    *("capacity", "trainer_payroll_number", "booking_opens_at", "booking_closes_at", "parts"),
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*", re.ASCII)
_MANY = 100_000
NO_AUDIENCE = "It is empty; write all for everybody."


def not_a_number(cell: str) -> str:
    """The reason a count is refused."""
    return f"“{cell[:40]}” is not a whole number above 0 and up to {_MANY:,}."


class BadCellError(ValueError):
    """The reason a cell cannot be read, as a sentence."""


@dataclass(frozen=True, slots=True)
class CourseRow:
    """`audience` as written, `outcomes` one a line."""

    line: int = field(compare=False)
    code: str
    title: str
    hub: str
    strand: str
    audience: tuple[str, ...]
    mode: str
    minutes: int
    kind: str
    summary: str
    outcomes: str
    for_whom: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """`spans` are the dated parts in order, one where the file gives no parts."""

    line: int = field(compare=False)
    course_code: str
    session_code: str
    school: str
    room: str
    online_link: str
    spans: tuple[tuple[datetime, datetime], ...]
    capacity: int
    trainers: tuple[str, ...]
    booking_opens_at: datetime | None
    booking_closes_at: datetime | None


CatalogueRow: TypeAlias = Any
"""A CourseRow or a SessionRow: which, the kind of its file says. A bad cell of a spoilt one is None."""


@dataclass
class ReadFile:
    """What one file says: its kind ("courses", "sessions" or "" where it is neither), rows and errors.

    `spoilt` are rows with a bad cell, which reads as None: the rest of them can still be checked.
    """

    name: str
    kind: str
    rows: list[CatalogueRow] = field(default_factory=list)
    spoilt: list[CatalogueRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def read_catalogue_file(name: str, stream: BinaryIO) -> ReadFile:
    """Read one file, told by its header to be courses or sessions; a code twice is an error."""
    data = stream.read()
    kind = _kind_of(data)
    columns, make, key = _KINDS[kind]
    csv_file = CsvFile(name, io.BytesIO(data), columns)
    result = ReadFile(name, kind)
    seen: dict[str, int] = {}
    for row in csv_file:
        errors: list[RowError] = []
        made = make(row.line, _Cells(name, row.line, row.cells, errors))
        code = row.cells[key].upper()
        if code in seen:
            errors.append(RowError(name, row.line, key, f"{row.cells[key]} is on line {seen[code]} too."))
        elif code:
            seen[code] = row.line
        result.errors += errors
        (result.spoilt if errors else result.rows).append(made)
    result.errors += csv_file.errors
    return result


def _kind_of(data: bytes) -> str:
    header = data.removeprefix(b"\xef\xbb\xbf")[:4096].partition(b"\n")[0]
    return "sessions" if b"session_code" in header or b"course_code" in header else "courses"


Cell: TypeAlias = Any
"""What a cell reads as: each column has a type of its own, and None where it cannot be read."""


class _Cells:
    """The cells of one row; each that cannot be read is named and reads as None."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], errors: list[RowError]) -> None:
        self._file, self._line, self._cells, self._errors = file, line, cells, errors

    def read(self, column: str, reader: Callable[[str], Cell]) -> Cell:
        try:
            return reader(self._cells[column])
        except BadCellError as bad:
            self.refuse(column, str(bad))
            return None

    def is_empty(self, column: str) -> bool:
        return not self._cells[column]

    def refuse(self, column: str, reason: str) -> None:
        self._errors.append(RowError(self._file, self._line, column, reason))


def _course(line: int, cells: _Cells) -> CourseRow:
    return CourseRow(
        line=line,
        code=cells.read("code", _code(20)),
        title=cells.read("title", _text(120, required=True)),
        hub=cells.read("hub", _text(12, required=True)),
        strand=cells.read("strand", _text(80, required=True)),
        audience=cells.read("audience", _list),
        mode=cells.read("mode", _mode),
        minutes=cells.read("minutes", _number),
        kind=cells.read("kind", _text(40, required=True)),
        summary=cells.read("summary", _text(1000, required=True)),
        outcomes="\n".join(cells.read("outcomes", _optional_list) or ()),
        for_whom=cells.read("for_whom", _text(300)),
    )


def _session(line: int, cells: _Cells) -> SessionRow:
    spans = cells.read("parts", _parts)
    starts_at = cells.read("starts_at", _moment_or_none)
    ends_at = cells.read("ends_at", _moment_or_none)
    if spans:
        if starts_at and starts_at != spans[0][0]:
            cells.refuse("starts_at", "It is not the start of the first part.")
        if ends_at and ends_at != spans[-1][1]:
            cells.refuse("ends_at", "It is not the end of the last part.")
    elif spans is not None:
        spans = _only_part(cells, starts_at, ends_at)
    opens_at = cells.read("booking_opens_at", _moment_or_none)
    closes_at = cells.read("booking_closes_at", _moment_or_none)
    if opens_at and closes_at and closes_at <= opens_at:
        cells.refuse("booking_closes_at", "Booking closes before it opens.")
    return SessionRow(
        line=line,
        course_code=cells.read("course_code", _code(20)),
        session_code=cells.read("session_code", _code(40)),
        school=cells.read("school", _text(12)),
        room=cells.read("room", _text(120)),
        online_link=cells.read("online_link", _link),
        spans=spans or (),
        capacity=cells.read("capacity", _number),
        trainers=cells.read("trainer_payroll_number", _optional_list),
        booking_opens_at=opens_at,
        booking_closes_at=closes_at,
    )


def _only_part(
    cells: _Cells, starts_at: datetime | None, ends_at: datetime | None
) -> tuple[tuple[datetime, datetime], ...]:
    if starts_at is None or ends_at is None:
        for column, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
            if moment is None and cells.is_empty(column):
                cells.refuse(column, "It is empty and there are no parts.")
        return ()
    if ends_at <= starts_at:
        cells.refuse("ends_at", "The end is not after the start.")
    return ((starts_at, ends_at),)


# One cell ---------------------------------------------------------------------------------
def _text(longest: int, *, required: bool = False) -> Callable[[str], str]:
    def read(cell: str) -> str:
        text = " ".join(cell.split())
        if required and not text:
            raise BadCellError(EMPTY_CELL)
        if len(text) > longest:
            raise BadCellError(too_many_characters(len(text), longest))
        if not text.isprintable():
            raise BadCellError(UNPRINTABLE)
        return text

    return read


def _code(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        text = _text(longest, required=True)(cell)
        if not _CODE.fullmatch(text):
            raise BadCellError(f"“{text}” is not a code; use letters, figures and - . _ / without spaces.")
        return text.upper()

    return read


def _list(cell: str) -> tuple[str, ...]:
    found = _optional_list(cell)
    if not found:
        raise BadCellError(NO_AUDIENCE)
    return found


def _optional_list(cell: str) -> tuple[str, ...]:
    entries = (" ".join(entry.split()) for entry in cell.split(";"))
    found = tuple(dict.fromkeys(entry for entry in entries if entry))
    if not all(entry.isprintable() for entry in found):
        raise BadCellError(UNPRINTABLE)
    return found


def _mode(cell: str) -> str:
    word = cell.lower().replace(" ", "_")
    if word not in Course.Mode.values:
        raise BadCellError(none_of(cell, Course.Mode.values))
    return word


def _number(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and 0 < int(cell[:9]) <= _MANY and len(cell) < 9):
        raise BadCellError(not_a_number(cell))
    return int(cell)


def _link(cell: str) -> str:
    if cell and (not re.fullmatch(r"https?://[^\s<>\"]+", cell) or len(cell) > 200):
        raise BadCellError(
            f"“{cell[:40]}” is not a web address of up to 200 characters; it begins with https://."
        )
    return cell


def _moment(cell: str) -> datetime:
    try:
        if not _MOMENT.fullmatch(cell):
            raise ValueError
        moment = datetime.fromisoformat(cell)
        if not 2000 <= moment.year <= 2100:
            raise ValueError
    except ValueError:
        raise BadCellError(f"“{cell[:40]}” is not a date and time; write it like 2026-12-10T15:45.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


def _moment_or_none(cell: str) -> datetime | None:
    return _moment(cell) if cell else None


def _parts(cell: str) -> tuple[tuple[datetime, datetime], ...]:
    spans = []
    for entry in filter(None, (part.strip() for part in cell.split(";"))):
        starts, divider, ends = entry.partition("/")
        if not divider:
            raise BadCellError(
                f"“{entry[:40]}” is not a part; write it like 2026-12-10T15:45/2026-12-10T16:45."
            )
        spans.append((_moment(starts.strip()), _moment(ends.strip())))
    if any(ends <= starts for starts, ends in spans):
        raise BadCellError("A part does not end after it starts.")
    if any(later[0] < sooner[1] for sooner, later in pairwise(spans)):
        raise BadCellError("The parts overlap or are out of order.")
    return tuple(spans)


_KINDS: dict[str, tuple[tuple[str, ...], Callable[[int, _Cells], CatalogueRow], str]] = {
    "courses": (COURSE_COLUMNS, _course, "code"),
    "sessions": (SESSION_COLUMNS, _session, "session_code"),
}
