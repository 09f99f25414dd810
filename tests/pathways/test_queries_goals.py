"""The goal in a line, for home and for the manager's pages: right, and in few queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import Attendance
from pathways.models import Goal, HeldCpd, Pathway, Rung, RungCpd
from pathways.queries.goals import goal_for_home, goal_page, shared_goals
from staff import clock
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.staff import JobRoleFactory

TODAY = clock.today()


@pytest.fixture
def ladder(assistant_role, teacher_role):
    """TA, HLTA, teacher: HLTA needs its assessment, a teacher two things more, of which one only helps."""
    pathway = Pathway.objects.create(name="TA to teacher", slug="ta-to-teacher")
    hlta = JobRoleFactory(code="HLTA", title="Higher level teaching assistant")
    for number, role in enumerate((assistant_role, hlta, teacher_role), start=1):
        Rung.objects.create(pathway=pathway, number=number).job_roles.add(role)
    rungs = list(pathway.rungs.order_by("number"))
    RungCpd.objects.create(rung=rungs[0], need="required", words="Starter's training")
    RungCpd.objects.create(rung=rungs[1], need="required", words="HLTA assessment")
    RungCpd.objects.create(rung=rungs[1], need="recommended", words="Only helps an HLTA")
    RungCpd.objects.create(rung=rungs[2], need="required", words="Teacher training")
    RungCpd.objects.create(rung=rungs[2], need="recommended", words="A network", number=2)
    return rungs


@pytest.fixture
def goal(ladder, teaching_assistant):
    return Goal.objects.create(person=teaching_assistant.person, rung=ladder[2])


def cpd(words):
    return RungCpd.objects.get(words=words)


def come(person, course, days_ago=30, mark="present"):
    starts = clock.now() - timedelta(days=days_ago)
    session = SessionFactory(course=course, starts_at=starts)
    booking = BookingFactory(session=session, person=person)
    Attendance.objects.create(booking=booking, part=session.parts.get(), mark=mark)
    return booking


def test_nobody_without_a_goal(teacher):
    with CaptureQueriesContext(connection) as queries:
        assert goal_for_home(teacher.person, TODAY) is None

    assert len(queries) == 1


def test_line_names_what_comes_first_on_the_way(goal, teaching_assistant):
    course = CourseFactory(title="Towards HLTA")
    cpd("HLTA assessment").courses.add(course)
    SessionFactory(course=course, starts_at=clock.now() + timedelta(days=9))

    line = goal_for_home(teaching_assistant.person, TODAY)

    assert (line.done, line.total, line.next_words, line.next_label) == (0, 3, "HLTA assessment", "Book")
    assert line.next_url == course.get_absolute_url()


@pytest.mark.parametrize(
    ("window", "label"),
    [
        ({}, "Book"),
        ({"booking_opens_at": timedelta(days=2)}, "See the course"),
        ({"booking_closes_at": timedelta(days=-2)}, "See the course"),
        ({"starts_at": timedelta(days=40)}, "See the course"),  # they will have left
    ],
)
def test_only_what_can_be_booked_now_is_to_book(goal, teaching_assistant, window, label):
    now = clock.now()
    teaching_assistant.person.contracts.update(ends_on=TODAY + timedelta(days=30))
    course = CourseFactory(title="Towards HLTA")
    cpd("HLTA assessment").courses.add(course)
    SessionFactory(
        course=course,
        **{"starts_at": now + timedelta(days=9), **{name: now + after for name, after in window.items()}},
    )

    assert goal_for_home(teaching_assistant.person, TODAY).next_label == label


@pytest.mark.parametrize(("lines", "at_most"), [(1, 4), (5, 4)])
def test_line_for_home_takes_four_queries_at_most(goal, teaching_assistant, lines, at_most):
    for number in range(lines):
        course = CourseFactory()
        RungCpd.objects.create(rung=goal.rung, need="required", words=f"More {number}").courses.add(course)
        SessionFactory(course=course, starts_at=clock.now() + timedelta(days=9))
    with CaptureQueriesContext(connection) as queries:
        goal_for_home(teaching_assistant.person, TODAY)

    assert len(queries) <= at_most


def test_attended_course_and_own_word_are_in_place(goal, teaching_assistant):
    course = CourseFactory()
    cpd("HLTA assessment").courses.add(course)
    come(teaching_assistant.person, course)
    HeldCpd.objects.create(person=teaching_assistant.person, cpd=cpd("A network"), held_on=date(2024, 5, 1))

    page = goal_page(teaching_assistant.person, now=clock.now())

    assert {line.cpd.words: line.finding.because for line in page.lines} == {
        "HLTA assessment": "attended",
        "Teacher training": "",
        "A network": "held",
    }
    assert page.done == 2


@pytest.mark.parametrize("mark", ["absent", "part", "unmarked"])
def test_not_gone_through_is_still_missing(goal, teaching_assistant, mark):
    course = CourseFactory()
    cpd("HLTA assessment").courses.add(course)
    booking = come(teaching_assistant.person, course, mark="absent")
    Attendance.objects.filter(booking=booking).update(mark=mark, minutes=30 if mark == "part" else None)

    assert goal_for_home(teaching_assistant.person, TODAY).done == 0


def test_a_set_of_courses_is_in_place_with_its_last(goal, teaching_assistant):
    courses = CourseFactory.create_batch(2)
    line = cpd("HLTA assessment")
    line.courses.set(courses)
    RungCpd.objects.filter(pk=line.pk).update(courses_needed=2)

    come(teaching_assistant.person, courses[0])
    before = goal_for_home(teaching_assistant.person, TODAY).done
    come(teaching_assistant.person, courses[1])

    assert (before, goal_for_home(teaching_assistant.person, TODAY).done) == (0, 1)


def test_shared_goals_are_those_shared_alone_in_three_queries(ladder, teaching_assistant, outsider, teacher):
    rung = ladder[1]
    Goal.objects.create(person=teaching_assistant.person, rung=rung, is_shared=True)
    Goal.objects.create(person=outsider.person, rung=rung)
    Goal.objects.create(
        person=teacher.person, rung=rung, is_shared=True, ended_at=clock.now() - timedelta(days=90)
    )
    people = [user.person_id for user in (teaching_assistant, outsider, teacher)]

    with CaptureQueriesContext(connection) as queries:
        found = shared_goals(people)

    assert list(found) == [teaching_assistant.person_id]
    assert found[teaching_assistant.person_id].words == "0 of 2 in place"
    assert len(queries) == 3
