"""The forms of courses: places, registers, the calendar, and running the catalogue."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count

from django.test import Client
from django.urls import reverse

from courses.actions.bookings import book, cancel_booking
from courses.models import Booking, CalendarFeed, Course, Interest, Session
from staff import clock
from staff.models import Person
from tests.factories.courses import CourseFactory, SessionFactory
from tests.system.repeats.cases import Cases, Form, Get

_weeks = count(1)


def a_session(get: Get) -> Session:
    """A session of two places in a week of its own, so that the forms do not stand in each other's way."""
    week = next(_weeks)
    # What has begun by now is not in the way of the next either.
    Booking.objects.filter(session__starts_at__lt=clock.now()).update(state="cancelled")
    session = SessionFactory(
        course=CourseFactory(hub=get("primary_hub"), title="Phonics", slug=f"phonics-{week}"),
        school=get("beanfield"),
        starts_at=clock.now() + timedelta(weeks=week),
        capacity=2,
    )
    session.trainers.add(get("trainer").person)
    return session


def ask(person: Person, session: Session) -> Booking:
    return book(person=person, session_id=session.pk, by=person, now=clock.now())


def begin(session: Session) -> None:
    """The session began a quarter of an hour ago."""
    start = clock.now() - timedelta(minutes=15)
    session.parts.update(starts_at=start, ends_at=start + timedelta(hours=2))
    Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + timedelta(hours=2))


# Places -------------------------------------------------------------------------------------
def to_book(get: Get) -> Form:
    return Form("teacher", reverse("courses:session-book", args=[a_session(get).pk]))


def to_cancel(get: Get) -> Form:
    """With somebody in the line behind: the place goes to them."""
    session = a_session(get)
    for name in ("teaching_assistant", "line_manager", "headteacher", "cpd_lead"):
        ask(get(name).person, session)
    booking = session.bookings.get(person=get("teaching_assistant").person)
    return Form("teaching_assistant", reverse("courses:booking-cancel", args=[booking.pk]))


def to_answer(verb: str, get: Get) -> Form:
    """A place is held for the teacher, and somebody waits behind."""
    session = a_session(get)
    Session.objects.filter(pk=session.pk).update(offer_hours=24, capacity=1)
    first = ask(get("headteacher").person, session)
    offered = ask(get("teacher").person, session)
    ask(get("cpd_lead").person, session)
    cancel_booking(booking_id=first.pk, by=None, now=clock.now())
    return Form("teacher", reverse(f"courses:booking-{verb}", args=[offered.pk]))


def to_decide(data: dict[str, str], get: Get) -> Form:
    session = a_session(get)
    get("line_manager")
    Session.objects.filter(pk=session.pk).update(needs_approval=True)
    booking = ask(get("teacher").person, session)
    return Form("line_manager", reverse("courses:booking-decide", args=[booking.pk]), data)


# Registers ----------------------------------------------------------------------------------
def _register(get: Get) -> tuple[Session, dict[str, object]]:
    """A session that has begun, and its register filled in: one came in part, one for all of it."""
    session = a_session(get)
    first, _ = [ask(get(name).person, session) for name in ("teacher", "teaching_assistant")]
    begin(session)
    return session, {f"mark-{first.pk}": "part", f"minutes-{first.pk}": "60", "rest": "present", "part": 1}


def to_mark(get: Get) -> Form:
    session, data = _register(get)
    return Form("trainer", reverse("courses:session-register", args=[session.pk]), data)


def to_undo(get: Get) -> Form:
    """In the browser that has saved it."""
    session, data = _register(get)
    browser = Client()
    browser.force_login(get("trainer"))
    browser.post(reverse("courses:session-register", args=[session.pk]), data)
    return Form("trainer", reverse("courses:register-undo", args=[session.pk]), {"part": 1}, browser=browser)


def to_add(get: Get) -> Form:
    session = a_session(get)
    begin(session)
    path = reverse("courses:register-add", args=[session.pk])
    return Form("trainer", path, {"person": get("teacher").person.pk})


# The calendar, interest ---------------------------------------------------------------------
def to_make_feed(get: Get) -> Form:
    return Form("teacher", reverse("courses:feed-make"))


def to_revoke_feed(get: Get) -> Form:
    CalendarFeed.objects.create(person=get("headteacher").person, created_at=clock.now(), token_hash="x")
    return Form("headteacher", reverse("courses:feed-revoke"))


def to_be_told(get: Get) -> Form:
    return Form("teacher", reverse("courses:course-interest", args=[a_session(get).course.slug]))


def to_be_told_no_more(get: Get) -> Form:
    course = a_session(get).course
    Interest.objects.create(course=course, person=get("teacher").person)
    return Form("teacher", reverse("courses:course-interest", args=[course.slug]), {"withdraw": "yes"})


# Running the catalogue ----------------------------------------------------------------------
def to_publish(get: Get) -> Form:
    course = a_session(get).course
    Course.objects.filter(pk=course.pk).update(is_published=False)
    Interest.objects.create(course=course, person=get("teacher").person)
    return Form("hub_lead", reverse("courses:manage-publish", args=[course.slug]), {"publish": "yes"})


def to_change_capacity(get: Get) -> Form:
    session = a_session(get)
    for name in ("teacher", "teaching_assistant", "headteacher", "line_manager"):
        ask(get(name).person, session)
    path = reverse("courses:manage-session-capacity", args=[session.pk])
    return Form("hub_lead", path, {"capacity": 3})


