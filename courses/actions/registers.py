"""The register: who was there, part by part; each mark is a credit of the ledger at once (R8, R9, R14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from courses import rules
from courses.actions.changes import Changes, day_of, lock_people
from courses.actions.credits import (
    credit_of,
    creditable,
    minutes_by_day,
    planned_key,
    register_key,
)
from courses.actions.places import count_places, lock_person, lock_sessions, persistently, take_number
from courses.models import LIVE_STATES, Attendance, Booking, Session, SessionPart
from courses.queries.leading import runs_session
from entitlements.actions.ledger import credit_many, reverse_many, unplan_many
from entitlements.models import LedgerEntry
from staff.models import Contract, Person
from staff.refusals import ActionRefused
from staff.wording import when

MARK = Attendance.Mark
COUNTING = (MARK.PRESENT, MARK.PART)

KEPT_BY_OTHERS = "The trainers, the hub's lead and the people team keep this register."
LIST_HAS_CHANGED = "Somebody on this list no longer has a place. Open the register again."
TOO_EARLY_TO_ADD = "People are added at the door from the day of the session on."


@dataclass(frozen=True)
class Mark:
    """What the register should say of one booking: present, part (with minutes), absent or unmarked."""

    mark: str
    minutes: int | None = None


UNMARKED = Mark("unmarked")


@dataclass(frozen=True)
class Saved:
    """What a save did: how many marks it changed, and what they were before, by booking, for the undo."""

    changed: int
    before: dict[int, Mark]


def mark_register(
    *, session_id: int, part_id: int, marks: Mapping[int, Mark], by: Person | None, now: datetime
) -> Saved:
    """Write these marks of one part, credit those who were there and reverse what no longer holds.

    `marks` by booking id; those not named stay as they are, and the same again changes nothing. Each
    change of a credited mark is a revision of its own in the ledger. A fixed number of statements
    whatever the length of the list. Raises ActionRefused, nothing written, for somebody who does not
    run the session, before the part begins, on a cancelled session, for a booking that is not on the
    list, and for minutes beyond the part.
    """
    return persistently(lambda changes: _mark(session_id, part_id, marks, by, changes), now=now)


def _mark(
    session_id: int, part_id: int, marks: Mapping[int, Mark], by: Person | None, changes: Changes
) -> Saved:
    session = lock_sessions([session_id])[session_id]
    part = session.parts.get(pk=part_id)
    _may_mark(session, part, by, changes)
    bookings = {
        booking.pk: booking
        for booking in Booking.objects.filter(session=session, pk__in=marks, state=Booking.State.BOOKED)
    }
    _check(marks, bookings, part)
    rows = {row.booking_id: row for row in Attendance.objects.filter(part=part, booking__in=bookings)}
    before = {pk: Mark(rows[pk].mark, rows[pk].minutes) if pk in rows else UNMARKED for pk in marks}
    changed = {pk: mark for pk, mark in marks.items() if mark != before[pk]}
    if changed:
        _credit(
            session,
            part,
            [bookings[pk] for pk in changed],
            changes,
            before=before,
            marks=changed,
            rows=rows,
            by=by,
        )
    if changed or session.register_saved_at is None:
        count_places(session, register_saved_at=changes.now)
    return Saved(len(changed), {pk: before[pk] for pk in changed})


def opens_with(part: SessionPart) -> str:
    """Why no one can be marked before the session begins."""
    return f"The register opens when the session begins: {when(part.starts_at, part.ends_at)}."


def _may_mark(session: Session, part: SessionPart, by: Person | None, changes: Changes) -> None:
    if not runs_session(by, session, changes.today):
        raise ActionRefused(KEPT_BY_OTHERS)
    if session.status == Session.Status.CANCELLED:
        raise ActionRefused("This session was cancelled: there is no register.")
    if changes.now < part.starts_at:
        raise ActionRefused(opens_with(part))


def _check(marks: Mapping[int, Mark], bookings: Mapping[int, Booking], part: SessionPart) -> None:
    if marks.keys() - bookings.keys():
        raise ActionRefused(LIST_HAS_CHANGED)
    for mark in marks.values():
        if mark.mark not in MARK.values:
            raise ActionRefused("A mark is here, part or absent.")
        if mark.mark == MARK.PART and (refused := rules.minutes_refused(mark.minutes, part.minutes)):
            raise ActionRefused(refused)
        if mark.mark != MARK.PART and mark.minutes is not None:
            raise ActionRefused("Minutes go with attendance in part only.")


def _credit(
    session: Session,
    part: SessionPart,
    bookings: Sequence[Booking],
    changes: Changes,
    *,
    before: Mapping[int, Mark],
    marks: Mapping[int, Mark],
    rows: Mapping[int, Attendance],
    by: Person | None,
) -> None:
    """Reverse what stood, credit what stands now, keep what is planned in step, write the marks."""
    today = changes.today
    lock_people([booking.person_id for booking in bookings])
    revision = {booking.pk: rows[booking.pk].revision if booking.pk in rows else 0 for booking in bookings}
    stood = [register_key(pk, part.number, revision[pk]) for pk in revision if before[pk].mark in COUNTING]
    if stood:
        entries = list(LedgerEntry.objects.filter(source_key__in=stood))
        reverse_many(entries, reason="The register was changed", by=by, today=today)
    credits = []
    elsewhere, days = _elsewhere(session, part, bookings), minutes_by_day(session)
    for booking in bookings:
        mark = marks[booking.pk]
        if mark.mark in COUNTING:
            revision[booking.pk] += 1
            key = register_key(booking.pk, part.number, revision[booking.pk])
            one = credit_of(booking, session, part, days, source_key=key, minutes=mark.minutes)
            credits.append(replace(one, is_flagged=booking.person_id in elsewhere))
    unplan_many([planned_key(pk, part.number) for pk in revision if marks[pk] != UNMARKED], today=today)
    credit_many(creditable(credits, session), by=by, today=today)
    open_again = [booking for booking in bookings if marks[booking.pk] == UNMARKED]
    changes.plan(open_again, session, [part], status="attended")
    Attendance.objects.bulk_create(
        [
            Attendance(
                booking_id=pk,
                part=part,
                mark=marks[pk].mark,
                minutes=marks[pk].minutes,
                revision=revision[pk],
                marked_by=by,
                marked_at=changes.now,
            )
            for pk in revision
        ],
        update_conflicts=True,
        unique_fields=["booking", "part"],
        update_fields=["mark", "minutes", "revision", "marked_by", "marked_at"],
    )


def _elsewhere(session: Session, part: SessionPart, bookings: Sequence[Booking]) -> set[int]:
    """Those of these people whom another session's register has at this time: both count, this one is flagged (R15)."""
    return set(
        Attendance.objects.filter(
            booking__person__in=[booking.person_id for booking in bookings],
            mark__in=COUNTING,
            part__starts_at__lt=part.ends_at,
            part__ends_at__gt=part.starts_at,
        )
        .exclude(part__session=session)
        .values_list("booking__person", flat=True)
    )


