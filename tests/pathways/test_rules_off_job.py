"""Hours away from the job against the plan, as arithmetic and a sentence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entitlements.durations import in_hours
from pathways.rules.off_job import OffJob, course_words, is_on_course, next_review
from staff.wording import date_words

H = 60
START = date(2026, 9, 1)
FACTS = {
    "starts_on": START,
    "ends_on": date(2027, 9, 1),
    "planned_minutes": 365 * H,
    "least_minutes": 187 * H,
}


def _facts(**fields):
    return OffJob(**(FACTS | fields))


@pytest.mark.parametrize(
    ("on", "hours"),
    [
        (date(2026, 8, 31), 0),
        (START, 1),  # an hour a day, by the end of the day
        (date(2026, 9, 30), 30),
        (date(2027, 8, 31), 365),
        (date(2028, 1, 1), 365),
    ],
)
def test_plan_is_spread_evenly_over_the_days_of_learning(on, hours):
    assert _facts().expected_on(on) == hours * H


@pytest.mark.parametrize(
    ("breaks", "on", "hours"),
    [
        (((date(2026, 9, 11), date(2026, 9, 21)),), date(2026, 9, 30), 20),
        (((date(2026, 9, 11), None),), date(2026, 12, 24), 10),
        (((date(2026, 9, 11), date(2026, 9, 16)), (date(2026, 9, 26), None)), date(2026, 11, 1), 20),
        (((date(2026, 10, 1), None),), date(2026, 9, 30), 30),  # still to come
    ],
)
def test_a_break_stops_the_plan_and_moves_its_end(breaks, on, hours):
    assert _facts(breaks=breaks).expected_on(on) == hours * H


def test_plan_is_rounded_down_to_the_hour_once():
    assert _facts(planned_minutes=100 * H).expected_on(date(2026, 9, 5)) == 1 * H  # 5 days of 365: 1.37 hours


# Reviewed by hand: what a reader is told on 30 September, when the plan comes to 30 hours.
SENTENCES = [
    ({"reviewed_minutes": 30 * H, "reviewed_on": date(2026, 9, 25)}, "On course: by today"),
    ({"logged_minutes": 30 * H}, "On course: by today"),
    ({"reviewed_minutes": 25 * H, "reviewed_on": date(2026, 9, 25)}, "On course at the last review, Fri 25 Sep 2026: by today"),
    ({"reviewed_minutes": 24 * H, "reviewed_on": date(2026, 9, 25)}, "Behind by 6 hours: by today"),
    ({"reviewed_minutes": 0, "reviewed_on": date(2026, 9, 25)}, "Behind by 30 hours: by today"),
    ({"reviewed_minutes": 24 * H, "reviewed_on": date(2026, 9, 25), "logged_minutes": 6 * H}, "On course: by today"),
    ({}, "No review has recorded hours yet: by today"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "begins"), SENTENCES)
def test_sentence_says_whether_the_learner_is_on_course_today(fields, begins):
    on = date(2026, 9, 30)
    words = course_words(_facts(**fields), on)

    assert words.startswith(begins)
    assert date_words(on) in words
    assert in_hours(30 * H) in words
    assert is_on_course(_facts(**fields), on) == begins.startswith("On course: ")


def test_sentence_names_the_next_review_unless_somebody_is_away():
    on = date(2026, 9, 30)
    late = _facts(review_due_on=date(2026, 9, 29))
    assert course_words(late, on).endswith(next_review(date(2026, 9, 29), on))
    assert course_words(_facts(review_due_on=on), on).endswith(next_review(on, on))
    assert next_review(on, on) != next_review(on, on + timedelta(days=1))
    away = _facts(breaks=((date(2026, 9, 11), None),), review_due_on=date(2026, 9, 29))
    words = course_words(away, on, is_away=True)
    assert (
        words.count(in_hours(10 * H)) == 2
    )  # what the plan comes to, and how much more that is than is recorded
    assert date_words(on) not in words
    assert date_words(date(2026, 9, 29)) not in words


@given(
    days=st.integers(240, 1500),
    hours=st.integers(187, 2000),
    breaks=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 90)), max_size=2),
    at=st.integers(-30, 2500),
)
def test_plan_never_falls_and_never_passes_what_was_agreed(days, hours, breaks, at):
    facts = _facts(
        ends_on=START + timedelta(days=days),
        planned_minutes=hours * H,
        breaks=tuple(
            (START + timedelta(days=600 * place + first), START + timedelta(days=600 * place + first + long))
            for place, (first, long) in enumerate(breaks)
        ),
    )
    on = START + timedelta(days=at)
    assert 0 <= facts.expected_on(on) <= facts.expected_on(on + timedelta(days=1)) <= hours * H
