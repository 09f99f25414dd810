"""The rules of careers, without a database."""

from datetime import date

import pytest

from pathways.rules.careers import (
    Asked,
    Evidence,
    Finding,
    Move,
    Place,
    Standing,
    asked_on_the_way,
    finding,
    next_missing,
    runs_out_on,
    sideways,
    standing_rung,
    told_apart,
)

ON = date(2026, 11, 25)
IN_PLACE, UNDER_WAY, MISSING = Standing.IN_PLACE, Standing.UNDER_WAY, Standing.MISSING


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        (Evidence(), Finding(MISSING)),
        (Evidence(held_on=date(2020, 1, 1)), Finding(IN_PLACE, "held", date(2020, 1, 1))),
        (Evidence(held_on=date(2026, 11, 26)), Finding(MISSING)),
        (
            Evidence(held_on=date(2026, 1, 1), on_record=date(2026, 1, 1)),
            Finding(IN_PLACE, "record", date(2026, 1, 1)),
        ),
        (
            Evidence(completed_on=date(2026, 3, 1), attended=(date(2025, 1, 1),)),
            Finding(IN_PLACE, "completed", date(2026, 3, 1)),
        ),
        (Evidence(attended=(date(2025, 1, 1),), needed=2), Finding(MISSING)),
        (
            Evidence(attended=(date(2025, 1, 1), date(2026, 2, 2)), needed=2),
            Finding(IN_PLACE, "attended", date(2026, 2, 2)),
        ),
        # Courses that only prepare never put a line in place.
        (Evidence(attended=(date(2025, 1, 1),), needed=0), Finding(MISSING)),
        (Evidence(booked_on=date(2026, 12, 1)), Finding(UNDER_WAY, "booked", date(2026, 12, 1))),
        (Evidence(asked_for="started"), Finding(UNDER_WAY, "started")),
        # Ran out: 12 months after the day it no longer counts.
        (
            Evidence(on_record=date(2025, 11, 25), lasts_months=12),
            Finding(MISSING, ran_out_on=date(2025 + 1, 11, 25)),
        ),
        (
            Evidence(on_record=date(2025, 11, 26), lasts_months=12),
            Finding(IN_PLACE, "record", date(2025, 11, 26)),
        ),
    ],
)
def test_how_a_line_stands(evidence, found):
    assert finding(evidence, ON) == found


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        (date(2026, 1, 31), 0, None),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2024, 11, 30), 24, date(2026, 11, 28)),
    ],
)
def test_when_training_runs_out(day, months, ends):
    assert runs_out_on(day, months) == ends


def test_one_stands_on_the_lowest_rung_with_ones_job():
    assert (standing_rung([3, 2]), standing_rung([])) == (2, 0)


def line(key, rung, *, required=True, number=1, words=""):
    return Asked(key, rung, required, number, words or f"line {key}")


def test_goal_asks_what_is_needed_on_the_way_and_all_of_its_own_rung():
    lines = [
        line(1, 1),
        line(2, 2),
        line(3, 2, required=False),
        line(4, 3, required=False),
        line(5, 3),
        line(6, 4),
    ]

    assert [one.key for one in asked_on_the_way(lines, here=1, goal=3)] == [2, 5, 4]
    assert [one.key for one in asked_on_the_way(lines, here=0, goal=2)] == [1, 2, 3]
    # Down, or to where one stands: only the rung itself.
    assert [one.key for one in asked_on_the_way(lines, here=4, goal=2)] == [2, 3]


def test_the_same_words_are_asked_once():
    lines = [line(1, 2, words="SEND"), line(2, 3, words="send"), line(3, 3, number=2)]

    assert [one.key for one in asked_on_the_way(lines, here=1, goal=3)] == [1, 3]


def test_begin_with_what_is_needed():
    assert next_missing([(False, MISSING), (True, IN_PLACE), (True, MISSING)]) == 2
    assert next_missing([(False, MISSING), (True, UNDER_WAY)]) == 0
    assert next_missing([(True, IN_PLACE)]) is None


def place(key, pathway, number, roles, families=("Teaching",)):
    return Place(key, pathway, number, frozenset(roles), frozenset(families))


def test_sideways_goes_to_the_same_job_first_then_to_the_same_kind_of_work():
    mine = place(1, 1, 2, {10})
    places = [
        mine,
        place(2, 1, 3, {11}),
        place(3, 2, 1, {20}),
        place(4, 2, 2, {10}),
        place(5, 3, 4, {30}),
        place(6, 4, 1, {40}, families=("Finance",)),
    ]

    assert sideways(mine, places) == [Move(4, True), Move(5, False)]


def test_sideways_is_at_most_four():
    mine = place(1, 1, 1, {1})
    places = [place(10 + n, 2 + n, 1, {50 + n}) for n in range(7)]

    assert len(sideways(mine, places)) == 4


@pytest.mark.parametrize(
    ("title", "below", "needed", "words"),
    [
        ("Finance assistant", [], ["Finance induction"], "Finance assistant"),
        ("Finance assistant", ["Finance assistant"], ["AAT level 3"], "Finance assistant, with AAT level 3"),
        ("PA", ["PA"], ["Budget holder basics", "More"], "PA, with budget holder basics"),
        ("PA", ["PA"], [], "PA"),
        ("", [""], ["Anything"], ""),
    ],
)
def test_two_steps_with_the_same_jobs_are_told_apart(title, below, needed, words):
    assert told_apart(title, below=below, needed=needed) == words