def to_call_off(get: Get) -> Form:
    session = a_session(get)
    for name in ("teacher", "teaching_assistant", "headteacher"):
        ask(get(name).person, session)
    path = reverse("courses:manage-session-cancel", args=[session.pk])
    return Form("hub_lead", path, {"reason": "Snow"})


def _date(days: int, *, there: int) -> dict[str, str]:
    """One date as the form posts it, where so many were there before."""
    rows = {"dates-TOTAL_FORMS": "2", "dates-INITIAL_FORMS": str(there)}
    day = clock.today() + timedelta(days=days)
    return {**rows, "dates-0-on": str(day), "dates-0-starts": "15:45", "dates-0-ends": "17:45"}


def to_add_dates(get: Get) -> Form:
    session = a_session(get)
    path = reverse("courses:manage-sessions-new", args=[session.course.slug])
    data = {"capacity": "20", "together": "apart", "weeks": "2", "groups": "2", "schools": session.school_id}
    return Form("hub_lead", path, data | _date(400, there=0))


def to_move(get: Get) -> Form:
    session = a_session(get)
    ask(get("teacher").person, session)
    path = reverse("courses:manage-session-edit", args=[session.pk])
    return Form("hub_lead", path, {"school": session.school_id, "room": "Hall"} | _date(500, there=1))


def _course(course: Course, **change: object) -> dict[str, object]:
    return {
        "title": "Phonics anew", "code": course.code, "hub": course.hub_id, "strand": course.strand_id,
        "kind": course.kind_id, "summary": "In short.", "outcomes": "", "for_whom": "", "mode": "in_person",
        "audience": "Teaching", "minutes": "90", **change,
    }  # fmt: skip


def to_make_course(get: Get) -> Form:
    data = _course(a_session(get).course, code="pth-500")
    to = reverse("courses:manage-course", args=["phonics-anew-pth-500"])
    return Form("hub_lead", reverse("courses:manage-new"), data, to=to)


def to_change_course(get: Get) -> Form:
    course = a_session(get).course
    return Form("hub_lead", reverse("courses:manage-edit", args=[course.slug]), _course(course))


CASES: Cases = {
    "courses:session-book": (
        to_book,
        {"+courses.booking": 1, "+entitlements.plannedcredit": 1, "+staff.message": 1, "courses.session": 1},
    ),
    "courses:booking-cancel": (
        to_cancel,
        {
            "+entitlements.plannedcredit": 1,
            "+staff.message": 2,
            "-entitlements.plannedcredit": 1,
            "courses.booking": 2,
        },
    ),
    "courses:booking-accept": (
        partial(to_answer, "accept"),
        {"+entitlements.plannedcredit": 1, "+staff.message": 1, "courses.booking": 1, "courses.session": 1},
    ),
    "courses:booking-decline": (partial(to_answer, "decline"), {"+staff.message": 2, "courses.booking": 2}),
    "courses:booking-decide": (
        partial(to_decide, {"decision": "agree"}),
        {
            "+courses.bookingdecision": 1,
            "+entitlements.plannedcredit": 1,
            "+staff.message": 1,
            "courses.booking": 1,
            "courses.session": 1,
        },
    ),
    "courses:booking-decide, not agreed": (
        partial(to_decide, {"decision": "no", "reason": "Exams."}),
        {"+courses.bookingdecision": 1, "+staff.message": 1, "courses.booking": 1},
    ),
    "courses:session-register": (
        to_mark,
        {
            "+courses.attendance": 2,
            "+entitlements.ledgerentry": 2,
            "-entitlements.plannedcredit": 2,
            "courses.session": 1,
        },
    ),
    "courses:register-undo": (
        to_undo,
        {
            "+entitlements.ledgerentry": 2,
            "+entitlements.plannedcredit": 2,
            "courses.attendance": 2,
            "courses.session": 1,
        },
    ),
    "courses:register-add": (
        to_add,
        {"+courses.booking": 1, "+entitlements.plannedcredit": 1, "courses.session": 1},
    ),
    "courses:feed-make": (to_make_feed, {"+courses.calendarfeed": 1}),
    "courses:feed-revoke": (to_revoke_feed, {"-courses.calendarfeed": 1}),
    "courses:course-interest": (to_be_told, {"+courses.interest": 1}),
    "courses:course-interest, withdrawn": (to_be_told_no_more, {"-courses.interest": 1}),
    "courses:manage-publish": (to_publish, {"+staff.message": 1, "courses.course": 1, "courses.interest": 1}),
    "courses:manage-session-capacity": (
        to_change_capacity,
        {"+entitlements.plannedcredit": 1, "+staff.message": 1, "courses.booking": 1, "courses.session": 1},
    ),
    "courses:manage-session-cancel": (
        to_call_off,
        {"+staff.message": 3, "-entitlements.plannedcredit": 2, "courses.booking": 3, "courses.session": 1},
    ),
    "courses:manage-sessions-new": (to_add_dates, {"+courses.session": 4, "+courses.sessionpart": 4}),
    "courses:manage-session-edit": (
        to_move,
        {
            "+staff.message": 1,
            "-courses.session_trainers": 1,
            "courses.session": 1,
            "courses.sessionpart": 1,
            "entitlements.plannedcredit": 1,
        },
    ),
    "courses:manage-new": (to_make_course, {"+courses.course": 1}),
    "courses:manage-edit": (to_change_course, {"courses.course": 1}),
}
