"""Which registers are to mark: by the dated part, in the list, on home, in the digest and in the admin."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from bwt_cpd.actions.reminders import send_reminders
from bwt_cpd.queries.admin_today import today
from bwt_cpd.queries.home import home_of
from bwt_cpd.queries.reminders import items_due
from courses.models import Attendance, SessionPart
from courses.queries.registers import parts_to_mark, registers_of, sessions_to_mark
from staff.models import Message, Reminder
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.entitlements import AcademicYearFactory

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 9, 10, 9, tzinfo=UTC)
WEEKS = (0, 4, 8, 12)


@pytest.fixture
def workshops(trainer, primary_hub):
    """Four workshops at four weeks' distance, with one person booked."""
    one = SessionFactory(course=CourseFactory(hub=primary_hub, title="Oracy"), starts_at=FIRST)
    one.trainers.add(trainer.person)
    for number, weeks in enumerate(WEEKS[1:], start=2):
        starts_at = FIRST + timedelta(weeks=weeks)
        SessionPart.objects.create(
            session=one,
            number=number,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            minutes=120,
        )
    one.ends_at = FIRST + timedelta(weeks=WEEKS[-1], hours=2)
    one.save()
    BookingFactory(session=one)
    return one


def mark(session, number, mark="present"):
    for booking in session.bookings.all():
        part = session.parts.get(number=number)
        Attendance.objects.update_or_create(booking=booking, part=part, defaults={"mark": mark})


def listed(user, now):
    found = registers_of(user.person, now=now, on=now.date())
    return [[part.number for part in parts] for parts in (found.to_mark, found.to_come, found.done)]


def on_home(user, now):
    return [one.url for one in home_of(user.person, now=now).needs if one.title == "A register to save"]


def reminded(on):
    return [(item.person_id, item.url) for item in items_due(on) if item.kind == "register_open"]


def in_admin(now):
    found = {one.words: one.number for one in today(now.date(), now).waiting}
    return found.get("Registers not marked yet", 0)


def address(session, number):
    return f"{reverse('courses:session-register', args=[session.pk])}?part={number}"


def test_what_is_marked_is_done_though_more_is_to_come(trainer, workshops):
    mark(workshops, 1)
    now = FIRST + timedelta(weeks=3)

    assert listed(trainer, now) == [[], [2], [1]]
    assert (on_home(trainer, now), reminded(now.date()), in_admin(now)) == ([], [], 0)


@pytest.mark.parametrize("number", [2, 3, 4])
def test_each_later_part_is_to_mark_once_it_is_over(trainer, workshops, number):
    for earlier in range(1, number):
        mark(workshops, earlier)
    now = FIRST + timedelta(weeks=WEEKS[number - 1], days=1)

    assert listed(trainer, now)[0] == [number]
    assert on_home(trainer, now) == [address(workshops, number)]
    assert reminded(now.date()) == [(trainer.person.pk, address(workshops, number))]
    assert in_admin(now) == 1


def test_a_part_is_to_mark_however_old_and_the_oldest_first(trainer, workshops):
    now = FIRST + timedelta(weeks=16)

    assert listed(trainer, now) == [[1, 2, 3, 4], [], []]
    assert in_admin(now) == 1


def test_a_mark_that_was_taken_off_is_to_mark_again(trainer, workshops):
    mark(workshops, 1)
    mark(workshops, 1, "unmarked")
    now = FIRST + timedelta(days=1)

    assert listed(trainer, now)[0] == [1]
    assert on_home(trainer, now) == [address(workshops, 1)]


def test_who_is_on_no_list_needs_no_mark(trainer, workshops):
    workshops.bookings.update(state="cancelled")

    assert not parts_to_mark().exists()
    assert not sessions_to_mark(ended_by=FIRST + timedelta(weeks=16)).exists()


def test_a_session_that_was_called_off_needs_no_marks(trainer, workshops):
    workshops.status = "cancelled"
    workshops.save()

    assert listed(trainer, FIRST + timedelta(days=1)) == [[], [], []]
    assert not parts_to_mark().exists()


def test_a_part_under_way_is_in_the_list_and_nowhere_else(trainer, workshops):
    now = FIRST + timedelta(minutes=30)

    assert listed(trainer, now)[0] == [1]
    assert (on_home(trainer, now), in_admin(now)) == ([], 0)


def test_who_was_reminded_of_the_session_by_an_earlier_release_is_not_again(trainer, workshops):
    on = (FIRST + timedelta(days=1)).date()
    Reminder.objects.create(
        person=trainer.person, kind="register_open", subject_key=f"session:{workshops.pk}", reminded_on=on
    )

    def registers_told():
        send_reminders(on=on, now=FIRST + timedelta(days=1))
        return Reminder.objects.filter(kind="register_open", subject_key__startswith="register:").count()

    assert registers_told() == 0

    Reminder.objects.all().delete()
    Message.objects.all().delete()

    assert registers_told() == 1


def test_the_admin_lists_as_many_as_it_counts(client, people_team, workshops):
    past = SessionFactory(starts_at=datetime(2020, 6, 4, 9, tzinfo=UTC), register_saved_at=FIRST)
    BookingFactory(session=past)
    SessionPart.objects.filter(session=workshops).update(
        starts_at=past.starts_at, ends_at=past.ends_at + timedelta(minutes=1)
    )
    mark(past, 1)
    client.force_login(people_team)

    def shown(word):
        page = client.get(reverse("admin:courses_session_changelist"), {"register": word})
        return [one.pk for one in page.context["cl"].result_list]

    assert (shown("open"), shown("saved")) == ([workshops.pk], [past.pk])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_is_one_query(trainer, workshops, rows, django_assert_num_queries):
    for _ in range(rows):
        BookingFactory(session=workshops)

    with django_assert_num_queries(1):
        registers_of(trainer.person, now=FIRST, on=FIRST.date())


def test_date_of_a_closed_year_is_to_mark_no_more(workshops):
    year = AcademicYearFactory(starts_on=FIRST.date().replace(month=9, day=1))
    assert parts_to_mark().exists()

    year.closed_at = FIRST + timedelta(days=400)
    year.save()

    assert not parts_to_mark().exists()
