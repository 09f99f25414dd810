"""The arithmetic of learning needs (DOMAIN section 6): gaps, priorities, and when two have to talk.

Two people's ratings are never averaged here or anywhere: where they differ they stand side by side
until an agreed level is set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

LEVEL_WORDS: Final = {
    0: ("None yet", "I have not met this in my work so far."),
    1: ("Aware", "I know what it is and whom to ask."),
    2: ("Working", "I do it in my own work, sometimes with help."),
    3: ("Skilled", "I do it well, also when it is difficult."),
    4: ("Leads others", "Others learn it from me."),
}
APART: Final = 2
"""So many levels between self and manager ask for a conversation."""
RATERS: Final = ("line_manager", "headteacher")
"""Who rates a colleague, with those to whom they have delegated."""
RATERS_FAILING: Final = ("people_team",)
"""Who rates somebody who has neither line manager nor head above them: in the central team, or a head."""
MODERATORS: Final = ("cpd_lead", "school_improvement", "people_team")
"""Who may still set an agreed level between closing and the end of moderation."""


def no_such_weight(weight: int) -> str:
    """Why a weight is none."""
    return f"A weight is 1, 2 or 3, not {weight}."


def gap_of(required: int, agreed: int) -> int:
    """Levels still to go: never below 0, whoever can do more than the role asks has none."""
    return max(0, required - agreed)


def priority_of(
    gap: int, weight: int, *, is_safety: bool, is_trust_priority: bool, is_asked_for: bool
) -> int:
    """`gap × weight`, + 2 for compliance or safety, + 1 for a trust priority, + 1 if the colleague asked.

    Exactly the sum of DOMAIN section 6, also where there is no gap: what somebody asks for, or what
    keeps people safe, still comes into the plan, after everything that has a gap of some weight. No
    gap, and none of the three, is 0 and no need at all. Raises ValueError for a weight outside 1 to 3.
    """
    if not 1 <= weight <= 3:
        raise ValueError(no_such_weight(weight))
    return gap * weight + 2 * is_safety + is_trust_priority + is_asked_for


def is_need(gap: int, *, is_asked_for: bool) -> bool:
    """Whether it comes into a plan: there is a gap, or the colleague asks for help with it."""
    return gap > 0 or is_asked_for


def needs_conversation(self_level: int | None, manager_level: int | None) -> bool:
    """Whether the two ratings are so far apart that people talk before anything is agreed."""
    return self_level is not None and manager_level is not None and abs(self_level - manager_level) >= APART


def may_be_agreed(self_level: int | None, manager_level: int | None, *, is_talked_over: bool) -> bool:
    """Whether an agreed level can be set: both have rated, and have talked where they were far apart."""
    if self_level is None or manager_level is None:
        return False
    return is_talked_over or not needs_conversation(self_level, manager_level)


def agreed_without_words(self_level: int | None, manager_level: int | None) -> int | None:
    """The level both name, which is agreed by that; None where they differ or one is missing."""
    return self_level if self_level == manager_level else None


@dataclass(frozen=True)
class GapFigures:
    """What a cell of the heatmap says about so many people: the sum of gaps, and who has a large one."""

    n: int
    gaps: int
    large: int

    @property
    def mean_words(self) -> str:
        """The mean gap with one decimal, half up: "1.4"."""
        tenths = (20 * self.gaps + self.n) // (2 * self.n) if self.n else 0
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def percent_large(self) -> int:
        """Of 100 people, how many have a gap of two levels or more; half up."""
        return (200 * self.large + self.n) // (2 * self.n) if self.n else 0

    def __add__(self, other: GapFigures) -> GapFigures:
        return GapFigures(self.n + other.n, self.gaps + other.gaps, self.large + other.large)


def summed(figures: Iterable[GapFigures]) -> GapFigures:
    """The figures of all these groups together."""
    return sum(figures, GapFigures(0, 0, 0))


class Stage(StrEnum):
    """Where a cycle is on a day."""

    COMING = "coming"
    OPEN = "open"
    MODERATION = "moderation"
    CLOSED = "closed"


def stage_of(opens_on: date, closes_on: date, moderated_on: date, on: date) -> Stage:
    """Rating from the first day to the closing day, then moderation up to its last day; then all is read-only."""
    if on < opens_on:
        return Stage.COMING
    if on <= closes_on:
        return Stage.OPEN
    return Stage.MODERATION if on <= moderated_on else Stage.CLOSED
