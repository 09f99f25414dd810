"""A catalogue of any size, written in bulk."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction

from courses.models import Course, Session, SessionPart
from staff import clock
from staff.audit import keys_checked_at_once
from staff.models import School
from tests.factories.courses import StrandFactory
from tests.factories.entitlements import ActivityKindFactory
from tests.factories.staff import HubFactory

TOPICS = ("Phonics", "Fractions", "Behaviour", "Safeguarding", "Oracy", "Retrieval", "Coaching", "Allergens")
SUMMARY = (
    "We look at {0} in four classrooms, compare what we saw with the programme, and plan one short fix. " * 2
)


def make_many_courses(numbers: range, *, school: School, turns: int = 2) -> Sequence[Session]:
    """A course for each number, with so many sessions to come at a school, some of them full."""
    with (
        transaction.atomic(),
        keys_checked_at_once(),
    ):  # thousands with their trail (docs/decisions/bulk-writes.md)
        sessions = _write(numbers, school, range(turns))
    with connection.cursor() as cursor:  # as autovacuum does within a minute, and cannot inside a test
        cursor.execute("ANALYZE courses_course, courses_session, courses_sessionpart")
    return sessions


def _write(numbers: range, school: School, turns: range) -> Sequence[Session]:
    shared = {"hub": HubFactory(), "strand": StrandFactory(), "kind": ActivityKindFactory()}
    courses = Course.objects.bulk_create(
        [
            Course(
                code=f"C-{number}",
                slug=f"c-{number}",
                title=f"{TOPICS[number % len(TOPICS)]} in year {number % 7}: practice that lasts, number {number}",
                summary=SUMMARY.format(TOPICS[number % len(TOPICS)].lower()),
                outcomes="see drift early\nplan one fix\nshow a colleague",
                audience=["Teaching", "Classroom support"],
                minutes=120,
                **shared,
            )
            for number in numbers
        ],
        batch_size=1000,
    )
    now = clock.now().replace(minute=45, second=0, microsecond=0)
    sessions = Session.objects.bulk_create(
        [
            Session(
                course=course,
                code=f"S-{number}-{turn}",
                school=school,
                starts_at=now + timedelta(days=2 + number % 60 + 60 * turn),
                ends_at=now + timedelta(days=2 + number % 60 + 60 * turn, hours=2),
                capacity=20,
                booked_count=number % 21,
            )
            for number, course in zip(numbers, courses, strict=True)
            for turn in turns
        ],
        batch_size=1000,
    )
    SessionPart.objects.bulk_create(
        [
            SessionPart(session=session, starts_at=session.starts_at, ends_at=session.ends_at, minutes=120)
            for session in sessions
        ],
        batch_size=1000,
    )
    return sessions
