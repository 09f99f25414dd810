"""Small groups stay hidden: which figures of a table may be shown (DOMAIN section 8, Suppression).

A figure about fewer than `MIN_CELL` people is hidden. Whoever knows a total could then work a hidden
figure out by subtracting what is shown, so more is hidden until nobody can: every line of the table
that has a hidden figure has at least two, no chain of lines gives one away, and the hidden ones of a
line whose total is shown are at least `MIN_CELL` people together. Where a table holds means or
percentages, the numbers of people behind them decide, and the mean is hidden with its number.

A figure about nobody is no secret: 0 is shown, and hidden only where nothing else is left to hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

MIN_CELL: Final = 5
HIDDEN: Final = "hidden"
"""The word that stands in the place of a hidden figure; never 0, never an empty cell."""

Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Hidden:
    """What must not be shown of a table: its cells, the totals of its rows and columns, the grand total."""

    cells: frozenset[Place]
    rows: frozenset[int]
    columns: frozenset[int]
    total: bool


def is_small(n: int, minimum: int = MIN_CELL) -> bool:
    """Whether a figure about so many people is hidden in its own right."""
    return 0 < n < minimum


def hidden_in_list(counts: Sequence[int], minimum: int = MIN_CELL) -> tuple[frozenset[int], bool]:
    """Of numbers of people shown with their total: the positions to hide, and whether to hide the total too.

    The smallest of the others is hidden with a single small one; where no other is left, the total is.
    """
    hidden = {place for place, n in enumerate(counts) if is_small(n, minimum)}
    if not hidden:
        return frozenset(), is_small(sum(counts), minimum)
    others = sorted((n, place) for place, n in enumerate(counts) if n >= minimum)
    if len(hidden) < 2 or sum(counts[place] for place in hidden) < minimum:
        if not others:
            return frozenset(hidden), True
        hidden.add(others[0][1])
    return frozenset(hidden), False


def hidden_in(counts: Sequence[Sequence[int]], minimum: int = MIN_CELL) -> Hidden:
    """Of a table of numbers of people shown with the totals of its rows, columns and all: what to hide.

    Every row as long as the first. An empty table hides nothing.
    """
    if not counts or not counts[0]:
        return Hidden(frozenset(), frozenset(), frozenset(), total=False)
    table = _Table(counts, minimum)
    table.hide()
    rows, columns = len(counts), len(counts[0])
    return Hidden(
        cells=frozenset((r, c) for r, c in table.hidden if r < rows and c < columns),
        rows=frozenset(r for r, c in table.hidden if c == columns and r < rows),
        columns=frozenset(c for r, c in table.hidden if r == rows and c < columns),
        total=(rows, columns) in table.hidden,
    )


class _Table:
    """A table with its totals as a last row and column, and what is hidden of it so far.

    Take rows and columns for points and every hidden figure for a line between two of them: a figure
    can be worked out exactly if taking its line away parts what it joined (a bridge). So there must be
    no bridge.
    """

    def __init__(self, counts: Sequence[Sequence[int]], minimum: int) -> None:
        with_totals = [[*row, sum(row)] for row in counts]
        with_totals.append([sum(column) for column in zip(*with_totals, strict=True)])
        self.counts = with_totals
        self.minimum = minimum
        self.last_row, self.last_column = len(counts), len(counts[0])
        self.hidden = {
            (r, c) for r, row in enumerate(with_totals) for c, n in enumerate(row) if self._small(n)
        }

    def _small(self, n: int) -> bool:
        return is_small(n, self.minimum)

    def hide(self) -> None:
        """Hide more until nothing hidden can be worked out."""
        while more := self._thin_lines() or self._beside_bridges():
            self.hidden |= more

    def _thin_lines(self) -> set[Place]:
        """For each line whose hidden figures are too few people together, the next to hide."""
        found = set()
        for r in range(self.last_row + 1):
            found |= self._thickens([(r, c) for c in range(self.last_column)], (r, self.last_column))
        for c in range(self.last_column + 1):
            found |= self._thickens([(r, c) for r in range(self.last_row)], (self.last_row, c))
        return found

    def _thickens(self, line: list[Place], total: Place) -> set[Place]:
        hidden = [place for place in line if place in self.hidden]
        if not hidden or total in self.hidden or sum(self._n(place) for place in hidden) >= self.minimum:
            return set()
        open_ones = [place for place in line if place not in self.hidden and self._n(place)]
        return {min(open_ones, key=self._n, default=total)}

    def _beside_bridges(self) -> set[Place]:
        """The one figure to hide beside a bridge: it closes a round where one can, else the smallest."""
        bridges = self._bridges()
        if not bridges:
            return set()
        lines = {r for r, _ in bridges}, {c for _, c in bridges}
        shown = [(r, c) for r in range(self.last_row + 1) for c in range(self.last_column + 1)]
        shown = [place for place in shown if place not in self.hidden]
        beside = [place for place in shown if place[0] in lines[0] or place[1] in lines[1]]
        used = {r for r, _ in self.hidden}, {c for _, c in self.hidden}

        def cost(place: Place) -> tuple[bool, int, bool, int, Place]:
            r, c = place
            totals = (r == self.last_row) + (c == self.last_column)
            is_new = r not in used[0] or c not in used[1]
            return not self._n(place), totals, is_new, self._n(place), place

        return {min(beside or shown, key=cost)}

    def _bridges(self) -> set[Place]:
        """The hidden figures that can be worked out from the rest: depth first, without recursion."""
        beside: dict[int, list[tuple[int, Place]]] = {}
        for r, c in self.hidden:
            beside.setdefault(r, []).append((-1 - c, (r, c)))
            beside.setdefault(-1 - c, []).append((r, (r, c)))
        found: set[Place] = set()
        seen: dict[int, int] = {}
        low: dict[int, int] = {}
        for start in beside:
            if start in seen:
                continue
            seen[start] = low[start] = len(seen)
            path: list[tuple[int, Place | None, int]] = [(start, None, 0)]
            while path:
                point, by, position = path.pop()
                if position < len(beside[point]):
                    path.append((point, by, position + 1))
                    other, place = beside[point][position]
                    if place == by:
                        continue
                    if other in seen:
                        low[point] = min(low[point], seen[other])
                    else:
                        seen[other] = low[other] = len(seen)
                        path.append((other, place, 0))
                elif by is not None:
                    before = path[-1][0]
                    low[before] = min(low[before], low[point])
                    if low[point] > seen[before]:
                        found.add(by)
        return found

    def _n(self, place: Place) -> int:
        return self.counts[place[0]][place[1]]
