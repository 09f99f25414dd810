"""The same form sent twenty times at once has one effect and one answer (RELIABILITY row 5): courses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from courses.actions.bookings import book, cancel_booking
from courses.models import Attendance, Booking, BookingDecision, CalendarFeed, Course, Interest, Session
from entitlements.models import LedgerEntry, PlannedCredit
from staff.models import Message
from tests.factories.courses import CourseFactory, SessionFactory
from tests.system.web_server import all_at_once, cookie_of, post, serving

TIMES = 20
# Made when their turn comes: these sessions have begun.
BEGUN = {"session-register", "register-undo", "register-add"}


@dataclass
class Case:
    """One form: who sends it, what it needs, and what is different once it has had its one effect."""

    who: str
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    status: int = 302


def a_session(hub, school, trainer, number: int) -> Session:
    """A session in a week of its own, so that the forms do not stand in each other's way."""
    one = SessionFactory(
        course=CourseFactory(hub=hub, title="Phonics", slug=f"phonics-{number}"),
        school=school,
        starts_at=timezone.now() + timedelta(days=7 * (number + 1)),
        capacity=2,
    )
    one.trainers.add(trainer.person)
    return one


def ask(person, session):
    return book(person=person, session_id=session.pk, by=person, now=timezone.now())


def begin(session):
    """The session began a quarter of an hour ago."""
    start = timezone.now() - timedelta(minutes=15)
    session.parts.update(starts_at=start, ends_at=start + timedelta(hours=2))
    Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=start + timedelta(hours=2))


def to_book(session, get):
    return Case("teacher", reverse("courses:session-book", args=[session.pk]))


def to_cancel(session, get):
    for name in ("teaching_assistant", "line_manager", "headteacher", "cpd_lead"):
        ask(get(name).person, session)
    booking = Booking.objects.get(person=get("teaching_assistant").person)
    return Case("teaching_assistant", reverse("courses:booking-cancel", args=[booking.pk]))


def _offer(session, get):
    Session.objects.filter(pk=session.pk).update(offer_hours=24, capacity=1)
    first = ask(get("headteacher").person, session)
    offered = ask(get("teacher").person, session)
    ask(get("cpd_lead").person, session)
    cancel_booking(booking_id=first.pk, by=None, now=timezone.now())
    return offered


def to_accept(session, get):
    return Case("teacher", reverse("courses:booking-accept", args=[_offer(session, get).pk]))


def to_decline(session, get):
    return Case("teacher", reverse("courses:booking-decline", args=[_offer(session, get).pk]))


def to_decide(session, get):
    get("line_manager")
    Session.objects.filter(pk=session.pk).update(needs_approval=True)
    booking = ask(get("teacher").person, session)
    path = reverse("courses:booking-decide", args=[booking.pk])
    return Case("line_manager", path, {"decision": "agree"})


def to_mark(session, get):
    bookings = [ask(get(name).person, session) for name in ("teacher", "teaching_assistant")]
    begin(session)
    data = {f"mark-{bookings[0].pk}": "part", f"minutes-{bookings[0].pk}": "60", "rest": "present", "part": 1}
    return Case("trainer", reverse("courses:session-register", args=[session.pk]), data)


def to_undo(session, get):
    """Without a save in this browser there is nothing to undo: nothing happens, twenty times."""
    ask(get("teacher").person, session)
    begin(session)
    return Case("trainer", reverse("courses:register-undo", args=[session.pk]), {"part": 1})


def to_add(session, get):
    begin(session)
    person = get("teacher").person
    return Case("trainer", reverse("courses:register-add", args=[session.pk]), {"person": person.pk})


def to_make_feed(session, get):
    return Case("teacher", reverse("courses:feed-make"))


def to_revoke_feed(session, get):
    CalendarFeed.objects.create(person=get("headteacher").person, created_at=timezone.now(), token_hash="x")
    return Case("headteacher", reverse("courses:feed-revoke"))


def to_be_told(session, get):
    return Case("teacher", reverse("courses:course-interest", args=[session.course.slug]))


def to_publish(session, get):
    Course.objects.filter(pk=session.course.pk).update(is_published=False)
    Interest.objects.create(course=session.course, person=get("teacher").person)
    path = reverse("courses:manage-publish", args=[session.course.slug])
    return Case("hub_lead", path, {"publish": "yes"})


