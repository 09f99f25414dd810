"""Working days, Monday to Friday: how long a decision may take (DOMAIN section 4: ten of them)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

DECIDE_WITHIN: Final = 10
REMIND_AFTER: Final = (5, 10)
APPEAL_WITHIN: Final = 20


def after_working_days(on: date, days: int) -> date:
    """The date so many working days after a date; the date itself does not count."""
    day = on
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def working_days_since(since: date, on: date) -> int:
    """How many working days have passed: after `since`, up to and including `on`; 0 when `on` is not later."""
    return sum(
        1
        for offset in range(1, max(0, (on - since).days) + 1)
        if (since + timedelta(days=offset)).weekday() < 5
    )
