"""Changing a session that people have places on: its places, its times and venue, or calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import F, QuerySet

from courses.actions.bookings import release
from courses.actions.changes import Changes
from courses.actions.places import count_places, fill, fill_all, lock_sessions, persistently
from courses.icalendars import Span
from courses.models import LIVE_STATES, Attendance, Booking, Session, SessionPart
from courses.queries.facts import HOLDING_STATES, sessions_waited_for
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import counted

STATE = Booking.State

MARKED_DATE_STAYS = "The register of a date you would move has been marked. That date stays as it was."
CREDITED_DATE_STAYS = "A date you would take off was credited once, and that was taken back. It can be moved, but not taken off."
REASON_NEEDED = "Say why: everybody who booked or waits reads it."
REGISTER_IS_MARKED = "The register of this session has been marked. Take the marks off first."


@dataclass(frozen=True)
class PartTimes:
    """One dated part as it should be: aware moments, and the minutes full attendance credits."""

    starts_at: datetime
    ends_at: datetime
    minutes: int


def change_capacity(*, session_id: int, capacity: int, by: Person | None, now: datetime) -> Session:
    """Set the number of places; those that become free go to the people who wait, in the same transaction.

    Raises ActionRefused below what is booked and offered.
    """

    def run(changes: Changes) -> Session:
        session = lock_sessions([session_id])[session_id]
        taken = session.booked_count + session.offered_count
        if capacity < max(taken, 1):
            raise ActionRefused(
                f"{counted(taken, 'place is', 'places are')} booked or offered. Cancel some first, or keep at least so many."
                if taken
                else "A session has at least one place."
            )
        if capacity != session.capacity:
            count_places(session, capacity=capacity)
            fill(session, changes)
        return session

    return persistently(run, now=now)


def change_session(
    *,
    session_id: int,
    parts: Sequence[PartTimes],
    school_id: int | None,
    room: str,
    online_link: str,
    by: Person | None,
    now: datetime,
) -> Session:
    """Move a session in time or place. Everybody with a live booking is told, calendars are brought up to date.

    The same again changes nothing. Parts keep their number; one more is added at the end, one fewer is
    taken off it. Raises ActionRefused for a cancelled session, for parts that overlap or are out of
    order, where a part whose register is marked would move, and where one that was ever credited would go.
    """
    wanted = tuple(parts)
    _check(wanted)

    def run(changes: Changes) -> Session:
        people = _holders(session_id)
        sessions = lock_sessions({session_id, *sessions_waited_for(people, now=now)})
        session = sessions[session_id]
        if session.status == Session.Status.CANCELLED:
            raise ActionRefused("This session was cancelled.")
        before = list(session.parts.all())
        is_moved = [PartTimes(part.starts_at, part.ends_at, part.minutes) for part in before] != list(wanted)
        place = {"school_id": school_id, "room": room, "online_link": online_link}
        if not is_moved and all(getattr(session, name) == value for name, value in place.items()):
            return session
        for name, value in place.items():
            setattr(session, name, value)
        session.starts_at, session.ends_at = wanted[0].starts_at, wanted[-1].ends_at
        session.calendar_sequence += 1
        session.save(update_fields=[*place, "starts_at", "ends_at", "calendar_sequence"])
        dropped = _write_parts(session, before, wanted) if is_moved else []
        _follow(session, dropped, changes, is_moved=is_moved)
        fill_all(sessions.values(), changes)
        return session

    return persistently(run, now=now)


def _check(wanted: Sequence[PartTimes]) -> None:
    if not wanted:
        raise ActionRefused("A session has at least one date.")
    for part in wanted:
        if part.ends_at <= part.starts_at:
            raise ActionRefused("Each date ends after it begins.")
        if part.minutes <= 0:
            raise ActionRefused("Each date counts for at least one minute.")
    if any(later.starts_at < sooner.ends_at for sooner, later in pairwise(wanted)):
        raise ActionRefused("The dates follow one another without overlapping.")


def _write_parts(
    session: Session, before: list[SessionPart], wanted: Sequence[PartTimes]
) -> list[SessionPart]:
    """Make the parts as wanted and return those taken off."""
    kept, dropped = before[: len(wanted)], before[len(wanted) :]
    moved = [
        part
        for part, times in zip(kept, wanted, strict=False)
        if PartTimes(part.starts_at, part.ends_at, part.minutes) != times
    ]
    if _marks().filter(part__in=[*moved, *dropped]).exists():
        raise ActionRefused(MARKED_DATE_STAYS)
    _take_off_marks_undone(dropped)
    for part, times in zip(kept, wanted, strict=False):
        part.starts_at, part.ends_at, part.minutes = times.starts_at, times.ends_at, times.minutes
    SessionPart.objects.bulk_update(kept, ["starts_at", "ends_at", "minutes"])
    SessionPart.objects.bulk_create(
        SessionPart(
            session=session,
            number=number,
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            minutes=times.minutes,
        )
        for number, times in enumerate(wanted[len(before) :], start=len(before) + 1)
    )
    gone = [
        SessionPart(number=part.number, starts_at=part.starts_at, ends_at=part.ends_at) for part in dropped
    ]
    SessionPart.objects.filter(pk__in=[part.pk for part in dropped]).delete()
    return gone


def _marks() -> QuerySet[Attendance]:
    """What registers say: a mark that was taken off says nothing."""
    return Attendance.objects.exclude(mark=Attendance.Mark.UNMARKED)


def _take_off_marks_undone(dropped: Sequence[SessionPart]) -> None:
    """Clear parts that go of marks that were taken off; one that was credited keeps its count of credits,
    since a later part of its number would begin that count anew.
    """
    undone = Attendance.objects.filter(part__in=dropped)
    if undone.filter(revision__gt=0).exists():
        raise ActionRefused(CREDITED_DATE_STAYS)
    undone.delete()


def _follow(session: Session, dropped: list[SessionPart], changes: Changes, *, is_moved: bool) -> None:
    """Bring what hangs on the session after it: planned credits, deadlines, letters."""
    parts = list(session.parts.all())
    live = list(Booking.objects.filter(session=session, state__in=LIVE_STATES).select_related("person"))
    booked = [booking for booking in live if booking.state == STATE.BOOKED]
    holding = [booking for booking in live if booking.state in HOLDING_STATES]
    Booking.objects.filter(session=session, state=STATE.OFFERED, offer_ends_at__gt=session.starts_at).update(
        offer_ends_at=session.starts_at
    )
    if is_moved:
        marked = set(_marks().filter(booking__in=booked).values_list("part_id", flat=True))
        changes.unplan(booked, [part.number for part in dropped])
        changes.plan(booked, session, [part for part in parts if part.pk not in marked])
    changes.tell(holding, session, parts, kind="changed")
    changes.tell(
        [booking for booking in live if booking.state not in HOLDING_STATES],
        session,
        parts,
        kind="changed_while_waiting",
    )
    if dropped:
        spans = [Span(part.number, part.starts_at, part.ends_at) for part in dropped]
        changes.tell(holding, session, spans, kind="parts_dropped")


def cancel_session(*, session_id: int, reason: str, by: Person | None, now: datetime) -> Session:
    """Call a session off: every live booking ends and everybody is told, those who wait or asked included.

    Cancelled again it is the same. Raises ActionRefused without a reason, and once its register
    has been marked.
    """
    words = reason.strip()[:300]
    if not words:
        raise ActionRefused(REASON_NEEDED)

    def run(changes: Changes) -> Session:
        people = _holders(session_id)
        sessions = lock_sessions({session_id, *sessions_waited_for(people, now=now)})
        session = sessions[session_id]
        if session.status == Session.Status.CANCELLED:
            return session
        if _marks().filter(part__session=session).exists():
            raise ActionRefused(REGISTER_IS_MARKED)
        parts = list(session.parts.all())
        _end_all(session, parts, words, by, changes)
        session.status, session.cancel_reason = Session.Status.CANCELLED, words
        session.save(update_fields=["status", "cancel_reason"])
        fill_all([other for pk, other in sessions.items() if pk != session_id], changes)
        return session

    return persistently(run, now=now)


def _end_all(
    session: Session, parts: list[SessionPart], reason: str, by: Person | None, changes: Changes
) -> None:
    live = list(Booking.objects.filter(session=session, state__in=LIVE_STATES).select_related("person"))
    before = [booking.state for booking in live]
    Booking.objects.filter(pk__in=[booking.pk for booking in live]).update(
        state=STATE.CANCELLED,
        state_changed_at=changes.now,
        state_changed_by=by,
        state_reason="The session was cancelled",
        calendar_sequence=F("calendar_sequence") + 1,
    )
    for booking in live:
        booking.state, booking.state_changed_at = STATE.CANCELLED, changes.now
        booking.calendar_sequence += 1
    release(live, before, session, parts, changes)
    held = [booking for booking, state in zip(live, before, strict=True) if state in HOLDING_STATES]
    rest = [booking for booking, state in zip(live, before, strict=True) if state not in HOLDING_STATES]
    changes.tell(held, session, parts, kind="session_cancelled", more=[reason])
    changes.tell(rest, session, parts, kind="session_cancelled_while_waiting", more=[reason])


def _holders(session_id: int) -> list[int]:
    holding = Booking.objects.filter(session=session_id, state__in=HOLDING_STATES)
    return list(holding.values_list("person_id", flat=True))
