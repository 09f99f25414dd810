"""Find CPD: a month."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.queries.months import Month
from staff import clock
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory


@pytest.fixture
def as_teacher(client, teacher):
    client.force_login(teacher)
    return client


def noon_in_a_month():
    first = Month.of(clock.today()).next.first_day
    return timezone.make_aware(timezone.datetime(first.year, first.month, 15, 12, 0))


def parts_of(response):
    return [
        (day.on, [part.title for part in day.parts])
        for week in response.context["weeks"]
        for day in week
        if day.parts
    ]


def test_month_shows_each_part_on_its_day(as_teacher, primary_hub):
    course = CourseFactory(title="Number sense", hub=primary_hub)
    starts_at = noon_in_a_month()
    session = SessionFactory(
        course=course, starts_at=starts_at, ends_at=starts_at + timedelta(days=1, hours=1)
    )
    session.parts.create(
        number=2, starts_at=starts_at + timedelta(days=1), ends_at=session.ends_at, minutes=60
    )

    response = as_teacher.get(f"/courses/month/{starts_at:%Y-%m}/")

    assert parts_of(response) == [
        (starts_at.date(), ["Number sense"]),
        (starts_at.date() + timedelta(days=1), ["Number sense"]),
    ]


def test_month_shows_four_a_day_and_how_many_more_and_all_of_mine(as_teacher, teacher, primary_hub):
    starts_at = noon_in_a_month()
    sessions = [
        SessionFactory(course__hub=primary_hub, starts_at=starts_at + timedelta(minutes=minute))
        for minute in range(6)
    ]
    BookingFactory(session=sessions[-1], person=teacher.person)

    response = as_teacher.get(f"/courses/month/{starts_at:%Y-%m}/")

    (day,) = [day for week in response.context["weeks"] for day in week if day.parts]
    assert ([part.my_state for part in day.parts], day.more) == ([None, None, None, None, "booked"], 1)


@pytest.mark.parametrize("month", ["2026-13", "2026", "2026-00", "x-y", "1999-01", "2026-11-01"])
def test_a_month_that_is_none_is_not_found(as_teacher, month):
    assert as_teacher.get(f"/courses/month/{month}/").status_code == 404


def test_month_keeps_the_filters(as_teacher, primary_hub):
    starts_at = noon_in_a_month()
    SessionFactory(course=CourseFactory(title="Phonics", hub=primary_hub), starts_at=starts_at)
    SessionFactory(course=CourseFactory(title="Algebra", hub=primary_hub), starts_at=starts_at)

    response = as_teacher.get(f"/courses/month/{starts_at:%Y-%m}/?q=phonics")

    assert parts_of(response) == [(starts_at.date(), ["Phonics"])]
    assert response.context["next_url"].endswith("?q=phonics")
