"""What a leaver repays: the scale, its boundaries, and the worked example of DOMAIN section 4."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.rules.repayment import (
    A_SHARE_EACH,
    FALLING_SHARES,
    NOTHING,
    PERCENT_TO_100,
    RISING_MONTHS,
    SUGGESTED,
    Scale,
    by_month,
    falling,
    may_be_repaid,
    percent_on,
    scale_lines,
    to_repay_pence,
    whole_months,
)

PAID, DONE = 640_000, date(2026, 7, 31)


@pytest.mark.parametrize(
    ("left_on", "pence"),
    [
        (date(2026, 7, 30), 640_000),
        (date(2026, 7, 31), 480_000),
        (date(2026, 12, 31), 480_000),
        (date(2027, 1, 30), 480_000),
        (date(2027, 1, 31), 320_000),
        (date(2027, 3, 31), 320_000),
        (date(2027, 7, 30), 320_000),
        (date(2027, 7, 31), 160_000),
        (date(2027, 9, 1), 160_000),
        (date(2028, 7, 30), 160_000),
        (date(2028, 7, 31), 0),
        (date(2028, 8, 1), 0),
    ],
)
def test_worked_example_and_the_days_beside_each_step(left_on, pence):
    assert to_repay_pence(SUGGESTED, PAID, left_on, DONE) == pence


def test_scale_line_by_line():
    def months_and_share(scale):
        return [(re.findall(r"\d+", when), share.rstrip("%")) for when, share in scale_lines(scale)]

    assert months_and_share(SUGGESTED)[:-1] == [
        ([], "100"), (["6"], "75"), (["6", "12"], "50"), (["12", "24"], "25"),
    ]  # fmt: skip
    assert months_and_share(SUGGESTED)[-1] == (["24"], NOTHING)
    assert months_and_share(Scale(50, (), ())) == [([], "50"), ([], NOTHING)]


def test_redundancy_repays_nothing_and_leaving_the_course_everything():
    assert to_repay_pence(SUGGESTED, PAID, date(2026, 12, 31), DONE, is_waived=True) == 0
    assert to_repay_pence(SUGGESTED, PAID, date(2026, 5, 1), None) == PAID


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2026, 8, 31), date(2027, 2, 28), 6),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 3, 1), date(2026, 2, 1), -1),
    ],
)
def test_whole_months_end_with_short_months(since, until, months):
    assert whole_months(since, until) == months


def test_pennies_are_rounded_for_the_leaver():
    assert to_repay_pence(SUGGESTED, 101, date(2026, 8, 1), DONE) == 75


def test_steps_fall_from_everything_to_nothing():
    assert [(step.from_on, step.pence) for step in falling(SUGGESTED, PAID, date(2024, 9, 1), DONE)] == [
        (date(2024, 9, 1), 640_000),
        (date(2026, 7, 31), 480_000),
        (date(2027, 1, 31), 320_000),
        (date(2027, 7, 31), 160_000),
        (date(2028, 7, 31), 0),
    ]


@given(
    paid=st.integers(0, 2_000_000),
    done=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    before=st.integers(0, 900),
)
def test_balance_never_rises_and_ends_at_nothing(paid, done, before):
    months = by_month(SUGGESTED, paid, done - timedelta(days=before), done)
    pence = [step.pence for step in months]

    assert pence == sorted(pence, reverse=True)
    assert pence[-1] == 0
    assert all(step.from_on.day == 1 for step in months)


def test_scale_of_another_policy_is_followed():
    scale = Scale(during=80, months=(12,), percents=(40,))
    assert percent_on(scale, date(2026, 7, 30), DONE) == 80
    assert percent_on(scale, date(2027, 7, 30), DONE) == 40
    assert percent_on(scale, date(2027, 7, 31), DONE) == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"months": (6,)}, A_SHARE_EACH),
        ({"months": (12, 6, 24)}, RISING_MONTHS),
        ({"months": (0, 6, 24)}, RISING_MONTHS),
        ({"during": 101}, PERCENT_TO_100),
        ({"percents": (75, 50, -1)}, PERCENT_TO_100),
        ({"percents": (50, 75, 25)}, FALLING_SHARES),
        ({"during": 50}, FALLING_SHARES),
    ],
)
def test_scale_that_is_none_is_refused(wrong, sentence):
    with pytest.raises(ValueError) as refusal:
        Scale(**wrong)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("kind", "percents", "may"),
    [
        ("apprenticeship", [], False),
        ("apprenticeship", [100], False),
        ("masters", [], True),
        ("masters", [0, 1], True),
        ("masters", [0, 0], False),
    ],
)
def test_whatever_the_trust_pays_outside_apprenticeships_is_repaid(kind, percents, may):
    assert (may_be_repaid(kind, percents) == "") is may
