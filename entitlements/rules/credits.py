"""What an activity is worth in whole minutes (R8, R12) and what is plausible (R15)."""

from __future__ import annotations

from fractions import Fraction

from entitlements.rules.contracts import ContractFacts, own_day
from entitlements.rules.policy import NOMINAL_DAYS, EntitlementPolicy, Unit
from entitlements.rules.rounding import half_up


class CreditRefused(ValueError):
    """The activity cannot be credited; the message is a sentence fit for the user."""


def credit_minutes(
    unit: Unit,
    amount: Fraction | int,
    contract: ContractFacts | None,
    policy: EntitlementPolicy,
    cpd_fraction: Fraction | int = 1,
) -> int:
    """The minutes that `amount` of a unit is worth, rounded once, half up (R8, R12).

    `contract` is the one attended under: the main contract on the date unless told otherwise.
    Minutes credit as stated and need none. `cpd_fraction` is applied before rounding; one that was cut to
    24 places, such as a third, still gives an exact half as a half.
    CreditRefused without a contract that has a working day, where the unit needs one, and for
    an amount or fraction that makes no sense.
    """
    if amount <= 0:
        raise CreditRefused("The amount has to be more than nothing.")
    if not 0 < cpd_fraction <= 1:
        raise CreditRefused("The share that is CPD has to be more than 0 and at most 1.")
    return half_up(round(amount * _minutes_of_one(unit, contract, policy) * Fraction(cpd_fraction), 18))


def _minutes_of_one(unit: Unit, contract: ContractFacts | None, policy: EntitlementPolicy) -> Fraction:
    if not unit.needs_contract:
        return Fraction(1)
    day_minutes = policy.day_minutes(contract.staff_group) if contract else None
    working_day = own_day(contract, policy) if contract else None
    if contract is None or day_minutes is None or working_day is None:
        raise CreditRefused(
            "There is no contract with a working day on that date, so days cannot be turned into minutes."
        )
    if unit.is_nominal:
        return NOMINAL_DAYS[unit] * day_minutes * contract.fte
    return working_day / 2 if unit is Unit.HALF_DAY else working_day


def exceeds_daily_limit(minutes_on_date: int, policy: EntitlementPolicy) -> bool:
    """Whether one person's minutes on one date are implausible (R15): above, not at, the limit.

    A claim that does so is refused; a register that does so is accepted and flagged.
    """
    return minutes_on_date > policy.daily_minutes_limit


def needs_evidence(minutes: int, working_day: Fraction | int, policy: EntitlementPolicy) -> bool:
    """Whether a claim needs evidence attached: a day or more of the person's own day (R9)."""
    return minutes >= policy.evidence_from_days * working_day