def to_change_capacity(session, get):
    for name in ("teacher", "teaching_assistant", "headteacher", "line_manager"):
        ask(get(name).person, session)
    path = reverse("courses:manage-session-capacity", args=[session.pk])
    return Case("hub_lead", path, {"capacity": 3})


def to_call_off(session, get):
    for name in ("teacher", "teaching_assistant", "headteacher"):
        ask(get(name).person, session)
    path = reverse("courses:manage-session-cancel", args=[session.pk])
    return Case("hub_lead", path, {"reason": "Snow"})


def a_date(days: int, *, there: int) -> dict[str, str]:
    """One date as the form posts it, where so many were there before."""
    rows = {"dates-TOTAL_FORMS": "2", "dates-INITIAL_FORMS": str(there)}
    day = timezone.localdate() + timedelta(days=days)
    return {**rows, "dates-0-on": str(day), "dates-0-starts": "15:45", "dates-0-ends": "17:45"}


def to_add_dates(session, get):
    path = reverse("courses:manage-sessions-new", args=[session.course.slug])
    data = {"capacity": "20", "together": "apart", "weeks": "2", "groups": "2", "schools": session.school_id}
    return Case("hub_lead", path, data | a_date(400, there=0))


def to_move(session, get):
    ask(get("teacher").person, session)
    path = reverse("courses:manage-session-edit", args=[session.pk])
    return Case("hub_lead", path, {"school": session.school_id, "room": "Hall"} | a_date(500, there=1))


def a_course(session, **change):
    course = session.course
    return {
        "title": "Phonics anew", "code": course.code, "hub": course.hub_id, "strand": course.strand_id,
        "kind": course.kind_id, "summary": "In short.", "outcomes": "", "for_whom": "", "mode": "in_person",
        "audience": "Teaching", "minutes": "90", **change,
    }  # fmt: skip


def to_change(session, get):
    path = reverse("courses:manage-edit", args=[session.course.slug])
    return Case("hub_lead", path, a_course(session))


CASES: dict[str, Callable[[Any, Any], Case]] = {
    "session-book": to_book,
    "booking-cancel": to_cancel,
    "booking-accept": to_accept,
    "booking-decline": to_decline,
    "booking-decide": to_decide,
    "session-register": to_mark,
    "register-undo": to_undo,
    "register-add": to_add,
    "feed-make": to_make_feed,
    "feed-revoke": to_revoke_feed,
    "course-interest": to_be_told,
    "manage-publish": to_publish,
    "manage-session-capacity": to_change_capacity,
    "manage-session-cancel": to_call_off,
    "manage-sessions-new": to_add_dates,
    "manage-session-edit": to_move,
    "manage-edit": to_change,
}
# The second answer says that the code is taken: below.
SAYS_IT_IS_THERE = {"manage-new"}


def state_of_everything() -> dict[str, object]:
    """What is in the tables that booking writes, without the moments."""
    return {
        "bookings": sorted(Booking.objects.values_list("session", "person", "state", "position")),
        "sessions": sorted(
            Session.objects.values_list(
                "pk", "booked_count", "offered_count", "next_position", "capacity", "status"
            )
        ),
        "marks": sorted(Attendance.objects.values_list("booking", "mark", "revision")),
        "ledger": sorted(LedgerEntry.objects.values_list("source_key", "minutes")),
        "planned": sorted(PlannedCredit.objects.values_list("source_key", "minutes")),
        "messages": sorted(Message.objects.values_list("dedupe_key", flat=True)),
        "decisions": BookingDecision.objects.count(),
        "feeds": CalendarFeed.objects.count(),
        "interests": sorted(Interest.objects.values_list("course", "person")),
        "courses": sorted(Course.objects.values_list("pk", "is_published", "title", "minutes")),
    }


def test_every_form_of_courses_has_a_case(people_team):
    """The list is made from the URLconf: a view that takes POST says so when asked for its methods."""
    client = Client()
    client.force_login(people_team)
    takes_post = set()
    for pattern in get_resolver("courses.urls").url_patterns:
        words = {name: {"pk": 1, "month": "2026-11"}.get(name, "x") for name in pattern.pattern.converters}
        answer = client.options(reverse(f"courses:{pattern.name}", kwargs=words))
        if "POST" in answer.get("Allow", ""):
            takes_post.add(pattern.name)

    assert takes_post == CASES.keys() | SAYS_IT_IS_THERE


