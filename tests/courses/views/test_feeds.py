"""The private calendar (RELIABILITY row 19): a token of 256 bits, only its hash stored, dead at once."""

import io
import logging
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from bwt_cpd.logging import TokenFilter
from courses.actions.bookings import book, cancel_booking
from courses.actions.feeds import make_feed, revoke_feed, token_of
from courses.models import CalendarFeed
from courses.views.feeds import address_of
from staff import clock
from tests.factories.courses import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(some_database):
    return SessionFactory(course__title="Phonics", starts_at=clock.now() + timedelta(days=7))


@pytest.fixture
def feed(teacher):
    return make_feed(person=teacher.person, by=teacher.person, now=clock.now())


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def path(feed):
    return reverse("calendar-feed", args=[token_of(feed)])


def test_a_calendar_reads_the_bookings_without_signing_in(teacher, feed, session):
    booking = book(person=teacher.person, session_id=session.pk, by=teacher.person, now=clock.now())

    response = Client().get(path(feed))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [(str(event["summary"]), event["uid"]) for event in events] == [
        ("Phonics", f"booking-{booking.pk}-part-1@127.0.0.1")
    ]


def test_an_unchanged_calendar_is_not_sent_again(teacher, feed, session):
    booking = book(person=teacher.person, session_id=session.pk, by=teacher.person, now=clock.now())
    first = Client().get(path(feed))

    again = Client().get(path(feed), headers={"If-None-Match": first["ETag"]})
    cancel_booking(booking_id=booking.pk, by=teacher.person, now=clock.now())
    changed = Client().get(path(feed), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert Calendar.from_ical(changed.content).walk("VEVENT") == []


def test_the_token_has_256_bits_and_only_its_hash_is_stored(feed):
    token = token_of(feed)

    assert len(token) == 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{token}%"])
            assert cursor.fetchone() == (0,), table
        # The control: the search finds what is there.
        cursor.execute(
            "SELECT count(*) FROM courses_calendarfeed AS t WHERE t::text LIKE %s", [f"%{feed.token_hash}%"]
        )
        assert cursor.fetchone() == (1,)


def test_two_people_and_two_moments_have_different_tokens(teacher, outsider):
    now = clock.now()
    first = token_of(make_feed(person=teacher.person, by=None, now=now))
    other = token_of(make_feed(person=outsider.person, by=None, now=now))
    revoke_feed(person=teacher.person, by=None)
    again = token_of(make_feed(person=teacher.person, by=None, now=now + timedelta(microseconds=1)))

    assert len({first, other, again}) == 3


def test_revoked_it_is_dead_at_once(teacher, feed):
    address = path(feed)
    assert Client().get(address).status_code == 200

    signed_in(teacher).post(reverse("courses:feed-revoke"))

    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("end", ["account", "contract", "erased"])
def test_it_dies_with_the_account(teacher, feed, end):
    address = path(feed)
    if end == "account":
        teacher.is_active = False
        teacher.save()
    elif end == "contract":
        teacher.person.contracts.update(ends_on=clock.today() - timedelta(days=1))
    else:
        teacher.person.erased_at = clock.now()
        teacher.person.save()

    assert Client().get(address).status_code == 404


def test_a_wrong_token_finds_nothing(feed):
    assert Client().get(reverse("calendar-feed", args=["x" * 43])).status_code == 404
    assert Client().get(reverse("calendar-feed", args=[feed.token_hash])).status_code == 404


def test_no_log_line_holds_the_token(feed):
    """Found and not found, with the portal's handler and filter; without the filter the second one would tell."""
    lines, bare = io.StringIO(), io.StringIO()
    handler, control = logging.StreamHandler(lines), logging.StreamHandler(bare)
    handler.addFilter(TokenFilter())
    root = logging.getLogger()
    # The bare one first: the filter blanks the record itself, for whoever comes after.
    root.handlers.insert(0, control)
    root.addHandler(handler)
    wrong = "w" * 43
    try:
        Client().get(path(feed))
        Client().get(reverse("calendar-feed", args=[wrong]))
    finally:
        root.removeHandler(handler)
        root.removeHandler(control)

    assert token_of(feed) not in lines.getvalue()
    assert wrong not in lines.getvalue()
    assert wrong in bare.getvalue()
    assert "no_tokens" in settings.LOGGING["handlers"]["console"]["filters"]


def test_the_page_makes_shows_and_stops_the_address(teacher):
    client = signed_in(teacher)
    page = client.get(reverse("courses:feed-page")).content.decode()
    assert f'action="{reverse("courses:feed-make")}"' in page

    for _ in range(3):
        client.post(reverse("courses:feed-make"))

    feed = CalendarFeed.objects.get()
    assert address_of(feed) in client.get(reverse("courses:feed-page")).content.decode()
    client.post(reverse("courses:feed-revoke"))
    assert not CalendarFeed.objects.exists()


def test_an_address_made_under_another_secret_key_still_works_but_is_not_shown(teacher, feed, settings):
    address = path(feed)

    settings.SECRET_KEY = "another" * 10

    assert address_of(feed) == ""
    assert Client().get(address).status_code == 200


def test_reading_takes_few_statements(teacher, feed, session, django_assert_max_num_queries):
    for day in range(3):
        one = SessionFactory(starts_at=session.starts_at + timedelta(days=day + 1))
        book(person=teacher.person, session_id=one.pk, by=None, now=clock.now())

    with django_assert_max_num_queries(3):
        Client().get(path(feed))
