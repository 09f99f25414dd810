"""The screens of booking, as each reader gets them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from courses.actions.bookings import book, cancel_booking
from courses.models import Booking, Session
from courses.rules import HeldTime, you_have_place_then
from staff import clock
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(primary_hub, beanfield):
    return SessionFactory(
        course=CourseFactory(hub=primary_hub, title="Phonics"),
        school=beanfield,
        starts_at=clock.now().replace(microsecond=0) + timedelta(days=14),
        capacity=1,
    )


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def ask(user, session):
    return book(person=user.person, session_id=session.pk, by=user.person, now=clock.now())


def fill(session):
    person = ContractFactory().person
    return book(person=person, session_id=session.pk, by=person, now=clock.now())


def url(name, *args):
    return reverse(f"courses:{name}", args=args)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# Booking ----------------------------------------------------------------------------------
def test_a_place_is_booked_and_the_page_offers_the_calendar_and_the_way_back(teaching_assistant, session):
    client = signed_in(teaching_assistant)

    response = client.post(url("session-book", session.pk), follow=True)

    booking = Booking.objects.get()
    assert (booking.state, booking.person) == ("booked", teaching_assistant.person)
    assert response.redirect_chain == [(url("booking-detail", booking.pk), 302)]
    page = response.context["page"]
    assert (page.booking, page.state, page.is_fresh) == (booking, "booked", True)
    assert page.heading in text(response)
    assert url("booking-calendar", booking.pk) in response.content.decode()
    assert f'action="{url("booking-cancel", booking.pk)}"' in response.content.decode()


def test_booking_twice_gives_the_same_answer(teaching_assistant, session):
    client = signed_in(teaching_assistant)

    answers = {client.post(url("session-book", session.pk)).url for _ in range(3)}

    assert answers == {url("booking-detail", Booking.objects.get().pk)}


def test_a_full_session_shows_where_i_stand_and_why(teacher, session):
    fill(session)

    response = signed_in(teacher).post(url("session-book", session.pk), follow=True)

    stands = response.context["page"].standing
    assert (stands.place, stands.of) == (1, 1)
    assert len(stands.reasons) == 2
    for words in (stands.because, stands.short, *stands.reasons, stands.what_happens):
        assert words in text(response)


def test_a_clash_is_refused_with_a_link_to_it(teacher, session):
    there = ask(teacher, SessionFactory(starts_at=session.starts_at))

    response = signed_in(teacher).post(url("session-book", session.pk), follow=True)

    there_too = HeldTime(
        session.starts_at, session.ends_at, there.session_id, there.pk, there.session.course.title
    )
    assert you_have_place_then(there_too) in text(response)
    assert f'href="{url("booking-detail", there.pk)}"' in response.content.decode()
    assert not Booking.objects.filter(session=session).exists()


def test_get_does_not_book(teacher, session):
    response = signed_in(teacher).get(url("session-book", session.pk))

    assert (response.status_code, Booking.objects.count()) == (405, 0)


def test_a_session_closed_to_other_schools_is_not_there_for_them(outsider, teacher, session):
    Session.objects.filter(pk=session.pk).update(is_own_school_only=True)

    assert signed_in(outsider).post(url("session-book", session.pk)).status_code == 404
    assert signed_in(teacher).post(url("session-book", session.pk)).status_code == 302


def test_an_administrator_without_a_staff_record_is_told_so(session):
    admin = UserFactory(person=None, email="root@trust.example", is_superuser=True)

    assert signed_in(admin).post(url("session-book", session.pk)).status_code == 403
    page = signed_in(admin).get(url("booking-list"))
    assert (page.status_code, page.context["mine"]) == (200, None)


def test_from_course_page_to_confirmation_in_few_requests_and_statements(teaching_assistant, session):
    """The issue's bar: at most 5 requests and 40 statements."""
    client = signed_in(teaching_assistant)

    with CaptureQueriesContext(connection) as queries:
        client.get(session.course.get_absolute_url())
        response = client.post(url("session-book", session.pk))
        client.get(response.url)

    said = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
    assert len(said) <= 40, "\n".join(one[:120] for one in said)


# One booking ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("teacher", 200),
        ("line_manager", 200),
        ("headteacher", 200),
        ("people_team", 200),
        ("hub_lead", 200),
        ("teaching_assistant", 404),
        ("outsider", 404),
        ("partner", 404),
    ],
)
def test_who_can_read_a_booking(who, status, teacher, session, request):
    booking = ask(teacher, session)

    response = signed_in(request.getfixturevalue(who)).get(url("booking-detail", booking.pk))

    assert response.status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("teacher", 302), ("hub_lead", 302), ("people_team", 302), ("line_manager", 403), ("outsider", 404)],
)
def test_who_can_cancel_a_booking(who, status, teacher, session, request):
    booking = ask(teacher, session)

    response = signed_in(request.getfixturevalue(who)).post(url("booking-cancel", booking.pk))

    booking.refresh_from_db()
    assert (response.status_code, booking.state == "cancelled") == (status, status == 302)


