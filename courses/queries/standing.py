"""Where people stand in waiting lists."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, F, OuterRef, Q, Subquery

from courses import rules
from courses.models import Booking, Session
from courses.rules import ALLOWED, Standing, Verdict


def standing_of(booking: Booking, session: Session, obstacle: Verdict = ALLOWED) -> Standing:
    """Where a waiting booking stands, and why. One query."""
    place, of = place_in_queue(booking)
    return rules.standing(
        place=place, of=of, asked_at=booking.created_at, offer_hours=session.offer_hours, obstacle=obstacle
    )


def place_in_queue(booking: Booking) -> tuple[int, int]:
    """(3, 9) for the third of nine who wait. One query."""
    waiting = Booking.objects.filter(session=booking.session_id, state=Booking.State.WAITING)
    counts = waiting.aggregate(of=Count("pk"), place=Count("pk", filter=Q(position__lte=booking.position)))
    return counts["place"], counts["of"]


def queues_of(session_ids: Collection[int], person_id: int | None = None) -> dict[int, tuple[int, int]]:
    """For each session (place of the person or 0, how many wait); sessions without a queue are left out. One query."""
    mine = Booking.objects.filter(
        session=OuterRef("session"), person=person_id, state=Booking.State.WAITING
    ).values("position")
    rows = (
        Booking.objects.filter(session__in=session_ids, state=Booking.State.WAITING)
        .annotate(mine=Subquery(mine))
        .values("session_id")
        .annotate(of=Count("pk"), place=Count("pk", filter=Q(position__lte=F("mine"))))
        .values_list("session_id", "place", "of")
    )
    return {session_id: (place, of) for session_id, place, of in rows.order_by("session_id")}
