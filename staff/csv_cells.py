"""Cells that a spreadsheet shows and never runs (RELIABILITY row 17)."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula, full-width twins included.
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BREAKS = "\r\n\t"


def plain_cell(value: object) -> str:
    """The value as text on one line, with an apostrophe before what would be a formula.

    Control characters and marks that turn the direction of writing are left out.
    """
    text = "" if value is None else str(value)
    spaced = "".join(" " if char in _BREAKS else char for char in text)
    kept = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cf"})
    begins = kept.lstrip()
    return f"'{begins}" if begins.startswith(_STARTS) else kept


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file as Excel opens it: byte order mark, CRLF, every cell plain."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([plain_cell(cell) for cell in header])
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