def test_each_form_sent_twenty_times_at_once(cloned_database, primary_hub, beanfield, trainer, request):
    get = request.getfixturevalue
    made = {
        name: make(a_session(primary_hub, beanfield, trainer, number), get)
        for number, (name, make) in enumerate(CASES.items())
        if name not in BEGUN
    }
    with serving(cloned_database) as port:
        for name, make in CASES.items():
            case = made.get(name) or make(
                a_session(primary_hub, beanfield, trainer, 50 + list(CASES).index(name)), get
            )
            cookie = cookie_of(get(case.who))
            before = state_of_everything()

            answers = all_at_once([partial(post, port, cookie, case.path, case.data) for _ in range(TIMES)])
            after_all = state_of_everything()
            answers.append(post(port, cookie, case.path, case.data))

            said = {(answer.status, answer.location) for answer in answers}
            assert said == {(case.status, answers[0].location)}, name
            assert state_of_everything() == after_all, name
            assert one_effect(name, before, after_all), (name, before, after_all)
            # What has begun now must not stand in the way of the next one.
            Booking.objects.filter(session__starts_at__lt=timezone.now()).update(state="cancelled")


NOTHING = {"bookings": 0, "sessions": 0, "messages": 0, "ledger": 0, "planned": 0, "marks": 0}


def one_effect(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether the tables differ by what sending the form once does."""
    new = {key: len(after[key]) - len(before[key]) for key in NOTHING}
    expected: dict[str, dict[str, int]] = {
        "session-book": {"bookings": 1, "messages": 1, "planned": 1},
        "booking-cancel": {"messages": 2},
        "booking-accept": {"messages": 1, "planned": 1},
        "booking-decline": {"messages": 2},
        "booking-decide": {"messages": 1, "planned": 1},
        "session-register": {"ledger": 2, "planned": -2, "marks": 2},
        "register-undo": {},
        "register-add": {"bookings": 1, "planned": 1},
        "feed-make": {},
        "feed-revoke": {},
        "course-interest": {},
        "manage-publish": {"messages": 1},
        "manage-session-capacity": {"messages": 1, "planned": 1},
        "manage-session-cancel": {"messages": 3, "planned": -2},
        "manage-sessions-new": {"sessions": 4},
        "manage-session-edit": {"messages": 1},
        "manage-edit": {},
    }
    counts = {
        "decisions": 1 if name == "booking-decide" else 0,
        "feeds": {"feed-make": 1, "feed-revoke": -1}.get(name, 0),
    }
    return new == NOTHING | expected[name] and all(
        after[key] - before[key] == number for key, number in counts.items()
    )


def test_a_course_is_made_once_and_then_its_code_is_taken(
    cloned_database, primary_hub, beanfield, trainer, hub_lead
):
    session = a_session(primary_hub, beanfield, trainer, 1)
    form = a_course(session, code="PTH-500")
    with serving(cloned_database) as port:
        answers = all_at_once(
            [partial(post, port, cookie_of(hub_lead), reverse("courses:manage-new"), form)] * TIMES
        )

    assert sorted(answer.status for answer in answers) == [302] + [422] * (TIMES - 1)
    assert Course.objects.filter(code="PTH-500").count() == 1


def test_without_uniqueness_one_form_books_many_times(
    cloned_database, primary_hub, beanfield, trainer, teacher
):
    """The control: the person's lock and the database's uniqueness off."""
    session = a_session(primary_hub, beanfield, trainer, 1)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX booking_one_live_per_person_and_session")
    Session.objects.filter(pk=session.pk).update(capacity=TIMES)
    cookie, path = cookie_of(teacher), reverse("courses:session-book", args=[session.pk])
    with serving(cloned_database, application="tests.system.without_uniqueness:application") as port:
        answers = all_at_once([partial(post, port, cookie, path) for _ in range(TIMES)])

    assert Booking.objects.count() > 1
    assert len({answer.location for answer in answers}) > 1
