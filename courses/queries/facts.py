"""What the rules of booking have to know, gathered from the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from courses.models import LIVE_STATES, Booking, Session, SessionPart
from courses.rules import Booker, Employment, HeldTime, Occasion
from courses.wording import audience_words
from staff.models import Contract, Person
from staff.queries.prepared import Prepared

HOLDING_STATES = ("booked", "offered")


def occasion_of(session: Session, parts: Iterable[SessionPart] | None = None) -> Occasion:
    """The session as the rules see it. Reads `course`, `school` and, unless given, `parts`."""
    spans = session.parts.all() if parts is None else parts
    return Occasion(
        session_id=session.pk,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        parts=tuple((part.starts_at, part.ends_at) for part in spans),
        capacity=session.capacity,
        booked=session.booked_count,
        offered=session.offered_count,
        is_cancelled=session.status == Session.Status.CANCELLED,
        opens_at=session.booking_opens_at,
        closes_at=session.booking_closes_at,
        needs_approval=session.needs_approval,
        offer_hours=session.offer_hours,
        own_school_id=session.school_id if session.is_own_school_only else None,
        own_school_name=session.school.name if session.is_own_school_only and session.school else "",
        audience=frozenset(session.course.audience),
        audience_words=audience_words(session.course.audience, most=6),
    )


def booker_of(
    person: Person,
    *,
    now: datetime,
    employments: tuple[Employment, ...] | None = None,
    held: Iterable[HeldTime] | None = None,
) -> Booker:
    """The person as the rules see them: contracts not ended by today, times held from now on.

    Two queries, one less for what is known already: `employments`, times `held`.
    """
    return Booker(
        employments=employments_of(person, on=now.date()) if employments is None else employments,
        is_partner=person.partner_id is not None,
        held=tuple(held_times(person.pk, now=now)) if held is None else tuple(held),
    )


def employments_of(person: Person, *, on: date) -> tuple[Employment, ...]:
    """Contracts that go on at `on` or begin later, with the groups an audience may name. One query."""
    return tuple(
        Employment(starts_on, ends_on, school_id, frozenset((family, group)))
        for starts_on, ends_on, school_id, family, group in _EMPLOYMENTS.rows(person.pk, on)
    )


_EMPLOYMENTS: Final = Prepared(
    lambda person_id, on: Contract.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), person=person_id
    ).values_list("starts_on", "ends_on", "school_id", "job_role__job_family", "job_role__staff_group")
)


def held_times(person_id: int, *, now: datetime) -> list[HeldTime]:
    """The parts still to end of sessions the person has a place on, by start. One query."""
    return [time for state, time in live_times(person_id, now=now) if state in HOLDING_STATES]


def live_times(person_id: int, *, now: datetime) -> list[tuple[str, HeldTime]]:
    """The same of all live bookings, those that hold no place too, each with its state. One query."""
    return [
        (state, HeldTime(starts_at, ends_at, session_id, booking_id, title))
        for state, starts_at, ends_at, session_id, booking_id, title in _LIVE_TIMES.rows(person_id, now)
    ]


_LIVE_TIMES: Final = Prepared(
    lambda person_id, now: (
        SessionPart.objects.filter(
            ends_at__gt=now,
            session__status=Session.Status.SCHEDULED,
            session__bookings__person=person_id,
            session__bookings__state__in=LIVE_STATES,
        )
        .values_list(
            "session__bookings__state",
            "starts_at",
            "ends_at",
            "session_id",
            "session__bookings",
            "session__course__title",
        )
        .order_by("starts_at", "pk")
    ),
    at_a_moment=True,
)


def who_can_take_a_place(session: Session, parts: Sequence[SessionPart]) -> QuerySet[Booking]:
    """Those who wait and can take a place, first in line first (`rules.may_have_freed_place`, set-based).

    With a contract on the first day or from a partner trust, and without a place elsewhere at that time.
    """
    on = occasion_of(session, parts).on
    employed = Contract.objects.in_force(on).filter(person=OuterRef("person"))
    return (
        Booking.objects.filter(
            Q(person__partner__isnull=False) | Exists(employed),
            ~Exists(places_at_that_time(session, parts)),
            session=session,
            state=Booking.State.WAITING,
            person__erased_at__isnull=True,
        )
        .select_related("person")
        .order_by("position")
    )


def places_at_that_time(session: Session, parts: Sequence[SessionPart]) -> QuerySet[Booking]:
    """Places elsewhere that overlap this session, of the outer query's `person`."""
    overlaps = Q(pk__in=[])
    for part in parts:
        overlaps |= Q(session__parts__starts_at__lt=part.ends_at, session__parts__ends_at__gt=part.starts_at)
    return Booking.objects.filter(
        overlaps,
        person=OuterRef("person"),
        state__in=HOLDING_STATES,
        session__status=Session.Status.SCHEDULED,
    ).exclude(session=session)


def bookings_of_leavers(*, now: datetime) -> QuerySet[Booking]:
    """Live bookings on sessions to come of people who have no contract on the London day it begins.

    Delegates of partner trusts have none and stay. The other side of `Booker.works_on`.
    """
    employed = Contract.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("begins_on")),
        person=OuterRef("person"),
        starts_on__lte=OuterRef("begins_on"),
    )
    return (
        Booking.objects.filter(
            state__in=LIVE_STATES,
            session__status=Session.Status.SCHEDULED,
            session__starts_at__gt=now,
            person__partner__isnull=True,
        )
        .annotate(begins_on=TruncDate("session__starts_at"))
        .filter(~Exists(employed))
    )


def sessions_with_leavers(*, now: datetime) -> list[int]:
    """Sessions to come with such a booking. One query."""
    return list(
        bookings_of_leavers(now=now).order_by("session").values_list("session_id", flat=True).distinct()
    )


def sessions_waited_for(person_ids: Collection[int], *, now: datetime) -> list[int]:
    """Sessions to come on whose waiting list one of these people stands. One query."""
    waiting = Booking.objects.filter(
        person__in=person_ids,
        state=Booking.State.WAITING,
        session__status=Session.Status.SCHEDULED,
        session__starts_at__gt=now,
    )
    return list(waiting.values_list("session_id", flat=True).distinct())


def sessions_to_fill(*, now: datetime) -> list[int]:
    """Sessions to come with a free place and somebody waiting. One query."""
    return list(
        Session.objects.filter(
            Exists(Booking.objects.filter(session=OuterRef("pk"), state=Booking.State.WAITING)),
            status=Session.Status.SCHEDULED,
            starts_at__gt=now,
            capacity__gt=F("booked_count") + F("offered_count"),
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def sessions_with_undecided_requests(*, now: datetime) -> list[int]:
    """Sessions that have begun and on which somebody still waits for a decision. One query."""
    undecided = Booking.objects.filter(state=Booking.State.REQUESTED, session__starts_at__lte=now)
    return list(undecided.order_by("session_id").values_list("session_id", flat=True).distinct())


def sessions_with_ended_offers(*, now: datetime) -> list[int]:
    """Sessions on which an offer has run out and is still held. One query."""
    ended = Booking.objects.filter(state=Booking.State.OFFERED, offer_ends_at__lte=now)
    return list(ended.order_by("session_id").values_list("session_id", flat=True).distinct())
