"""What a course says that it counts: its length, or the own working day of a kind counted in days (R8)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.actions.bookings import book
from courses.wording import worth_words
from staff import clock
from staff.models import Message
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.entitlements import ActivityKindFactory
from tests.factories.staff import ContractFactory

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = "One working day"


@pytest.fixture
def training_day(primary_hub):
    kind = ActivityKindFactory(code="inset_day", unit="DAY")
    return CourseFactory(hub=primary_hub, kind=kind, minutes=300, title="A day together")


@pytest.mark.parametrize(
    ("unit", "days", "words"),
    [
        ("MINUTES", 2, "2 hours"),
        ("NOMINAL_0_25", 1, "2 hours"),
        ("DAY", 1, "One working day"),
        ("DAY", 3, "One working day, for each of 3 days"),
        ("DAY", None, "One working day, for each day of it"),
        ("HALF_DAY", 1, "Half a working day"),
    ],
)
def test_a_kind_in_days_counts_days_and_not_minutes(unit, days, words):
    assert worth_words(unit, 120, days=days) == words


@pytest.mark.django_db
def test_the_letter_says_the_day_and_not_the_length(training_day):
    session = SessionFactory(course=training_day)
    person = ContractFactory().person

    book(person=person, session_id=session.pk, by=person, now=NOW)

    words = Message.objects.get(person=person).body_text
    assert DAY in words
    assert "5 hours" not in words


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["course", "booking", "request", "offer"])
def test_each_page_says_the_day(page, training_day, teacher, line_manager):
    session = SessionFactory(course=training_day, starts_at=clock.now() + timedelta(days=20))
    state = {"request": "requested", "offer": "offered"}.get(page, "booked")
    booking = BookingFactory(
        session=session, person=teacher.person, state=state, offer_ends_at=session.starts_at
    )
    reader = line_manager if page == "request" else teacher
    client = Client()
    client.force_login(reader)

    response = client.get(
        {
            "course": training_day.get_absolute_url(),
            "booking": reverse("courses:booking-detail", args=[booking.pk]),
            "request": reverse("inbox-booking", args=[booking.pk]),
            "offer": reverse("inbox-offer", args=[booking.pk]),
        }[page]
    )

    assert DAY in response.content.decode()
