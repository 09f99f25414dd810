"""My bookings, and the requests that wait for somebody's decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from courses import rules
from courses.models import LIVE_STATES, Attendance, Booking, Session
from courses.queries.facts import HOLDING_STATES, booker_of, employments_of, occasion_of
from courses.queries.standing import place_in_queue, queues_of
from courses.rules import Booker, HeldTime, Standing
from staff.models import Person
from staff.queries.deciders import people_decided_by

MOST_PAST = 40
PRESSES_AFTER: Final = timedelta(days=7)
PRESSES_BEFORE: Final = timedelta(days=4)


@dataclass(frozen=True)
class Line:
    """One booking in a list. `state` is a word of the portal's states, with what the register says."""

    booking: Booking
    state: str
    standing: Standing | None = None
    overlap: HeldTime | None = None
    may_cancel: bool = False

    @property
    def session(self) -> Session:
        """Its session."""
        return self.booking.session

    @property
    def is_waiting(self) -> bool:
        """Whether it was never more than a place on the waiting list."""
        return self.state == Booking.State.WAITING


@dataclass
class MyBookings:
    """A person's bookings: what needs an answer, what is to come, what waits, what is over (latest first)."""

    offered: list[Line] = field(default_factory=list)
    booked: list[Line] = field(default_factory=list)
    requested: list[Line] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)
    past: list[Line] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever booked."""
        return not (self.offered or self.booked or self.requested or self.waiting or self.past)


def bookings_of(person: Person, *, now: datetime) -> MyBookings:
    """Everything one person booked, each with where they stand and what it overlaps with.

    Six queries: the bookings to come and those past, their parts, the marks, and, only for
    somebody who waits, the queues and the contracts.
    """
    to_come = Booking.objects.filter(person=person, state__in=LIVE_STATES, session__ends_at__gt=now)
    live = list(_with_session(to_come))
    held = _held(live)
    waits = [booking for booking in live if booking.state == Booking.State.WAITING]
    queues = queues_of([booking.session_id for booking in waits], person.pk) if waits else {}
    booker = Booker(
        employments_of(person, on=now.date()) if waits else (), person.partner_id is not None, tuple(held)
    )
    mine = MyBookings()
    for booking in live:
        occasion = occasion_of(booking.session)
        if booking.state == Booking.State.WAITING and occasion.starts_at <= now:
            mine.past.append(Line(booking, "waiting"))
            continue
        standing, overlap = None, None
        if booking.state == Booking.State.WAITING:
            place, of = queues.get(booking.session_id, (0, 0))
            standing = rules.standing(
                place=place,
                of=of,
                asked_at=booking.created_at,
                offer_hours=occasion.offer_hours,
                obstacle=rules.may_have_freed_place(occasion, booker),
            )
        else:
            overlap = rules.clash_of(occasion.session_id, occasion.parts, held)
        may_cancel = not rules.may_cancel(booking.state, occasion.starts_at, now)
        line = Line(booking, booking.state, standing, overlap, may_cancel)
        getattr(mine, str(booking.state)).append(line)
    over = _with_session(
        Booking.objects.filter(person=person).exclude(session__ends_at__gt=now, state__in=LIVE_STATES)
    )
    recent = over.prefetch_related("attendances").order_by("-session__starts_at", "-pk")[:MOST_PAST]
    mine.past += [Line(booking, attended_state(booking)) for booking in recent]
    return mine


def _with_session(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    return (
        bookings.select_related("session__course", "session__school")
        .prefetch_related("session__parts")
        .order_by("session__starts_at", "pk")
    )


def _held(bookings: Iterable[Booking]) -> list[HeldTime]:
    return [
        HeldTime(part.starts_at, part.ends_at, booking.session_id, booking.pk, booking.session.course.title)
        for booking in bookings
        if booking.state in HOLDING_STATES
        for part in booking.session.parts.all()
    ]


def attended_state(booking: Booking) -> str:
    """Attended, part or absent once the register is marked, else the booking's own state. Reads `attendances`."""
    if booking.state != Booking.State.BOOKED:
        return booking.state
    marks = {row.mark for row in booking.attendances.all()} - {Attendance.Mark.UNMARKED}
    if not marks:
        return booking.state
    if marks == {Attendance.Mark.PRESENT}:
        return "attended"
    return "absent" if marks == {Attendance.Mark.ABSENT} else "part"


def standing_with_reasons(booking: Booking, *, now: datetime, is_own: bool) -> Standing:
    """Where one waiting booking stands and why, what a place would pass them by for included. Three queries.

    To the person themselves where `is_own`, else by their name.
    """
    session = booking.session
    place, of = place_in_queue(booking)
    obstacle = rules.may_have_freed_place(occasion_of(session), booker_of(booking.person, now=now))
    return rules.standing(
        place=place,
        of=of,
        asked_at=booking.created_at,
        offer_hours=session.offer_hours,
        obstacle=obstacle,
        name="" if is_own else booking.person.full_name,
    )


def is_pressing(on: date) -> Q:
    """Filter of requests: those that others are asked about too, having waited a week or beginning within
    four days. No query of its own.

    No condition of Python on the date, so that `staff.queries.prepared` may prepare it.
    """
    return Q(created_at__date__lte=on - PRESSES_AFTER) | Q(session__starts_at__date__lte=on + PRESSES_BEFORE)


def bookings_waiting_for(decider: Person | None, on: date) -> QuerySet[Booking]:
    """Requests that this person may decide, of sessions still to come, the longest waiting first.

    With person, session, course and school. Nothing of one's own.
    """
    if decider is None:
        return Booking.objects.none()
    return (
        Booking.objects.filter(
            state=Booking.State.REQUESTED,
            session__status=Session.Status.SCHEDULED,
            session__starts_at__date__gte=on,
            person__in=people_decided_by(decider, on),
        )
        .exclude(person=decider)
        .select_related("person", "session__course", "session__school")
        .order_by("created_at", "pk")
    )
