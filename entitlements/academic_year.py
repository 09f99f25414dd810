"""The academic year: 1 September to 31 August (DOMAIN section 1), as dates and as a label.

The table `AcademicYear` holds what the people team decides about a year; this is the
calendar under it, which needs no database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_LABEL = re.compile(r"(\d{4})/(\d{2})")


@dataclass(frozen=True, order=True)
class YearDates:
    """One academic year, named by the calendar year it starts in."""

    start_year: int

    @classmethod
    def parse(cls, label: str) -> YearDates:
        """The year that "2026/27" names.

        ValueError with a sentence fit for the user on anything else, "2026/28" included.
        """
        match = _LABEL.fullmatch(label.strip())
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValueError(f"“{label}” is not an academic year; write it like 2026/27.")
        if not 1900 <= int(match[1]) <= 9000:
            raise ValueError(f"“{label}” is not an academic year anybody works in.")
        return cls(int(match[1]))

    @classmethod
    def for_date(cls, on: date) -> YearDates:
        """The year that holds a date: 31 August is the last day of one, 1 September the first."""
        return cls(on.year if on.month >= 9 else on.year - 1)

    @property
    def label(self) -> str:
        """The year as people write it, "2026/27"."""
        return f"{self.start_year}/{(self.start_year + 1) % 100:02d}"

    @property
    def first_day(self) -> date:
        """1 September."""
        return date(self.start_year, 9, 1)

    @property
    def last_day(self) -> date:
        """31 August."""
        return date(self.start_year + 1, 8, 31)

    @property
    def closes_on(self) -> date:
        """30 September after it: from that night on its figures are frozen (R17)."""
        return date(self.start_year + 1, 9, 30)

    @property
    def last_day_to_decide(self) -> date:
        """29 September after it: what is decided on that day still counts in it."""
        return date(self.start_year + 1, 9, 29)

    @property
    def days(self) -> int:
        """365, or 366 when 29 February falls inside (R3)."""
        return (self.last_day - self.first_day).days + 1

    @property
    def next(self) -> YearDates:
        """The year after."""
        return YearDates(self.start_year + 1)

    @property
    def previous(self) -> YearDates:
        """The year before."""
        return YearDates(self.start_year - 1)

    def __contains__(self, on: date) -> bool:
        return self.first_day <= on <= self.last_day

    def __str__(self) -> str:
        return self.label
