"""Lengths of ring, bar and line."""

import pytest

from bwt_cpd.drawing import line_chart, progress, share


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (780, 1500, 52.0),
        (0, 1500, 0.0),
        (None, 1500, 0.0),
        (5, 0, 0.0),
        (-45, 1500, 0.0),
        (2000, 1500, 100.0),
        (1, 1500, 1.0),
        (1499, 1500, 99.0),
    ],
)
def test_share_never_draws_something_as_nothing_or_nearly_as_all(part, whole, percent):
    assert share(part, whole) == percent


def test_progress_of_a_year_in_the_middle():
    drawn = progress(counted=780, planned=480, expected=349, target=1500)

    assert (drawn.done, drawn.plan, drawn.mark) == (52.0, 32.0, 23.3)
    assert drawn.angle == 83.9
    assert drawn.plan_starts + drawn.plan_width == 84.0


def test_progress_stops_at_the_whole():
    drawn = progress(counted=1600, planned=480, expected=1500, target=1500)

    assert (drawn.done, drawn.plan, drawn.mark) == (100.0, 0.0, 100.0)
    assert drawn.mark_x == 98.0


def test_progress_while_paused_has_no_tick():
    assert progress(counted=600, planned=0, expected=None, target=1500).mark is None


def test_planned_alone_is_drawn():
    drawn = progress(counted=0, planned=480, expected=0, target=1500)

    assert (drawn.done, drawn.plan_starts, drawn.plan_width) == (0.0, 0.0, 32.0)


def test_line_chart_leaves_out_what_is_not_there_yet():
    chart = line_chart(
        ["Sep", "Oct", "Nov"], [("Counted", [0, 100, None]), ("Expected", [0, 150, 300])], step=100
    )

    counted, expected = chart.lines
    assert [point.label for point in counted.points] == ["Sep", "Oct"]
    assert counted.points[0].y == chart.bottom
    assert expected.last.y == chart.top
    assert expected.last.x == chart.right
    assert chart.rows == [("Sep", ["0", "0"]), ("Oct", ["100", "150"]), ("Nov", ["–", "300"])]


@pytest.mark.parametrize(("highest", "lines"), [(0, 2), (4, 5), (23, 6), (100, 6), (760, 5)])
def test_line_chart_has_a_readable_scale(highest, lines):
    chart = line_chart(["a", "b"], [("x", [0, highest])])

    assert len(chart.grid) == lines
