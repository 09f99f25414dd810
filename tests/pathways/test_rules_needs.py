"""Gaps and priorities (DOMAIN section 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.rules.needs import (
    GapFigures,
    agreed_without_words,
    gap_of,
    is_need,
    may_be_agreed,
    needs_conversation,
    no_such_weight,
    priority_of,
    summed,
)

LEVELS = st.integers(0, 4)


def test_example_of_the_domain_comes_to_five():
    gap = gap_of(required=3, agreed=1)

    priority = priority_of(gap, 2, is_safety=False, is_trust_priority=True, is_asked_for=False)

    assert (gap, priority) == (2, 5)


def test_whoever_can_do_more_than_the_role_asks_has_no_gap():
    assert gap_of(required=2, agreed=4) == 0


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((False, False, False), 3),
        ((True, False, False), 5),
        ((False, True, False), 4),
        ((True, True, True), 7),
    ],
)
def test_safety_adds_two_and_the_others_one_each(flags, expected):
    safety, trust, asked = flags

    assert priority_of(1, 3, is_safety=safety, is_trust_priority=trust, is_asked_for=asked) == expected


@pytest.mark.parametrize("weight", [0, 4])
def test_weight_outside_one_to_three_is_refused(weight):
    with pytest.raises(ValueError) as refusal:
        priority_of(1, weight, is_safety=False, is_trust_priority=False, is_asked_for=False)
    assert str(refusal.value) == no_such_weight(weight)


def test_what_somebody_asks_for_is_a_need_without_a_gap():
    assert [
        is_need(0, is_asked_for=True),
        is_need(1, is_asked_for=False),
        is_need(0, is_asked_for=False),
    ] == [
        True,
        True,
        False,
    ]


@given(LEVELS, LEVELS)
def test_two_levels_apart_need_a_conversation_whoever_is_higher(one, other):
    assert needs_conversation(one, other) == needs_conversation(other, one) == (abs(one - other) >= 2)


@given(LEVELS, LEVELS)
def test_agreed_without_words_only_what_both_name(one, other):
    assert agreed_without_words(one, other) == (one if one == other else None)


def test_nothing_is_agreed_before_both_have_rated():
    assert not may_be_agreed(2, None, is_talked_over=True)
    assert not needs_conversation(2, None)
    assert agreed_without_words(None, None) is None


def test_far_apart_is_agreed_only_after_the_conversation():
    assert not may_be_agreed(4, 1, is_talked_over=False)
    assert may_be_agreed(4, 1, is_talked_over=True)
    assert may_be_agreed(2, 1, is_talked_over=False)


def test_figures_are_rounded_half_up_and_nobody_is_nought():
    assert (GapFigures(20, 25, 5).mean_words, GapFigures(8, 0, 1).percent_large) == ("1.3", 13)
    assert (GapFigures(0, 0, 0).mean_words, GapFigures(0, 0, 0).percent_large) == ("0.0", 0)


def test_groups_are_added_by_their_people_not_by_their_means():
    assert summed([GapFigures(5, 10, 5), GapFigures(15, 0, 0)]) == GapFigures(20, 10, 5)
