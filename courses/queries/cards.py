"""What the cards of a list of courses say: the next date, how full it is, or my own state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache

from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from courses.models import LIVE_STATES, Booking, Course
from courses.queries.narrowing import EVERYTHING, Narrowing
from courses.queries.readers import Reader
from courses.wording import audience_words
from entitlements.durations import in_hours
from staff.wording import DAYS, MONTHS, day_words, ordinal, time_range

DATES_PER_CARD = 3
JOIN_WAITING_LIST = "Join the waiting list"

# By hand, because the ORM takes longer to put this together than PostgreSQL to answer it (7 ms of a
# page that may take 20). The index of sessions by course and start gives the rows of 25 courses.
_SQL = """SELECT shown.course_id, shown.dates, shown.id, shown.starts_at, shown.ends_at, shown.capacity, shown.places_left,
    school.name, shown.my_state,
    (SELECT COUNT(*) FROM courses_booking ahead WHERE ahead.session_id = shown.id
        AND ahead.state = 'waiting' AND ahead.position <= shown.position),
    (SELECT COUNT(*) FROM courses_booking queue WHERE queue.session_id = shown.id AND queue.state = 'waiting')
FROM (
    SELECT session.id, session.course_id, session.starts_at, session.ends_at, session.capacity,
        session.capacity - session.booked_count - session.offered_count AS places_left,
        session.school_id, mine.state AS my_state, mine.position,
        COUNT(*) OVER (PARTITION BY session.course_id) AS dates,
        ROW_NUMBER() OVER (
            PARTITION BY session.course_id
            ORDER BY mine.state IS NULL, {matches} DESC, session.starts_at, session.id
        ) AS turn
    FROM courses_session session
    LEFT JOIN courses_booking mine ON mine.session_id = session.id
        AND mine.person_id = %s AND mine.state = ANY(%s)
    WHERE session.course_id = ANY(%s) AND session.status = 'scheduled'
        AND session.starts_at > %s
        AND (NOT session.is_own_school_only OR session.school_id = ANY(%s))
) shown
LEFT JOIN staff_school school ON school.id = shown.school_id
WHERE shown.turn <= %s OR shown.my_state IS NOT NULL
ORDER BY shown.course_id, shown.turn
"""


@dataclass(frozen=True)
class CardDate:
    """A session on a card. `place` None: online; `my_turn` is my place in the queue where I wait."""

    pk: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    places_left: int
    place: str | None
    my_state: str | None
    my_turn: int
    waiting: int

    @cached_property
    def is_full(self) -> bool:
        """Whether every place is booked or offered."""
        return self.places_left <= 0

    @cached_property
    def day(self) -> date:
        """The day it begins on."""
        return localdate(self.starts_at)

    @property
    def tile(self) -> tuple[str, int, str]:
        """("Tue", 24, "Nov")."""
        return DAYS[self.day.weekday()], self.day.day, MONTHS[self.day.month - 1]

    @cached_property
    def is_over_days(self) -> bool:
        """Whether it is the first of several days."""
        return self.day != localdate(self.ends_at)

    @property
    def taken_percent(self) -> float:
        """How full it is, as the length of a bar."""
        return round(100 * (self.capacity - self.places_left) / self.capacity, 1)


@dataclass
class Card:
    """One course in the list. `session` is the date it shows: mine, else the first that fits, else the
    first; None where there is no date. `others` are up to two more, `dates` counts all to come.
    """

    course: Course
    session: CardDate | None = None
    others: list[CardDate] = field(default_factory=list)
    dates: int = 0

    @property
    def url(self) -> str:
        """Its page."""
        return _path(self.course.slug)

    @property
    def time(self) -> str:
        """ "15:45–17:45" on one day, else how long it takes."""
        if self.session is None or self.session.is_over_days:
            return in_hours(self.course.minutes)
        return time_range(self.session.starts_at, self.session.ends_at)

    @property
    def is_online(self) -> bool:
        """Whether the date shown has no place."""
        return self.session is not None and self.session.place is None

    @property
    def place(self) -> str:
        """Where; how it is held, where there is no date."""
        return (self.session and self.session.place) or self.course.get_mode_display()

    @cached_property
    def note(self) -> str:
        """Another date that has places, or how many dates there are."""
        if self.elsewhen:
            return f"Another session on {day_words(self.elsewhen.starts_at)} has places"
        return f"{self.dates} dates to choose from" if self.dates > 1 else ""

    @property
    def audience(self) -> str:
        """Whom it is for, short."""
        return _audience(tuple(self.course.audience))

    @cached_property
    def state(self) -> str:
        """My own state, which takes the place of the places left; empty without one."""
        return (self.session and self.session.my_state) or ""

    @property
    def is_offered(self) -> bool:
        """Whether a place is held for my answer."""
        return self.state == Booking.State.OFFERED

    @property
    def state_words(self) -> str:
        """ "3rd of 9 waiting"; else the state's own words."""
        if self.session is None or self.state != Booking.State.WAITING:
            return ""
        return f"{ordinal(self.session.my_turn)} of {self.session.waiting} waiting"

    @cached_property
    def action(self) -> str:
        """What the button says; nothing where I have my answer."""
        if self.state:
            return "Answer the offer" if self.state == Booking.State.OFFERED else ""
        if self.session is None:
            return "Register interest"
        return "View and book" if self.session.places_left > 0 else JOIN_WAITING_LIST

    @cached_property
    def elsewhen(self) -> CardDate | None:
        """Another date with places, for somebody who has none yet."""
        if self.session is None or self.state in {"booked", "offered"}:
            return None
        if self.session.places_left > 0 and not self.state:
            return None
        return next((session for session in self.others if session.places_left > 0), None)


# A list says the same things again and again, and working out an address takes as long as a query.
@lru_cache(maxsize=4096)
def _path(slug: str) -> str:
    return reverse("courses:course-detail", args=[slug])


@lru_cache(maxsize=1024)
def _audience(audience: tuple[str, ...]) -> str:
    return audience_words(audience)


def cards_for(
    courses: Iterable[Course], *, reader: Reader, now: datetime, narrowing: Narrowing = EVERYTHING
) -> list[Card]:
    """The cards of some courses, in their order: one query, at most three dates each and all of mine.

    Dates that fit the `narrowing` come first; a booking of mine shows whether it fits or not.
    """
    cards = {course.pk: Card(course) for course in courses}
    if not cards:
        return []
    matches, values = narrowing.sql("session")
    values += [
        reader.person_id or 0,
        list(LIVE_STATES),
        list(cards),
        now,
        list(reader.school_ids),
        DATES_PER_CARD,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SQL.replace("{matches}", matches), values)
        rows = cursor.fetchall()
    for course_id, dates, *facts in rows:
        card, shown = cards[course_id], CardDate(*facts)
        card.dates = dates
        if card.session is None:
            card.session = shown
        else:
            card.others.append(shown)
    return list(cards.values())
