"""The academic year as dates and as a label."""

from datetime import date

import pytest

from entitlements.academic_year import YearDates


@pytest.mark.parametrize(
    ("on", "label"),
    [
        (date(2026, 9, 1), "2026/27"),
        (date(2027, 8, 31), "2026/27"),
        (date(2026, 8, 31), "2025/26"),
        (date(2099, 12, 1), "2099/00"),
    ],
)
def test_year_of_a_date(on: date, label: str) -> None:
    assert YearDates.for_date(on).label == label
    assert on in YearDates.parse(label)


def test_leap_day_inside_makes_366() -> None:
    assert (YearDates(2026).days, YearDates(2027).days) == (365, 366)


def test_neighbours() -> None:
    year = YearDates.parse(" 2026/27 ")

    assert (year.next.label, year.previous.label, str(year)) == (
        "2027/28",
        "2025/26",
        "2026/27",
    )
    assert (year.first_day, year.last_day) == (date(2026, 9, 1), date(2027, 8, 31))


@pytest.mark.parametrize("label", ["2026/28", "2026", "26/27", "2026-27", "", "next", "0000/01"])
def test_anything_else_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="academic year"):
        YearDates.parse(label)
