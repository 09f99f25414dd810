"""Statutory induction of early career teachers, term by term (DOMAIN sections 1 and 3).

Six full-time terms; a part-timer serves as long as the same comes to (0.6: ten terms); more than 30
school days away in one of its two years extend that year by all of them. All in exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice
from typing import Final

TERMS_NEEDED: Final = 6
HALF: Final = Fraction(TERMS_NEEDED, 2)
MOST_DAYS_AWAY: Final = 30
"""School days away in one year of induction; more than these extend it."""

FULL_TIMETABLE_MINUTES: Final = 25 * 60
"""Lessons in a full-time week. A choice of the trust (25 hours), not of the guidance."""
TIME_OFF: Final = {1: Fraction(1, 10), 2: Fraction(1, 20)}

SETTLING_IN: Final = 10
"""A start within the first ten school days of a term counts from its first day: a choice of the trust."""
_LONGEST_TERMS: Final = 60
_DAY: Final = timedelta(days=1)

# First and last day, month and day: terms as the trust's schools keep them, give or take a week.
_TERMS: Final = (
    ("Autumn", (9, 1), (12, 18)),
    ("Spring", (1, 4), (3, 26)),
    ("Summer", (4, 12), (7, 20)),
)
# The week off inside each begins on the last Monday up to this day: the last of October and of May
# (its bank holiday), and the third of February.
_HALF_TERMS: Final = {"Autumn": (10, 31), "Spring": (2, 21), "Summer": (5, 31)}
_REVIEW_BEFORE_END: Final = timedelta(days=7)


@dataclass(frozen=True)
class Term:
    """One school term."""

    name: str
    starts_on: date
    ends_on: date

    @property
    def label(self) -> str:
        """ "Autumn term 2026"."""
        return f"{self.name} term {self.starts_on.year}"

    @property
    def half_term_on(self) -> date:
        """The Monday of the week off inside it. Bank holidays outside that week are not looked at."""
        month, last = _HALF_TERMS[self.name]
        day = date(self.starts_on.year, month, last)
        return day - timedelta(days=day.weekday())

    @property
    def review_on(self) -> date:
        """When what is due in it has to be done: a week before its end, on a school day."""
        day = self.ends_on - _REVIEW_BEFORE_END
        return day - timedelta(days=max(day.weekday() - 4, 0))


def terms_from(day: date) -> Iterator[Term]:
    """The terms from the one that holds a day on; a day in the holidays begins with the next."""
    year = day.year - 1
    while True:
        for name, (first_month, first_day), (last_month, last_day) in _TERMS[1:] + _TERMS[:1]:
            term = Term(name, date(year, first_month, first_day), date(year, last_month, last_day))
            if term.ends_on >= day:
                yield term
        year += 1


@dataclass(frozen=True)
class Working:
    """A time at one share of a full-time week; no end: it goes on."""

    starts_on: date
    ends_on: date | None
    fte: Fraction


@dataclass(frozen=True)
class Away:
    """An absence, by its days only; `is_family` where it is statutory family leave."""

    starts_on: date
    ends_on: date | None
    is_family: bool = False


@dataclass(frozen=True)
class Planned:
    """What is due in one term of an induction."""

    number: int
    term: Term
    kind: str
    due_on: date
    year: int


@dataclass(frozen=True)
class Plan:
    """An induction from its first to its last day; `days_away` and `is_extended` by year."""

    rows: tuple[Planned, ...]
    half_on: date
    ends_on: date
    days_away: tuple[int, int]
    is_extended: tuple[bool, bool]

    @property
    def terms(self) -> int:
        """How many terms it takes."""
        return len(self.rows)

    def year_on(self, on: date) -> int:
        """1 up to the day on which half of it is served, then 2."""
        return 1 if on <= self.half_on else 2


def plan_induction(
    starts_on: date,
    working: Iterable[Working],
    away: Iterable[Away] = (),
    *,
    extends_for_family: bool = False,
    agreed_terms: int | None = None,
) -> Plan:
    """The terms of an induction, what is due in each, and its last day.

    After the last contract known it goes on as under it. Progress reviews in each term, formal assessments where half and all of it are served. Days without
    work do not count. Family leave counts as time away only where the teacher chose so. `agreed_terms`
    is what the appropriate body has agreed to where it is fewer; a longer number changes nothing.
    """
    spans = _without_end(working)
    gaps = [one for one in away if not one.is_family or extends_for_family]
    first = _first_day(starts_on)
    half_on, days_1, longer_1 = _serve(first, spans, gaps)
    ends_on, days_2, longer_2 = _serve(half_on + _DAY, spans, gaps)
    held = list(_until(first, ends_on))
    if agreed_terms is not None and 1 <= agreed_terms < len(held):
        held = held[:agreed_terms]
        ends_on = held[-1].ends_on
        half_on = min(half_on, held[max((agreed_terms + 1) // 2 - 1, 0)].ends_on)
    rows = []
    for number, term in enumerate(held, start=1):
        is_half = term.starts_on <= half_on <= term.ends_on
        is_last = number == len(held)
        due_on = max(min(term.review_on, ends_on), term.starts_on) if is_last else term.review_on
        rows.append(
            Planned(
                number,
                term,
                "formal" if is_half or is_last else "progress",
                due_on,
                1 if term.starts_on <= half_on else 2,
            )
        )
    return Plan(tuple(rows), half_on, ends_on, (days_1, days_2), (longer_1, longer_2))


def time_off_minutes(fte: Fraction, year: int) -> Fraction:
    """Time off the timetable in a week, in exact minutes: 10% of the lessons in year 1, 5% in year 2."""
    return FULL_TIMETABLE_MINUTES * fte * TIME_OFF[year]


def review_state(due_on: date, held_on: date | None, on: date) -> str:
    """A state word: done, overdue, due in the next four weeks, later."""
    if held_on is not None:
        return "done"
    if due_on < on:
        return "overdue"
    return "due" if due_on <= on + timedelta(days=28) else "later"


def why_not_this_body(
    body: str, *, is_lead_school: bool, has_trained: bool, school: str, lead_school: str
) -> str:
    """Why a body cannot check this induction, in a sentence; empty where it can (DOMAIN section 1).

    Neither where the teacher serves at the school it is run from, nor where it trained them.
    """
    if is_lead_school:
        return (
            f"{body} is run from {lead_school}, so it cannot check an induction served at {school}. "
            "Choose another appropriate body."
        )
    if has_trained:
        return (
            f"{body} trained this teacher, so it cannot check their induction as well. "
            "Choose another appropriate body."
        )
    return ""


def _without_end(working: Iterable[Working]) -> list[Working]:
    """In their order, the last to end without its end."""
    spans = sorted(working, key=lambda span: (span.starts_on, span.ends_on or date.max))
    if spans and all(span.ends_on is not None for span in spans):
        last = max(spans, key=lambda span: span.ends_on or date.max)
        spans[spans.index(last)] = Working(last.starts_on, None, last.fte)
    return spans


def _first_day(starts_on: date) -> date:
    """The day from which it counts: a start in the first days of a term is a start on the first."""
    term = next(terms_from(starts_on))
    if starts_on <= term.starts_on or _school_days(term.starts_on, starts_on - _DAY) < SETTLING_IN:
        return term.starts_on
    return starts_on


def _serve(first: date, spans: list[Working], gaps: list[Away]) -> tuple[date, int, bool]:
    """Serve half of it from a day: its last day, the school days away in it, and whether they extend it."""
    last = _reach(first, spans, [])
    days = sum(1 for day in _days(first, last) if _is_away(day, gaps))
    if days <= MOST_DAYS_AWAY:
        return last, days, False
    return _reach(first, spans, gaps), days, True


def _reach(first: date, spans: list[Working], gaps: list[Away]) -> date:
    """The day on which three full-time terms are served from `first`, without the days in `gaps`."""
    served = Fraction(0)
    for term in islice(terms_from(first), _LONGEST_TERMS):
        size = _school_days(term.starts_on, term.ends_on)
        begin = max(first, term.starts_on)
        share = _steady(begin, term, spans, gaps)
        if share is not None:
            worth = share * Fraction(_school_days(begin, term.ends_on), size)
            if served + worth < HALF:
                served += worth
                continue
            if served + worth == HALF:
                return term.ends_on
        for day in _days(begin, term.ends_on):
            if not _is_away(day, gaps):
                served += _fte_on(day, spans) / size
            if served >= HALF:
                return day if day < _last_weekday(term) else term.ends_on
    return term.ends_on


def _steady(begin: date, term: Term, spans: list[Working], gaps: list[Away]) -> Fraction | None:
    """The one share of full time worked through a term without a gap; None where it changes."""
    if any(one.starts_on <= term.ends_on and (one.ends_on or term.ends_on) >= begin for one in gaps):
        return None
    if any(
        begin < edge <= term.ends_on
        for span in spans
        for edge in (span.starts_on, span.ends_on + _DAY if span.ends_on else begin)
    ):
        return None
    return _fte_on(begin, spans)


def _fte_on(day: date, spans: list[Working]) -> Fraction:
    """The share of full time on a day, 1 at most; before the first contract that of the first."""
    held = [one.fte for one in spans if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)]
    if not held and spans and day < spans[0].starts_on:
        held = [spans[0].fte]
    return min(sum(held, Fraction(0)), Fraction(1))


def _is_away(day: date, gaps: list[Away]) -> bool:
    return any(one.starts_on <= day and (one.ends_on is None or one.ends_on >= day) for one in gaps)


def _until(first: date, last: date) -> Iterator[Term]:
    for term in terms_from(first):
        if term.starts_on > last:
            return
        yield term


def _days(first: date, last: date) -> Iterator[date]:
    """The school days from one day to another: Monday to Friday inside the terms, half-terms left out."""
    for term in _until(first, last):
        off = term.half_term_on
        for day in _weekdays(max(first, term.starts_on), min(last, term.ends_on)):
            if not off <= day < off + 7 * _DAY:
                yield day


def _weekdays(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() < 5:
            yield day


def _school_days(first: date, last: date) -> int:
    """School days between two days of one term, both inside."""
    return sum(1 for _ in _days(first, last))


def _last_weekday(term: Term) -> date:
    day = term.ends_on
    while day.weekday() > 4:
        day -= _DAY
    return day
