"""What time does to bookings: offers run out, requests end undecided, places freed in other ways are handed on."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db.models import F

from courses.actions.bookings import release
from courses.actions.changes import Changes
from courses.actions.places import fill_all, lock_sessions, persistently
from courses.models import Booking
from courses.queries.facts import (
    sessions_to_fill,
    sessions_waited_for,
    sessions_with_ended_offers,
    sessions_with_undecided_requests,
)

UNDECIDED = "Nobody decided before the session began"
WORTH_TELLING = timedelta(days=3)


def end_offers(*, now: datetime) -> int:
    """End every offer whose time is over and hand its place to the next; then fill what is free.

    Returns how many ran out. One transaction a session; safe to run many times at once. The second
    part finds those who became able to come by other ways, such as a new contract.
    """
    ended = 0
    for pk in sessions_with_ended_offers(now=now):
        ended += persistently(partial(_end_on, pk), now=now)
    for pk in sessions_to_fill(now=now):
        persistently(partial(_fill_one, pk), now=now)
    return ended


def end_requests(*, now: datetime) -> int:
    """End every request that nobody had decided when its session began, and tell who asked.

    Returns how many. One transaction a session; safe to run many times at once. What began long ago
    ends without a letter.
    """
    return sum(
        persistently(partial(_end_undecided, pk), now=now) for pk in sessions_with_undecided_requests(now=now)
    )


def _end_undecided(session_id: int, changes: Changes) -> int:
    session = lock_sessions([session_id])[session_id]
    waiting = Booking.objects.filter(session=session, state=Booking.State.REQUESTED).select_related("person")
    undecided = list(waiting) if session.starts_at <= changes.now else []
    Booking.objects.filter(pk__in=[booking.pk for booking in undecided]).update(
        state=Booking.State.DECLINED,
        state_changed_at=changes.now,
        state_changed_by=None,
        state_reason=UNDECIDED,
    )
    if undecided and session.starts_at > changes.now - WORTH_TELLING:
        changes.tell(undecided, session, list(session.parts.all()), kind="undecided")
    return len(undecided)


def _fill_one(session_id: int, changes: Changes) -> None:
    fill_all(lock_sessions([session_id]).values(), changes)


def _end_on(session_id: int, changes: Changes) -> int:
    now = changes.now
    held = Booking.objects.filter(session=session_id, state=Booking.State.OFFERED, offer_ends_at__lte=now)
    people = list(held.values_list("person_id", flat=True))
    sessions = lock_sessions({session_id, *sessions_waited_for(people, now=now)})
    session = sessions[session_id]
    lapsed = list(held.select_related("person"))
    if not lapsed:
        return 0
    parts = list(session.parts.all())
    Booking.objects.filter(pk__in=[booking.pk for booking in lapsed]).update(
        state=Booking.State.LAPSED,
        state_changed_at=now,
        state_changed_by=None,
        state_reason="The offer ran out",
        calendar_sequence=F("calendar_sequence") + 1,
    )
    before = [booking.state for booking in lapsed]
    for booking in lapsed:
        booking.state, booking.state_changed_at = Booking.State.LAPSED, now
        booking.calendar_sequence += 1
    release(lapsed, before, session, parts, changes)
    changes.tell(lapsed, session, parts, kind="lapsed")
    fill_all(sessions.values(), changes)
    return len(lapsed)
