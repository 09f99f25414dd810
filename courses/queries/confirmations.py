"""One booking as its page shows it: what it is, what that means, what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from courses import rules
from courses.icalendars import place_of
from courses.models import Booking, Session, SessionPart
from courses.queries.bookings import attended_state, standing_with_reasons
from courses.rules import Standing
from courses.wording import worth_words
from staff.wording import date_words, day_words, time_words

JUST_NOW = timedelta(minutes=10)

HEADINGS = {
    "booked": "You are booked",
    "waiting": "You are on the waiting list",
    "requested": "We have asked for you",
    "offered": "A place came free for you",
    "cancelled": "This booking is cancelled",
    "declined": "Your request was not agreed",
    "lapsed": "Your offer ran out",
    "attended": "You were there",
    "part": "You were there for part of it",
    "absent": "You were marked absent",
}
CANCELLED_WORDS = {
    "waiting": "You have left the waiting list",
    "offered": "You have given the place to the next person",
    "requested": "You have withdrawn your request",
}
CANCEL_WORDS = {"waiting": "Leave the waiting list", "requested": "Withdraw the request"}
CANCEL_WORDS_OF_OTHERS = {"waiting": "Take off the waiting list", "requested": "Cancel the request"}


@dataclass(frozen=True)
class BookingPage:
    """A booking for its page. `is_own`: it is read by the person themselves; then it says "you".

    `is_for_cancelling`: the reader is one of those who may give it up. `is_for_deciding`: who decides about
    the person.
    """

    booking: Booking
    parts: list[SessionPart]
    state: str
    is_own: bool
    is_for_cancelling: bool
    is_for_deciding: bool
    standing: Standing | None
    now: datetime

    @property
    def session(self) -> Session:
        """Its session."""
        return self.booking.session

    @property
    def is_requested(self) -> bool:
        """Whether it's waiting for a decision."""
        return self.state == Booking.State.REQUESTED

    @property
    def is_booked(self) -> bool:
        """Whether there is a place, and no mark in the register yet."""
        return self.state == Booking.State.BOOKED

    @property
    def is_waiting(self) -> bool:
        """Whether it is on the waiting list."""
        return self.state == Booking.State.WAITING

    @property
    def heading(self) -> str:
        """What the state means, to its person; for another reader whose booking it is."""
        return HEADINGS[self.state] if self.is_own else f"Booking of {self.booking.person.full_name}"

    @property
    def way_back(self) -> tuple[str, str]:
        """Where the reader comes from, in words and as an address."""
        if self.is_own:
            return "My bookings", reverse("courses:booking-list")
        return (
            ("Inbox", "/inbox/")
            if self.is_for_deciding
            else ("My registers", reverse("courses:register-list"))
        )

    @property
    def answer_words(self) -> str:
        """Who is told of the decision that it waits for."""
        told = "We write" if self.is_own else f"{self.booking.person.first_name} is told"
        return f"{told} as soon as there is an answer."

    @property
    def place(self) -> str:
        """Where it is held, in words."""
        return place_of(self.session)

    @property
    def worth(self) -> str:
        """What being there counts."""
        course, days = self.session.course, {timezone.localdate(part.starts_at) for part in self.parts}
        return worth_words(course.kind.unit, course.minutes, days=len(days))

    @property
    def until(self) -> str:
        """Until when an offer is held."""
        ends_at = self.booking.offer_ends_at
        return f"{date_words(ends_at)}, {time_words(ends_at)}" if ends_at else ""

    @property
    def is_offer_open(self) -> bool:
        """Whether there is an offer that can still be answered."""
        ends_at = self.booking.offer_ends_at
        return self.booking.state == Booking.State.OFFERED and ends_at is not None and ends_at > self.now

    @property
    def may_cancel(self) -> bool:
        """Whether this reader can still give it up."""
        return self.is_for_cancelling and not rules.may_cancel(
            self.booking.state, self.session.starts_at, self.now
        )

    @property
    def is_fresh(self) -> bool:
        """Asked for a moment ago: then the way back is one press."""
        return self.is_own and self.may_cancel and self.booking.created_at > self.now - JUST_NOW

    @property
    def title_and_day(self) -> str:
        """ "Adaptive teaching, Thu 10 Dec"."""
        return f"{self.session.course.title}, {day_words(self.session.starts_at)}"

    @property
    def cancelled_words(self) -> str:
        """What is said once it was cancelled."""
        return CANCELLED_WORDS.get(self.booking.state, "Cancelled") if self.is_own else "Cancelled"

    @property
    def cancel_words(self) -> str:
        """What the button that cancels says."""
        words = CANCEL_WORDS if self.is_own else CANCEL_WORDS_OF_OTHERS
        return words.get(self.booking.state, "Cancel this booking")

    @property
    def default_reason(self) -> str:
        """The reason kept where none is given."""
        return "" if self.is_own else "Cancelled by the organiser"


def page_of(
    booking: Booking, *, is_own: bool, is_for_cancelling: bool, is_for_deciding: bool, now: datetime
) -> BookingPage:
    """The page of one booking. Two queries; three more for somebody who waits. Reads person, session, course, kind, school."""
    waits = booking.state == Booking.State.WAITING
    return BookingPage(
        booking=booking,
        parts=list(booking.session.parts.all()),
        state=attended_state(booking),
        is_own=is_own,
        is_for_cancelling=is_for_cancelling,
        is_for_deciding=is_for_deciding,
        standing=standing_with_reasons(booking, now=now, is_own=is_own) if waits else None,
        now=now,
    )
