"""Places of people who will have left the trust by then go to whoever waits."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db.models import F

from courses.actions.bookings import release
from courses.actions.changes import Changes, day_of
from courses.actions.places import fill_all, lock_sessions, persistently
from courses.models import Booking
from courses.queries.facts import HOLDING_STATES, bookings_of_leavers, sessions_with_leavers
from courses.rules import no_contract_on
from staff.models import Contract


def give_up_places_of_leavers(*, now: datetime) -> int:
    """End every place, offer, request and wait of somebody without a contract on the session's first day.

    Their places go to the next in the same transaction, one a session. Who is still with the trust is told.
    Run at night and not at once, so that a wrong file can be put right on the same day. Returns how many
    ended; safe to run many times at once.
    """
    return sum(persistently(partial(_give_up, pk), now=now) for pk in sessions_with_leavers(now=now))


def _give_up(session_id: int, changes: Changes) -> int:
    session = lock_sessions([session_id])[session_id]
    gone = list(bookings_of_leavers(now=changes.now).filter(session=session).select_related("person"))
    if not gone:
        return 0
    parts = list(session.parts.all())
    before = [booking.state for booking in gone]
    reason = no_contract_on(day_of(session.starts_at))
    Booking.objects.filter(pk__in=[booking.pk for booking in gone]).update(
        state=Booking.State.CANCELLED,
        state_changed_at=changes.now,
        state_changed_by=None,
        state_reason=reason,
        calendar_sequence=F("calendar_sequence") + 1,
    )
    for booking in gone:
        booking.state, booking.state_changed_at = Booking.State.CANCELLED, changes.now
        booking.calendar_sequence += 1
    release(gone, before, session, parts, changes)
    people = [booking.person_id for booking in gone]
    here = set(
        Contract.objects.in_force(changes.today).filter(person__in=people).values_list("person", flat=True)
    )
    for booking, state in zip(gone, before, strict=True):
        if booking.person_id in here:
            kind = "cancelled" if state in HOLDING_STATES else "left"
            changes.tell([booking], session, parts, kind=kind, more=[reason])
    fill_all([session], changes)
    return len(gone)
