"""What people are told about their places: a mail in words, with the calendar entry that goes with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from courses.icalendars import Method, Span, calendar_of, place_of, sequence_of, span_of, spans_of
from courses.models import Booking, Session, SessionPart
from courses.wording import worth_words
from staff.actions.messages import Letter
from staff.models import Person
from staff.wording import day_words, time_words, when


@dataclass(frozen=True)
class Kind:
    """One kind of letter. Words may name {title}, {day} and {until}; `method` says what calendars do."""

    subject: str
    title: str
    intro: str
    method: Method | None = None
    action: str = "See your booking"


KINDS = {
    "booked": Kind("Booked: {title}, {day}", "You are booked", "Your place on {title} is booked.", "REQUEST"),
    "agreed": Kind(
        "Booked: {title}, {day}",
        "Agreed and booked",
        "Your request was agreed and your place is booked.",
        "REQUEST",
    ),
    "promoted": Kind(
        "You have a place: {title}, {day}",
        "A place came free and it is yours",
        "You were first in the waiting list. If you cannot come, cancel, so that the next person can.",
        "REQUEST",
    ),
    "offered": Kind(
        "A place for you until {until}: {title}, {day}",
        "A place came free",
        "We hold it for you until {until}. Say yes or no by then; after that it goes to the next person.",
        "REQUEST",
        "Answer",
    ),
    "waiting": Kind(
        "Waiting list: {title}, {day}", "You are on the waiting list", "All places on {title} are taken."
    ),
    "requested": Kind(
        "Requested: {title}, {day}",
        "We have asked for you",
        "This session needs somebody to agree before a place is held for you. We tell you what they say.",
    ),
    "not_agreed": Kind(
        "Not agreed: {title}, {day}", "Your request was not agreed", "No place is held for you."
    ),
    "undecided": Kind(
        "Not decided in time: {title}, {day}",
        "Nobody decided in time",
        "You had asked to go to {title}. Nobody decided before the session began, so no place was held for you.",
        action="See your request",
    ),
    "lapsed": Kind(
        "Offer ran out: {title}, {day}",
        "Your offer ran out",
        "The place was held until {until} and has gone to the next person. You can ask again.",
        "CANCEL",
    ),
    "changed": Kind(
        "Changed: {title}, {day}",
        "The session has changed",
        "Please look at the new time and place.",
        "REQUEST",
    ),
    "changed_while_waiting": Kind(
        "Changed: {title}, {day}",
        "The session has changed",
        "You keep your place in the line. Leave it if this no longer suits.",
    ),
    "parts_dropped": Kind(
        "Changed: {title}, {day}", "Part of the session is off", "These dates no longer take place.", "CANCEL"
    ),
    "cancelled": Kind(
        "Cancelled: {title}, {day}", "Your booking is cancelled", "You no longer have a place.", "CANCEL"
    ),
    "left": Kind("Cancelled: {title}, {day}", "You have left the waiting list", "You are no longer waiting."),
    "session_cancelled": Kind(
        "Cancelled: {title}, {day}",
        "The session is cancelled",
        "{title} on {day} does not take place.",
        "CANCEL",
        "Find another date",
    ),
    "session_cancelled_while_waiting": Kind(
        "Cancelled: {title}, {day}",
        "The session is cancelled",
        "{title} on {day} does not take place, so nobody waits for it any more.",
        None,
        "Find another date",
    ),
}


def write(
    bookings: Iterable[Booking],
    session: Session,
    parts: Sequence[SessionPart] | Sequence[Span],
    *,
    kind: str,
    now: datetime,
    more: Sequence[str] = (),
) -> list[Letter]:
    """A letter of this kind to each of these people, once for each state of the booking.

    Reads `booking.person` and the session's course, its kind and hub, and school. `more`: further lines, such as a reason.
    """
    spans = tuple(part if isinstance(part, Span) else span_of(part) for part in parts)
    return [_letter(booking, session, spans, kind=kind, now=now, more=more) for booking in bookings]


def request_to(
    decider: Person, booking: Booking, session: Session, parts: Sequence[SessionPart], *, now: datetime
) -> Letter:
    """The letter that tells who decides that a request waits for them."""
    title, day = session.course.title, day_words(session.starts_at)
    return Letter(
        person=decider,
        kind="booking_to_agree",
        subject=f"To agree: {booking.person.full_name}, {title}, {day}",
        template="notice",
        dedupe_key=f"booking:{booking.pk}:to_agree:{decider.pk}",
        not_after=session.starts_at if session.starts_at > now else None,
        context={
            "title": f"{booking.person.full_name} asks to go",
            "intro": [f"{title} needs somebody to agree before a place is held."],
            "facts": _facts(session, spans_of(parts)),
            "action_url": "/inbox/",
            "action_words": "Decide",
        },
    )


def _letter(
    booking: Booking,
    session: Session,
    spans: Sequence[Span],
    *,
    kind: str,
    now: datetime,
    more: Sequence[str],
) -> Letter:
    words = KINDS[kind]
    ends_at = booking.offer_ends_at
    fill = {
        "title": session.course.title,
        "day": day_words(session.starts_at),
        "until": f"{day_words(ends_at)}, {time_words(ends_at)}" if ends_at else "",
    }
    is_offer = kind == "offered" and ends_at is not None
    not_after = ends_at if is_offer else session.ends_at
    calendar = (
        calendar_of([(booking, session, spans)], method=words.method, stamped_at=now) if words.method else ""
    )
    path = (
        session.course.get_absolute_url()
        if kind.startswith("session_cancelled")
        else reverse("courses:booking-detail", args=[booking.pk])
    )
    return Letter(
        person=booking.person,
        kind=f"booking_{kind}",
        subject=words.subject.format(**fill),
        template="notice",
        dedupe_key=f"booking:{booking.pk}:{kind}:{sequence_of(booking, session)}",
        not_after=not_after if not_after and not_after > now else None,
        calendar=calendar,
        calendar_method=words.method or "",
        context={
            "title": words.title,
            "intro": [words.intro.format(**fill), *more],
            "facts": _facts(session, spans),
            "action_url": path,
            "action_words": words.action,
        },
    )


def _facts(session: Session, spans: Sequence[Span]) -> list[tuple[str, str]]:
    facts = [("What", session.course.title)]
    facts += [
        ("When" if len(spans) == 1 else f"Part {span.number}", when(span.starts_at, span.ends_at))
        for span in spans
    ]
    facts.append(("Where", place_of(session)))
    if session.online_link:
        facts.append(("Link", session.online_link))
    course, days = session.course, {timezone.localdate(span.starts_at) for span in spans}
    facts.append(("Counts", worth_words(course.kind.unit, course.minutes, days=len(days))))
    return facts
