"""What is repaid of training costs by whoever leaves: a scale that falls to nothing (DOMAIN section 4, Masters)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

NEVER_REPAID: Final = "Apprenticeship training is never paid back by the learner."
WAIVED: Final = {
    "redundancy": "Redundancy",
    "ill_health": "Ill-health",
    "moved": "Move within the trust",
    "family_leave": "Not returning from family leave, decided for this case",
}
"""Why nothing is repaid (DOMAIN section 4)."""
A_SHARE_EACH = "Give one share for each number of months."
RISING_MONTHS = "Give the months in rising order, from 1 up."
PERCENT_TO_100 = "A share is a percentage from 0 to 100."
FALLING_SHARES = "A share never rises as the months go by."
NOTHING = "Nothing"


@dataclass(frozen=True)
class Scale:
    """Percent repaid by a leaver: `during` the course, then `percents` until so many whole `months` after
    completion (each an upper bound, not reached yet); after the last of them nothing."""

    during: int = 100
    months: tuple[int, ...] = (6, 12, 24)
    percents: tuple[int, ...] = (75, 50, 25)

    def __post_init__(self) -> None:
        if len(self.months) != len(self.percents):
            raise ValueError(A_SHARE_EACH)
        if list(self.months) != sorted(set(self.months)) or any(one <= 0 for one in self.months):
            raise ValueError(RISING_MONTHS)
        if any(not 0 <= one <= 100 for one in (self.during, *self.percents)):
            raise ValueError(PERCENT_TO_100)
        if list(self.falling) != sorted(self.falling, reverse=True):
            raise ValueError(FALLING_SHARES)

    @property
    def falling(self) -> tuple[int, ...]:
        """Every percent, from the course on."""
        return (self.during, *self.percents)


SUGGESTED: Final = Scale()
"""The scale suggested in DOMAIN section 4: 100 during; 75 under 6 months, 50 under 12, 25 under 24, then 0.

Each panel has its own (`MastersPanel`), which starts as this one; an agreement keeps the one it was made under.
"""


@dataclass(frozen=True)
class Step:
    """From this day somebody who leaves would repay so much: percent, and whole pence."""

    from_on: date
    percent: int
    pence: int


def scale_lines(scale: Scale) -> list[tuple[str, str]]:
    """The scale as the panel's page and a case say it: when somebody leaves, and the share they pay back."""
    lines = [("During the course", f"{scale.during}%")]
    since = 0
    for months, percent in zip(scale.months, scale.percents, strict=True):
        when = (
            f"Under {months} months after it" if since == 0 else f"{since} to under {months} months after it"
        )
        lines.append((when, f"{percent}%"))
        since = months
    return [*lines, (f"{since} months after it or later" if since else "After it", NOTHING)]


def may_be_repaid(kind: str, trust_percents: Sequence[int]) -> str:
    """Why nothing may be claimed back for such a request; empty where an agreement has to say so.

    DOMAIN section 4: no claw-back for apprenticeships; what the trust has not paid is not paid back to it.
    `trust_percents` are the trust's shares of each year; none yet counts as a share to come. Who was named
    as the payer does not matter: where the trust pays anything, there are terms.
    """
    if kind == "apprenticeship":
        return NEVER_REPAID
    pays = not trust_percents or any(trust_percents)
    return "" if pays else "Only what the trust has paid can be paid back to it."


def whole_months(since: date, until: date) -> int:
    """Whole months from one day to another: 31 January to 28 February is one, a day less is none."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if months <= 0 or add_months(since, months) <= until else months - 1


def add_months(on: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def percent_on(scale: Scale, left_on: date, completed_on: date | None) -> int:
    """The percent that somebody repays who leaves on a day; before the completion, as during the course."""
    if completed_on is None or left_on < completed_on:
        return scale.during
    passed = whole_months(completed_on, left_on)
    return next((pc for upper, pc in zip(scale.months, scale.percents, strict=True) if passed < upper), 0)


def to_repay_pence(
    scale: Scale, paid_pence: int, left_on: date, completed_on: date | None, *, is_waived: bool = False
) -> int:
    """What a leaver repays of what the trust has paid, in whole pence, rounded in the leaver's favour."""
    return 0 if is_waived else paid_pence * percent_on(scale, left_on, completed_on) // 100


def falling(scale: Scale, paid_pence: int, starts_on: date, completed_on: date) -> list[Step]:
    """The balance from the start until nothing is left: one step for each percent, oldest first.

    `completed_on` may be the planned end: then it is what the scale will be.
    """
    days = [starts_on, completed_on, *(add_months(completed_on, months) for months in scale.months)]
    return [
        Step(day, percent_on(scale, day, completed_on), to_repay_pence(scale, paid_pence, day, completed_on))
        for day in days
    ]


def by_month(scale: Scale, paid_pence: int, since: date, completed_on: date) -> list[Step]:
    """The balance on the first of every month from `since` until nothing is left."""
    day = date(since.year, since.month, 1)
    day = day if day == since else add_months(day, 1)
    last = add_months(completed_on, scale.months[-1] if scale.months else 0)
    steps: list[Step] = []
    while not steps or steps[-1].from_on < last:
        steps.append(
            Step(
                day,
                percent_on(scale, day, completed_on),
                to_repay_pence(scale, paid_pence, day, completed_on),
            )
        )
        day = add_months(day, 1)
    return steps
