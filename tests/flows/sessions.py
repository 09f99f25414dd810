"""What journeys start from, so that nothing depends on what the demo trust happens to hold."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

from courses.models import Course, Session
from staff import clock
from staff.models import Contract, Person, School, User
from tests.factories.courses import SessionFactory

_numbers = count(1)


def person_of(who: str) -> Person:
    """The person who signs in as `<who>@demo.example`."""
    person = User.objects.get(email=f"{who}@demo.example").person
    assert person is not None
    return person


def a_cook() -> str:
    """The sign-in of someone who works in a kitchen today."""
    contract = Contract.objects.in_force(clock.today()).filter(
        job_role__code__in=("COOK", "CATM"), person__user__is_active=True
    )
    return contract.order_by("pk")[0].person.user.email.partition("@")[0]


def a_session(course: str, *, on: date, capacity: int = 10, trainer: Person | None = None) -> Session:
    """A session of a course of the demo trust, an hour in the evening, when no one has another."""
    starts_at = timezone.make_aware(datetime.combine(on, time(18, 30)))
    session = SessionFactory(
        course=Course.objects.get(code=course),
        code=f"FLOW-{next(_numbers)}",
        school=School.objects.get(code="BPS"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        capacity=capacity,
    )
    session.parts.update(ends_at=session.ends_at, minutes=60)
    if trainer:
        session.trainers.add(trainer)
    return session


def a_weekday(days: int) -> date:
    """The day so many working days from now: each number is a day of its own, on whatever day this runs."""
    day = clock.today()
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
