"""Circles of managers and main contracts, as arithmetic."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from staff.rules.contracts import FOR_EVER, MainContract, Managed, circles, overlapping_mains

START = date(2026, 9, 1)


def _managed(key, person, manager, starts_on=START, ends_on=None):
    return Managed(key, person, manager, starts_on, ends_on)


def test_a_circle_of_three_is_found_and_who_hangs_from_it_is_not_in_it():
    rows = [_managed(1, "a", "b"), _managed(2, "b", "c"), _managed(3, "c", "a"), _managed(4, "d", "a")]

    assert circles(rows) == {1, 2, 3}


def test_a_chain_is_no_circle_however_long():
    rows = [_managed(number, f"p{number}", f"p{number + 1}") for number in range(5_000)]

    assert circles(rows) == set()


def test_two_who_managed_each_other_at_different_times_are_no_circle():
    rows = [_managed(1, "a", "b", ends_on=date(2026, 12, 31)), _managed(2, "b", "a", date(2027, 1, 1))]

    assert circles(rows) == set()
    assert circles([rows[0], _managed(2, "b", "a", date(2026, 12, 31))]) == {1, 2}


days = st.dates(date(2026, 9, 1), date(2026, 9, 12))
edges = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), days, days), max_size=9)


@given(edges)
def test_circles_agree_with_walking_every_day(found):
    rows = [
        _managed(number, person, manager, min(one, two), max(one, two))
        for number, (person, manager, one, two) in enumerate(found)
        if person != manager
    ]

    expected = set()
    for day in {day for row in rows for day in (row.starts_on, row.ends_on)}:
        live = [row for row in rows if row.is_in_force(day)]
        for row in live:
            reached, todo = set(), [row.manager]
            while todo:
                node = todo.pop()
                if node not in reached:
                    reached.add(node)
                    todo.extend(other.manager for other in live if other.person == node)
            if row.person in reached:
                expected.add(row.key)

    assert circles(rows) == expected


@given(st.lists(st.tuples(days, st.one_of(st.none(), days)), max_size=6))
def test_two_mains_are_told_exactly_where_some_overlap(spans):
    mains = [
        MainContract(str(number), starts, None if ends is None else max(starts, ends))
        for number, (starts, ends) in enumerate(spans)
    ]

    overlap = any(
        one.starts_on <= (two.ends_on or FOR_EVER) and two.starts_on <= (one.ends_on or FOR_EVER)
        for one in mains
        for two in mains
        if one.key < two.key
    )

    found = overlapping_mains(mains)
    assert bool(found) == overlap
    assert all(
        two.starts_on <= (one.ends_on or FOR_EVER) and one.starts_on <= two.starts_on for one, two in found
    )
