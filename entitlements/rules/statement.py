"""A person's statement on a date: recorded, counted, planned, shortfall, status (R7, R10 to R14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from entitlements.academic_year import YearDates
from entitlements.rules.absences import AbsenceFacts, Reduction, reductions
from entitlements.rules.accrual import Target, target
from entitlements.rules.contracts import ContractFacts
from entitlements.rules.policy import CountsAs, EntitlementPolicy, Status
from entitlements.rules.rounding import half_up


@dataclass(frozen=True)
class CreditFacts:
    """One credit that stands: neither reversed nor cancelled.

    `is_verified` False is everything planned: bookings, open registers, waiting claims.
    `body` is named by nominal credits alone.
    """

    minutes: int
    occurred_on: date
    counts_as: CountsAs = CountsAs.FULL
    is_verified: bool = True
    body: str = ""
    own_time: bool = False


@dataclass(frozen=True)
class Statement:
    """The figures of one person and year on a date, in whole minutes.

    `target` is None and every figure 0 where the status is not_applicable.
    """

    target: Target | None
    recorded_minutes: int
    counted_minutes: int
    planned_minutes: int
    shortfall_minutes: int
    own_time_minutes: int
    status: Status


def recorded_by_group(entries: Iterable[CreditFacts]) -> dict[CountsAs, int]:
    """Minutes per group before the caps; of several nominal credits for one body the highest.

    R12. What is recorded in all is the plain sum, which this is not.
    """
    minutes = dict.fromkeys(CountsAs, 0)
    highest: dict[str, int] = {}
    for credit in entries:
        if credit.counts_as is CountsAs.NOMINAL:
            body = credit.body.strip().lower()  # as SQL does
            highest[body] = max(highest.get(body, 0), credit.minutes)
        else:
            minutes[credit.counts_as] += credit.minutes
    minutes[CountsAs.NOMINAL] = sum(highest.values())
    return minutes


def counted_by_group(
    entries: Iterable[CreditFacts], entitlement_minutes: int, policy: EntitlementPolicy
) -> dict[CountsAs, int]:
    """Minutes per group after the caps, each a share of the year's entitlement (R10)."""
    return {
        group: minutes
        if (cap := policy.cap_minutes(group, entitlement_minutes)) is None
        else min(minutes, cap)
        for group, minutes in recorded_by_group(entries).items()
    }


def statement(
    year: YearDates,
    *,
    contracts: Sequence[ContractFacts],
    absences: Sequence[AbsenceFacts],
    entries: Iterable[CreditFacts],
    policy: EntitlementPolicy,
    on: date,
) -> Statement | None:
    """One person's statement as of a date; None without any contract in the year (R7).

    Credits of other years are left aside: each belongs to the year of its date (R14).
    """
    here = [each for each in contracts if each.overlaps(year)]
    if not here:
        return None
    denominator = [each for each in here if policy.day_minutes(each.staff_group) is not None]
    if not denominator:
        return Statement(None, 0, 0, 0, 0, 0, Status.NOT_APPLICABLE)

    owed = target(year, here, absences, policy, on)
    standing = [each for each in entries if each.occurred_on in year]
    verified = [each for each in standing if each.is_verified and each.occurred_on <= on]
    counted = sum(counted_by_group(verified, owed.entitlement_minutes, policy).values())
    everything = sum(counted_by_group(standing, owed.entitlement_minutes, policy).values())
    is_paused = _is_paused(contracts, reductions(absences, policy, on), policy, on)
    return Statement(
        target=owed,
        recorded_minutes=sum(each.minutes for each in verified),
        counted_minutes=counted,
        planned_minutes=everything - counted,
        shortfall_minutes=max(0, owed.expected_minutes - counted),
        own_time_minutes=own_time_minutes(verified, owed.entitlement_minutes, policy),
        status=_status(
            year,
            owed=owed,
            counted=counted,
            everything=everything,
            is_paused=is_paused,
            policy=policy,
            on=on,
        ),
    )


def _is_paused(
    contracts: Iterable[ContractFacts],
    runs: Iterable[Reduction],
    policy: EntitlementPolicy,
    on: date,
) -> bool:
    return any(run.covers(on) for run in runs) and any(
        each.is_in_force(on) and policy.day_minutes(each.staff_group) is not None for each in contracts
    )


def _status(
    year: YearDates,
    *,
    owed: Target,
    counted: int,
    everything: int,
    is_paused: bool,
    policy: EntitlementPolicy,
    on: date,
) -> Status:
    if is_paused:
        return Status.PAUSED
    if counted >= owed.expected_minutes:
        return Status.MET
    if on >= year.last_day:
        return Status.BEHIND
    if everything >= owed.expected_minutes:
        return Status.PLANNED
    if 100 * counted >= policy.on_track_percent * owed.expected_to_date_minutes:
        return Status.ON_TRACK
    return Status.BEHIND


def shown_percent(counted_minutes: int, expected_minutes: int) -> int:
    """Counted as a whole per cent of expected, stopped at 100 (R11); averages use this value.

    Rounded down, so that 100 is only shown to those who are there. Nothing expected is 100.
    """
    if counted_minutes >= expected_minutes:
        return 100
    return max(0, counted_minutes) * 100 // expected_minutes


def own_time_minutes(
    entries: Iterable[CreditFacts], entitlement_minutes: int, policy: EntitlementPolicy
) -> int:
    """The minutes of a person's counted time that are their own, rounded half up (R13).

    Where a cap, or a second credit for one body, cuts a group, its own time is cut in the same
    proportion.
    """
    given = list(entries)
    own = Fraction(0)
    for group, counted in counted_by_group(given, entitlement_minutes, policy).items():
        recorded = sum(each.minutes for each in given if each.counts_as is group)
        spent = sum(each.minutes for each in given if each.counts_as is group and each.own_time)
        own += Fraction(counted * spent, recorded) if recorded else 0
    return half_up(own)


def alerts_own_time(own_minutes: int, counted_minutes: int, policy: EntitlementPolicy) -> bool:
    """Whether the people team is told: above, not at, the share the policy names (R13)."""
    return 100 * own_minutes > policy.own_time_alert_percent * counted_minutes
