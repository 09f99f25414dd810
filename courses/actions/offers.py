"""What time does to waiting lists: offers run out, and places freed in other ways are handed on."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db.models import F

from courses.actions.bookings import release
from courses.actions.changes import Changes
from courses.actions.places import fill_all, lock_sessions, persistently
from courses.models import Booking
from courses.queries.facts import sessions_to_fill, sessions_waited_for, sessions_with_ended_offers


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
