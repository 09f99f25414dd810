"""Nobody can work a hidden figure out (DOMAIN section 8), for tables of any shape."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.rules.suppression import Hidden, hidden_in, hidden_in_list, is_small

SMALL_OFTEN = st.one_of(st.integers(0, 9), st.integers(0, 60))
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(SMALL_OFTEN, min_size=width, max_size=width), min_size=1, max_size=4)
)


def test_a_figure_about_nobody_is_shown_and_one_to_four_are_hidden():
    assert [is_small(n) for n in (0, 1, 4, 5)] == [False, True, True, False]


def test_a_single_small_figure_hides_the_smallest_of_the_others():
    assert hidden_in_list([12, 3, 8, 0]) == ({1, 2}, False)


def test_two_small_figures_that_come_to_five_hide_nothing_else():
    assert hidden_in_list([12, 3, 4]) == ({1, 2}, False)


def test_two_small_figures_below_five_together_hide_a_third():
    assert hidden_in_list([12, 1, 2]) == ({0, 1, 2}, False)


def test_where_no_other_figure_is_left_the_total_is_hidden():
    assert hidden_in_list([3, 0, 0]) == ({0}, True)
    assert hidden_in_list([1, 2]) == ({0, 1}, True)


def test_large_figures_are_all_shown():
    assert hidden_in_list([5, 9]) == (frozenset(), False)
    assert hidden_in([[5, 9], [7, 6]]) == Hidden(frozenset(), frozenset(), frozenset(), total=False)


def test_an_empty_table_hides_nothing():
    assert hidden_in([]) == hidden_in([[]]) == Hidden(frozenset(), frozenset(), frozenset(), total=False)


def test_a_small_cell_takes_a_square_of_cells_with_it():
    hidden = hidden_in([[3, 10, 40], [20, 11, 40], [50, 50, 50]])

    assert hidden == Hidden(
        frozenset({(0, 0), (0, 1), (1, 0), (1, 1)}), frozenset(), frozenset(), total=False
    )


def test_a_trust_of_three_people_shows_no_total():
    hidden = hidden_in([[3]])

    assert hidden == Hidden(frozenset({(0, 0)}), frozenset({0}), frozenset({0}), total=True)


@given(TABLES)
@settings(max_examples=400, deadline=None)
def test_nobody_can_work_out_a_hidden_figure_of_a_table(counts):
    assert given_away(counts, hidden_places(counts, hidden_in(counts))) == set()


@given(st.lists(SMALL_OFTEN, min_size=1, max_size=8))
def test_nobody_can_subtract_a_hidden_figure_from_the_total_of_a_list(counts):
    hidden, hides_total = hidden_in_list(counts)

    assert all(place in hidden for place, n in enumerate(counts) if is_small(n))
    if hidden and not hides_total:
        assert len(hidden) >= 2
        assert sum(counts[place] for place in hidden) >= 5


@given(TABLES)
@settings(max_examples=200, deadline=None)
def test_hidden_figures_beside_a_shown_total_are_no_small_group_together(counts):
    hidden = hidden_in(counts)

    for number, row in enumerate(counts):
        together = [row[c] for r, c in hidden.cells if r == number]
        assert not together or number in hidden.rows or sum(together) >= 5
    for number, column in enumerate(zip(*counts, strict=True)):
        together = [column[r] for r, c in hidden.cells if c == number]
        assert not together or number in hidden.columns or sum(together) >= 5


@given(TABLES)
@settings(max_examples=200, deadline=None)
def test_small_figures_are_always_hidden(counts):
    hidden = hidden_in(counts)

    assert {(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if is_small(n)} <= hidden.cells
    assert {r for r, row in enumerate(counts) if is_small(sum(row))} <= hidden.rows


def test_control_hiding_small_cells_alone_gives_them_away():
    assert given_away([[3, 10], [10, 10]], {(0, 0)}) == {(0, 0)}


def test_control_two_hidden_in_a_row_can_still_be_given_away_by_their_columns():
    assert given_away([[3, 4], [10, 10]], {(0, 0), (0, 1)}) == {(0, 0), (0, 1)}


def hidden_places(counts, hidden):
    rows, columns = len(counts), len(counts[0])
    places = set(hidden.cells) | {(r, columns) for r in hidden.rows} | {(rows, c) for c in hidden.columns}
    return places | ({(rows, columns)} if hidden.total else set())


def given_away(counts, hidden):
    """The hidden places whose figure the sums of rows and columns determine, by exact elimination."""
    rows, columns = len(counts) + 1, len(counts[0]) + 1
    names = sorted(hidden)
    lines = [[(r, c) for c in range(columns)] for r in range(rows)]
    lines += [[(r, c) for r in range(rows)] for c in range(columns)]
    sums = []
    for line in lines:
        total = line[-1]
        sums.append([Fraction((-1 if name == total else 1) if name in line else 0) for name in names])
    reduced = eliminate(sums)
    return {names[row.index(1)] for row in reduced if sum(1 for value in row if value) == 1}


def eliminate(matrix):
    """The reduced row echelon form: a row with a single 1 is an unknown that is determined."""
    done = []
    width = len(matrix[0]) if matrix else 0
    for column in range(width):
        pivot = next((row for row in matrix if row[column]), None)
        if pivot is None:
            continue
        matrix = [row for row in matrix if row is not pivot]
        pivot = [value / pivot[column] for value in pivot]
        clear = lambda row, pivot=pivot, column=column: [  # noqa: E731 - used twice right below
            value - row[column] * by for value, by in zip(row, pivot, strict=True)
        ]
        matrix, done = [clear(row) for row in matrix], [clear(row) for row in done]
        done.append(pivot)
    return done
