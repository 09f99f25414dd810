"""How fast the catalogue is beside bare Django views (issue, section 11). Prints the ratios."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Course, Session, SessionPart
from staff.models import User
from tests.benchmarks.rates import rates_of
from tests.factories.courses import BookingFactory, StrandFactory
from tests.factories.entitlements import ActivityKindFactory
from tests.factories.staff import ContractFactory, HubFactory, UserFactory
from tests.system.web_server import cookie_of, serving

pytestmark = pytest.mark.bench

TOPICS = ("Phonics", "Fractions", "Behaviour", "Safeguarding", "Oracy", "Retrieval", "Coaching", "Allergens")
SUMMARY = (
    "We look at {0} in four classrooms, compare what we saw with the programme, and plan one short fix. " * 2
)


def make_catalogue(count: int) -> User:
    """So many courses of two sessions to come each, and somebody with a few bookings; returns their sign-in."""
    contract = ContractFactory()
    shared = {"hub": HubFactory(), "strand": StrandFactory(), "kind": ActivityKindFactory()}
    courses = Course.objects.bulk_create(
        [
            Course(
                code=f"C-{number}",
                slug=f"c-{number}",
                title=f"{TOPICS[number % len(TOPICS)]} in year {number % 7}: practice that lasts, number {number}",
                summary=SUMMARY.format(TOPICS[number % len(TOPICS)].lower()),
                outcomes="see drift early\nplan one fix\nshow a colleague",
                audience=["Teaching", "Classroom support"],
                minutes=120,
                **shared,
            )
            for number in range(count)
        ],
        batch_size=1000,
    )
    now = timezone.now().replace(minute=45, second=0, microsecond=0)
    sessions = Session.objects.bulk_create(
        [
            Session(
                course=course,
                code=f"S-{number}-{turn}",
                school=contract.school,
                starts_at=now + timedelta(days=2 + number % 60 + 60 * turn),
                ends_at=now + timedelta(days=2 + number % 60 + 60 * turn, hours=2),
                capacity=20,
                booked_count=number % 21,
            )
            for number, course in enumerate(courses)
            for turn in (0, 1)
        ],
        batch_size=1000,
    )
    SessionPart.objects.bulk_create(
        [
            SessionPart(session=session, starts_at=session.starts_at, ends_at=session.ends_at, minutes=120)
            for session in sessions
        ],
        batch_size=1000,
    )
    for session in sessions[:6:2]:
        BookingFactory(session=session, person=contract.person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum has in any database that is a minute old
    return UserFactory(person=contract.person)


PATHS = {
    "bare list": "/bare/",
    "catalogue": "/courses/",
    "search": "/courses/?q=phonics",
    "bare detail": "/bare/c-40/",
    "course": "/courses/c-40/",
}


def test_catalogue_beside_bare_views(cloned_database, capsys):
    cookie = cookie_of(make_catalogue(230))

    with serving(cloned_database, application="tests.benchmarks.bare:application", threads=4) as port:
        rates = rates_of(port, PATHS, cookie)

    ratios = {
        "catalogue / bare list": (rates["catalogue"] / rates["bare list"], 0.2),
        "course / bare detail": (rates["course"] / rates["bare detail"], 0.1),
        "search / catalogue": (rates["search"] / rates["catalogue"], 0.7),
    }
    with capsys.disabled():
        print()
        for name, rate in rates.items():
            print(f"  {name}: {rate:.0f} a second")
        for name, (ratio, bar) in ratios.items():
            print(f"  {name}: {ratio:.2f} (at least {bar})")
    assert {name: ratio >= bar for name, (ratio, bar) in ratios.items()} == dict.fromkeys(ratios, True)


def test_catalogue_of_10_000_courses(cloned_database, capsys):
    user = make_catalogue(10_000)
    cookie = cookie_of(user)
    paths = {
        "soonest": "/courses/",
        "by title, page 300": "/courses/?sort=title&page=300",
        "with places this half term": "/courses/?places=on&when=half-term",
        "search": "/courses/?q=phonics",
        "misspelt": "/courses/?q=fonics",
        "course": "/courses/c-40/",
    }

    with serving(cloned_database, application="tests.benchmarks.bare:application", threads=4) as port:
        rates = rates_of(port, paths, cookie)

    client = Client()
    client.force_login(user)
    for path in paths.values():
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        assert len(seen) <= 12, path
    with capsys.disabled():
        print()
        for name, rate in rates.items():
            print(f"  10,000 courses, {name}: {rate:.0f} a second")
