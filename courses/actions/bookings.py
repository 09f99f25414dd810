"""Asking for a place, and giving it up. Every write runs under the locks of `courses.actions.places`."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.urls import reverse

from courses import rules
from courses.actions import letters
from courses.actions.changes import Changes
from courses.actions.places import (
    count_places,
    fill_all,
    lock_person,
    lock_sessions,
    persistently,
    take_place,
)
from courses.models import LIVE_STATES, Booking, BookingDecision, Session, SessionPart
from courses.queries.facts import HOLDING_STATES, booker_of, live_times, occasion_of, sessions_waited_for
from courses.queries.standing import standing_of
from staff.models import Person
from staff.queries.deciders import deciders_for, first_asked, may_decide_about
from staff.refusals import ActionRefused
from staff.wording import date_words, time_words

STATE = Booking.State

IS_BOOKED = "This place is booked. If you cannot come, cancel the booking."
NO_PLACE_ON_OFFER = "There is no place on offer for you here any more."
NOT_YOURS_TO_DECIDE = "Somebody else has to decide about this."
DECIDED_ALREADY = "This request no longer waits for a decision."
REASON_NEEDED = "Say why not: the person reads it."


def book(
    *, person: Person, session_id: int, by: Person | None, now: datetime, seen: Session | None = None
) -> Booking:
    """Ask for a place: requested where somebody has to agree, booked if there is a place, else waiting.

    Asking again before the session is over gives the live booking that is there. `seen`: the session with its course, kind, hub and
    school as the door has just read it, so that it need not be read again. Raises ActionRefused when the session is not
    open to this person now, or overlaps with a place they have (then with a link to it);
    Session.DoesNotExist.
    """
    reads = iter([seen] if seen else [])
    try:
        return persistently(
            lambda changes: _book(person, next(reads, None) or _read(session_id), by, changes), now=now
        )
    except IntegrityError:
        # Written past the person's lock, by an import or by hand: the live one is the answer.
        return Booking.objects.get(session_id=session_id, person=person, state__in=LIVE_STATES)


def _read(session_id: int) -> Session:
    return Session.objects.select_related("course__kind", "course__hub", "school").get(pk=session_id)


def _book(person: Person, session: Session, by: Person | None, changes: Changes) -> Booking:
    """`session` is as it was before the locks; if it has changed since, `take_place` starts again."""
    lock_person(person.pk)
    live = live_times(person.pk, now=changes.now)
    for _, time in live:
        if time.session_id == session.pk:
            return Booking.objects.get(pk=time.booking_id)
    parts = list(session.parts.all())
    held = [time for state, time in live if state in HOLDING_STATES]
    booker = booker_of(person, now=changes.now, held=held)
    verdict = rules.may_book(occasion_of(session, parts), booker, changes.now)
    if not verdict.is_allowed:
        raise refusal_of(verdict)
    return _write(person, session, parts, by, changes)


def _write(
    person: Person, session: Session, parts: list[SessionPart], by: Person | None, changes: Changes
) -> Booking:
    taken = take_place(session)
    booking = Booking.objects.create(
        session=session,
        person=person,
        state=taken.state,
        position=taken.position,
        created_at=changes.now,
        state_changed_at=changes.now,
        state_changed_by=by,
    )
    more: list[str] = []
    if taken.state == STATE.BOOKED:
        changes.plan([booking], session, parts)
    elif taken.state == STATE.WAITING:
        more = [standing_of(booking, session).sentence]
    else:
        for one in first_asked(deciders_for([person.pk], changes.today)[person.pk]):
            changes.post(letters.request_to(one.person, booking, session, parts, now=changes.now))
    changes.tell([booking], session, parts, kind=str(taken.state), more=more)
    return booking


def cancel_booking(*, booking_id: int, by: Person | None, now: datetime, reason: str = "") -> Booking:
    """Give up a place, an offer, a request or a wait; a place goes to the next in the same transaction.

    One that is over already is left as it is. Raises ActionRefused once a booked session has begun.
    """
    return persistently(lambda changes: _end(booking_id, by, reason, changes), now=now)


def decline_offer(*, booking_id: int, by: Person | None, now: datetime) -> Booking:
    """Say no to an offered place; it goes to the next in line. Said twice it is the same.

    Raises ActionRefused when the place is booked already.
    """

    def run(changes: Changes) -> Booking:
        if Booking.objects.filter(pk=booking_id, state=STATE.BOOKED).exists():
            raise ActionRefused(IS_BOOKED)
        return _end(booking_id, by, "Offer not taken up", changes)

    return persistently(run, now=now)


def _end(booking_id: int, by: Person | None, reason: str, changes: Changes) -> Booking:
    found = Booking.objects.only("session_id", "person_id", "state").get(pk=booking_id)
    # Whoever gives up a time may now take a place they wait for at that time elsewhere.
    elsewhere = sessions_waited_for([found.person_id], now=changes.now) if found.is_live else []
    sessions = lock_sessions({found.session_id, *elsewhere})
    session = sessions[found.session_id]
    booking = Booking.objects.select_related("person").get(pk=booking_id)
    if not booking.is_live:
        return booking
    if refused := rules.may_cancel(booking.state, session.starts_at, changes.now):
        raise ActionRefused(refused)
    parts = list(session.parts.all())
    before = booking.state
    _change(booking, STATE.CANCELLED, by=by, now=changes.now, reason=reason, is_for_calendars=True)
    release([booking], [before], session, parts, changes)
    kind = "cancelled" if before in HOLDING_STATES else "left"
    changes.tell(
        [booking], session, parts, kind=kind, more=[reason] if reason and by != booking.person else []
    )
    fill_all(sessions.values(), changes)
    return booking


def release(
    bookings: list[Booking], before: list[str], session: Session, parts: list[SessionPart], changes: Changes
) -> None:
    """Give back what these bookings held before: the counters of the locked session and the planned credits."""
    booked = [booking for booking, state in zip(bookings, before, strict=True) if state == STATE.BOOKED]
    count_places(session, booked=-len(booked), offered=-before.count(STATE.OFFERED))
    changes.unplan(booked, [part.number for part in parts])


def accept_offer(*, booking_id: int, by: Person | None, now: datetime) -> Booking:
    """Say yes to an offered place: it is booked. Said twice it is the same.

    Raises ActionRefused after the deadline, and where no place is on offer.
    """
    return persistently(lambda changes: _accept(booking_id, by, changes), now=now)


def _accept(booking_id: int, by: Person | None, changes: Changes) -> Booking:
    found = Booking.objects.only("session_id").get(pk=booking_id)
    session = lock_sessions([found.session_id])[found.session_id]
    booking = Booking.objects.select_related("person").get(pk=booking_id)
    if booking.state == STATE.BOOKED:
        return booking
    ended = booking.offer_ends_at
    if ended and (booking.state == STATE.LAPSED or (booking.state == STATE.OFFERED and ended <= changes.now)):
        raise ActionRefused(f"The offer ran out on {date_words(ended)} at {time_words(ended)}.")
    if booking.state != STATE.OFFERED:
        raise ActionRefused(NO_PLACE_ON_OFFER)
    parts = list(session.parts.all())
    _change(booking, STATE.BOOKED, by=by, now=changes.now, is_for_calendars=True)
    count_places(session, booked=1, offered=-1)
    changes.plan([booking], session, parts)
    changes.tell([booking], session, parts, kind="booked")
    return booking


def decide_request(
    *, booking_id: int, by: Person, is_agreed: bool, reason: str = "", now: datetime
) -> Booking:
    """Agree to a requested booking, or not: agreed it gets a place, or waits by its place in the asking.

    Leaves a row that says who decided, when and why. The same decision again changes nothing. Raises
    ActionRefused for somebody who may not decide about this person, never oneself; without a reason
    for a no; where it was decided otherwise; and where the person has taken another place at that time.
    """
    return persistently(lambda changes: _decide(booking_id, by, is_agreed, reason.strip(), changes), now=now)


def _decide(booking_id: int, by: Person, is_agreed: bool, reason: str, changes: Changes) -> Booking:
    found = Booking.objects.only("session_id", "person_id").get(pk=booking_id)
    lock_person(found.person_id)
    session = lock_sessions([found.session_id])[found.session_id]
    booking = Booking.objects.select_related("person").get(pk=booking_id)
    if not may_decide_about(by, booking.person, changes.today):
        raise ActionRefused(NOT_YOURS_TO_DECIDE)
    made = booking.decisions.first()
    if made and made.is_agreed == is_agreed:
        return booking
    if made or booking.state != STATE.REQUESTED:
        raise ActionRefused(DECIDED_ALREADY)
    if not is_agreed and not reason:
        raise ActionRefused(REASON_NEEDED)
    if session.starts_at <= changes.now:
        raise ActionRefused("The session has begun.")
    BookingDecision.objects.create(
        booking=booking,
        requester=booking.person,
        actor=by,
        is_agreed=is_agreed,
        reason=reason,
        made_at=changes.now,
    )
    return (
        _agree(booking, session, by, changes)
        if is_agreed
        else _not_agreed(booking, session, by, reason, changes)
    )


def _not_agreed(booking: Booking, session: Session, by: Person, reason: str, changes: Changes) -> Booking:
    _change(booking, STATE.DECLINED, by=by, now=changes.now, reason=reason)
    changes.tell([booking], session, list(session.parts.all()), kind="not_agreed", more=[reason])
    return booking


def has_place_then(person: Person, clash: rules.HeldTime) -> str:
    """Why a request cannot be agreed: they have taken another place meanwhile."""
    return f"{person.full_name} now has a place at that time: {clash.words}."


def _agree(booking: Booking, session: Session, by: Person, changes: Changes) -> Booking:
    parts = list(session.parts.all())
    person = booker_of(booking.person, now=changes.now)
    if clash := rules.clash_of(session.pk, [(part.starts_at, part.ends_at) for part in parts], person.held):
        raise ActionRefused(has_place_then(booking.person, clash))
    if session.places_left > 0:
        _change(booking, STATE.BOOKED, by=by, now=changes.now)
        count_places(session, booked=1)
        changes.plan([booking], session, parts)
        changes.tell([booking], session, parts, kind="agreed")
        return booking
    _change(booking, STATE.WAITING, by=by, now=changes.now)
    more = ["Your request was agreed.", standing_of(booking, session).sentence]
    changes.tell([booking], session, parts, kind="waiting", more=more)
    return booking


def _change(
    booking: Booking,
    state: str,
    *,
    by: Person | None,
    now: datetime,
    reason: str = "",
    is_for_calendars: bool = False,
) -> None:
    """Write the new state with who, when and why; `is_for_calendars` makes it newer than what was sent."""
    booking.state, booking.state_changed_at, booking.state_changed_by = state, now, by
    booking.state_reason = reason[:300]
    booking.calendar_sequence += is_for_calendars
    booking.save(
        update_fields=["state", "state_changed_at", "state_changed_by", "state_reason", "calendar_sequence"]
    )


def refusal_of(verdict: rules.Verdict) -> ActionRefused:
    """The refusal that says a verdict, with the way to what clashes."""
    if verdict.clash is None:
        return ActionRefused(verdict.sentence)
    link = reverse("courses:booking-detail", args=[verdict.clash.booking_id])
    return ActionRefused(verdict.sentence, link=link, link_label="See that booking")
