"""Many people ask at once for few places (RELIABILITY row 1), over real HTTP, with its control."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse

from courses.models import Booking, Session
from entitlements.models import PlannedCredit
from staff import clock
from staff.models import Message
from tests.factories.courses import SessionFactory
from tests.factories.staff import ContractFactory, UserFactory
from tests.system.web_server import Answer, all_at_once, cookie_of, post, serving


def a_session(places: int) -> Session:
    return SessionFactory(starts_at=clock.now() + timedelta(days=7), capacity=places)


def people(count: int) -> list[str]:
    """The cookies of so many people who are signed in and have a contract."""
    first = ContractFactory()
    shared = {"school": first.school, "job_role": first.job_role, "department": first.department}
    return [cookie_of(UserFactory(person=ContractFactory(**shared).person)) for _ in range(count)]


def ask_all(port: int, session: Session, cookies: list[str]) -> list[Answer]:
    path = reverse("courses:session-book", args=[session.pk])
    return all_at_once([partial(post, port, cookie, path) for cookie in cookies])


def outcome(session: Session) -> tuple[int, int, list[int]]:
    """How many are booked and waiting, and the positions given."""
    rows = Booking.objects.filter(session=session)
    positions = sorted(rows.values_list("position", flat=True))
    return rows.filter(state="booked").count(), rows.filter(state="waiting").count(), positions


def rush(cloned_database, *, asking: int, places: int, rounds: int) -> None:
    cookies = people(asking)
    with serving(cloned_database) as port:
        for _ in range(rounds):
            session = a_session(places)

            answers = ask_all(port, session, cookies)

            assert {answer.status for answer in answers} == {302}
            assert all("/courses/bookings/" in answer.location for answer in answers)
            assert outcome(session) == (places, asking - places, list(range(1, asking + 1)))
            session.refresh_from_db()
            assert (session.booked_count, session.next_position) == (places, asking + 1)
            assert (
                Message.objects.filter(dedupe_key__startswith="booking:").count() == Booking.objects.count()
            )
            # A session at the same time as the last round's is refused: let nobody hold anything.
            Booking.objects.update(state="cancelled")
            assert PlannedCredit.objects.count() == places
            PlannedCredit.objects.all().delete()


def test_sixty_people_ask_at_once_for_twelve_places(cloned_database):
    rush(cloned_database, asking=60, places=12, rounds=1)


@pytest.mark.full
def test_five_hundred_people_ask_at_once_for_thirty_places(cloned_database):
    rush(cloned_database, asking=500, places=30, rounds=5)


def test_without_the_lock_places_are_sold_twice(cloned_database):
    """The control: the same rush, looking first and taking then, with the database's own guards gone."""
    cookies = people(60)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE courses_session DROP CONSTRAINT session_places_within_capacity")
        cursor.execute("ALTER TABLE courses_booking DROP CONSTRAINT booking_position_once")
    session = a_session(12)
    with serving(cloned_database, application="tests.system.without_lock:application") as port:
        ask_all(port, session, cookies)

    booked, waiting, positions = outcome(session)
    assert booked > 12 or positions != list(range(1, booked + waiting + 1))


def oversold_when_counting(cloned_database, isolation: str) -> int:
    """How many more than the places are booked where the row is locked and bookings are counted."""
    cookies, session = people(60), a_session(12)
    cloned_database.environment.update(PORTAL_TEST_COUNTS="yes", PORTAL_TEST_ISOLATION=isolation)
    with serving(cloned_database, application="tests.system.at_repeatable_read:application") as port:
        ask_all(port, session, cookies)
    return outcome(session)[0] - 12


@pytest.mark.full
def test_counting_under_the_lock_oversells_at_repeatable_read(cloned_database):
    """The control: the snapshot is older than the lock, so that all count what was there before."""
    assert oversold_when_counting(cloned_database, "repeatable read") > 0


@pytest.mark.full
def test_counting_under_the_lock_is_right_at_read_committed(cloned_database):
    """The control of the control: it is the isolation that oversells."""
    assert oversold_when_counting(cloned_database, "read committed") == 0


@pytest.mark.full
def test_the_counters_update_refuses_to_oversell_at_repeatable_read_too(cloned_database):
    """The portal's own way: a row changed since the snapshot is refused (40001) and asked for again."""
    cookies, session = people(40), a_session(8)
    with serving(cloned_database, application="tests.system.at_repeatable_read:application") as port:
        answers = ask_all(port, session, cookies)

    assert {answer.status for answer in answers} == {302}
    booked, waiting, positions = outcome(session)
    assert booked <= 8
    assert positions == list(range(1, booked + waiting + 1))
