"""What My CPD shows: where I stand, what needs me, what is next, my goal, what would close the gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from bwt_cpd.queries.home_parts import Need, Parts, parts_of
from bwt_cpd.queries.suggestions import Suggestions, suggestions_for
from courses.models import LIVE_STATES, Booking, Session
from courses.queries.registers import parts_to_mark
from courses.queries.standing import queues_of
from entitlements.durations import in_hours
from entitlements.models import AcademicYear, Claim, LedgerEntry, PlannedCredit
from entitlements.queries.standing import Standing, contracts_in, standing_of, year_on
from entitlements.queries.year import speaking
from staff.models import Contract, Person
from staff.wording import day_words, ordinal, time_range, time_words

SHOWN_NEXT = 3
SHOWN_LATEST = 3


@dataclass(frozen=True)
class Coming:
    """Something of mine to come: a booking by its next part, or a day planned by the trust."""

    on: date
    title: str
    time: str
    state: str
    state_words: str = ""
    url: str = ""
    place: str = ""
    place_icon: str = "geo-alt"


@dataclass(frozen=True)
class Home:
    """One person's first screen. `standing` None: no contract in the year (a partner's delegate).

    `answers` of the `needs` are places offered and requests for coaching, which the inbox counts too.
    """

    year: AcademicYear | None
    standing: Standing | None
    contract: Contract | None
    needs: list[Need] = field(default_factory=list)
    answers: int = 0
    parts: Parts = field(default_factory=Parts)
    coming: list[Coming] = field(default_factory=list)
    more_coming: int = 0
    suggestions: Suggestions | None = None
    open_claims: int = 0
    latest: list[LedgerEntry] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether there is something to book that would close the gap."""
        return self.suggestions is not None and bool(self.suggestions.items)

    @property
    def suggests_booking(self) -> bool:
        """Whether "Find CPD" is the one useful suggestion: nothing is booked, and nothing offered below."""
        return not self.coming and not self.fits

    @property
    def suggests_goal(self) -> bool:
        """Whether a goal is: where it is not a booking, for somebody of the trust without one."""
        return self.contract is not None and self.parts.goal is None and not self.suggests_booking


def home_of(person: Person, *, now: datetime) -> Home:
    """Everything on the page but the decisions that wait, which the frame counts.

    At most 40 queries:
    18 of courses and entitlements, and those of the parts of pathways that have anything (`parts_of`)."""
    on = timezone.localdate(now)
    year = year_on(on)
    standing, contract = None, None
    if year is not None:
        contracts = contracts_in(year, [person.pk])[person.pk]
        contract = speaking(contracts, on)
        standing = standing_of(person, year, on, contracts=contracts)
    bookings = _live_bookings(person, now)
    offers = [one for one in bookings if one.state == Booking.State.OFFERED]
    parts = parts_of(person, on)
    coming = _coming([one for one in bookings if one.state != Booking.State.OFFERED], person, now)
    return Home(
        year=year,
        standing=standing,
        contract=contract,
        needs=[*map(_offer, offers), *_questions(person), *_registers(person, now), *parts.needs],
        answers=len(offers) + parts.asked,
        parts=parts,
        coming=coming[:SHOWN_NEXT],
        more_coming=max(0, len(coming) - SHOWN_NEXT),
        suggestions=suggestions_for(person, standing, now=now),
        open_claims=Claim.objects.filter(person=person, state=Claim.State.WAITING).count(),
        latest=list(
            LedgerEntry.objects.filter(person=person, reverses__isnull=True, reversed_by__isnull=True)
            .order_by("-occurred_on", "-pk")
            .only("title", "occurred_on", "minutes")[:SHOWN_LATEST]
        ),
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
    """My bookings, and what others have planned for me, by date. Two queries."""
    queues = queues_of([one.session_id for one in bookings], person.pk)
    found = []
    for booking in bookings:
        session = booking.session
        part = next((part for part in session.parts.all() if part.ends_at > now), None)
        if part is None:
            continue
        place, of = queues.get(session.pk, (0, 0))
        is_waiting = booking.state == Booking.State.WAITING and place
        coming = Coming(
            on=timezone.localdate(part.starts_at),
            title=session.course.title,
            time=time_range(part.starts_at, part.ends_at),
            state=booking.state,
            state_words=f"{ordinal(place)} of {of} waiting" if is_waiting else "",
            url=reverse("courses:booking-detail", args=[booking.pk]),
            place=session.school.name if session.school else "Online",
            place_icon="geo-alt" if session.school else "camera-video",
        )
        found.append((part.starts_at, coming))
    days = [one for _, one in sorted(found, key=lambda pair: pair[0])]
    return sorted([*days, *_planned_days(person, now)], key=lambda one: one.on)


def _planned_days(person: Person, now: datetime) -> list[Coming]:
    """What is planned for me without a booking, such as a training day. One query."""
    planned = (
        PlannedCredit.objects.filter(
            person=person, status=PlannedCredit.Status.PLANNED, occurred_on__gte=timezone.localdate(now)
        )
        .exclude(source_key__startswith="booking:")
        .order_by("occurred_on", "pk")
    )
    return [Coming(row.occurred_on, row.title, in_hours(row.minutes), "planned") for row in planned]


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
    """Dated parts I led that are over and still to mark. One query."""
    led = Session.trainers.through.objects.filter(session=OuterRef("session"), person=person)
    parts = (
        parts_to_mark()
        .filter(Exists(led), ends_at__lte=now)
        .select_related("session__course")
        .only("number", "starts_at", "session__course__title")
        .order_by("starts_at", "pk")
    )
    return [
        Need(
            "A register to save",
            f"{part.session.course.title}, {day_words(part.starts_at)}. Whoever has no mark is not credited until then.",
            f"{reverse('courses:session-register', args=[part.session_id])}?part={part.number}",
            "card-checklist",
        )
        for part in parts
    ]
