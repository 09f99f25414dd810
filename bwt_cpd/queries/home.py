"""What My CPD shows: where I stand, what needs me, what is next, what would close the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from bwt_cpd.queries.suggestions import Suggestions, suggestions_for
from courses.models import LIVE_STATES, Booking, Session, SessionPart
from courses.queries.standing import queues_of
from entitlements.models import AcademicYear, Claim
from entitlements.queries.standing import Standing, contracts_in, standing_of, year_on
from entitlements.queries.year import speaking
from staff.models import Contract, Person, User
from staff.wording import day_words, ordinal, time_words

SHOWN_NEXT = 5


@dataclass(frozen=True)
class Need:
    """One thing that is wanted of me."""

    title: str
    words: str
    url: str
    icon: str
    tone: str = ""


@dataclass(frozen=True)
class Coming:
    """One of my bookings to come, by its next part."""

    booking: Booking
    part: SessionPart
    state_words: str = ""


@dataclass(frozen=True)
class Home:
    """One person's first screen. `standing` None: no contract in the year (a partner's delegate)."""

    year: AcademicYear | None
    standing: Standing | None
    contract: Contract | None
    needs: list[Need] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)
    more_coming: int = 0
    suggestions: Suggestions | None = None


def home_of(user: User, person: Person, *, waiting: int, now: datetime) -> Home:
    """Everything on the page. At most 14 queries whatever the rows.

    `waiting` is how much the inbox holds, which the frame counts anyway.
    """
    on = timezone.localdate(now)
    year = year_on(on)
    standing, contract = None, None
    if year is not None:
        contracts = contracts_in(year, [person.pk])[person.pk]
        contract = speaking(contracts, on)
        standing = standing_of(person, year, on, contracts=contracts)
    bookings = _live_bookings(person, now)
    offers = [one for one in bookings if one.state == Booking.State.OFFERED]
    coming = _coming([one for one in bookings if one.state != Booking.State.OFFERED], person, now)
    decisions = max(0, waiting - len(offers))
    return Home(
        year=year,
        standing=standing,
        contract=contract,
        needs=[*map(_offer, offers), *_decisions(decisions), *_questions(person), *_registers(person, now)],
        coming=coming[:SHOWN_NEXT],
        more_coming=max(0, len(coming) - SHOWN_NEXT),
        suggestions=suggestions_for(person, standing, now=now),
    )


def _live_bookings(person: Person, now: datetime) -> Sequence[Booking]:
    """My live bookings of sessions still to end; offers that have run out are left to the clock."""
    return list(
        Booking.objects.filter(
            Q(offer_ends_at__gt=now) | ~Q(state=Booking.State.OFFERED),
            person=person,
            state__in=LIVE_STATES,
            session__ends_at__gt=now,
            session__status=Session.Status.SCHEDULED,
        )
        .select_related("session__course", "session__school")
        .defer("session__course__search", "session__course__summary", "session__course__outcomes")
        .prefetch_related("session__parts")
        .order_by("session__starts_at", "pk")
    )


def _coming(bookings: Sequence[Booking], person: Person, now: datetime) -> list[Coming]:
    queues = queues_of([one.session_id for one in bookings], person.pk)
    found = []
    for booking in bookings:
        part = next((part for part in booking.session.parts.all() if part.ends_at > now), None)
        if part is None:
            continue
        place, of = queues.get(booking.session_id, (0, 0))
        is_waiting = booking.state == Booking.State.WAITING and place
        found.append(Coming(booking, part, f"{ordinal(place)} of {of} waiting" if is_waiting else ""))
    return sorted(found, key=lambda one: (one.part.starts_at, one.booking.pk))


def _offer(booking: Booking) -> Need:
    ends = booking.offer_ends_at
    until = f" Answer by {day_words(ends)}, {time_words(ends)}." if ends else ""
    return Need(
        "A place came free",
        f"{booking.session.course.title}, {day_words(booking.session.starts_at)}.{until}",
        reverse("inbox-offer", args=[booking.pk]),
        "envelope-open-heart",
        "warn",
    )


def _decisions(number: int) -> list[Need]:
    if not number:
        return []
    title = "1 decision waits for you" if number == 1 else f"{number} decisions wait for you"
    return [Need(title, "Claims and requests of your people.", reverse("inbox"), "inbox", "warn")]


def _questions(person: Person) -> list[Need]:
    """My claims that came back with a question. One query."""
    asked = Claim.objects.filter(person=person, state=Claim.State.QUESTIONED).order_by("waiting_since_at")
    return [
        Need(
            "A question about your claim",
            f"{claim.title}, {day_words(claim.occurred_on)}.",
            reverse("entitlements:claim-detail", args=[claim.pk]),
            "chat-left-text",
            "warn",
        )
        for claim in asked
    ]


def _registers(person: Person, now: datetime) -> list[Need]:
    """Sessions I led that are over and whose register nobody has saved. One query."""
    led = Session.trainers.through.objects.filter(session=OuterRef("pk"), person=person)
    sessions = (
        Session.objects.filter(
            Exists(led),
            status=Session.Status.SCHEDULED,
            register_saved_at__isnull=True,
            booked_count__gt=0,
            ends_at__lte=now,
        )
        .select_related("course")
        .only("starts_at", "course__title")
        .order_by("starts_at")
    )
    return [
        Need(
            "A register to save",
            f"{session.course.title}, {day_words(session.starts_at)}. Nobody is credited until then.",
            reverse("courses:session-register", args=[session.pk]),
            "card-checklist",
        )
        for session in sessions
    ]
