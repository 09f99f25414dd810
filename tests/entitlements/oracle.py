"""An independent reckoning of a statement, day by day, to check the rules and the SQL.

Written from DOMAIN section 2 alone and in another way than `entitlements/rules/`: no
stretches, no runs, no sorting of spans, but a look at each single day of the year, and whole
numbers over one common denominator in place of fractions. Slow on purpose.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import lcm

DAY = timedelta(days=1)
FAR = 800
DAY_VALUE = {"teacher": 390, "leadership": 390, "support": 444}
CAPPED = ("capped_compliance", "capped_giving", "capped_nominal")


def oracle(start_year, contracts, absences, entries, on):  # noqa: C901 - one page, read in one go
    """The figures of a person as a dict, under the policy's proposed values; None = not listed."""
    first, last = date(start_year, 9, 1), date(start_year + 1, 8, 31)
    all_days = [first + DAY * number for number in range((last - first).days + 1)]
    held = {(each.contract_id): each for each in contracts}.values()

    def working(day):
        return [
            each
            for each in held
            if not day < each.starts_on and not (each.ends_on is not None and day > each.ends_on)
        ]

    if not any(working(day) for day in all_days):
        return None
    if not any(each.staff_group in DAY_VALUE for day in all_days for each in working(day)):
        return {"status": "not_applicable"}

    lost = {day: absent_on(day, absences, on) for day in [*all_days, on]}
    scale = lcm(*(each.fte.denominator for each in held))
    sums = {"entitlement": [], "expected": [], "expected_to_date": []}
    for day in all_days:
        # Numerator and denominator of what this day accrues, in whole numbers.
        top = whole = 0
        for each in working(day):
            if each.staff_group in DAY_VALUE:
                parts = each.fte.numerator * (scale // each.fte.denominator)
                whole += parts
                top += DAY_VALUE[each.staff_group] * parts
        bottom = max(scale, whole) * len(all_days)
        if lost[day] != "both":
            sums["entitlement"].append((5 * top, bottom))
        if lost[day] == "":
            sums["expected"].append((5 * top, bottom))
            if day <= on:
                sums["expected_to_date"].append((5 * top, bottom))
    figures = {name: nearest(pairs) for name, pairs in sums.items()}

    mine = [each for each in entries if first <= each.occurred_on <= last]
    done = [each for each in mine if each.is_verified and not each.occurred_on > on]
    figures["recorded"] = sum(each.minutes for each in done)
    figures["counted"] = counting(done, figures["entitlement"])
    figures["planned"] = counting(mine, figures["entitlement"]) - figures["counted"]
    figures["shortfall"] = max(figures["expected"] - figures["counted"], 0)

    figures["own_time"] = own_time(done, figures["entitlement"])

    employed = any(each.staff_group in DAY_VALUE for each in working(on))
    figures["status"] = "behind"
    if on < last and 5 * figures["counted"] >= 4 * figures["expected_to_date"]:
        figures["status"] = "on_track"
    if on < last and figures["counted"] + figures["planned"] >= figures["expected"]:
        figures["status"] = "planned"
    if figures["shortfall"] == 0:
        figures["status"] = "met"
    if employed and lost[on]:
        figures["status"] = "paused"
    return figures


def absent_on(day, absences, on):
    """ "", "expected" or "both": what an absence takes from one day, seen on a date."""

    def away(when, group):
        return any(
            each.absence_class == group
            and each.starts_on <= when
            and when <= (on if each.ends_on is None else each.ends_on)
            for each in absences
        )

    if away(day, "unpaid") or away(day, "secondment"):
        return "both"
    if away(day, "family"):
        return "expected"
    if away(day, "sickness"):
        length = 1
        for step in (DAY, -DAY):
            when = day + step
            while away(when, "sickness") and length < FAR:
                length, when = length + 1, when + step
        if length >= 28:
            return "expected"
    return ""


def counting(entries, entitlement):
    """Minutes that count, with each capped group held at a fifth of the entitlement."""
    cap = nearest([(entitlement, 5)])
    total = sum(each.minutes for each in entries if each.counts_as not in CAPPED)
    for group in CAPPED[:2]:
        total += min(cap, sum(each.minutes for each in entries if each.counts_as == group))
    nominal = [each for each in entries if each.counts_as == CAPPED[2]]
    bodies = {each.body.strip().lower() for each in nominal}
    best = [max(each.minutes for each in nominal if each.body.strip().lower() == body) for body in bodies]
    return total + min(cap, sum(best))


def own_time(entries, entitlement):
    """Counted minutes that were the person's own, each group cut as its minutes are."""
    pairs = []
    for group in ("full", *CAPPED):
        mine = [each for each in entries if each.counts_as == group]
        whole = sum(each.minutes for each in mine)
        if whole:
            own = sum(each.minutes for each in mine if each.own_time)
            pairs.append((own * counting(mine, entitlement), whole))
    return nearest(pairs)


def nearest(pairs):
    """A sum of whole-number quotients, rounded once; an exact half goes up."""
    top, bottom = 0, 1
    counts: dict[int, int] = {}
    for upper, lower in pairs:
        counts[lower] = counts.get(lower, 0) + upper
    for lower, upper in counts.items():
        top, bottom = top * lower + upper * bottom, bottom * lower
    return (2 * top + bottom) // (2 * bottom)
