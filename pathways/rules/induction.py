"""Induction as arithmetic: who is a starter, whose step it is, what is late, what training on record ticks."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

LOOK_BACK: Final = timedelta(days=30)
LATE_ENTRY: Final = timedelta(days=180)
"""So late HR may enter somebody new who then still has an induction."""
LOOK_AHEAD: Final = timedelta(days=14)
BEFORE_START: Final = timedelta(days=30)
"""Training that never runs out but belongs to this start counts from so long before it."""
DUE_SOON: Final = timedelta(days=7)
_IN_BRACKETS: Final = re.compile(r"\([^)]*\)")
_SHORTEST: Final = 10


class Standing(StrEnum):
    """How somebody stands to a starter."""

    OWN = "own"
    MANAGER = "manager"
    BUDDY = "buddy"
    PEOPLE_TEAM = "people_team"
    READER = "reader"


# The manager and the people team may tick for others: many starters have no desk.
_MAY_TICK: Final[dict[str, frozenset[Standing]]] = {
    "person": frozenset({Standing.OWN, Standing.MANAGER, Standing.PEOPLE_TEAM}),
    "manager": frozenset({Standing.MANAGER, Standing.PEOPLE_TEAM}),
    "buddy": frozenset({Standing.BUDDY, Standing.MANAGER, Standing.PEOPLE_TEAM}),
    "people_team": frozenset({Standing.PEOPLE_TEAM}),
}


def may_tick(done_by: str, standings: Collection[Standing]) -> bool:
    """Whether somebody who stands so to the starter may tick a step, or undo it."""
    return not _MAY_TICK[done_by].isdisjoint(standings)


def may_choose_buddy(standings: Collection[Standing]) -> bool:
    """The manager and the people team choose."""
    return Standing.MANAGER in standings or Standing.PEOPLE_TEAM in standings


def state_of_step(due_on: date, done_on: date | None, on: date) -> str:
    """A word of `bwt_cpd.states`: done, overdue from the day after it was due, due within a week, later."""
    if done_on is not None:
        return "done"
    if due_on < on:
        return "overdue"
    return "due" if due_on <= on + DUE_SOON else "later"


@dataclass(frozen=True)
class Fits:
    """Whom a template is for; an empty set is no condition."""

    staff_groups: frozenset[str]
    job_families: frozenset[str]
    job_roles: frozenset[int]
    schools: frozenset[int]

    def fits(self, *, staff_group: str, job_family: str, job_role: int, school: int) -> bool:
        """Whether every condition holds for a contract."""
        return (
            (not self.staff_groups or staff_group in self.staff_groups)
            and (not self.job_families or job_family in self.job_families)
            and (not self.job_roles or job_role in self.job_roles)
            and (not self.schools or school in self.schools)
        )


def is_record_of(entry_title: str, training_title: str) -> bool:
    """Whether a credited title is that training: the one begins with the other, brackets and case aside.

    So "Annual safeguarding update" is "Annual safeguarding update and KCSIE Part one attestation", and
    "Cyber security awareness" is "Cyber security awareness (NCSC)".
    """
    entry, training = _plain(entry_title), _plain(training_title)
    short, long = sorted((entry, training), key=len)
    return len(short) >= _SHORTEST and (long == short or long.startswith(f"{short} "))


def counts_from(starts_on: date, validity_months: int) -> date:
    """The first day on which training counts for a start on that day; 0 months: belongs to this start."""
    if not validity_months:
        return starts_on - BEFORE_START
    months = starts_on.year * 12 + starts_on.month - 1 - validity_months
    return date(months // 12, months % 12 + 1, min(starts_on.day, 28))


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", _IN_BRACKETS.sub(" ", title).casefold()).split())
