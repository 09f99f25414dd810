"""The inbox: every decision that waits for one person, the longest waiting first.

Whoever is nearest is asked: the line managers of somebody's contracts and their stand-ins. Headteacher
and people team are asked where there is no line manager at work, for a claim that has waited as long as
the policy allows (R9), and for a place that has waited a week or whose session is near. They may still decide about everything they are responsible for: that
is the second list, "all".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from courses.models import Booking, Session
from courses.queries.bookings import bookings_waiting_for, is_pressing
from entitlements.models import Claim
from entitlements.queries.claims import claim_amount, claims_waiting_for
from entitlements.queries.claims_plain import plain_among
from entitlements.queries.escalation import is_escalated
from entitlements.queries.standing import Standing, contracts_in, standing_of, year_on
from entitlements.queries.year import speaking
from pathways.models import CoachingAgreement, RouteRequest
from pathways.queries.coaching import asked_of
from pathways.queries.request_deciders import requests_open_to
from pathways.queries.requests_waiting import requests_waiting_for
from staff.clock import PortalNow
from staff.models import Contract, Delegation, Person, Responsibility, User
from staff.queries.deciders import not_left
from staff.queries.prepared import Prepared
from staff.wording import counted, day_words, time_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SHOWN_TOGETHER: Final = 50
CLAIM, BOOKING, OFFER, REQUEST, COACHING = "claims", "bookings", "offers", "requests", "coaching"


@dataclass(frozen=True)
class Item:
    """One line of the inbox. `what` with `pk` says which page it opens."""

    what: str
    pk: int
    who: str
    title: str
    note: str
    since: datetime
    is_late: bool = False

    @property
    def url(self) -> str:
        """Where it is decided."""
        return reverse(
            {
                CLAIM: "inbox-claim",
                BOOKING: "inbox-booking",
                OFFER: "inbox-offer",
                REQUEST: "inbox-request",
                COACHING: "inbox-coaching",
            }[self.what],
            args=[self.pk],
        )


def count_waiting(user: User, *, on: date) -> int:
    """How many decisions wait for this person, for the count beside Inbox. One query.

    Whoever decides about nobody has only what they are asked themselves, places and coaching:
    `queries.frame` counts those.
    """
    return 0 if user.person_id is None else _WAITING.count(user.person_id, on)


def items_for(person: Person, on: date, *, shows_all: bool = False) -> list[Item]:
    """The inbox of one person, the longest waiting first; `shows_all` adds what others are nearer to.

    Five queries; with `shows_all` some more, however many there are.
    """
    if shows_all:
        claims, bookings = claims_waiting_for(person, on), bookings_waiting_for(person, on)
        requests = requests_open_to(person, on)
    else:
        requests = list(requests_waiting_for(person.pk, on).select_related("person", "route"))
        claims = _claims(person.pk, on).select_related("person", "kind")
        bookings = _bookings(person.pk, on).select_related("person", "session__course__kind")
    offers = offers_to(person.pk).select_related("session__course")
    items = [
        *(_claim_item(one) for one in claims.annotate(is_late=is_escalated(on))),
        *(_booking_item(one) for one in bookings.annotate(is_late=is_pressing(on))),
        *(_offer_item(one) for one in offers),
        *(_request_item(one, on) for one in requests),
        *(_coaching_item(one) for one in asked_of(person)),
    ]
    return sorted(items, key=lambda item: (item.since, item.what, item.pk))


def offers_to(person_id: int) -> QuerySet[Booking]:
    """Places offered to this person that can still be answered."""
    return Booking.objects.filter(
        person=person_id,
        state=Booking.State.OFFERED,
        offer_ends_at__gt=PortalNow(),
        session__status=Session.Status.SCHEDULED,
    )


def plain_claims(person: Person, on: date) -> list[Claim]:
    """Those of the reader's own list that may be verified together, the longest waiting first. Five queries."""
    waiting = _claims(person.pk, on).select_related("person", "kind").order_by("waiting_since_at", "pk")
    return plain_among(list(waiting[:SHOWN_TOGETHER]))


@dataclass(frozen=True)
class Opened:
    """What stands open beside the list: one of these."""

    claim: Claim | None = None
    booking: Booking | None = None
    asked: RouteRequest | None = None
    coaching: CoachingAgreement | None = None

    @property
    def person(self) -> Person | None:
        """Whom a decision is about whose figures the decider may see: not who asks for coaching."""
        about = self.claim or self.booking or self.asked
        return about.person if about else None


def opened(item: Item, person: Person) -> Opened:
    """What an item of the reader's own list is about, with what its page shows. One query."""
    if item.what == CLAIM:
        return Opened(claim=Claim.objects.select_related("person", "kind").get(pk=item.pk))
    if item.what == REQUEST:
        return Opened(asked=RouteRequest.objects.select_related("person", "route").get(pk=item.pk))
    if item.what == COACHING:
        return Opened(coaching=asked_of(person).get(pk=item.pk))
    bookings = Booking.objects.select_related(
        "person", "session__course__hub", "session__course__kind", "session__school"
    )
    return Opened(booking=bookings.get(pk=item.pk))


def asker_today(person: Person, on: date) -> tuple[Standing | None, Contract | None]:
    """Where somebody stands who asks for a decision, and the contract that says who they are. Four queries at most."""
    year = year_on(on)
    if year is None:
        return None, None
    contracts = contracts_in(year, [person.pk])[person.pk]
    return standing_of(person, year, on, contracts=contracts), speaking(contracts, on)


