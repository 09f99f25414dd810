"""Reminders: each thing once, one digest per person and day (RELIABILITY row 11)."""

import threading
from datetime import UTC, date, datetime, timedelta

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from bwt_cpd.actions import reminders
from staff.models import Message, MessagePreference, Reminder
from tests.factories.courses import BookingFactory, SessionFactory
from tests.factories.entitlements import ClaimFactory

ON = date(2026, 12, 9)
NOW = datetime(2026, 12, 9, 7, tzinfo=UTC)


def _booked(person, *, starts_at=datetime(2026, 12, 10, 15, 45, tzinfo=UTC)):
    session = SessionFactory(starts_at=starts_at)
    return BookingFactory(session=session, person=person, state_changed_at=NOW - timedelta(days=20))


def test_booking_for_tomorrow_is_reminded_of_once(teacher):
    booking = _booked(teacher.person)

    first, again = (reminders.send_reminders(on=ON, now=NOW), reminders.send_reminders(on=ON, now=NOW))

    message = Message.objects.get()
    assert (first, again) == (1, 0)
    assert message.subject.startswith(f"Tomorrow: {booking.session.course.title}")
    assert message.not_after == booking.session.starts_at


def test_two_sessions_come_in_one_digest(teacher):
    _booked(teacher.person)
    _booked(teacher.person, starts_at=datetime(2026, 12, 15, 15, 45, tzinfo=UTC))

    reminders.send_reminders(on=ON, now=NOW)

    message = Message.objects.get()
    assert message.subject.endswith("and 1 more")
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"session_tomorrow", "session_in_a_week"}


def test_waiting_and_cancelled_people_are_not_reminded(teacher, teaching_assistant):
    session = SessionFactory(starts_at=datetime(2026, 12, 10, 15, 45, tzinfo=UTC))
    BookingFactory(session=session, person=teacher.person, state="waiting")
    BookingFactory(session=session, person=teaching_assistant.person, state="cancelled")

    assert reminders.send_reminders(on=ON, now=NOW) == 0


def test_what_is_not_wanted_is_not_sent(teacher):
    MessagePreference.objects.create(person=teacher.person, wants_session_reminders=False)
    _booked(teacher.person)

    assert reminders.send_reminders(on=ON, now=NOW) == 0


def test_claim_that_waits_a_week_goes_to_the_line_manager(teacher, line_manager):
    ClaimFactory(person=teacher.person, waiting_since_at=NOW - timedelta(days=8))

    reminders.send_reminders(on=ON, now=NOW)

    assert list(Message.objects.values_list("person_id", flat=True)) == [line_manager.person.pk]


def test_claim_that_waits_four_weeks_is_escalated_to_the_head(teacher, line_manager, headteacher):
    ClaimFactory(person=teacher.person, waiting_since_at=NOW - timedelta(days=29))

    reminders.send_reminders(on=ON, now=NOW)

    assert set(Message.objects.values_list("person_id", flat=True)) == {
        line_manager.person.pk,
        headteacher.person.pk,
    }


def test_statements_do_not_depend_on_the_rows(teacher, teaching_assistant, outsider):
    _booked(teacher.person)
    with CaptureQueriesContext(connection) as with_one:
        reminders.send_reminders(on=ON, now=NOW)
    for user in (teaching_assistant, outsider):
        _booked(user.person, starts_at=datetime(2026, 12, 11, 15, 45, tzinfo=UTC))

    with CaptureQueriesContext(connection) as with_more:
        reminders.send_reminders(on=ON + timedelta(days=1), now=NOW + timedelta(days=1))

    assert len(with_more) == len(with_one)


def _five_at_once() -> None:
    barrier = threading.Barrier(5)

    def run() -> None:
        barrier.wait()
        try:
            reminders.send_reminders(on=ON, now=NOW)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_started_five_times_at_once_and_again_an_hour_later_reminds_once(
    cloned_database, teacher, line_manager
):
    _booked(teacher.person)
    ClaimFactory(person=teacher.person, waiting_since_at=NOW - timedelta(days=8))

    _five_at_once()
    reminders.send_reminders(on=ON, now=NOW + timedelta(hours=1))

    sent = Message.objects.values_list("person_id", flat=True)
    assert sorted(sent) == sorted([teacher.person.pk, line_manager.person.pk])


def test_without_the_keys_the_same_thing_is_reminded_of_again(cloned_database, teacher):
    """The control: with the unique keys gone, an hour later the reminder comes a second time."""
    _booked(teacher.person)
    reminders.send_reminders(on=ON, now=NOW)
    Reminder.objects.all().delete()
    Message.objects.update(dedupe_key="somebody-else")

    reminders.send_reminders(on=ON, now=NOW + timedelta(hours=1))

    assert Message.objects.count() == 2
