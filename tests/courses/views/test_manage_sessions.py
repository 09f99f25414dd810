"""Running the catalogue: sessions and the people on them."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.actions.bookings import book
from courses.actions.catalogue import register_interest
from courses.actions.planning import too_many_sessions
from courses.models import Booking, Session
from courses.views.manage_sessions import NOTHING_ADDED
from staff import clock
from staff.models import Message
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.entitlements import AcademicYearFactory, EntitlementPolicyFactory
from tests.factories.staff import HubFactory, PersonFactory, SchoolFactory


def rows(*dates, initial=0):
    """Dates as the form posts them: (date, from, to)."""
    data = {"dates-TOTAL_FORMS": "6", "dates-INITIAL_FORMS": str(initial)}
    for number, (on, starts, ends) in enumerate(dates):
        data |= {
            f"dates-{number}-on": str(on),
            f"dates-{number}-starts": starts,
            f"dates-{number}-ends": ends,
        }
    return data


def terms(**change):
    return {"capacity": "20", "together": "apart", "weeks": "1", "room": "", "online_link": ""} | change


@pytest.fixture
def day():
    return clock.today() + timedelta(days=30)


@pytest.fixture
def new_url(phonics):
    return f"/courses/manage/courses/{phonics.slug}/sessions/"


@pytest.fixture
def url(phonics_session):
    return f"/courses/manage/sessions/{phonics_session.pk}/"


@pytest.fixture
def years(db):
    return EntitlementPolicyFactory(year=AcademicYearFactory())


# Adding -----------------------------------------------------------------------------------
def test_one_session_at_twelve_sites_in_one_go(as_hub_lead, new_url, day, trainer):
    sites = [SchoolFactory(code=f"S{number:02d}") for number in range(12)]

    as_hub_lead.post(
        new_url,
        terms(schools=[site.pk for site in sites], trainers=[trainer.person.pk])
        | rows((day, "15:45", "17:45")),
    )

    sessions = Session.objects.all()
    assert (
        len({session.school_id for session in sessions}) == len({session.code for session in sessions}) == 12
    )
    assert {session.trainers.get() for session in sessions} == {trainer.person}
    assert {(part.number, part.minutes) for session in sessions for part in session.parts.all()} == {(1, 120)}


def test_dates_repeat_weekly_at_the_same_time_on_the_clock(as_hub_lead, new_url, beanfield):
    # Over the end of summer time in a year to come.
    first = timezone.datetime(2027, 10, 26).date()

    as_hub_lead.post(new_url, terms(schools=[beanfield.pk], weeks="3") | rows((first, "15:45", "16:45")))

    starts = [timezone.localtime(one.starts_at) for one in Session.objects.order_by("starts_at")]
    assert [f"{at:%d %b %H:%M}" for at in starts] == ["26 Oct 15:45", "02 Nov 15:45", "09 Nov 15:45"]


def test_dates_together_are_parts_of_one_session(as_hub_lead, new_url, beanfield, day):
    later = day + timedelta(days=7)

    as_hub_lead.post(
        new_url,
        terms(schools=[beanfield.pk], together="parts")
        | rows((later, "09:00", "11:00"), (day, "09:00", "10:00")),
    )

    session = Session.objects.get()
    assert [(timezone.localdate(part.starts_at), part.minutes) for part in session.parts.all()] == [
        (day, 40),
        (later, 80),
    ]
    assert timezone.localdate(session.ends_at) == later


def test_an_online_session_has_no_school(as_hub_lead, new_url, day):
    as_hub_lead.post(
        new_url, terms(is_online="on", online_link="https://meet.example/x") | rows((day, "15:45", "16:45"))
    )

    session = Session.objects.get()
    assert (session.school, session.online_link) == (None, "https://meet.example/x")


def test_who_asked_for_a_date_is_told_once(as_hub_lead, teacher, phonics, new_url, beanfield, day):
    register_interest(person=teacher.person, course_id=phonics.pk, by=teacher.person)

    for start in ("09:00", "13:00"):
        as_hub_lead.post(new_url, terms(schools=[beanfield.pk]) | rows((day, start, "16:45")))

    assert Message.objects.filter(person=teacher.person, kind="course_has_date").count() == 1


@pytest.mark.parametrize(
    ("change", "dates"),
    [
        ({}, [("2027-01-01", "10:00", "09:00")]),
        ({}, []),
        ({}, [("2027-02-31", "10:00", "11:00")]),
        ({"schools": []}, [("2027-01-01", "10:00", "11:00")]),
        ({"capacity": "0"}, [("2027-01-01", "10:00", "11:00")]),
        ({"weeks": "31"}, [("2027-01-01", "10:00", "11:00")]),
        ({"together": "parts"}, [("2027-01-01", "10:00", "12:00"), ("2027-01-01", "11:00", "13:00")]),
    ],
)
def test_bad_dates_come_back_and_nothing_is_written(as_hub_lead, new_url, beanfield, change, dates):
    response = as_hub_lead.post(new_url, terms(schools=[beanfield.pk]) | change | rows(*dates))

    assert response.status_code == 422
    assert not Session.objects.exists()


def test_too_many_at_once_are_refused(as_hub_lead, new_url, day):
    sites = [SchoolFactory(code=f"S{number:02d}").pk for number in range(13)]

    response = as_hub_lead.post(new_url, terms(schools=sites, weeks="10") | rows((day, "15:45", "17:45")))

    assert response.status_code == 422
    assert too_many_sessions(130) in response.content.decode()


# Changing ---------------------------------------------------------------------------------
def test_a_move_is_told_to_who_has_a_place(as_hub_lead, teacher, years, phonics_session, beanfield, url, day):
    book(person=teacher.person, session_id=phonics_session.pk, by=teacher.person, now=clock.now())

    response = as_hub_lead.post(
        f"{url}edit/", {"school": beanfield.pk, "room": "Hall"} | rows((day, "10:00", "12:00"), initial=1)
    )

    phonics_session.refresh_from_db()
    assert response.status_code == 302
    assert (timezone.localdate(phonics_session.starts_at), phonics_session.room) == (day, "Hall")
    assert Message.objects.filter(person=teacher.person, kind__contains="changed").count() == 1


def test_new_terms_alone_are_told_to_nobody(
    as_hub_lead, teacher, years, phonics_session, beanfield, trainer, url
):
    book(person=teacher.person, session_id=phonics_session.pk, by=teacher.person, now=clock.now())
    before = Message.objects.count()
    starts, ends = timezone.localtime(phonics_session.starts_at), timezone.localtime(phonics_session.ends_at)

    as_hub_lead.post(
        f"{url}edit/",
        {"school": beanfield.pk, "offer_hours": "24", "needs_approval": "on", "trainers": [trainer.person.pk]}
        | rows((starts.date(), f"{starts:%H:%M}", f"{ends:%H:%M}"), initial=1),
    )

    phonics_session.refresh_from_db()
    assert (phonics_session.offer_hours, phonics_session.needs_approval) == (24, True)
    assert list(phonics_session.trainers.all()) == [trainer.person]
    assert (phonics_session.booked_count, Message.objects.count()) == (1, before)


def test_more_places_go_to_who_waits(as_hub_lead, teacher, line_manager, years, phonics_session, url):
    Session.objects.update(capacity=1)
    for user in (teacher, line_manager):
        book(person=user.person, session_id=phonics_session.pk, by=user.person, now=clock.now())

    as_hub_lead.post(f"{url}capacity/", {"capacity": "2"})

    assert set(Booking.objects.values_list("state", flat=True)) == {"booked"}


def test_fewer_places_than_are_taken_are_refused(
    as_hub_lead, teacher, line_manager, years, phonics_session, url
):
    for user in (teacher, line_manager):
        book(person=user.person, session_id=phonics_session.pk, by=user.person, now=clock.now())

    response = as_hub_lead.post(f"{url}capacity/", {"capacity": "1"}, follow=True)

    assert "2 places are booked or offered" in response.content.decode()


def test_calling_off_needs_a_reason_and_tells_everybody(as_hub_lead, teacher, years, phonics_session, url):
    book(person=teacher.person, session_id=phonics_session.pk, by=teacher.person, now=clock.now())

    assert as_hub_lead.post(f"{url}cancel/", {"reason": ""}).status_code == 422
    as_hub_lead.post(f"{url}cancel/", {"reason": "The trainer is ill."})

    phonics_session.refresh_from_db()
    assert (phonics_session.status, phonics_session.cancel_reason) == ("cancelled", "The trainer is ill.")
    assert Booking.objects.get().state == "cancelled"
    assert Message.objects.filter(kind__contains="session_cancelled").count() == 1


# People -----------------------------------------------------------------------------------
@pytest.fixture
def three_people(phonics_session):
    for position, (first, last, state) in enumerate(
        [
            ("Zoe", "Zest", "waiting"),
            ("Ann", "Ash", "waiting"),
            ("Ben", "Box", "booked"),
            ("Cy", "Cut", "cancelled"),
        ]
    ):
        person = PersonFactory(first_name=first, last_name=last, payroll_number=f"P-{last}")
        BookingFactory(session=phonics_session, person=person, state=state, position=position)


def test_people_are_listed_places_first_then_the_queue_in_order(as_hub_lead, three_people, url):
    bookings = as_hub_lead.get(url).context["bookings"]

    assert [(booking.person.first_name, booking.state) for booking in bookings] == [
        ("Ben", "booked"),
        ("Zoe", "waiting"),
        ("Ann", "waiting"),
    ]


@pytest.mark.parametrize(
    ("words", "found"), [("ash", ["Ann"]), ("zoe zest", ["Zoe"]), ("P-box", ["Ben"]), ("cut", [])]
)
def test_people_are_searched(as_hub_lead, three_people, url, words, found):
    bookings = as_hub_lead.get(url, {"q": words}).context["bookings"]

    assert [booking.person.first_name for booking in bookings] == found


def test_download_has_what_was_searched(as_hub_lead, three_people, url):
    response = as_hub_lead.get(f"{url}people.csv", {"q": "ash"})

    lines = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert [line[:3] for line in lines] == [
        ["Last name", "First name", "Payroll number"],
        ["Ash", "Ann", "P-Ash"],
    ]
    assert response["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\u202e=1"])
def test_download_has_no_live_formula(as_hub_lead, phonics_session, url, name):
    BookingFactory(session=phonics_session, person=PersonFactory(first_name=name, last_name='Q"uote\r\n=2'))

    (_, line) = csv.reader(
        StringIO(as_hub_lead.get(f"{url}people.csv").content.decode("utf-8-sig"), newline="")
    )

    assert not line[1].startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert line[0] == 'Q"uote =2'


# Doors ------------------------------------------------------------------------------------
PATHS = ["", "edit/", "cancel/", "people.csv"]


@pytest.mark.parametrize("who", ["teacher", "line_manager", "headteacher", "trainer", "partner", "outsider"])
@pytest.mark.parametrize("path", PATHS)
def test_who_does_not_run_the_hub_is_refused(client, request, three_people, url, who, path):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url + path).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_a_hub_lead_of_another_hub_is_refused(as_hub_lead, path):
    session = SessionFactory(course=CourseFactory(hub=HubFactory(code="LA", name="Leadership Academy")))

    assert as_hub_lead.get(f"/courses/manage/sessions/{session.pk}/{path}").status_code == 403
    assert as_hub_lead.post(f"/courses/manage/sessions/{session.pk}/capacity/").status_code == 403


def test_an_unknown_session_is_not_found(as_hub_lead):
    assert as_hub_lead.get("/courses/manage/sessions/999999/").status_code == 404


def test_capacity_by_get_is_refused(as_hub_lead, url):
    assert as_hub_lead.get(f"{url}capacity/").status_code == 405


# Cost -------------------------------------------------------------------------------------
def test_people_take_as_many_statements_for_1_and_3(as_hub_lead, phonics_session, url):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            BookingFactory(session=phonics_session)
        with CaptureQueriesContext(connection) as seen:
            as_hub_lead.get(url)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_form_sent_again_adds_nothing_and_more_groups_are_asked_for(
    as_hub_lead, phonics, new_url, beanfield, day
):
    one = terms(schools=[beanfield.pk]) | rows((day, "15:45", "17:45"))
    before = phonics.sessions.count()

    first, again = as_hub_lead.post(new_url, one), as_hub_lead.post(new_url, one, follow=True)
    as_hub_lead.post(new_url, one | {"groups": "3"})

    assert first.url == again.redirect_chain[0][0]
    assert [str(message) for message in again.context["messages"]][1:] == [NOTHING_ADDED]
    assert phonics.sessions.count() - before == 3


def test_adding_takes_as_many_statements_for_1_and_12_sessions(as_hub_lead, new_url, day):
    sites = [SchoolFactory(code=f"S{number:02d}").pk for number in range(13)]
    counts = []
    for chosen in (sites[:1], sites[1:]):
        with CaptureQueriesContext(connection) as seen:
            as_hub_lead.post(new_url, terms(schools=chosen) | rows((day, "15:45", "17:45")))
        counts.append(len(seen))

    assert counts[0] == counts[1]
