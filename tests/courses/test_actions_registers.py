"""The register and the ledger: `courses.actions.registers`."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.actions import registers
from courses.actions.bookings import book
from courses.actions.registers import UNMARKED, Mark, add_at_the_door, mark_register
from courses.models import Attendance, Booking, Session, SessionPart
from entitlements.actions.corrections import recredit
from entitlements.models import LedgerEntry, PlannedCredit, Statement
from staff.refusals import ActionRefused
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.entitlements import ActivityKindFactory
from tests.factories.staff import ContractFactory

pytestmark = pytest.mark.django_db

BEFORE = datetime(2026, 11, 24, 9, tzinfo=UTC)
HERE, ABSENT = Mark("present"), Mark("absent")


@pytest.fixture
def session(primary_hub, trainer):
    one = SessionFactory(course=CourseFactory(hub=primary_hub, title="Phonics"), capacity=30)
    one.trainers.add(trainer.person)
    return one


def booked(session, person=None):
    person = person or ContractFactory().person
    return book(person=person, session_id=session.pk, by=person, now=BEFORE)


def mark(session, marks, by, part=None, now=None):
    part = part or session.parts.get()
    return mark_register(
        session_id=session.pk,
        part_id=part.pk,
        marks={booking.pk: one for booking, one in marks.items()},
        by=by.person if by else None,
        now=now or part.ends_at,
    )


def entries(booking):
    found = LedgerEntry.objects.filter(person=booking.person).order_by("pk")
    return [(entry.source_key, entry.minutes) for entry in found]


def planned(booking):
    return list(PlannedCredit.objects.filter(person=booking.person).values_list("source_key", "status"))


def figures(booking):
    one = Statement.objects.get(person=booking.person, year__name="2026/27")
    return one.counted_minutes, one.planned_minutes


def test_a_mark_credits_at_once_and_is_no_longer_planned(session, trainer):
    booking = booked(session)
    assert figures(booking) == (0, 120)

    saved = mark(session, {booking: HERE}, trainer)

    assert (saved.changed, saved.before) == (1, {booking.pk: UNMARKED})
    assert entries(booking) == [(f"register:{booking.pk}:1:1", 120)]
    assert planned(booking) == []
    assert figures(booking) == (120, 0)
    session.refresh_from_db()
    assert session.register_saved_at == session.ends_at


def test_mark_unmark_and_mark_again_are_three_entries(session, trainer):
    booking = booked(session)

    for one in (HERE, UNMARKED, HERE):
        mark(session, {booking: one}, trainer)

    first = LedgerEntry.objects.get(source_key=f"register:{booking.pk}:1:1")
    assert entries(booking) == [
        (f"register:{booking.pk}:1:1", 120),
        (f"reversal:{first.pk}", -120),
        (f"register:{booking.pk}:1:2", 120),
    ]
    assert figures(booking) == (120, 0)


def test_unmarking_plans_it_again_as_an_open_register(session, trainer):
    booking = booked(session)
    mark(session, {booking: HERE}, trainer)

    mark(session, {booking: UNMARKED}, trainer)

    assert planned(booking) == [(f"booking:{booking.pk}:1", "attended")]
    assert figures(booking) == (0, 120)


def test_part_credits_the_minutes_there(session, trainer):
    booking = booked(session)
    mark(session, {booking: HERE}, trainer)

    mark(session, {booking: Mark("part", 75)}, trainer)

    assert [minutes for _, minutes in entries(booking)] == [120, -120, 75]
    assert figures(booking) == (75, 0)


def test_absent_credits_nothing_and_is_no_longer_planned(session, trainer):
    booking = booked(session)

    mark(session, {booking: ABSENT}, trainer)

    assert entries(booking) == []
    assert planned(booking) == []


def test_the_same_register_again_changes_nothing(session, trainer):
    booking = booked(session)
    mark(session, {booking: Mark("part", 75)}, trainer)

    saved = mark(session, {booking: Mark("part", 75)}, trainer)

    assert (saved.changed, len(entries(booking))) == (0, 1)


def test_two_sessions_at_one_time_both_count_and_the_second_is_flagged(session, primary_hub, trainer):
    """R15: nobody books both, but the door asks no questions."""
    starts_at, ends_at = session.starts_at, session.ends_at
    also = SessionFactory(
        course__hub=primary_hub,
        starts_at=starts_at + timedelta(minutes=60),
        ends_at=ends_at + timedelta(hours=1),
    )
    after = SessionFactory(
        course__hub=primary_hub, starts_at=ends_at, ends_at=ends_at + timedelta(minutes=30)
    )
    for one in (also, after):
        one.trainers.add(trainer.person)
    booking = booked(session)
    added = [
        add_at_the_door(session_id=one.pk, person=booking.person, by=trainer.person, now=one.ends_at)
        for one in (also, after)
    ]

    mark(session, {booking: HERE}, trainer)
    mark(after, {added[1]: HERE}, trainer)
    mark(also, {added[0]: ABSENT}, trainer)
    mark(also, {added[0]: HERE}, trainer)

    found = LedgerEntry.objects.filter(person=booking.person).order_by("pk")
    assert [entry.is_flagged for entry in found] == [False, False, True]
    assert figures(booking)[0] == sum(entry.minutes for entry in found)


def test_each_part_is_credited_on_its_own_day(session, trainer):
    first = session.parts.get()
    second = SessionPart.objects.create(
        session=session,
        number=2,
        starts_at=first.starts_at + timedelta(days=7),
        ends_at=first.ends_at + timedelta(days=7),
        minutes=60,
    )
    Session.objects.filter(pk=session.pk).update(ends_at=second.ends_at)
    booking = booked(session)
    assert [key for key, _ in planned(booking)] == [f"booking:{booking.pk}:1", f"booking:{booking.pk}:2"]

    mark(session, {booking: HERE}, trainer, part=second)

    entry = LedgerEntry.objects.get(person=booking.person)
    assert (entry.minutes, entry.occurred_on) == (60, second.starts_at.date())
    assert [key for key, _ in planned(booking)] == [f"booking:{booking.pk}:1"]


def test_a_training_day_credits_the_own_working_day(primary_hub, trainer, assistant_role):
    """R8: 25 of 37 hours over five days is a day of 300 minutes, and half of it there is half."""
    kind = ActivityKindFactory(code="inset_day", unit="DAY")
    session = SessionFactory(course=CourseFactory(hub=primary_hub, kind=kind, minutes=360))
    session.trainers.add(trainer.person)
    contract = ContractFactory(job_role=assistant_role, fte_numerator=25, fte_denominator=37)
    whole, half = (
        booked(session, contract.person),
        booked(
            session, ContractFactory(job_role=assistant_role, fte_numerator=25, fte_denominator=37).person
        ),
    )

    mark(session, {whole: HERE, half: Mark("part", 180)}, trainer)

    assert [entries(one)[0][1] for one in (whole, half)] == [300, 150]


def test_two_halves_of_a_training_day_are_one_day_and_another_date_is_a_day_of_its_own(primary_hub, trainer):
    """R8: nine to twelve and one to four are half of 390 minutes each; part of it is rounded once."""
    kind = ActivityKindFactory(code="inset_day", unit="DAY")
    session = SessionFactory(course=CourseFactory(hub=primary_hub, kind=kind, minutes=180))
    session.trainers.add(trainer.person)
    morning = session.parts.get()
    afternoon, next_week = (
        SessionPart.objects.create(
            session=session,
            number=number,
            starts_at=morning.starts_at + later,
            ends_at=morning.ends_at + later,
            minutes=180,
        )
        for number, later in ((2, timedelta(hours=4)), (3, timedelta(days=7)))
    )
    whole, some = booked(session), booked(session)
    assert figures(whole) == (0, 780)

    for part in (morning, afternoon, next_week):
        mark(session, {whole: HERE}, trainer, part)
    mark(session, {some: Mark("part", 30)}, trainer, morning)

    assert [minutes for _, minutes in entries(whole)] == [195, 195, 390]
    assert [minutes for _, minutes in entries(some)] == [33]  # 30 of 360 minutes of 390 are 32.5
    assert recredit(by=None, today=session.ends_at.date()) == 0


def test_a_partners_delegate_at_a_training_day_is_marked_without_a_credit(primary_hub, trainer, partner):
    kind = ActivityKindFactory(code="inset_day", unit="DAY")
    session = SessionFactory(course=CourseFactory(hub=primary_hub, kind=kind))
    session.trainers.add(trainer.person)
    booking = booked(session, partner.person)

    mark(session, {booking: HERE}, trainer)

    assert Attendance.objects.get(booking=booking).mark == "present"
    assert entries(booking) == []


@pytest.mark.parametrize("number", [1, 20])
def test_the_whole_list_takes_the_same_statements(session, trainer, number):
    bookings = [booked(session) for _ in range(number)]

    with CaptureQueriesContext(connection) as queries:
        mark(session, dict.fromkeys(bookings, HERE), trainer)

    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) <= 25
    assert LedgerEntry.objects.count() == number


# Refusals ---------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["hub_lead", "people_team", "trainer"])
def test_who_runs_the_session_marks(session, who, request):
    booking = booked(session)

    assert mark(session, {booking: HERE}, request.getfixturevalue(who)).changed == 1


@pytest.mark.parametrize("who", ["teacher", "headteacher", "cpd_lead", "outsider"])
def test_nobody_else_marks(session, who, request):
    booking = booked(session)

    with pytest.raises(ActionRefused) as refusal:
        mark(session, {booking: HERE}, request.getfixturevalue(who))

    assert refusal.value.sentence == registers.KEPT_BY_OTHERS


def test_a_lead_of_another_hub_does_not_mark(session, hub_lead):
    hub_lead.person.responsibilities.update(ends_on=session.starts_at.date() - timedelta(days=1))

    with pytest.raises(ActionRefused) as refusal:
        mark(session, {booked(session): HERE}, hub_lead)

    assert refusal.value.sentence == registers.KEPT_BY_OTHERS


def test_the_register_opens_with_the_part(session, trainer):
    booking = booked(session)
    start = session.starts_at

    with pytest.raises(ActionRefused, match="opens when the session begins: Thu 10 Dec 2026"):
        mark(session, {booking: HERE}, trainer, now=start - timedelta(seconds=1))
    assert mark(session, {booking: HERE}, trainer, now=start).changed == 1


@pytest.mark.parametrize(
    "wrong", [Mark("part"), Mark("part", 0), Mark("part", 121), Mark("present", 5), Mark("late"), Mark("")]
)
def test_a_mark_that_cannot_be_is_refused_and_nothing_written(session, trainer, wrong):
    good, bad = booked(session), booked(session)

    with pytest.raises(ActionRefused):
        mark(session, {good: HERE, bad: wrong}, trainer)

    assert (Attendance.objects.count(), LedgerEntry.objects.count()) == (0, 0)


def test_a_booking_of_another_session_or_a_waiting_one_is_refused(session, trainer):
    Session.objects.filter(pk=session.pk).update(capacity=1)
    booked(session)
    waiting = booked(session)

    for stranger in (waiting, booked(SessionFactory())):
        with pytest.raises(ActionRefused) as refusal:
            mark(session, {stranger: HERE}, trainer)
        assert refusal.value.sentence == registers.LIST_HAS_CHANGED


# At the door ------------------------------------------------------------------------------
def test_somebody_at_the_door_takes_a_free_place(session, trainer):
    person = ContractFactory().person

    booking = add_at_the_door(session_id=session.pk, person=person, by=trainer.person, now=session.starts_at)

    session.refresh_from_db()
    assert (booking.state, session.booked_count, session.next_position) == ("booked", 1, 2)
    assert planned(booking) == [(f"booking:{booking.pk}:1", "attended")]
    assert mark(session, {booking: HERE}, trainer).changed == 1


def test_a_full_session_takes_nobody_unless_a_place_is_added(session, trainer):
    Session.objects.filter(pk=session.pk).update(capacity=1)
    booked(session)
    person = ContractFactory().person
    ask = {"session_id": session.pk, "person": person, "by": trainer.person, "now": session.starts_at}

    with pytest.raises(ActionRefused, match="All 1 places are taken"):
        add_at_the_door(**ask)
    booking = add_at_the_door(**ask, adds_place=True)

    session.refresh_from_db()
    assert (booking.state, session.capacity, session.booked_count) == ("booked", 2, 2)


def test_somebody_who_waited_gets_the_place_at_the_door(session, trainer):
    Session.objects.filter(pk=session.pk).update(capacity=1)
    first, waiting = booked(session), booked(session)
    Booking.objects.filter(pk=first.pk).update(state="cancelled")
    Session.objects.filter(pk=session.pk).update(booked_count=0)

    booking = add_at_the_door(
        session_id=session.pk, person=waiting.person, by=trainer.person, now=session.starts_at
    )

    assert (booking.pk, booking.state) == (waiting.pk, "booked")


def test_added_twice_is_added_once(session, trainer):
    person = ContractFactory().person
    ask = {"session_id": session.pk, "person": person, "by": trainer.person, "now": session.starts_at}

    assert add_at_the_door(**ask).pk == add_at_the_door(**ask).pk
    session.refresh_from_db()
    assert session.booked_count == 1


def test_nobody_is_added_on_an_earlier_day_or_without_a_contract(session, trainer, teacher):
    ask = {"session_id": session.pk, "by": trainer.person}
    gone = ContractFactory(ends_on=session.starts_at.date() - timedelta(days=1)).person

    with pytest.raises(ActionRefused) as too_early:
        add_at_the_door(**ask, person=teacher.person, now=session.starts_at - timedelta(days=1))
    with pytest.raises(ActionRefused) as has_left:
        add_at_the_door(**ask, person=gone, now=session.starts_at)

    assert too_early.value.sentence == registers.TOO_EARLY_TO_ADD
    assert has_left.value.sentence == registers.no_contract_then(gone)