def all_taken(places: int) -> str:
    """Why no one can be added to a full session."""
    return f"All {places} places are taken. Add a place to let them in."


def no_contract_then(person: Person) -> str:
    """Why a person who doesn't work here on the day of the session can't be added."""
    return f"{person.full_name} has no contract with the trust on that day."


def add_at_the_door(
    *, session_id: int, person: Person, by: Person | None, now: datetime, adds_place: bool = False
) -> Booking:
    """Put somebody who came without a booking on the list, from the day of the session on.

    Takes a free place; with `adds_place` a full session gets one more. Somebody who waits or was
    offered a place gets it now; somebody booked is left as they are. Raises ActionRefused when it is
    full, on an earlier day, for somebody without a contract and not of a partner trust, and for
    somebody who does not run the session.
    """
    return persistently(lambda changes: _add(session_id, person, by, changes, adds_place=adds_place), now=now)


def _add(
    session_id: int, person: Person, by: Person | None, changes: Changes, *, adds_place: bool
) -> Booking:
    lock_person(person.pk)
    session = lock_sessions([session_id])[session_id]
    _may_add(session, person, by, changes.today)
    live = Booking.objects.select_related("person").filter(
        session=session, person=person, state__in=LIVE_STATES
    )
    booking = live.first()
    if booking is not None and booking.state == Booking.State.BOOKED:
        return booking
    has_offer = booking is not None and booking.state == Booking.State.OFFERED
    if session.places_left <= 0 and not has_offer:
        if not adds_place:
            raise ActionRefused(all_taken(session.capacity))
        count_places(session, capacity=session.capacity + 1)
    count_places(session, booked=1, offered=-1 if has_offer else 0)
    if booking is None:
        booking = Booking(
            session=session, person=person, position=take_number(session), created_at=changes.now
        )
    booking.state, booking.state_changed_at, booking.state_changed_by = Booking.State.BOOKED, changes.now, by
    booking.state_reason = "Came to the door"
    booking.save()
    changes.plan([booking], session, list(session.parts.all()), status="attended")
    return booking


def _may_add(session: Session, person: Person, by: Person | None, today: date) -> None:
    if not runs_session(by, session, today):
        raise ActionRefused(KEPT_BY_OTHERS)
    if session.status == Session.Status.CANCELLED:
        raise ActionRefused("This session was cancelled: there is no register.")
    on = day_of(session.starts_at)
    if today < on:
        raise ActionRefused(TOO_EARLY_TO_ADD)
    employed = Contract.objects.in_force(on).filter(person=person).exists()
    if not employed and person.partner_id is None:
        raise ActionRefused(no_contract_then(person))
