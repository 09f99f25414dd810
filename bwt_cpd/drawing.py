"""Lengths of the things the portal draws: ring, bars, line chart.

Figures in, SVG lengths out, as numbers that stand in attributes: the content security policy
allows no inline style, and no script is needed. Percentages have one decimal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil


def share(part: float | None, whole: float | None) -> float:
    """`part` as a percentage of `whole`, kept within 0 and 100; 0 where there is no whole.

    Something is never drawn as nothing: above 0 it is at least 1, and below the whole it is at
    most 99, so that a ring that looks closed is closed.
    """
    if not part or not whole or part < 0 or whole <= 0:
        return 0.0
    if part >= whole:
        return 100.0
    return min(99.0, max(1.0, round(part * 100 / whole, 1)))


@dataclass(frozen=True)
class Progress:
    """One person's year against their target: what ring and bar both draw, in percent."""

    done: float
    plan: float
    mark: float | None

    @property
    def angle(self) -> float:
        """Where the tick stands on the ring, in degrees from twelve o'clock."""
        return round((self.mark or 0) * 3.6, 1)

    @property
    def plan_starts(self) -> float:
        """The thin bar begins just under the round end of the thick one."""
        return max(0.0, round(self.done - 1, 1)) if self.done else 0.0

    @property
    def plan_width(self) -> float:
        return round(min(100.0, self.done + self.plan) - self.plan_starts, 1)

    @property
    def mark_x(self) -> float:
        """The tick is five units wide and stays on the track at both ends."""
        return min(98.0, self.mark or 0.0)


def progress(counted: int | None, planned: int | None, expected: int | None, target: int | None) -> Progress:
    """Minutes counted, planned on top, expected by today, and the whole they are measured by.

    `expected` is None while nothing is expected (paused): then there is no tick.
    """
    done = share(counted, target)
    with_plan = share((counted or 0) + (planned or 0), target) if planned else done
    mark = None if expected is None else share(expected, target)
    return Progress(done=done, plan=round(max(0.0, with_plan - done), 1), mark=mark)


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    label: str
    words: str


@dataclass(frozen=True)
class Line:
    name: str
    points: tuple[Point, ...]
    css: str
    dots: bool

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)

    @property
    def last(self) -> Point | None:
        return self.points[-1] if self.points else None


@dataclass(frozen=True)
class GridLine:
    y: float
    words: str


@dataclass(frozen=True)
class LineChart:
    """A chart in a box of 640 by 250: the scale, the labels along the foot, one or two lines."""

    lines: tuple[Line, ...]
    grid: tuple[GridLine, ...]
    foot: tuple[Point, ...]
    left: int = 76
    right: int = 606
    top: int = 16
    bottom: int = 206

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The same figures as a table: one row a label, one cell a line, a dash for no figure."""
        known = [{point.label: point.words for point in line.points} for line in self.lines]
        return [(label.label, [words.get(label.label, "–") for words in known]) for label in self.foot]


def line_chart(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[int | float | None]]],
    words: Callable[[float], str] = str,
    step: int | None = None,
) -> LineChart:
    """Draw one or two series over `labels`; the first is the solid line, the second the dotted.

    A value of None is a point not there yet (the rest of the year) or hidden (a small group):
    the line passes over it. `words` says a value ("5 hours"); `step` is the distance of the
    grid lines in the unit of the values, else a round one that gives four or five of them.
    """
    box = LineChart((), (), ())
    highest = max(
        (value for _, values in series for value in values if value is not None),
        default=0,
    )
    step = step or _round_step(highest)
    top = max(step, step * ceil(highest / step))
    across = (box.right - box.left) / max(1, len(labels) - 1)
    x_of = [round(box.left + across * index, 1) for index in range(len(labels))]

    def y_of(value: float) -> float:
        return round(box.bottom - (box.bottom - box.top) * value / top, 1)

    lines = tuple(
        Line(
            name=name,
            points=tuple(
                Point(x, y_of(value), label, words(value))
                for x, label, value in zip(x_of, labels, values, strict=False)
                if value is not None
            ),
            css="line" if index == 0 else "line-2",
            dots=index == 0,
        )
        for index, (name, values) in enumerate(series)
    )
    grid = tuple(GridLine(y_of(value), words(value) if value else "0") for value in range(0, top + 1, step))
    foot = tuple(Point(x, 236, label, "") for x, label in zip(x_of, labels, strict=True))
    return LineChart(lines, grid, foot)


def _round_step(highest: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that covers `highest` in five steps."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= size * factor * 5:
                return size * factor
        size *= 10