@pytest.mark.parametrize(
    ("who", "button"),
    [
        ("teacher", "Leave the waiting list"),
        ("hub_lead", "Take off the waiting list"),
        ("line_manager", ""),
        ("trainer", ""),
    ],
)
def test_only_who_may_cancel_has_the_button_and_others_read_of_the_person(
    who, button, teacher, session, request
):
    reader = request.getfixturevalue(who)
    session.trainers.add(request.getfixturevalue("trainer").person)
    fill(session)
    booking = ask(teacher, session)
    Booking.objects.filter(pk=booking.pk).update(created_at=clock.now() - timedelta(days=1))

    response = signed_in(reader).get(url("booking-detail", booking.pk))

    page = text(response)
    assert (url("booking-cancel", booking.pk) in response.content.decode()) is bool(button)
    assert button in page
    about = "You are" if who == "teacher" else "Tessa Teacher is"
    assert f"{about} 1st of 1 because" in page


def test_cancelling_asks_first_on_a_page_of_its_own(teacher, session):
    booking = ask(teacher, session)
    client = signed_in(teacher)

    page = client.get(url("booking-cancel", booking.pk))

    booking.refresh_from_db()
    assert booking.state == "booked"
    assert f"{page.context['page'].cancel_words}?" in text(page)
    assert '<button type="submit" class="btn btn-danger">' in page.content.decode()
    answer = client.post(url("booking-cancel", booking.pk), follow=True)
    assert answer.redirect_chain == [(url("booking-list"), 302)]
    assert "Cancelled: Phonics" in text(answer)


@pytest.mark.parametrize(("name", "state"), [("booking-accept", "booked"), ("booking-decline", "cancelled")])
def test_an_offer_is_answered_by_its_person_alone(name, state, teacher, people_team, session):
    Session.objects.filter(pk=session.pk).update(offer_hours=24)
    first = fill(session)
    booking = ask(teacher, session)
    cancel_booking(booking_id=first.pk, by=None, now=clock.now())

    refused = signed_in(people_team).post(url(name, booking.pk))
    answer = signed_in(teacher).post(url(name, booking.pk), follow=True)

    booking.refresh_from_db()
    assert (refused.status_code, answer.status_code, booking.state) == (403, 200, state)


def test_a_request_is_decided_by_who_may(teacher, line_manager, session):
    Session.objects.filter(pk=session.pk).update(needs_approval=True)
    booking = ask(teacher, session)

    own = signed_in(teacher).post(url("booking-decide", booking.pk), {"decision": "agree"})
    agreed = signed_in(line_manager).post(url("booking-decide", booking.pk), {"decision": "agree"})

    booking.refresh_from_db()
    assert (own.status_code, agreed.url, booking.state) == (403, "/inbox/", "booked")


def test_the_calendar_file_is_one_that_calendars_read(teacher, session):
    booking = ask(teacher, session)

    response = signed_in(teacher).get(url("booking-calendar", booking.pk))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment;")
    calendar = Calendar.from_ical(response.content)
    assert [event["dtstart"].dt for event in calendar.walk("VEVENT")] == [session.starts_at]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("booked", "CONFIRMED"),
        ("offered", "TENTATIVE"),
        ("cancelled", "CANCELLED"),
        ("waiting", None),
        ("requested", None),
    ],
)
def test_the_calendar_file_says_what_is_held_and_is_not_there_where_nothing_is(state, said, teacher, session):
    ends_at = session.starts_at if state == "offered" else None
    booking = BookingFactory(session=session, person=teacher.person, state=state, offer_ends_at=ends_at)

    response = signed_in(teacher).get(url("booking-calendar", booking.pk))

    assert response.status_code == (200 if said else 404)
    if said:
        assert [event["status"] for event in Calendar.from_ical(response.content).walk("VEVENT")] == [said]


# My bookings ------------------------------------------------------------------------------
def test_my_bookings_shows_to_come_waiting_and_over(teacher, session):
    client = signed_in(teacher)
    assert client.get(url("booking-list")).context["mine"].is_empty
    fill(session)
    ask(teacher, session)
    ask(teacher, SessionFactory(starts_at=session.starts_at + timedelta(days=1), course__title="Oracy"))

    page = text(client.get(url("booking-list")))

    assert "1st of 1 waiting" in page
    assert "Oracy" in page


@pytest.mark.parametrize("number", [1, 3])
def test_my_bookings_takes_the_same_statements(teacher, session, number, django_assert_max_num_queries):
    client = signed_in(teacher)
    for day in range(number):
        one = SessionFactory(starts_at=session.starts_at + timedelta(days=day), capacity=1)
        fill(one)
        ask(teacher, one)
        ask(teacher, SessionFactory(starts_at=session.starts_at + timedelta(days=day, hours=3)))
    client.get(url("booking-list"))

    with django_assert_max_num_queries(16):
        client.get(url("booking-list"))


def test_who_decides_finds_the_way_to_the_decision_and_back_to_the_inbox(client, teacher, line_manager):
    booking = BookingFactory(person=teacher.person, state="requested")
    client.force_login(line_manager)

    response = client.get(reverse("courses:booking-detail", args=[booking.pk]))

    page, answer = response.content.decode(), response.context["page"].answer_words
    assert f'href="{reverse("inbox-booking", args=[booking.pk])}"' in page
    assert 'href="/inbox/"' in page
    assert teacher.person.first_name in answer
    assert answer in page
    assert "My bookings" not in page
