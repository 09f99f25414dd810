"""Absences that lower the target (R5): classes and dates, never causes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from entitlements.rules.policy import EntitlementPolicy

FAMILY, SICKNESS, UNPAID, SECONDMENT = "family", "sickness", "unpaid", "secondment"
LOWERS_BOTH = frozenset({UNPAID, SECONDMENT})


@dataclass(frozen=True)
class AbsenceFacts:
    """One row of the absences file; `ends_on` None is still going on."""

    absence_class: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Reduction:
    """A run of days that lowers expected, or with `both` the entitlement too; ends included."""

    starts_on: date
    ends_on: date
    both: bool

    def covers(self, on: date) -> bool:
        """Whether the day lies in the run."""
        return self.starts_on <= on <= self.ends_on


def reductions(absences: Iterable[AbsenceFacts], policy: EntitlementPolicy, on: date) -> list[Reduction]:
    """The runs of absence that lower the target as seen on a date, in order of their start.

    Adjacent and overlapping rows of one class are one run, whose whole length decides, across
    year ends; an absence without an end runs to `on`, and one that has not begun by then is
    not there yet (R5, R7). Sickness counts from `policy.sickness_days` calendar days.
    Runs of different classes may overlap: where they do, `both` wins.
    """
    bounded = sorted(
        (row.absence_class, row.starts_on, row.ends_on or on)
        for row in absences
        if row.ends_on is not None or row.starts_on <= on
    )
    found = [
        Reduction(first, last, both=absence_class in LOWERS_BOTH)
        for absence_class, rows in groupby(bounded, key=lambda row: row[0])
        for first, last in _runs((first, last) for _, first, last in rows)
        if absence_class != SICKNESS or (last - first).days + 1 >= policy.sickness_days
    ]
    return sorted(found, key=lambda run: (run.starts_on, run.ends_on, run.both))


def _runs(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans in order of their start, with those that touch or overlap joined."""
    runs: list[tuple[date, date]] = []
    for first, last in spans:
        if runs and first <= runs[-1][1] + timedelta(days=1):
            runs[-1] = (runs[-1][0], max(runs[-1][1], last))
        else:
            runs.append((first, last))
    return runs
