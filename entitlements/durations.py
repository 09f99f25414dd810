"""Minutes in words, as the whole portal says them.

An amount of time is "1 hour 30 minutes"; an amount of CPD is said in the person's own
working day, "2 days 3 hours", because five days of 25 hours a week are not five days of 37.
"""

from __future__ import annotations

HOUR = 60


def in_hours(minutes: int) -> str:
    """ "1 hour 30 minutes", "45 minutes", "0 minutes"; a negative amount begins with "minus"."""
    if minutes < 0:
        return f"minus {in_hours(-minutes)}"
    hours, rest = divmod(minutes, HOUR)
    parts = [_count(hours, "hour")] * bool(hours) + [_count(rest, "minute")] * bool(rest)
    return " ".join(parts) or "0 minutes"


def in_days(minutes: int, day_minutes: int | None) -> str:
    """ "2 days 3 hours 15 minutes", exact to the minute, in days of `day_minutes`.

    `day_minutes` is the person's own working day in whole minutes; without one (nobody's
    contract in force) it falls back to hours. A whole number of days says only the days.
    """
    if not day_minutes:
        return in_hours(minutes)
    if minutes < 0:
        return f"minus {in_days(-minutes, day_minutes)}"
    days, rest = divmod(minutes, day_minutes)
    if not days:
        return in_hours(rest)
    return " ".join([_count(days, "day")] + [in_hours(rest)] * bool(rest))


def in_hours_short(minutes: int) -> str:
    """ "1 h 30 min", for tables and badges where the long words do not fit."""
    if minutes < 0:
        return f"−{in_hours_short(-minutes)}"
    hours, rest = divmod(minutes, HOUR)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest)
    return " ".join(parts) or "0 min"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)
