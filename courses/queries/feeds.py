"""What a private calendar shows, and to whom it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from courses.icalendars import Span, spans_of
from courses.models import Booking, CalendarFeed, Session
from courses.queries.facts import HOLDING_STATES
from staff.models import Contract, Person

LOOKS_BACK = timedelta(days=90)


def person_behind(token_hash: str, *, on: date) -> Person | None:
    """Whose calendar this is: nobody once the sign-in is off, the contract over or the person erased. One query."""
    contract = Contract.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), person=OuterRef("person")
    )
    feed = (
        CalendarFeed.objects.filter(
            Q(person__partner__isnull=False) | Exists(contract),
            token_hash=token_hash,
            person__user__is_active=True,
            person__erased_at__isnull=True,
        )
        .select_related("person")
        .first()
    )
    return feed.person if feed else None


def calendar_entries(person: Person, *, now: datetime) -> list[tuple[Booking, Session, Sequence[Span]]]:
    """Places booked and offered, of the last three months and to come, by start. Two queries."""
    bookings = (
        Booking.objects.filter(
            person=person,
            state__in=HOLDING_STATES,
            session__status=Session.Status.SCHEDULED,
            session__ends_at__gt=now - LOOKS_BACK,
        )
        .select_related("person", "session__course__hub", "session__school")
        .prefetch_related("session__parts")
        .order_by("session__starts_at", "pk")
    )
    return [(booking, booking.session, spans_of(booking.session.parts.all())) for booking in bookings]
