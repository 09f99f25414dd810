"""What one person decided lately, of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.urls import reverse

from courses.models import BookingDecision
from entitlements.models import ClaimDecision
from pathways.models import CoachingAgreement, RouteDecision
from pathways.queries.requests import requests_seen_by
from staff.models import Person
from staff.wording import day_words

SHOWN_DECIDED: Final = 50
_DECISIONS: Final = ("verified", "asked", "declined")
_REQUEST_STATES: Final = {
    "supported": "supported",
    "asked": "asked",
    "declined": "declined",
    "dismissed": "declined",
    "withdrawn": "withdrawn",
    "completed": "done",
    "paused": "paused",
}


@dataclass(frozen=True)
class Decided:
    """Something this person decided, and where it can be read; no address where they may not read it any more."""

    who: str
    title: str
    state: str
    made_at: datetime
    url: str

    @property
    def is_question(self) -> bool:
        """Whether it sent the thing back with a question."""
        return self.state == "asked"


def decided_by(person: Person, on: date) -> list[Decided]:
    """The last of this person's decisions, newest first, questions asked among them. Eight queries.

    A request is linked where this person may read its case today: not after they have left the post.
    """
    claims = (
        ClaimDecision.objects.filter(actor=person, decision__in=_DECISIONS)
        .select_related("claim__person")
        .order_by("-made_at")[:SHOWN_DECIDED]
    )
    bookings = (
        BookingDecision.objects.filter(actor=person)
        .select_related("booking__person", "booking__session__course")
        .order_by("-made_at")[:SHOWN_DECIDED]
    )
    requests = (
        RouteDecision.objects.filter(actor=person)
        .exclude(capacity="requester")
        .select_related("request__person", "request__route")
        .order_by("-made_at")[:SHOWN_DECIDED]
    )
    coaching = (
        CoachingAgreement.objects.filter(coach=person, answered_at__isnull=False)
        .exclude(state=CoachingAgreement.State.WITHDRAWN)
        .select_related("coachee")
        .order_by("-answered_at")[:SHOWN_DECIDED]
    )
    readable = set(
        requests_seen_by(person, on)
        .filter(pk__in=[one.request_id for one in requests])
        .values_list("pk", flat=True)
    )
    made = [
        *(
            Decided(
                one.coachee.full_name,
                f"Coaching: {one.get_topic_display()}",
                "declined" if one.state == CoachingAgreement.State.DECLINED else "approved",
                one.answered_at,
                reverse("pathways:coaching-agreement", args=[one.pk]),
            )
            for one in coaching
            if one.answered_at
        ),
        *(
            Decided(
                one.request.person.full_name,
                f"Request: {one.request.route.title}",
                _REQUEST_STATES.get(one.step, "approved"),
                one.made_at,
                reverse("pathways:request-detail", args=[one.request_id])
                if one.request_id in readable
                else "",
            )
            for one in requests
        ),
        *(
            Decided(
                one.claim.person.full_name,
                f"Claim: {one.claim.title}",
                one.decision,
                one.made_at,
                reverse("entitlements:claim-detail", args=[one.claim_id]),
            )
            for one in claims
        ),
        *(
            Decided(
                one.booking.person.full_name,
                f"Place: {one.booking.session.course.title}, {day_words(one.booking.session.starts_at)}",
                "approved" if one.is_agreed else "declined",
                one.made_at,
                reverse("courses:booking-detail", args=[one.booking_id]),
            )
            for one in bookings
        ),
    ]
    return sorted(made, key=lambda one: one.made_at, reverse=True)[:SHOWN_DECIDED]
