"""Half terms, near enough to filter by: the calendar of an English school year in six parts.

Schools of the trust differ by a few days and Easter moves; nothing is owed or refused by these
dates, they only narrow a list. The breaks belong to the half term before them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

# First day of each half term: month, day, name.
_STARTS = (
    (1, 1, "first half of spring term"),
    (2, 21, "second half of spring term"),
    (4, 12, "first half of summer term"),
    (6, 1, "second half of summer term"),
    (9, 1, "first half of autumn term"),
    (11, 1, "second half of autumn term"),
)


@dataclass(frozen=True)
class HalfTerm:
    """Both days inside."""

    first_day: date
    last_day: date
    name: str


def half_term_of(on: date) -> HalfTerm:
    """The half term that holds a day; the summer holiday belongs to the end of the summer term."""
    starts = [(date(on.year, month, day), name) for month, day, name in _STARTS]
    starts.append((date(on.year + 1, 1, 1), ""))
    for (first_day, name), (next_day, _) in pairwise(starts):
        if first_day <= on < next_day:
            return HalfTerm(first_day, next_day - timedelta(days=1), name)
    raise AssertionError("Every day of a year is in a half term.")


def week_of(on: date) -> tuple[date, date]:
    """Monday and Sunday of the week that holds a day."""
    monday = on - timedelta(days=on.weekday())
    return monday, monday + timedelta(days=6)
