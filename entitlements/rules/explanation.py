"""Why is my target 3 days 2 hours? Answered in sentences from the rules (R1 to R6).

The cause of an absence is never named, not even to its owner: the page is read over
shoulders, and the portal only knows a class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from entitlements.academic_year import YearDates
from entitlements.durations import in_days, in_hours
from entitlements.rules.absences import AbsenceFacts, reductions
from entitlements.rules.accrual import Stretch, stretches, target
from entitlements.rules.contracts import ContractFacts, own_day, speaking_contract
from entitlements.rules.policy import EntitlementPolicy
from entitlements.rules.rounding import half_up


@dataclass(frozen=True)
class Explanation:
    """A target and how it came about.

    `target_minutes` is what is expected in the year, None where nothing is owed;
    `day_minutes` is the person's own working day, whole minutes, None likewise.
    """

    target_minutes: int | None
    day_minutes: int | None
    sentences: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """The target in the person's own working days, "3 days 2 hours"."""
        return in_days(self.target_minutes or 0, self.day_minutes)


def explain_target(
    year: YearDates,
    contracts: Sequence[ContractFacts],
    absences: Sequence[AbsenceFacts],
    policy: EntitlementPolicy,
    on: date,
) -> Explanation:
    """The sentences that answer "why is my target what it is?", in the order of the sum."""
    runs = reductions(absences, policy, on)
    parts = [
        part
        for part in stretches(year, contracts, runs, policy, cut_after=year.last_day)
        if part.accrues_daily
    ]
    if not parts:
        return Explanation(None, None, (_NOTHING_OWED,))

    owed = target(year, contracts, absences, policy, on)
    day_minutes = own_day_minutes(contracts, policy, year, on)
    sentences = [
        _promise(policy, parts),
        *_share(parts, policy),
        *_time_in_contract(year, parts),
        *_time_away(parts),
        _result(owed.expected_minutes, day_minutes),
    ]
    return Explanation(owed.expected_minutes, day_minutes, tuple(sentences))


def own_day_minutes(
    contracts: Sequence[ContractFacts],
    policy: EntitlementPolicy,
    year: YearDates,
    on: date,
) -> int | None:
    """The person's own working day in whole minutes, by which their figures are said in days.

    The day of the contract that speaks for them on the date (R6, R8), or of their biggest one
    with a day value where that one is casual; None where none has.
    """
    speaking = speaking_contract(contracts, year, on)
    day = own_day(speaking, policy) if speaking else None
    if day is None:
        valued = [each for each in contracts if each.overlaps(year) and own_day(each, policy)]
        biggest = max(valued, key=lambda each: each.fte, default=None)
        day = own_day(biggest, policy) if biggest else None
    return None if day is None else half_up(day)


_NOTHING_OWED = (
    "Casual and on-request work carries no target of CPD days. Everything in the portal is "
    "open to you all the same, and what you attend is recorded."
)


def _promise(policy: EntitlementPolicy, parts: Sequence[Stretch]) -> str:
    values = sorted(
        {
            day_minutes
            for part in parts
            for each in part.contracts
            if (day_minutes := policy.day_minutes(each.staff_group)) is not None
        }
    )
    days = _number(Fraction(policy.days_owed))
    said = " or ".join(in_hours(value) for value in values)
    if len(values) == 1:
        said += f", so {in_hours(half_up(policy.days_owed * values[0]))} in a full-time year"
    noun = "day" if policy.days_owed == 1 else "days"
    return f"Everyone is owed {days} CPD {noun} a year. In your work a full-time day is {said}."


def _share(parts: Sequence[Stretch], policy: EntitlementPolicy) -> list[str]:
    """What the person works, and since when, unless it is one full-time post all along."""
    phases: list[tuple[str, date]] = []
    for part in parts:
        words = _posts(part, policy)
        if phases and phases[-1][0] == words:
            phases.pop()
        phases.append((words, part.ends_on))
    if [words for words, _ in phases] == ["full time"]:
        return []
    said = [f"{words} until {_day(until)}" for words, until in phases[:-1]] + [phases[-1][0]]
    sentence = f"You work {', then '.join(said)}"
    if not policy.pro_rata_part_time:
        return [f"{sentence}; part-time staff are owed the full {_number(policy.days_owed)} days."]
    return [f"{sentence}, and the target follows your hours."]


def _posts(part: Stretch, policy: EntitlementPolicy) -> str:
    shares = [each.fte for each in part.contracts if policy.day_minutes(each.staff_group) is not None]
    if len(shares) == 1:
        return _fte(shares[0])
    words = f"{len(shares)} jobs ({' and '.join(_fte(share) for share in shares)})"
    return f"{words}, counted together as full time" if sum(shares) > 1 else words


def _time_in_contract(year: YearDates, parts: Sequence[Stretch]) -> list[str]:
    days = sum(part.days for part in parts)
    if days == year.days:
        return []
    started, ended = parts[0].starts_on, parts[-1].ends_on
    told = []
    if started > year.first_day:
        told.append(f"starts on {_day(started)}")
    if ended < year.last_day:
        told.append(f"ends on {_day(ended)}")
    reason = " and ".join(told) or "has a break"
    return [f"Your contract {reason}, so {days} of the year’s {year.days} days count."]


def _time_away(parts: Sequence[Stretch]) -> list[str]:
    """The absences that lower the target, by their dates alone."""
    spans: list[tuple[date, date]] = []
    for part in parts:
        if part.is_expected:
            continue
        if spans and spans[-1][1] + timedelta(days=1) == part.starts_on:
            spans[-1] = (spans[-1][0], part.ends_on)
        else:
            spans.append((part.starts_on, part.ends_on))
    if not spans:
        return []
    minutes = half_up(
        sum(
            (part.days * part.accrues_daily for part in parts if not part.is_expected),
            Fraction(0),
        )
    )
    when = " and ".join(f"{_day(first)} to {_day(last)}" for first, last in spans)
    return [f"Your time away ({when}) takes {in_hours(minutes)} off what is expected of you."]


def _result(minutes: int, day_minutes: int | None) -> str:
    if not minutes or not day_minutes:
        return f"That makes {in_hours(minutes)}."
    return (
        f"That makes {in_hours(minutes)}, which is {in_days(minutes, day_minutes)} "
        f"of your own working day ({in_hours(day_minutes)})."
    )


def _fte(fte: Fraction) -> str:
    if fte == 1:
        return "full time"
    percent = 100 * fte
    about = "" if percent.denominator == 1 else "about "
    return f"{about}{max(1, half_up(percent))}% of full time"


def _number(value: Fraction | int) -> str:
    exact = Fraction(value)
    return str(exact.numerator) if exact.denominator == 1 else f"{float(exact):g}"


def _day(on: date) -> str:
    return f"{on.day} {on:%b %Y}"
