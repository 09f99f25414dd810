"""Where somebody stands, said to them: a headline and the sentence under it (R7), and what a credit adds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entitlements.durations import in_days, in_hours
from entitlements.rules.policy import CountsAs, EntitlementPolicy, Status


@dataclass(frozen=True)
class Figures:
    """The figures of a statement that somebody is told, whole minutes; all 0 where nothing is owed."""

    status: Status
    expected_minutes: int
    expected_to_date_minutes: int
    counted_minutes: int
    planned_minutes: int

    @property
    def shortfall_minutes(self) -> int:
        """Still to be counted."""
        return max(0, self.expected_minutes - self.counted_minutes)

    @property
    def left_minutes(self) -> int:
        """Neither counted nor planned: still to find."""
        return max(0, self.shortfall_minutes - self.planned_minutes)


@dataclass(frozen=True)
class Words:
    """A headline of a few words and one or two sentences."""

    headline: str
    sentence: str


def words_for(figures: Figures, *, day_minutes: int | None, last_day: date, on: date) -> Words:
    """What the owner of these figures is told on a date, in days of their own."""
    is_over = on >= last_day
    if figures.status is Status.NOT_APPLICABLE:
        return Words(
            "Everything here is open to you",
            "Casual and on-request work has no target of CPD days. What you attend is recorded all the same.",
        )
    if figures.status is Status.PAUSED:
        return Words(
            "Paused while you are away",
            "Nothing is expected of you until you are back. Anything you choose to do counts as usual.",
        )
    if figures.status is Status.MET:
        return _met(figures, day_minutes)
    if is_over:
        return Words(
            f"{in_days(figures.shortfall_minutes, day_minutes)} short",
            f"{_sentence_case(_counted(figures, day_minutes))} of the "
            f"{in_days(figures.expected_minutes, day_minutes)} expected of you in the year.",
        )
    if figures.status is Status.PLANNED:
        return Words(
            "All of it is counted or planned",
            f"{_brought_to(figures, day_minutes)} There is nothing more you have to find.",
        )
    headline = f"{in_days(figures.left_minutes, day_minutes)} left to find by {month_day(last_day)}"
    return Words(headline, f"{_today(figures, day_minutes)} {_brought_to(figures, day_minutes)}")


def is_away(name: str) -> str:
    """The only thing other people are told about a pause."""
    return f"{name} is away, and nothing is expected until they are back."


def words_about(figures: Figures, name: str, *, day_minutes: int | None, last_day: date, on: date) -> Words:
    """The same for somebody who decides about them; of a pause only that it is one."""
    if figures.status is Status.NOT_APPLICABLE:
        return Words("No target", "Casual and on-request work has no target of CPD days.")
    if figures.status is Status.PAUSED:
        return Words("Paused", is_away(name))
    has = in_days(figures.counted_minutes, day_minutes) if figures.counted_minutes else "nothing"
    sentence = f"{name} has {has} counted of {in_days(figures.expected_minutes, day_minutes)}."
    if figures.status is Status.MET:
        return Words("CPD days met", sentence)
    if on >= last_day:
        return Words(f"{in_days(figures.shortfall_minutes, day_minutes)} short", sentence)
    reached = in_days(figures.counted_minutes + figures.planned_minutes, day_minutes)
    plans = (
        f"What is planned brings it to {reached}." if figures.planned_minutes else "Nothing more is booked."
    )
    if figures.status is Status.PLANNED:
        return Words("All counted or planned", f"{sentence} {plans}")
    by_now = in_days(figures.expected_to_date_minutes, day_minutes)
    return Words(
        f"{in_days(figures.left_minutes, day_minutes)} left to find by {month_day(last_day)}",
        f"{sentence} {by_now} would be usual by today. {plans}",
    )


def what_it_adds(
    minutes: int, added: int | None, counts_as: CountsAs, policy: EntitlementPolicy, *, year: str
) -> str:
    """What a credit of so many minutes has added to what counts in a year (R10, R12), to its owner.

    `added` is None where they are owed nothing in the year.
    """
    if added is None:
        return f"It is on your record. There is no target of CPD days for you in {year} that it would add to."
    days = f"your CPD days of {year}"
    if added >= minutes:
        return f"It counts {in_hours(added)} towards {days}."
    because = _counted_in_part(counts_as, policy.cap_percent(counts_as))
    if added > 0:
        return f"Of its {in_hours(minutes)}, all of it on your record, {in_hours(added)} count towards {days}{because}."
    return f"It is on your record; it adds nothing to {days}{because}."


def _counted_in_part(counts_as: CountsAs, percent: int | None) -> str:
    most = f"up to {percent}% of the year’s entitlement, and you have reached that"
    if counts_as is CountsAs.COMPLIANCE:
        return f", because required training counts {most}"
    if counts_as is CountsAs.GIVING:
        return f", because what you give to others counts {most}"
    if counts_as is CountsAs.NOMINAL and percent is None:
        return ", because of several memberships and awards of one body the highest alone counts"
    if counts_as is CountsAs.NOMINAL:
        return (
            f", because memberships and awards count up to {percent}% of the year’s entitlement, and of several "
            "of one body the highest alone"
        )
    return ""


def _met(figures: Figures, day_minutes: int | None) -> Words:
    if not figures.expected_minutes:
        return Words("Nothing is expected of you this year", "What you do is recorded and counts for you.")
    more = figures.counted_minutes - figures.expected_minutes
    beyond = f", {in_days(more, day_minutes)} more than the target" if more else ""
    return Words(
        "You have had your CPD days",
        f"{_sentence_case(_counted(figures, day_minutes))}{beyond}. The target is a minimum: "
        "everything on offer stays open to you.",
    )


def _today(figures: Figures, day_minutes: int | None) -> str:
    """How today compares with what would be expected by today."""
    by_now = in_days(figures.expected_to_date_minutes, day_minutes)
    if figures.counted_minutes >= figures.expected_to_date_minutes:
        return f"You are ahead of where you need to be today, which is {by_now}."
    if figures.status is Status.ON_TRACK:
        return f"You are close to where you need to be today, which is {by_now}."
    return f"By today {by_now} would be usual, and {_counted(figures, day_minutes)}."


def _brought_to(figures: Figures, day_minutes: int | None) -> str:
    if not figures.planned_minutes:
        return "Nothing more is booked yet."
    reached = in_days(figures.counted_minutes + figures.planned_minutes, day_minutes)
    return f"What is planned brings you to {reached}."


def _counted(figures: Figures, day_minutes: int | None) -> str:
    if not figures.counted_minutes:
        return "nothing is counted yet"
    return f"you have {in_days(figures.counted_minutes, day_minutes)} counted"


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def month_day(on: date) -> str:
    """ "31 August": the C locale's English months, whatever the machine's own."""
    return f"{on.day} {on:%B}"
