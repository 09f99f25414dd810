"""Dates, money and counts in words."""

from datetime import UTC, date, datetime

import pytest

from staff import wording


def test_date_words():
    assert wording.date_words(date(2026, 11, 24)) == "Tue 24 Nov 2026"


def test_late_evening_in_utc_is_the_next_day_here_in_summer():
    assert wording.date_words(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wed 1 Jul 2026"


def test_when_within_one_day():
    starts_at = datetime(2026, 11, 24, 15, 45, tzinfo=UTC)

    assert (
        wording.when(starts_at, datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == "Tue 24 Nov 2026, 15:45–16:30"
    )
    assert wording.when(starts_at) == "Tue 24 Nov 2026, 15:45"


def test_when_in_summer_is_said_on_the_clocks_here():
    starts_at = datetime(2027, 6, 8, 14, 45, tzinfo=UTC)

    assert wording.when(starts_at, datetime(2027, 6, 8, 15, 30, tzinfo=UTC)) == "Tue 8 Jun 2027, 15:45–16:30"


def test_when_over_several_days():
    said = wording.when(datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 25, 15, tzinfo=UTC))

    assert said == "Tue 24 Nov 2026, 09:00 to Wed 25 Nov 2026, 15:00"


@pytest.mark.parametrize(
    ("pence", "words"),
    [(67070, "£670.70"), (1_200_000, "£12,000.00"), (5, "£0.05"), (-500, "−£5.00"), (0, "£0.00")],
)
def test_money(pence, words):
    assert wording.money(pence) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (22, "22nd"),
        (113, "113th"),
    ],
)
def test_ordinal(number, words):
    assert wording.ordinal(number) == words


def test_counted():
    assert wording.counted(1, "place") == "1 place"
    assert wording.counted(0, "place") == "0 places"
    assert wording.counted(1432, "person", "people") == "1,432 people"


def test_listed():
    assert wording.listed([]) == ""
    assert wording.listed(["Ann"]) == "Ann"
    assert wording.listed(["Ann", "Ben", "Cy"]) == "Ann, Ben and Cy"


@pytest.mark.parametrize(
    ("name", "letters"), [("Marta Kowalczyk", "MK"), ("Łukasz", "Ł"), ("Ana de la Cruz", "AC"), ("", "")]
)
def test_initials(name, letters):
    assert wording.initials(name) == letters
