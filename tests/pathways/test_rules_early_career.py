"""Induction term by term, in exact fractions (DOMAIN section 3)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from pathways.rules.early_career import (
    Away,
    Working,
    plan_induction,
    review_state,
    terms_from,
    time_off_minutes,
    why_not_this_body,
)

SEPTEMBER = date(2026, 9, 1)


def at(fte, starts_on=SEPTEMBER, ends_on=None):
    return Working(starts_on, ends_on, Fraction(fte))


def kinds(plan):
    return [row.kind for row in plan.rows]


def test_full_time_takes_six_terms_with_formal_assessments_in_the_third_and_sixth():
    plan = plan_induction(SEPTEMBER, [at(1)])

    assert kinds(plan) == ["progress", "progress", "formal", "progress", "progress", "formal"]
    assert [row.year for row in plan.rows] == [1, 1, 1, 2, 2, 2]
    assert plan.ends_on == date(2028, 7, 20)
    assert plan.rows[0].term.label == "Autumn term 2026"


def test_six_tenths_takes_ten_terms_with_formal_assessments_in_the_fifth_and_tenth():
    plan = plan_induction(SEPTEMBER, [at("3/5")])

    assert plan.terms == 10
    assert [row.number for row in plan.rows if row.kind == "formal"] == [5, 10]
    assert plan.ends_on == date(2029, 12, 18)


@pytest.mark.parametrize(
    ("fte", "terms"), [("1", 6), ("4/5", 8), ("7/10", 9), ("3/5", 10), ("1/2", 12), ("25/37", 9)]
)
def test_a_share_of_full_time_takes_as_many_more_terms(fte, terms):
    assert plan_induction(SEPTEMBER, [at(fte)]).terms == terms


def test_change_of_hours_counts_each_term_at_its_own():
    """Three terms at 0.6 are 1.8; the 1.2 that are missing to half take two terms more at full time."""
    plan = plan_induction(SEPTEMBER, [at("3/5", ends_on=date(2027, 8, 31)), at(1, date(2027, 9, 1))])

    assert next(row.number for row in plan.rows if row.kind == "formal") == 5
    assert plan.terms == 8  # 1.8 + 4.2 full terms


def test_thirty_school_days_away_change_nothing_and_the_thirty_first_extends_by_all():
    """30 September to 17 November are 30 school days, as the week of 26 October is half-term."""
    thirty = plan_induction(SEPTEMBER, [at(1)], [Away(date(2026, 9, 30), date(2026, 11, 17))])
    more = plan_induction(SEPTEMBER, [at(1)], [Away(date(2026, 9, 30), date(2026, 11, 18))])

    assert (thirty.days_away, thirty.is_extended, thirty.terms) == ((30, 0), (False, False), 6)
    assert (more.days_away, more.is_extended, more.terms) == ((31, 0), (True, False), 7)
    assert kinds(more)[2:4] == ["progress", "formal"]
    assert more.ends_on == date(2028, 10, 13)  # the 31st school day of autumn 2028


def test_half_terms_are_no_days_away():
    """October, February and May, in years in which the months begin on other days."""
    weeks_off = [
        date(2026, 10, 26),
        date(2027, 2, 15),
        date(2027, 5, 31),
        date(2027, 10, 25),
        date(2028, 2, 21),
    ]
    away = [Away(monday, monday + timedelta(days=4)) for monday in weeks_off]

    assert plan_induction(SEPTEMBER, [at(1)], away).days_away == (0, 0)


def test_days_away_of_one_year_are_not_added_to_those_of_the_other():
    away = [
        Away(date(2027, 2, 22), date(2027, 3, 19)),  # 20 days in year 1
        Away(date(2027, 11, 1), date(2027, 11, 26)),  # 20 in year 2
    ]

    plan = plan_induction(SEPTEMBER, [at(1)], away)

    assert plan.days_away == (20, 20)
    assert plan.terms == 6


def test_family_leave_extends_only_where_the_teacher_chose_so():
    leave = [Away(date(2027, 1, 4), date(2027, 7, 20), is_family=True)]

    assert plan_induction(SEPTEMBER, [at(1)], leave).terms == 6
    assert plan_induction(SEPTEMBER, [at(1)], leave, extends_for_family=True).terms == 8


def test_appropriate_body_may_agree_to_fewer_terms_and_never_to_more():
    shorter = plan_induction(SEPTEMBER, [at("3/5")], agreed_terms=8)
    longer = plan_induction(SEPTEMBER, [at("3/5")], agreed_terms=12)

    assert [row.number for row in shorter.rows if row.kind == "formal"] == [4, 8]
    assert shorter.ends_on == date(2029, 3, 26)
    assert longer.terms == 10


def test_start_in_the_first_days_of_a_term_is_a_start_on_its_first():
    assert plan_induction(date(2026, 9, 7), [at(1, date(2026, 9, 7))]).terms == 6
    assert plan_induction(date(2026, 11, 2), [at(1, date(2026, 11, 2))]).terms == 7


def test_start_in_the_holidays_begins_with_the_next_term():
    assert plan_induction(date(2026, 12, 28), [at(1)]).rows[0].term.label == "Spring term 2027"


def test_fixed_term_contract_is_planned_as_if_it_went_on():
    assert plan_induction(SEPTEMBER, [at(1, ends_on=date(2027, 8, 31))]).terms == 6


@pytest.mark.parametrize(
    ("fte", "year", "minutes"),
    [("1", 1, Fraction(150)), ("1", 2, Fraction(75)), ("3/5", 1, Fraction(90)), ("2/3", 2, Fraction(50))],
)
def test_time_off_the_timetable_is_a_tenth_then_a_twentieth_of_the_lessons(fte, year, minutes):
    assert time_off_minutes(Fraction(fte), year) == minutes


def test_year_on_a_day():
    plan = plan_induction(SEPTEMBER, [at(1)])

    assert plan.year_on(date(2027, 7, 20)) == 1
    assert plan.year_on(date(2027, 7, 21)) == 2


def test_reviews_are_due_on_school_days_inside_their_terms():
    for term, _ in zip(terms_from(date(2024, 9, 1)), range(30), strict=False):
        assert term.review_on.weekday() < 5
        assert term.starts_on < term.review_on < term.ends_on


@pytest.mark.parametrize(
    ("due_in", "held", "state"),
    [(-1, False, "overdue"), (0, False, "due"), (28, False, "due"), (29, False, "later"), (-9, True, "done")],
)
def test_state_of_a_review(due_in, held, state):
    on = date(2026, 11, 24)

    assert review_state(on + timedelta(days=due_in), on if held else None, on) == state


def test_body_is_refused_at_its_own_lead_school_and_where_it_trained_the_teacher():
    words = {"school": "Brooke Weston Academy", "lead_school": "Brooke Weston Academy"}

    at_home = why_not_this_body("NTSH", is_lead_school=True, has_trained=False, **words)
    trained = why_not_this_body("NTSH", is_lead_school=False, has_trained=True, **words)

    assert (
        at_home.count("Brooke Weston Academy") == 2
    )  # where it is run from, and where the induction is served
    assert trained.startswith("NTSH ")
    assert trained != at_home
    assert why_not_this_body("NTSH", is_lead_school=False, has_trained=False, **words) == ""
