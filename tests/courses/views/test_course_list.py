"""Find CPD: the list."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.courses import CourseFactory, SessionFactory

URL = "/courses/"


def soon(days=7, hour=15):
    """A moment on a day to come."""
    return (timezone.now() + timedelta(days=days)).replace(hour=hour, minute=45, second=0, microsecond=0)


@pytest.fixture
def as_teacher(client, teacher):
    client.force_login(teacher)
    return client


@pytest.fixture
def phonics(primary_hub):
    return CourseFactory(
        code="PTH-001",
        title="Phonics fidelity walk: spotting drift",
        summary="Four lessons.",
        hub=primary_hub,
    )


def titles(response):
    return [card.course.title for card in response.context["cards"]]


def test_list_shows_courses_with_their_next_date(as_teacher, phonics, beanfield):
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(7))
    SessionFactory(course=phonics, school=beanfield, starts_at=soon(3))

    response = as_teacher.get(URL)

    (card,) = response.context["cards"]
    assert (card.course, card.session.starts_at, card.dates) == (phonics, soon(3), 2)


def test_statements():
    pass


def test_same_number_of_statements(as_teacher, primary_hub, beanfield):
    counts = []
    for _ in range(3):
        for _ in range(1 if not counts else 2 if len(counts) == 1 else 60):
            course = CourseFactory(hub=primary_hub)
            SessionFactory.create_batch(2, course=course, school=beanfield, starts_at=soon())
        as_teacher.get(URL)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            response = as_teacher.get(URL)
        counts.append(len(seen))
        print(len(response.content))
    for q in seen:
        print(q["sql"][:300], q["time"])
    assert counts == [counts[0]] * 3
    assert counts[0] <= 12
