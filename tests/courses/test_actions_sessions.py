"""Changing a session that people have places on: `courses.actions.sessions`."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from courses.actions import sessions
from courses.actions.bookings import book
from courses.actions.registers import Mark, mark_register
from courses.actions.sessions import PartTimes, cancel_session, change_capacity, change_session
from courses.models import Booking, Session
from entitlements.models import PlannedCredit
from staff.models import Message
from staff.refusals import ActionRefused
from tests.factories.courses import SessionFactory
from tests.factories.staff import ContractFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def session(some_database):
    return SessionFactory(course__title="Phonics", capacity=2)


def booked(session, now=NOW):
    person = ContractFactory().person
    return book(person=person, session_id=session.pk, by=person, now=now)


def states(*bookings):
    return [Booking.objects.get(pk=booking.pk).state for booking in bookings]


def move(session, *spans, room="", school_id=None):
    return change_session(
        session_id=session.pk,
        parts=[PartTimes(start, start + timedelta(minutes=minutes), minutes) for start, minutes in spans],
        school_id=school_id or session.school_id,
        room=room,
        online_link="",
        by=None,
        now=NOW,
    )


def last_letter(booking):
    return Message.objects.filter(person=booking.person).order_by("-pk").first()


# Places -----------------------------------------------------------------------------------
def test_more_places_go_to_those_who_wait_in_their_order(session):
    bookings = [booked(session) for _ in range(5)]

    change_capacity(session_id=session.pk, capacity=4, by=None, now=NOW)

    assert states(*bookings) == ["booked", "booked", "booked", "booked", "waiting"]
    session.refresh_from_db()
    assert (session.capacity, session.booked_count) == (4, 4)


def test_fewer_places_than_are_taken_are_refused(session):
    booked(session)
    booked(session)

    with pytest.raises(ActionRefused, match="2 places are booked or offered"):
        change_capacity(session_id=session.pk, capacity=1, by=None, now=NOW)


# Moving -----------------------------------------------------------------------------------
def test_a_move_brings_calendars_and_plans_up_to_date_and_tells_everybody(session):
    first, second, waiting = booked(session), booked(session), booked(session)
    later = session.starts_at + timedelta(days=1)

    move(session, (later, 90), room="Hall")

    session.refresh_from_db()
    assert (session.starts_at, session.ends_at) == (later, later + timedelta(minutes=90))
    credit = PlannedCredit.objects.get(source_key=f"booking:{first.pk}:1")
    assert (credit.minutes, credit.occurred_on) == (90, later.date())
    letter = last_letter(second)
    event = Calendar.from_ical(letter.calendar).walk("VEVENT")[0]
    assert (letter.kind, letter.calendar_method, event["sequence"]) == ("booking_changed", "REQUEST", 1)
    assert event["uid"] == f"booking-{second.pk}-part-1@127.0.0.1"
    assert event["dtstart"].dt == later
    assert last_letter(waiting).kind == "booking_changed_while_waiting"


def test_the_same_again_changes_nothing(session):
    booking = booked(session)
    for _ in range(2):
        move(session, (session.starts_at, 120), room="Hall")

    session.refresh_from_db()
    assert session.calendar_sequence == 1
    assert Message.objects.filter(person=booking.person, kind="booking_changed").count() == 1


def test_a_date_more_and_a_date_fewer(session):
    booking = booked(session)
    start = session.starts_at
    move(session, (start, 120), (start + timedelta(days=7), 60))
    plans = PlannedCredit.objects.filter(person=booking.person).order_by("occurred_on")
    assert [plan.minutes for plan in plans] == [120, 60]

    move(session, (start, 120))

    assert [plan.minutes for plan in plans.all()] == [120]
    dropped = Message.objects.get(person=booking.person, kind="booking_parts_dropped")
    event = Calendar.from_ical(dropped.calendar).walk("VEVENT")[0]
    assert (dropped.calendar_method, event["uid"]) == ("CANCEL", f"booking-{booking.pk}-part-2@127.0.0.1")


def test_a_date_whose_register_was_marked_stays(session):
    booking = booked(session)
    part = session.parts.get()
    mark_register(
        session_id=session.pk, part_id=part.pk, marks={booking.pk: Mark("present")}, by=None, now=part.ends_at
    )

    with pytest.raises(ActionRefused) as refusal:
        move(session, (session.starts_at + timedelta(days=1), 120))

    assert refusal.value.sentence == sessions.MARKED_DATE_STAYS
    assert move(session, (session.starts_at, 120), room="Hall").room == "Hall"


def undone(booking, part, was):
    for one in (was, "unmarked"):
        mark_register(
            session_id=part.session_id,
            part_id=part.pk,
            marks={booking.pk: Mark(one)},
            by=None,
            now=part.ends_at,
        )


def test_a_date_whose_register_was_undone_moves_with_what_is_planned(session):
    booking = booked(session)
    undone(booking, session.parts.get(), "present")
    later = session.starts_at + timedelta(days=1)

    move(session, (later, 120))

    plans = PlannedCredit.objects.filter(person=booking.person)
    assert [(plan.occurred_on, plan.status) for plan in plans] == [(later.date(), "planned")]


@pytest.mark.parametrize(("was", "is_refused"), [("absent", False), ("present", True)])
def test_a_date_whose_register_was_undone_goes_unless_it_was_credited(session, was, is_refused):
    booking = booked(session)
    start = session.starts_at
    two = [(start, 120), (start + timedelta(days=1), 60)]
    move(session, *two)
    undone(booking, session.parts.get(number=2), was)

    if is_refused:
        with pytest.raises(ActionRefused) as refusal:
            move(session, two[0])
        assert refusal.value.sentence == sessions.CREDITED_DATE_STAYS
    else:
        move(session, two[0])

    assert session.parts.count() == 1 + is_refused


@pytest.mark.parametrize("spans", [[], [(0, 0)], [(0, 120), (60, 120)], [(300, 60), (0, 60)]])
def test_dates_that_cannot_be_are_refused(session, spans):
    start = session.starts_at

    with pytest.raises(ActionRefused):
        move(session, *[(start + timedelta(minutes=after), minutes) for after, minutes in spans])


def test_a_move_frees_people_for_what_they_wait_for(session):
    """Somebody booked here waits elsewhere at that time; the place there stands free until this moves."""
    booking = booked(session)
    other = SessionFactory(starts_at=session.starts_at, capacity=1)
    waiting = Booking.objects.create(session=other, person=booking.person, state="waiting", position=1)
    Session.objects.filter(pk=other.pk).update(next_position=2)

    move(session, (session.starts_at + timedelta(days=1), 120))

    assert states(waiting) == ["booked"]


def test_an_offer_does_not_outlast_an_earlier_start(session):
    Session.objects.filter(pk=session.pk).update(offer_hours=500, capacity=1)
    booked(session)
    second = booked(session)
    change_capacity(session_id=session.pk, capacity=2, by=None, now=NOW)
    sooner = NOW + timedelta(days=2)

    move(session, (sooner, 120))

    second.refresh_from_db()
    assert (second.state, second.offer_ends_at) == ("offered", sooner)


# Calling off ------------------------------------------------------------------------------
def test_called_off_everybody_is_told_those_who_wait_too(session):
    first, second, waiting = booked(session), booked(session), booked(session)

    for _ in range(2):
        cancel_session(session_id=session.pk, reason="The trainer is ill.", by=None, now=NOW)

    session.refresh_from_db()
    assert (session.status, session.booked_count) == ("cancelled", 0)
    assert states(first, second, waiting) == ["cancelled"] * 3
    assert PlannedCredit.objects.count() == 0
    kinds = [last_letter(one).kind for one in (first, second, waiting)]
    assert kinds == ["booking_session_cancelled"] * 2 + ["booking_session_cancelled_while_waiting"]
    assert "The trainer is ill." in last_letter(waiting).body_text
    assert last_letter(first).calendar_method == "CANCEL"
    assert last_letter(waiting).calendar == ""
    assert Message.objects.filter(kind__startswith="booking_session_cancelled").count() == 3


def test_called_off_it_frees_people_for_what_they_wait_for(session):
    booking = booked(session)
    other = SessionFactory(starts_at=session.starts_at, capacity=1)
    waiting = Booking.objects.create(session=other, person=booking.person, state="waiting", position=1)
    Session.objects.filter(pk=other.pk).update(next_position=2)

    cancel_session(session_id=session.pk, reason="Snow", by=None, now=NOW)

    assert states(waiting) == ["booked"]


def test_it_needs_a_reason_and_an_unmarked_register(session):
    booking = booked(session)
    part = session.parts.get()

    with pytest.raises(ActionRefused) as without_a_reason:
        cancel_session(session_id=session.pk, reason="  ", by=None, now=NOW)
    mark_register(
        session_id=session.pk, part_id=part.pk, marks={booking.pk: Mark("present")}, by=None, now=part.ends_at
    )
    with pytest.raises(ActionRefused) as marked:
        cancel_session(session_id=session.pk, reason="Snow", by=None, now=part.ends_at)

    assert without_a_reason.value.sentence == sessions.REASON_NEEDED
    assert marked.value.sentence == sessions.REGISTER_IS_MARKED
