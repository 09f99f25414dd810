"""Reminders of courses: sessions to come, places that wait for a decision, registers that are still open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from bwt_cpd.queries.reminders_item import Item, midnight
from courses.models import Booking, Session, SessionPart
from courses.queries.bookings import is_pressing
from courses.queries.registers import parts_to_mark
from staff.queries.deciders import Decider, first_asked
from staff.wording import date_words, day_words, time_range

JUST_BOOKED: Final = timedelta(days=2)
ASKED_AGAIN_AFTER: Final = timedelta(days=3)


def sessions_to_come(on: date) -> Iterator[Item]:
    """Booked parts tomorrow, and those within a week; not a week's reminder of what was just booked.

    A part that was moved to another date is something new to be reminded of.
    """
    parts = (
        SessionPart.objects.filter(
            session__status=Session.Status.SCHEDULED,
            starts_at__range=(midnight(on + timedelta(days=1)), midnight(on + timedelta(days=8))),
        )
        .select_related("session__course", "session__school")
        .prefetch_related(
            Prefetch(
                "session__bookings", Booking.objects.filter(state=Booking.State.BOOKED), to_attr="booked"
            )
        )
        .order_by("starts_at")
    )
    for part in parts:
        takes_place_on = timezone.localtime(part.starts_at).date()
        is_tomorrow = takes_place_on == on + timedelta(days=1)
        kind = "session_tomorrow" if is_tomorrow else "session_in_a_week"
        course = part.session.course
        place = part.session.school.name if part.session.school else "online"
        day = "Tomorrow" if is_tomorrow else day_words(part.starts_at)
        booked: list[Booking] = part.session.booked  # type: ignore[attr-defined]  # prefetched above
        for booking in booked:
            if not is_tomorrow and booking.state_changed_at > midnight(on) - JUST_BOOKED:
                continue
            yield Item(
                person_id=booking.person_id,
                kind=kind,
                subject_key=f"part:{part.pk}:{takes_place_on}",
                formerly=(f"part:{part.pk}", takes_place_on - timedelta(days=1 if is_tomorrow else 7)),
                line=f"{day}: {course.title}, {time_range(part.starts_at, part.ends_at)}, {place}",
                url=course.get_absolute_url(),
                label="See the session",
                not_after=part.starts_at,
            )


def places_waiting(on: date) -> list[Booking]:
    """Places somebody has to agree to before the session begins that press or have waited three days. One query."""
    waiting = (
        Booking.objects.filter(
            state=Booking.State.REQUESTED,
            session__status=Session.Status.SCHEDULED,
            session__starts_at__gt=midnight(on),
        )
        .annotate(is_pressing=is_pressing(on))
        .filter(Q(is_pressing=True) | Q(created_at__date__lte=on - ASKED_AGAIN_AFTER))
        .select_related("person", "session__course")
        .order_by("session__starts_at", "pk")
    )
    return list(waiting)


def places_to_agree(
    bookings: Sequence[Booking], deciders: Mapping[int, Sequence[Decider]], on: date
) -> Iterator[Item]:
    """Those of `places_waiting`: to who is nearest, and once it presses to everybody nearer than the people
    team, as with claims.
    """
    for booking in bookings:
        session = booking.session
        is_escalated: bool = booking.is_pressing  # type: ignore[attr-defined]  # annotated above
        kind = "place_escalated" if is_escalated else "place_waiting"
        found = deciders[booking.person_id]
        told = [one for one in found if one.kind != "people_team"] or found
        for decider in told if is_escalated else first_asked(told):
            yield Item(
                person_id=decider.person.pk,
                kind=kind,
                subject_key=f"booking:{booking.pk}",
                line=f"Decide whether {booking.person.full_name} goes to {session.course.title}, "
                f"{day_words(session.starts_at)}: once it begins nobody can.",
                url=reverse("inbox-booking", args=[booking.pk]),
                label="Read it and decide",
                not_after=min(session.starts_at, midnight(on + timedelta(days=2))),
                preference="wants_decision_reminders",
            )


def open_registers(on: date) -> Iterator[Item]:
    """Dated parts that ended yesterday to a week ago and are still to mark, to their trainers."""
    parts = (
        parts_to_mark()
        .filter(ends_at__range=(midnight(on - timedelta(days=7)), midnight(on)))
        .select_related("session__course")
        .prefetch_related("session__trainers")
        .order_by("ends_at", "pk")
    )
    for part in parts:
        register = reverse("courses:session-register", args=[part.session_id])
        for trainer in part.session.trainers.all():
            yield Item(
                person_id=trainer.pk,
                kind="register_open",
                subject_key=f"register:{part.pk}",
                formerly=(f"session:{part.session_id}", timezone.localdate(part.ends_at)),
                line=f"Save the register of {part.session.course.title}, {date_words(part.starts_at)}: "
                "whoever has no mark is not credited until then.",
                url=f"{register}?part={part.number}",
                label="Open the register",
                not_after=midnight(on + timedelta(days=7)),
                preference="wants_decision_reminders",
            )
