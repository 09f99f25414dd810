"""The booking panel of a session: what this person may do there, and why (`courses/_session_booking.html`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses import rules
from courses.models import LIVE_STATES, Booking, Session
from courses.queries.facts import booker_of, occasion_of
from courses.queries.standing import queues_of
from courses.rules import Employment, Standing, Verdict
from staff.models import Person
from staff.wording import day_words

NO_RECORD = Verdict(False, "no_record", "This sign-in has no staff record, so it cannot book.")


@dataclass(frozen=True)
class Panel:
    """One session for one person. `booking` is their live one; `waiting` counts the whole queue.

    `verdict` says whether they may ask for a place, `standing` where they stand if they wait.
    """

    session: Session
    booking: Booking | None
    verdict: Verdict
    standing: Standing | None
    waiting: int
    now: datetime

    @property
    def may_ask(self) -> bool:
        """Whether the button is shown."""
        return self.booking is None and self.verdict.is_allowed

    @property
    def asks_for(self) -> str:
        """What asking would give: requested, booked or waiting."""
        session = self.session
        return rules.state_on_asking(needs_approval=session.needs_approval, places_left=session.places_left)

    @property
    def asks_manager(self) -> bool:
        """Whether the booking needs approval first."""
        return self.asks_for == Booking.State.REQUESTED

    @property
    def asks_to_wait(self) -> bool:
        """Whether asking only gives a place on the waiting list."""
        return self.asks_for == Booking.State.WAITING

    @property
    def button_words(self) -> str:
        """ "Book Wed 27 Jan", "Ask for Wed 27 Jan", "Join the waiting list for Wed 27 Jan"."""
        verb = {"booked": "Book", "requested": "Ask for", "waiting": "Join the waiting list for"}[
            self.asks_for
        ]
        return f"{verb} {day_words(self.session.starts_at)}"

    @property
    def may_cancel(self) -> bool:
        """Whether the way out is shown."""
        return self.booking is not None and not rules.may_cancel(
            self.booking.state, self.session.starts_at, self.now
        )

    @property
    def is_offer_open(self) -> bool:
        """Whether there is an offer that can still be answered."""
        booking = self.booking
        return bool(
            booking
            and booking.state == Booking.State.OFFERED
            and booking.offer_ends_at
            and booking.offer_ends_at > self.now
        )


def booking_panels(
    person: Person | None,
    sessions: Sequence[Session],
    *,
    now: datetime,
    employments: tuple[Employment, ...] | None = None,
) -> dict[int, Panel]:
    """The panel of each session, by session id; `person` None is an administrator without a staff record.

    At most four queries however many sessions: contracts, times held, and, only where the sessions do
    not bring them as attributes `mine` and `waiting`, the person's bookings and the queues; contracts
    only where `employments` does not bring them. Reads
    `course`, `school` and `parts` of each session: load them with the sessions.
    """
    if person is None:
        return {
            one.pk: Panel(one, None, NO_RECORD, None, getattr(one, "waiting", 0), now) for one in sessions
        }
    mine = _mine(person, sessions)
    booker = booker_of(person, now=now, employments=employments)
    waits = any(booking.state == Booking.State.WAITING for booking in mine.values())
    brings_counts = all(hasattr(one, "waiting") for one in sessions)
    queues = {} if brings_counts and not waits else queues_of([one.pk for one in sessions], person.pk)
    panels = {}
    for session in sessions:
        occasion, booking = occasion_of(session), mine.get(session.pk)
        place, of = queues.get(session.pk, (0, getattr(session, "waiting", 0)))
        standing = None
        if booking is not None and booking.state == Booking.State.WAITING:
            standing = rules.standing(
                place=place,
                of=of,
                asked_at=booking.created_at,
                offer_hours=session.offer_hours,
                obstacle=rules.may_have_freed_place(occasion, booker),
            )
        panels[session.pk] = Panel(session, booking, rules.may_book(occasion, booker, now), standing, of, now)
    return panels


def _mine(person: Person, sessions: Sequence[Session]) -> dict[int, Booking]:
    if all(hasattr(one, "mine") for one in sessions):
        return {one.pk: mine[0] for one in sessions if (mine := getattr(one, "mine", None))}
    found = Booking.objects.filter(person=person, session__in=sessions, state__in=LIVE_STATES)
    return {booking.session_id: booking for booking in found}
