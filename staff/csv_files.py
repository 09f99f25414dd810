"""Reading CSV files of other systems: every bad row is named, and no file is too big to refuse.

Pure: bytes in, cells out. UTF-8 with or without a byte order mark, LF or CRLF, a header row,
blank lines anywhere; an overlong line is skipped in small pieces and named, never held whole.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

LONGEST_LINE = 64 * 1024
_PIECE = 64 * 1024

NAMED_TWICE = "The column is named twice."
MISSING_COLUMN = "The column is missing."
UNMATCHED_QUOTES = 'The quotes do not match up: a cell with a quote in it is written "like ""this""".'
NULL_CHARACTER = "The line has a null character in it."
NOT_UTF_8 = "The line is not UTF-8; save the file as “CSV UTF-8”."
UTF_16 = "The file is in UTF-16; save it as “CSV UTF-8”."
LINE_TOO_LONG = f"The line is longer than {LONGEST_LINE // 1024} kB."


@dataclass(frozen=True, order=True)
class RowError:
    """What is wrong with one row, fit to be read by whoever made the file."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}, line {self.line}{column}: {self.reason}"


@dataclass(frozen=True)
class Change:
    """One row of the difference, in words: what happens to whom."""

    file: str
    what: str
    key: str
    words: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what} {self.key}{': ' if self.words else ''}{self.words}"


@dataclass(frozen=True)
class CsvRow:
    """The cells of one row by column, stripped, with the line it begins on."""

    line: int
    cells: dict[str, str]


def empty_file(columns: Sequence[str]) -> str:
    """What is wrong with a file that has not even a header."""
    return f"The file is empty; its first line names the columns: {','.join(columns)}."


def unknown_column(columns: Sequence[str]) -> str:
    """What is wrong with a column that is none of these."""
    return f"Unknown column; the columns are {','.join(columns)}."


def wrong_number_of_cells(cells: int, columns: int) -> str:
    """What is wrong with a row longer or shorter than the header."""
    return f"The row has {cells} cells and the header {columns}."


class CsvFile:
    """One file with exactly these columns, in any order.

    Iterate over it once for its rows; `errors` then has everything that could not be read:
    a header with unknown, missing or twice-named columns (then there are no rows at all),
    rows with too many or too few cells, overlong lines, bytes that are not UTF-8.
    """

    def __init__(self, name: str, stream: BinaryIO, columns: Sequence[str]) -> None:
        self.name = name
        self.errors: list[RowError] = []
        self._columns = tuple(columns)
        self._stream = stream
        self._line = 0
        self._begins = 0

    def __iter__(self) -> Iterator[CsvRow]:
        records = self._records()
        line, header = next(records, (1, None))
        if header is None:
            if not self.errors:
                self._refuse(1, "", empty_file(self._columns))
            return
        if not self._is_good(line, header):
            return
        for line, record in records:
            if len(record) != len(header):
                self._refuse(line, "", wrong_number_of_cells(len(record), len(header)))
                continue
            yield CsvRow(line, dict(zip(header, record, strict=True)))

    def _is_good(self, line: int, header: list[str]) -> bool:
        before = len(self.errors)
        for name in dict.fromkeys(header):
            if name not in self._columns:
                self._refuse(line, name or "(no name)", unknown_column(self._columns))
            elif header.count(name) > 1:
                self._refuse(line, name, NAMED_TWICE)
        for name in self._columns:
            if name not in header:
                self._refuse(line, name, MISSING_COLUMN)
        return len(self.errors) == before

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """The records that are not blank, each with the line it begins on."""
        reader = csv.reader(self._lines(), strict=True)
        while True:
            self._begins = 0
            try:
                record = [cell.strip() for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error:
                self._refuse(self._begins or self._line, "", UNMATCHED_QUOTES)
                continue
            if any(record):
                yield self._begins, record

    def _lines(self) -> Iterator[str]:
        """Decoded lines; those that are too long or not UTF-8 are named and left out."""
        while piece := self._stream.readline(LONGEST_LINE):
            self._line += 1
            if self._line == 1:
                piece = piece.removeprefix(b"\xef\xbb\xbf")
                if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
                    self._refuse(1, "", UTF_16)
                    return
            if not piece.endswith(b"\n") and len(piece) >= LONGEST_LINE - 3:
                self._skip_line()
                self._refuse(self._line, "", LINE_TOO_LONG)
                continue
            try:
                text = piece.decode()
            except UnicodeDecodeError:
                self._refuse(self._line, "", NOT_UTF_8)
                continue
            if "\0" in text:
                self._refuse(self._line, "", NULL_CHARACTER)
                continue
            self._begins = self._begins or self._line
            yield text

    def _skip_line(self) -> None:
        while piece := self._stream.readline(_PIECE):
            if piece.endswith(b"\n"):
                return

    def _refuse(self, line: int, column: str, reason: str) -> None:
        self.errors.append(RowError(self.name, line, column, reason))
