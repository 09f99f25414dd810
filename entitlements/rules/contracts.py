"""Contracts as facts: what is in force on a day and which contract speaks for the person (R6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from entitlements.academic_year import YearDates
from entitlements.rules.policy import EntitlementPolicy


@dataclass(frozen=True)
class ContractFacts:
    """One contract of one person. `fte` is exact; `ends_on` None is open; both ends included."""

    contract_id: str
    staff_group: str
    fte: Fraction
    days_per_week: Fraction
    starts_on: date
    ends_on: date | None = None
    is_main: bool = False
    school: str = ""

    def is_in_force(self, on: date) -> bool:
        """Whether the contract covers the day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def overlaps(self, year: YearDates) -> bool:
        """Whether the contract covers any day of the year."""
        return self.starts_on <= year.last_day and (self.ends_on is None or self.ends_on >= year.first_day)


def distinct(contracts: Iterable[ContractFacts]) -> list[ContractFacts]:
    """Each contract once, by contract id: identical HR rows are one contract (R6).

    ValueError where two rows with one id differ; the import reports that as a row error.
    """
    by_id: dict[str, ContractFacts] = {}
    for contract in contracts:
        if by_id.setdefault(contract.contract_id, contract) != contract:
            raise ValueError(f"Contract {contract.contract_id} appears twice and differs.")
    return sorted(by_id.values(), key=lambda each: each.contract_id)


def main_contract(contracts: Iterable[ContractFacts], on: date) -> ContractFacts | None:
    """The main contract on a date: the marked one, else highest fte, else lowest id (R6)."""
    in_force = [each for each in contracts if each.is_in_force(on)]
    return min(
        in_force,
        key=lambda each: (not each.is_main, -each.fte, each.contract_id),
        default=None,
    )


def speaking_contract(contracts: Sequence[ContractFacts], year: YearDates, on: date) -> ContractFacts | None:
    """The contract whose school and staff group a statement of the year shows.

    The main contract on the date, held inside the year; for a leaver the main contract on
    their last day in it, for somebody still to come the one on their first. None without a
    contract in the year.
    """
    here = [each for each in contracts if each.overlaps(year)]
    day = min(max(on, year.first_day), year.last_day)
    if not any(each.is_in_force(day) for each in here):
        past = [each.ends_on for each in here if each.ends_on is not None and each.ends_on < day]
        day = max(past) if past else min((each.starts_on for each in here), default=day)
    return main_contract(here, day)


def last_day_of(contracts: Iterable[ContractFacts], year: YearDates) -> date:
    """The last day on which something can still be done in the year: its own, or that of the last contract.

    The year's own as well for somebody without a contract in it.
    """
    ends = [each.ends_on or year.last_day for each in contracts if each.overlaps(year)]
    return min(max(ends, default=year.last_day), year.last_day)


def own_day(contract: ContractFacts, policy: EntitlementPolicy) -> Fraction | None:
    """The person's own working day under a contract, in exact minutes (R8).

    day_value × fte × 5 ÷ days_per_week; None where the staff group has no day value.
    """
    day_minutes = policy.day_minutes(contract.staff_group)
    if day_minutes is None:
        return None
    return day_minutes * contract.fte * 5 / contract.days_per_week
