"""Sessions as calendar entries: the invitation that travels with a mail, a download, the private feed.

Times are written in UTC, so that no calendar has to know our clock changes. One entry a dated part,
with a UID that stays; SEQUENCE only grows, which is how a calendar knows the newer of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from courses.models import Booking, Session, SessionPart
from staff.wording import one_line

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """A dated part as it goes into a calendar."""

    number: int
    starts_at: datetime
    ends_at: datetime


def span_of(part: SessionPart) -> Span:
    """A part of a session as a span."""
    return Span(part.number, part.starts_at, part.ends_at)


def spans_of(parts: Iterable[SessionPart]) -> tuple[Span, ...]:
    """The parts of a session as spans."""
    return tuple(span_of(part) for part in parts)


def calendar_of(
    entries: Iterable[tuple[Booking, Session, Sequence[Span]]],
    *,
    method: Method,
    stamped_at: datetime | None = None,
    name: str = "",
) -> str:
    """An iCalendar file of these bookings. Reads `session.course`, its hub, `session.school`, `booking.person`.

    Without `stamped_at` each entry carries the moment its booking last changed, so that an unchanged
    feed is the same to the byte. A feed has a `name`.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Brooke Weston Trust//BWT CPD//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for booking, session, spans in entries:
        for span in spans:
            stamp = stamped_at or max(booking.state_changed_at, session.created_at)
            calendar.add_component(_event(booking, session, span, of=len(spans), method=method, stamp=stamp))
    return calendar.to_ical().decode()


def sequence_of(booking: Booking, session: Session) -> int:
    """How many times this entry was changed: by the session moving, and by the booking changing state."""
    return session.calendar_sequence + booking.calendar_sequence


def uid_of(booking: Booking, number: int) -> str:
    """The name of an entry in every calendar that has it."""
    return f"booking-{booking.pk}-part-{number}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}"


def _event(
    booking: Booking, session: Session, span: Span, *, of: int, method: Method, stamp: datetime
) -> Event:
    course = session.course
    address = f"{settings.PUBLIC_URL}{course.get_absolute_url()}"
    is_over = method == "CANCEL"
    event = Event()
    event.add("uid", uid_of(booking, span.number))
    event.add("sequence", sequence_of(booking, session))
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", span.starts_at.astimezone(UTC))
    event.add("dtend", span.ends_at.astimezone(UTC))
    event.add("summary", one_line(course.title) + (f", part {span.number} of {of}" if of > 1 else ""))
    event.add("location", one_line(place_of(session)))
    event.add("description", "\n".join(filter(None, [session.online_link, address])))
    event.add("url", address)
    event.add("status", "CANCELLED" if is_over else _status(booking))
    event.add("transp", "TRANSPARENT" if is_over else "OPAQUE")
    if method != "PUBLISH":
        event.add("organizer", _organizer(session), encode=False)
        if booking.person.work_email:
            event.add("attendee", _attendee(booking), encode=False)
    return event


def place_of(session: Session) -> str:
    """ "Room 4, Oakley Vale Primary School, Corby"; online where there is no school."""
    if session.school is None:
        return session.room or "Online"
    return ", ".join(filter(None, [session.room, session.school.name, session.school.town]))


def _status(booking: Booking) -> str:
    return "CONFIRMED" if booking.state == Booking.State.BOOKED else "TENTATIVE"


def _organizer(session: Session) -> vCalAddress:
    hub = session.course.hub
    own = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    address = vCalAddress(f"mailto:{one_line(hub.contact_email or own)}")
    address.params["cn"] = vText(one_line(hub.name))
    return address


def _attendee(booking: Booking) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line(booking.person.work_email)}")
    address.params["cn"] = vText(one_line(booking.person.full_name))
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText(
        "ACCEPTED" if booking.state == Booking.State.BOOKED else "NEEDS-ACTION"
    )
    address.params["rsvp"] = vText("FALSE")
    return address
