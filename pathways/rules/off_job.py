"""Off-the-job training of an apprentice: hours so far, against the plan and the least there must be (DOMAIN section 4).

The plan is spread evenly over the days of learning; a break in learning moves its end. Whole minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from entitlements.durations import HOUR, in_hours
from staff.wording import date_words


@dataclass(frozen=True)
class OffJob:
    """What is known of one apprentice. `reviewed_minutes` is what the latest review that recorded hours counted from
    the start to `reviewed_on`; `logged_minutes` is what their year holds since. `breaks` are (first day, first day
    back), the last of them open while they are away. `review_due_on` is the next review to be held."""

    starts_on: date
    ends_on: date
    planned_minutes: int
    least_minutes: int
    reviewed_minutes: int = 0
    reviewed_on: date | None = None
    logged_minutes: int = 0
    breaks: tuple[tuple[date, date | None], ...] = ()
    review_due_on: date | None = None

    @property
    def so_far(self) -> int:
        """What there is: the last review's count and what was logged since."""
        return self.reviewed_minutes + self.logged_minutes

    def expected_on(self, on: date) -> int:
        """What the plan comes to by the end of a day, in whole hours, rounded down."""
        planned_days = max(1, (self.ends_on - self.starts_on).days)
        share = self.planned_minutes * min(self.days_learning(on), planned_days)
        return share // planned_days // HOUR * HOUR

    def days_learning(self, on: date) -> int:
        """Days from the start to the end of a day, without those of breaks."""
        until = on + timedelta(days=1)
        away = sum(
            max(0, (min(back or until, until) - max(first, self.starts_on)).days)
            for first, back in self.breaks
        )
        return max(0, (until - self.starts_on).days - away)


def is_on_course(facts: OffJob, on: date) -> bool:
    """Whether what there is comes to what the plan comes to by this day."""
    return facts.so_far >= facts.expected_on(on)


def course_words(facts: OffJob, on: date, *, is_away: bool = False) -> str:
    """One sentence: whether the learner is on course on this day, and what that is measured by.

    `is_away` is whether they are on a break in learning: then the plan stands still and no review is asked for.
    """
    expected = facts.expected_on(on)
    when = "the break" if is_away else f"today, {date_words(on)},"
    by_now = f"by {when} the plan comes to {in_hours(expected)}"
    ask = f" {next_review(facts.review_due_on, on)}" if facts.review_due_on and not is_away else ""
    if facts.so_far >= expected:
        return f"On course: {by_now}."
    short = in_hours(expected - facts.so_far)
    if facts.reviewed_on is None:
        return f"No review has recorded hours yet: {by_now}, {short} more than is recorded.{ask}"
    if facts.so_far >= facts.expected_on(facts.reviewed_on):
        reviewed_on = date_words(facts.reviewed_on)
        return f"On course at the last review, {reviewed_on}: {by_now}, {short} more than is recorded.{ask}"
    return f"Behind by {short}: {by_now}.{ask}"


def next_review(due_on: date, on: date) -> str:
    """When the next review is due, or was."""
    return f"The next review {'was' if due_on < on else 'is'} due on {date_words(due_on)}."
