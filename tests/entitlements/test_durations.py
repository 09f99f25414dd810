"""Minutes in words."""

import pytest

from entitlements.durations import in_days, in_hours, in_hours_short


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (90, "1 hour 30 minutes"),
        (121, "2 hours 1 minute"),
        (60_000, "1,000 hours"),
        (-90, "minus 1 hour 30 minutes"),
    ],
)
def test_in_hours(minutes: int, words: str) -> None:
    assert in_hours(minutes) == words


@pytest.mark.parametrize(
    ("minutes", "day", "words"),
    [
        (960, 390, "2 days 3 hours"),
        (390, 390, "1 day"),
        (405, 390, "1 day 15 minutes"),
        (90, 390, "1 hour 30 minutes"),
        (0, 390, "0 minutes"),
        (90, None, "1 hour 30 minutes"),
        (-600, 300, "minus 2 days"),
    ],
)
def test_in_days_of_ones_own(minutes: int, day: int | None, words: str) -> None:
    assert in_days(minutes, day) == words


@pytest.mark.parametrize(("minutes", "words"), [(90, "1 h 30 min"), (60, "1 h"), (0, "0 min")])
def test_in_hours_short(minutes: int, words: str) -> None:
    assert in_hours_short(minutes) == words
