"""How fast the catalogue is beside bare Django views (issue, section 11). Prints the ratios."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staff.models import User
from tests.benchmarks.rates import rates_of
from tests.factories.courses import BookingFactory
from tests.factories.many_courses import make_many_courses
from tests.factories.staff import ContractFactory, UserFactory
from tests.system.web_server import cookie_of, serving

pytestmark = pytest.mark.bench


def make_catalogue(count: int) -> User:
    """So many courses of two sessions to come each, and somebody with a few bookings; returns their sign-in."""
    contract = ContractFactory()
    sessions = make_many_courses(range(count), school=contract.school)
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