def lead_words(items: Sequence[Item], on: date, *, shows_all: bool = False) -> str:
    """ "3 need a decision from you. The oldest has waited 4 days."."""
    if not items:
        return "Nothing waits for you"
    days = (on - timezone.localdate(items[0].since)).days
    waited = "came today" if not days else f"has waited {counted(days, 'day')}"
    needs = "needs" if len(items) == 1 else "need"
    whose = "a decision from you or somebody nearer" if shows_all else "a decision from you"
    return f"{len(items)} {needs} {whose}. The oldest {waited}."


def _claims(person_id: int, on: date) -> QuerySet[Claim]:
    return Claim.objects.filter(_for_me(person_id, on, is_escalated(on)), state=Claim.State.WAITING)


def _bookings(person_id: int, on: date) -> QuerySet[Booking]:
    return Booking.objects.filter(
        _for_me(person_id, on, is_pressing(on)),
        state=Booking.State.REQUESTED,
        session__status=Session.Status.SCHEDULED,
        session__starts_at__date__gte=on,
    )


def _for_me(person_id: int, on: date, escalated: Q | None = None) -> Q:
    """Filter of rows with a `person`: those for which this person is asked first (see above).

    The same persons as `staff.queries.deciders`, in one condition, since every page counts by it.
    """
    given = Delegation.objects.in_force(on).filter(not_left(on, "from_person"), to_person=person_id)
    actors = Person.objects.filter(
        Q(pk=person_id) & not_left(on) | Q(pk__in=given.values("from_person"))
    ).values("pk")
    contracts = Contract.objects.in_force(on).filter(person=OuterRef("person"))
    managed = contracts.filter(not_left(on, "line_manager"), line_manager__isnull=False)
    held = Responsibility.objects.in_force(on).filter(person__in=actors).exclude(person=OuterRef("person"))
    at_my_school = held.filter(
        kind="headteacher",
        school__in=Contract.objects.in_force(on).filter(person=OuterRef(OuterRef("person"))).values("school"),
    )
    everybody = held.filter(kind="people_team", school__isnull=True)
    is_asked_next = Q(~Exists(managed))
    if escalated is not None:
        is_asked_next |= escalated
    is_mine = Exists(contracts.filter(line_manager__in=actors).exclude(line_manager=F("person"))) | (
        is_asked_next & (Q(Exists(at_my_school)) | Q(Exists(everybody)))
    )
    return Q(is_mine) & ~Q(person=person_id)


def _all_waiting(person_id: int, on: date) -> QuerySet[Model, object]:
    """The keys of everything in somebody's own list."""
    claims = _claims(person_id, on).order_by().values("pk")
    bookings = _bookings(person_id, on).order_by().values("pk")
    requests = requests_waiting_for(person_id, on).order_by().values("pk")
    return claims.union(
        bookings, requests, offers_to(person_id).order_by().values("pk"), _coaching(person_id), all=True
    )


def _to_answer(person_id: int, on: date) -> QuerySet[Model, object]:
    """What is asked of the person themselves: places offered, coaching."""
    return offers_to(person_id).order_by().values("pk").union(_coaching(person_id), all=True)


def _coaching(person_id: int) -> QuerySet[Model, object]:
    asked = CoachingAgreement.objects.filter(coach=person_id, state=CoachingAgreement.State.ASKED)
    return asked.order_by().values("pk")


_WAITING: Final = Prepared(_all_waiting)
TO_ANSWER: Final = Prepared(_to_answer)


class _Late(TypedDict):
    """What the inbox reads with each row."""

    is_late: bool


def _claim_item(claim: WithAnnotations[Claim, _Late]) -> Item:
    note = "Evidence attached" if claim.evidence else f"From {day_words(claim.occurred_on)}"
    return Item(
        CLAIM,
        claim.pk,
        claim.person.full_name,
        f"Claim: {claim.title}, {claim_amount(claim)}",
        note,
        claim.waiting_since_at,
        is_late=claim.is_late,
    )


def _booking_item(booking: WithAnnotations[Booking, _Late]) -> Item:
    course = booking.session.course
    return Item(
        BOOKING,
        booking.pk,
        booking.person.full_name,
        f"Place: {course.title}",
        f"{day_words(booking.session.starts_at)}, {course.worth}",
        booking.created_at,
        is_late=booking.is_late,
    )


def _offer_item(booking: Booking) -> Item:
    ends = booking.offer_ends_at
    note = f"Answer by {day_words(ends)}, {time_words(ends)}" if ends else ""
    title = f"{booking.session.course.title}, {day_words(booking.session.starts_at)}"
    return Item(OFFER, booking.pk, "A place for you", title, note, booking.state_changed_at)


def _request_item(request: RouteRequest, on: date) -> Item:
    is_late = request.due_on is not None and on > request.due_on
    due = f"Decide by {day_words(request.due_on)}" if request.due_on else request.get_state_display()
    return Item(
        REQUEST,
        request.pk,
        request.person.full_name,
        f"Request: {request.route.title}",
        "A decision is overdue" if is_late else due,
        request.state_since_at,
    )


def _coaching_item(agreement: CoachingAgreement) -> Item:
    return Item(
        COACHING,
        agreement.pk,
        agreement.coachee.full_name,
        f"Coaching: {agreement.get_topic_display()}",
        f"{counted(agreement.meetings_planned, 'meeting')}, with you as the coach",
        agreement.asked_at,
    )
