"""No combination of filters gives a hidden count away (DOMAIN section 8), tried by brute force."""

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.rules.suppression import hidden_in, is_small
from pathways.rules.suppression_filtered import hidden_in_filtered, with_totals
from tests.pathways.test_rules_suppression import SMALL_OFTEN, eliminate

KINDS = st.integers(1, 3)


def tables(groups=3, outcomes=3):
    """Counts by group, outcome and kind."""
    return st.tuples(st.integers(1, groups), st.integers(1, outcomes), KINDS).flatmap(
        lambda size: st.lists(
            st.lists(
                st.lists(SMALL_OFTEN, min_size=size[2], max_size=size[2]), min_size=size[1], max_size=size[1]
            ),
            min_size=size[0],
            max_size=size[0],
        )
    )


def sums_of(counts):
    """Every figure of every report as a sum of the innermost counts, written without the code under test.

    A report is a layer of the table (one kind, or all of them) with its totals: 0 and 1 for each innermost count.
    """
    sizes = len(counts), len(counts[0]), len(counts[0][0])
    inner = list(product(*(range(size) for size in sizes)))
    return {
        place: [
            int(all(at in (where, size) for at, where, size in zip(place, one, sizes, strict=True)))
            for one in inner
        ]
        for place in product(*(range(size + 1) for size in sizes))
    }


def worked_out(counts, hidden):
    """The hidden places whose figure is a linear combination of the figures that some report shows."""
    sums = sums_of(counts)
    shown = eliminate([list(map(Fraction, sums[place])) for place in sums if place not in hidden])
    return {place for place in hidden if not any(_rest(list(map(Fraction, sums[place])), shown))}


def _rest(row, reduced):
    for other in reduced:
        at = next(place for place, value in enumerate(other) if value)
        row = [value - row[at] * by for value, by in zip(row, other, strict=True)]
    return row


# The trust of the report that gave itself away: by kind apprenticeship, Masters, NPQ.
TRUST = [
    [[10, 6, 7], [8, 5, 6], [5, 0, 6]],
    [[9, 0, 8], [2, 0, 7], [6, 0, 5]],
]


def test_one_kind_subtracted_from_all_gives_nothing_away():
    hidden = hidden_in_filtered(TRUST)

    assert (1, 1, 0) in hidden
    assert worked_out(TRUST, hidden) == set()


def test_control_each_report_hidden_for_itself_is_given_away_by_the_others():
    by_kind = [[[row[kind] for row in group] for group in TRUST] for kind in range(3)]
    by_kind.append([[sum(row) for row in group] for group in TRUST])
    hidden = set()
    for kind, table in enumerate(by_kind):
        alone = hidden_in(table)
        hidden |= {(r, c, kind) for r, c in alone.cells}
        hidden |= {(r, 3, kind) for r in alone.rows} | {(2, c, kind) for c in alone.columns}
        hidden |= {(2, 3, kind)} if alone.total else set()

    assert (1, 1, 0) in worked_out(TRUST, hidden)


@given(tables())
@settings(max_examples=150, deadline=None)
def test_no_combination_of_filters_gives_a_hidden_count_away(counts):
    assert worked_out(counts, hidden_in_filtered(counts)) == set()


@given(tables())
@settings(max_examples=100, deadline=None)
def test_every_small_figure_is_hidden_in_every_report(counts):
    small = {place for place, n in with_totals(counts).items() if is_small(n)}

    assert small <= hidden_in_filtered(counts)


@given(tables())
@settings(max_examples=100, deadline=None)
def test_hidden_figures_beside_a_shown_total_are_no_small_group_together(counts):
    hidden, figures = hidden_in_filtered(counts), with_totals(counts)
    sizes = len(counts), len(counts[0]), len(counts[0][0])

    for side in range(3):
        for place in figures:
            if place[side] != sizes[side] or place in hidden:
                continue
            parts = [(*place[:side], at, *place[side + 1 :]) for at in range(sizes[side])]
            together = [figures[part] for part in parts if part in hidden]
            assert not together or sum(together) >= 5


def test_nothing_small_hides_nothing():
    assert hidden_in_filtered([]) == frozenset()
    assert hidden_in_filtered([[[5, 9], [7, 6]], [[8, 8], [0, 12]]]) == frozenset()


def test_a_single_kind_is_hidden_as_its_total_is():
    hidden = hidden_in_filtered([[[2], [9], [9]], [[9], [9], [9]]])

    assert {place[:2] for place in hidden if place[2] == 0} == {
        place[:2] for place in hidden if place[2] == 1
    }


def test_totals_are_those_of_every_report():
    figures = with_totals([[[1, 2], [3, 4]]])

    assert (figures[0, 0, 2], figures[0, 2, 0], figures[1, 1, 1], figures[1, 2, 2]) == (3, 4, 4, 10)
