"""Forms that no page of ours would send: each gets a sentence or is not found, and no row is written."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.actions.bookings import NO_PLACE_ON_OFFER, book
from courses.actions.sessions import cancel_session
from courses.models import Booking, BookingDecision, Session
from courses.rules import CANCELLED, HAS_BEGUN, is_for, no_contract_on
from entitlements.models import PlannedCredit
from staff import clock
from staff.models import Message
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(primary_hub, beanfield):
    return SessionFactory(
        course=CourseFactory(hub=primary_hub, title="Phonics", audience=["all"]),
        school=beanfield,
        starts_at=clock.now().replace(microsecond=0) + timedelta(days=14),
        capacity=2,
    )


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rows():
    """Everything that a booking writes."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Booking, BookingDecision, PlannedCredit, Message, Session)
    ]


def book_url(session):
    return reverse("courses:session-book", args=[session.pk])


# Booking ----------------------------------------------------------------------------------
def it_began(session):
    session.starts_at = clock.now() - timedelta(hours=1)


def it_is_over(session):
    session.starts_at = clock.now() - timedelta(days=20)
    session.ends_at = session.starts_at + timedelta(hours=2)


def booking_has_closed(session):
    session.booking_closes_at = clock.now() - timedelta(minutes=1)


def booking_has_not_opened(session):
    session.booking_opens_at = clock.now() + timedelta(days=1)


def it_was_called_off(session):
    session.status = "cancelled"


def it_is_for_others(session):
    session.course.audience = ["Site and premises"]
    session.course.save()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (it_began, "This session began on"),
        (it_is_over, "This session began on"),
        (booking_has_closed, "Booking closed on"),
        (booking_has_not_opened, "Booking opens on"),
        (it_was_called_off, CANCELLED),
        (it_is_for_others, is_for("Site and premises")),
    ],
)
def test_a_session_that_is_not_open_is_refused_with_a_sentence(teaching_assistant, session, change, sentence):
    change(session)
    session.save()
    before = rows()

    answer = signed_in(teaching_assistant).post(book_url(session), follow=True)

    assert answer.redirect_chain == [(session.course.get_absolute_url(), 302)]
    assert sentence in text(answer)
    assert rows() == before


def test_the_same_form_on_an_open_session_books(teaching_assistant, session):
    """The control of the test above: nothing else stood in the way."""
    signed_in(teaching_assistant).post(book_url(session))

    assert Booking.objects.get().state == "booked"


def test_an_unpublished_course_and_one_for_another_school_are_not_there(outsider, session):
    Session.objects.filter(pk=session.pk).update(is_own_school_only=True)
    hidden = SessionFactory(course__is_published=False, starts_at=session.starts_at)
    before = rows()

    answers = [signed_in(outsider).post(book_url(one)).status_code for one in (session, hidden)]

    assert (answers, rows()) == ([404, 404], before)


def test_somebody_whose_contract_ends_before_it_is_told_so(teaching_assistant, session):
    last = session.starts_at.date() - timedelta(days=1)
    teaching_assistant.person.contracts.update(ends_on=last)
    before = rows()

    answer = signed_in(teaching_assistant).post(book_url(session), follow=True)

    assert no_contract_on(session.starts_at.date()) in text(answer)
    assert rows() == before


def test_booking_twice_and_after_the_register_is_one_booking(teaching_assistant, session):
    client = signed_in(teaching_assistant)
    client.post(book_url(session))
    before = rows()

    for _ in range(2):
        client.post(book_url(session))

    assert rows() == before


def test_nobody_books_for_somebody_else_by_naming_them(teaching_assistant, teacher, session):
    fields = {
        "person": teacher.person_id,
        "person_id": teacher.person_id,
        "by": teacher.person_id,
        "state": "booked",
    }

    signed_in(teaching_assistant).post(book_url(session), fields)

    assert [one.person_id for one in Booking.objects.all()] == [teaching_assistant.person_id]


@pytest.mark.parametrize(
    "pk", ["0", "-1", "99999999", "9223372036854775807", "9" * 19, "9" * 40, "1e3", "٣", "x"]
)
@pytest.mark.parametrize(
    "path",
    [
        "/courses/sessions/{}/book/",
        "/courses/bookings/{}/cancel/",
        "/courses/bookings/{}/accept/",
        "/courses/bookings/{}/decline/",
        "/courses/bookings/{}/decide/",
        "/courses/sessions/{}/register/",
        "/courses/sessions/{}/register/undo/",
        "/courses/sessions/{}/register/add/",
        "/courses/manage/sessions/{}/capacity/",
        "/courses/manage/sessions/{}/cancel/",
    ],
)
def test_a_number_of_nothing_is_not_found(people_team, session, path, pk):
    before = rows()

    answer = signed_in(people_team).post(
        path.format(pk), {"decision": "agree", "reason": "x", "capacity": "5"}
    )

    assert (answer.status_code, rows()) == (404, before)


# Somebody else's booking ------------------------------------------------------------------
@pytest.mark.parametrize("name", ["cancel", "accept", "decline", "decide"])
@pytest.mark.parametrize("who", ["teaching_assistant", "outsider", "partner"])
def test_a_booking_of_somebody_else_is_not_there(teacher, session, name, who, request):
    booking = book(person=teacher.person, session_id=session.pk, by=teacher.person, now=clock.now())
    client = signed_in(request.getfixturevalue(who))
    before = rows()

    answer = client.post(
        reverse(f"courses:booking-{name}", args=[booking.pk]), {"decision": "agree", "reason": "Because"}
    )

    assert (answer.status_code, rows()) == (404, before)


@pytest.mark.parametrize("name", ["accept", "decline"])
def test_a_place_that_is_not_on_offer_is_answered_with_a_sentence(teacher, session, name):
    Session.objects.filter(pk=session.pk).update(capacity=1)
    first = ContractFactory().person
    book(person=first, session_id=session.pk, by=first, now=clock.now())
    waiting = book(person=teacher.person, session_id=session.pk, by=teacher.person, now=clock.now())

    answer = signed_in(teacher).post(reverse(f"courses:booking-{name}", args=[waiting.pk]), follow=True)

    waiting.refresh_from_db()
    if name == "accept":
        assert NO_PLACE_ON_OFFER in text(answer)
        assert waiting.state == "waiting"
    else:
        assert waiting.state == "cancelled"  # nothing was on offer: they leave the line
    session.refresh_from_db()
    assert (session.booked_count, session.offered_count) == (1, 0)


@pytest.mark.parametrize("name", ["cancel", "accept", "decline"])
def test_a_booking_of_a_session_called_off_stays_cancelled(teacher, session, name):
    booking = book(person=teacher.person, session_id=session.pk, by=teacher.person, now=clock.now())
    cancel_session(session_id=session.pk, reason="Snow", by=None, now=clock.now())
    before = rows()

    answer = signed_in(teacher).post(reverse(f"courses:booking-{name}", args=[booking.pk]), follow=True)

    assert (answer.status_code, rows()) == (200, before)


def test_a_booking_whose_session_has_begun_is_not_cancelled(teacher, session):
    booking = book(person=teacher.person, session_id=session.pk, by=teacher.person, now=clock.now())
    Session.objects.filter(pk=session.pk).update(starts_at=clock.now() - timedelta(minutes=1))
    before = rows()

    answer = signed_in(teacher).post(reverse("courses:booking-cancel", args=[booking.pk]), follow=True)

    assert HAS_BEGUN in text(answer)
    assert rows() == before
