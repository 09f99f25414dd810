"""Matching that explains itself, and figures that point at nobody."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pathways.rules.coaching import (
    AWAY_FROM_YOUR_LINE,
    Group,
    Offer,
    Wish,
    best,
    figures,
    match,
    median,
    reason_topic,
    reason_trained,
    supervision_state,
    why_never,
)

ON = date(2026, 11, 24)
WISH = Wish(
    person_id=1,
    topic="confidence",
    topic_words="Confidence",
    approach="grow",
    approach_words="GROW",
    phase="primary",
    school_ids=frozenset({10}),
    line=frozenset({2, 3}),
    live_with=frozenset({4}),
)
OFFER = Offer(
    person_id=7,
    school_ids=frozenset({11}),
    training="ilm5",
    training_words="ILM level 5",
    topics=frozenset({"confidence"}),
    approaches=frozenset({"grow"}),
    phases=frozenset({"primary"}),
    capacity=3,
    taken=1,
    is_open=True,
)


def test_score_is_the_sum_of_the_reasons_it_gives():
    found = match(WISH, OFFER)

    assert found.score == 5 + 3 + 2 + 3 + 1 + 1
    assert found.reasons == (
        reason_topic(WISH.topic_words),
        "Works with GROW",
        "Knows primary work",
        reason_trained(OFFER.training_words),
        AWAY_FROM_YOUR_LINE,
        "2 places free",
    )


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({"topics": frozenset()}, 5),
        ({"approaches": frozenset()}, 3),
        ({"phases": frozenset({"secondary"})}, 2),
        ({"training": "none"}, 3),
        ({"school_ids": frozenset({10})}, 1),
        ({"taken": 2}, 1),
    ],
)
def test_each_thing_that_does_not_fit_costs_its_points(change, points):
    assert match(WISH, OFFER).score - match(WISH, replace(OFFER, **change)).score == points


@pytest.mark.parametrize(
    "change",
    [
        {"person_id": 1},
        {"person_id": 2},
        {"person_id": 3},
        {"person_id": 4},
        {"is_open": False},
        {"taken": 3},
    ],
)
def test_never_oneself_the_line_who_is_asked_already_closed_or_full(change):
    assert why_never(WISH, OFFER) == ""
    assert why_never(WISH, replace(OFFER, **change))
    assert match(WISH, replace(OFFER, **change)) is None


def test_who_coaches_on_the_topic_comes_before_a_better_score():
    topical = replace(
        OFFER, person_id=8, approaches=frozenset(), phases=frozenset(), training="none", taken=2
    )
    other = replace(OFFER, person_id=9, topics=frozenset())

    assert match(WISH, topical).score < match(WISH, other).score
    assert [one.person_id for one in best(WISH, [other, topical])] == [8, 9]


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "overdue"), (0, "due"), (30, "due"), (31, "up_to_date"), (None, "due")]
)
def test_supervision(days, state):
    assert supervision_state(None if days is None else ON + timedelta(days=days), ON) == state


def test_small_numbers_are_hidden_and_no_total_gives_them_away():
    rows, together = figures([Group("A", 100, 10, 30), Group("B", 80, 3, 20), Group("C", 50, 6, 25)])

    assert [row.coaches for row in rows] == [10, None, None]
    assert [row.per_100 for row in rows] == [10.0, None, None]
    assert (together.coaches, together.per_100) == (19, 8.3)
    assert [row.coached for row in rows] == [30, 20, 25]


def test_one_small_group_alone_hides_its_total():
    rows, together = figures([Group("A", 100, 2, 30)])

    assert (rows[0].coaches, together.coaches, together.per_100) == (None, None, None)


@pytest.mark.parametrize(("values", "middle"), [([], None), ([3], 3), ([9, 1], 1), ([5, 1, 9], 5)])
def test_median(values, middle):
    assert median(values) == middle
