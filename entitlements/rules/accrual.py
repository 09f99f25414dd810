"""Accrual: the one definition from which every target follows (R3, R4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from entitlements.academic_year import YearDates
from entitlements.rules.absences import AbsenceFacts, Reduction, reductions
from entitlements.rules.contracts import ContractFacts, distinct
from entitlements.rules.policy import EntitlementPolicy
from entitlements.rules.rounding import half_up

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days in a row on which the same contracts are in force and the same absence holds."""

    starts_on: date
    ends_on: date
    contracts: tuple[ContractFacts, ...]
    accrues_daily: Fraction
    is_expected: bool
    is_entitled: bool

    @property
    def days(self) -> int:
        """Calendar days, both ends included."""
        return (self.ends_on - self.starts_on).days + 1


@dataclass(frozen=True)
class Target:
    """The three figures of R4, exact; the whole minutes are rounded once, half up."""

    entitlement: Fraction
    expected: Fraction
    expected_to_date: Fraction

    @property
    def entitlement_minutes(self) -> int:
        """What the year is worth."""
        return half_up(self.entitlement)

    @property
    def expected_minutes(self) -> int:
        """What is expected of the person in the year."""
        return half_up(self.expected)

    @property
    def expected_to_date_minutes(self) -> int:
        """What is expected by the date, that day included."""
        return half_up(self.expected_to_date)


def carry_over_ceiling(entitlement_minutes: int, expected_minutes: int) -> int:
    """What may be carried into the next year after family leave or long sickness (R14)."""
    return max(0, entitlement_minutes - expected_minutes)


def daily_accrual(contracts: Iterable[ContractFacts], policy: EntitlementPolicy, year: YearDates) -> Fraction:
    """Minutes that accrue on a day on which exactly these contracts are in force (R3).

    Casual contracts accrue nothing and do not weigh. More than one full-time post between
    them is scaled down to one; without `pro_rata_part_time` less than one is scaled up to it,
    in the same proportions.
    """
    weighed = [
        (day_minutes, each.fte)
        for each in contracts
        if (day_minutes := policy.day_minutes(each.staff_group)) is not None
    ]
    whole = sum((fte for _, fte in weighed), Fraction(0))
    if not whole:
        return Fraction(0)
    scale = min(Fraction(1), 1 / whole) if policy.pro_rata_part_time else 1 / whole
    value = sum((day_minutes * fte for day_minutes, fte in weighed), Fraction(0))
    return policy.days_owed * value * scale / year.days


def stretches(
    year: YearDates,
    contracts: Iterable[ContractFacts],
    runs: Sequence[Reduction],
    policy: EntitlementPolicy,
    cut_after: date,
) -> list[Stretch]:
    """The year in stretches within which nothing changes, in order, only days in contract.

    `cut_after` always ends a stretch, so that figures up to it are sums of whole stretches.
    """
    here = [each for each in distinct(contracts) if each.overlaps(year)]
    starts = {year.first_day, year.last_day + ONE_DAY, cut_after + ONE_DAY}
    starts |= {each.starts_on for each in here} | {run.starts_on for run in runs}
    starts |= {each.ends_on + ONE_DAY for each in here if each.ends_on is not None}
    starts |= {run.ends_on + ONE_DAY for run in runs}
    edges = sorted(day for day in starts if year.first_day <= day <= year.last_day + ONE_DAY)

    found = []
    for first, following in pairwise(edges):
        in_force = tuple(each for each in here if each.is_in_force(first))
        covering = [run for run in runs if run.covers(first)]
        if in_force:
            found.append(
                Stretch(
                    starts_on=first,
                    ends_on=following - ONE_DAY,
                    contracts=in_force,
                    accrues_daily=daily_accrual(in_force, policy, year),
                    is_expected=not covering,
                    is_entitled=not any(run.both for run in covering),
                )
            )
    return found


def target(
    year: YearDates,
    contracts: Iterable[ContractFacts],
    absences: Iterable[AbsenceFacts],
    policy: EntitlementPolicy,
    on: date,
) -> Target:
    """Entitlement, expected and expected to date of one person as seen on a date (R3 to R5)."""
    parts = stretches(year, contracts, reductions(absences, policy, on), policy, cut_after=on)

    def accrued(chosen: Iterable[Stretch]) -> Fraction:
        return sum((part.days * part.accrues_daily for part in chosen), Fraction(0))

    return Target(
        entitlement=accrued(part for part in parts if part.is_entitled),
        expected=accrued(part for part in parts if part.is_expected),
        expected_to_date=accrued(part for part in parts if part.is_expected and part.ends_on <= on),
    )
