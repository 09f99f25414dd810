"""Small groups stay hidden in a table that can be narrowed by a filter (docs/decisions/small-groups.md).

A table of groups and outcomes with a filter by kind is one table of three sides: every choice of the filter is
a layer of it, and "every kind" is the sum of the layers. What is hidden is worked out once over all of it, so
that no report can be subtracted from another.

The figures that a reader may see tie each other by sums: along every side, the parts and their total. A hidden
figure is given away when these sums leave it one value only. That is asked of the sums themselves, by exact
elimination, and one more figure is hidden until no hidden one is given away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from pathways.rules.suppression import MIN_CELL, is_small

Cell: TypeAlias = tuple[int, int, int]
"""Where a figure stands: its place on each of the three sides, one behind the last for the total."""
Line: TypeAlias = tuple[Cell, ...]
"""Figures that belong together by a sum: the parts, and their total as the last."""

_SIDES: Final = 3


def hidden_in_filtered(counts: Sequence[Sequence[Sequence[int]]], minimum: int = MIN_CELL) -> frozenset[Cell]:
    """Of numbers of people by group, outcome and kind, with every total there is: the places to hide.

    Hidden are all figures about fewer than `minimum` people, and others until no sum of shown figures gives
    one away, and the hidden ones of a line whose total is shown are `minimum` people together at least.
    An empty table hides nothing.
    """
    figures = with_totals(counts)
    lines = lines_of(counts)
    hidden = {cell for cell, n in figures.items() if is_small(n, minimum)}
    while more := _thin(lines, figures, hidden, minimum) or _beside_given_away(lines, figures, hidden):
        hidden |= more
    return frozenset(hidden)


def with_totals(counts: Sequence[Sequence[Sequence[int]]]) -> dict[Cell, int]:
    """Every figure that some choice of the filter shows, by its place."""
    sizes = _sizes(counts)
    found: dict[Cell, int] = {}
    for place in _places([size + 1 for size in sizes]):
        spans = [range(size) if at == size else [at] for at, size in zip(place, sizes, strict=True)]
        found[place] = sum(counts[a][b][c] for a in spans[0] for b in spans[1] for c in spans[2])
    return found


def lines_of(counts: Sequence[Sequence[Sequence[int]]]) -> list[Line]:
    """Every sum between figures: along each side, for each place on the other two, totals included."""
    sizes = _sizes(counts)
    return [
        tuple(_at(start, side, at) for at in range(sizes[side] + 1))
        for side in range(_SIDES)
        for start in _places([1 if other == side else size + 1 for other, size in enumerate(sizes)])
    ]


def given_away(lines: Iterable[Line], hidden: Iterable[Cell]) -> set[Cell]:
    """The hidden figures that the sums leave one value only, whatever the others are."""
    unknown = set(hidden)
    done: dict[Cell, dict[Cell, Fraction]] = {}
    for line in lines:
        row = {cell: Fraction(1) for cell in line[:-1] if cell in unknown}
        if line[-1] in unknown:
            row[line[-1]] = Fraction(-1)
        for pivot in [cell for cell in row if cell in done]:
            _subtract(row, done[pivot], row[pivot])
        if not row:
            continue
        pivot = min(row)
        by = row[pivot]
        row = {cell: value / by for cell, value in row.items()}
        for other in done.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        done[pivot] = row
    return {pivot for pivot, row in done.items() if len(row) == 1}


def _thin(lines: list[Line], figures: dict[Cell, int], hidden: set[Cell], minimum: int) -> set[Cell]:
    """For each line whose hidden parts are too few people together beside a total that is shown: one more."""
    found = set()
    for *parts, total in lines:
        secret = [cell for cell in parts if cell in hidden]
        if not secret or total in hidden or sum(figures[cell] for cell in secret) >= minimum:
            continue
        shown = [cell for cell in parts if cell not in hidden and figures[cell]]
        found.add(min(shown, key=lambda cell: (figures[cell], cell), default=total))
    return found


def _beside_given_away(lines: list[Line], figures: dict[Cell, int], hidden: set[Cell]) -> set[Cell]:
    """One more figure to hide where something is given away: in a line with it, and as little as can be.

    A part before a total, one about somebody before one about nobody, one that shares a second line with
    hidden figures before one that begins a new line, the fewest people first.
    """
    known = given_away(lines, hidden)
    if not known:
        return set()
    near = {cell for line in lines if known & set(line) for cell in line} - hidden
    shared: dict[Cell, int] = dict.fromkeys(near or figures.keys() - hidden, 0)
    for line in lines:
        if hidden & set(line):
            for cell in shared.keys() & set(line):
                shared[cell] += 1
    last = max(figures)

    def cost(cell: Cell) -> tuple[bool, int, int, int, Cell]:
        totals = sum(at == end for at, end in zip(cell, last, strict=True))
        return not figures[cell], totals, -shared[cell], figures[cell], cell

    return {min(shared, key=cost)}


def _subtract(row: dict[Cell, Fraction], other: dict[Cell, Fraction], times: Fraction) -> None:
    for cell, value in other.items():
        left = row.get(cell, Fraction(0)) - times * value
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


def _at(cell: Cell, side: int, at: int) -> Cell:
    """The same place but for one side."""
    a, b, c = (at if other == side else place for other, place in enumerate(cell))
    return a, b, c


def _sizes(counts: Sequence[Sequence[Sequence[int]]]) -> list[int]:
    rows = len(counts)
    columns = len(counts[0]) if rows else 0
    return [rows, columns, len(counts[0][0]) if columns else 0]


def _places(sizes: Sequence[int]) -> Iterator[Cell]:
    return ((a, b, c) for a in range(sizes[0]) for b in range(sizes[1]) for c in range(sizes[2]))
