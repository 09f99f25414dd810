"""Dull courses, sessions and bookings."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from courses import models
from tests.factories.entitlements import ActivityKindFactory
from tests.factories.staff import HubFactory, PersonFactory, SchoolFactory


class StrandFactory(DjangoModelFactory):
    class Meta:
        model = models.Strand
        django_get_or_create = ("name",)

    name = "Early reading"
    slug = factory.LazyAttribute(lambda strand: strand.name.lower().replace(" ", "-"))


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = models.Course

    code = factory.Sequence(lambda n: f"PTH-{n:03d}")
    slug = factory.LazyAttribute(lambda course: course.code.lower())
    title = factory.Sequence(lambda n: f"Course {n}")
    summary = "What it is about."
    hub = factory.SubFactory(HubFactory)
    strand = factory.SubFactory(StrandFactory)
    audience = factory.LazyFunction(lambda: ["all"])
    minutes = 120
    kind = factory.SubFactory(ActivityKindFactory)


class SessionFactory(DjangoModelFactory):
    """A session to come on Thu 10 Dec 2026, 15:45-17:45, with its one part."""

    class Meta:
        model = models.Session
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    code = factory.Sequence(lambda n: f"S-{n:05d}")
    school = factory.SubFactory(SchoolFactory)
    starts_at = datetime(2026, 12, 10, 15, 45, tzinfo=UTC)
    ends_at = factory.LazyAttribute(
        lambda session: session.starts_at + timedelta(minutes=session.course.minutes)
    )
    capacity = 20

    @factory.post_generation
    def parts(self, create, extracted, **kwargs):
        if create:
            models.SessionPart.objects.create(
                session=self, starts_at=self.starts_at, ends_at=self.ends_at, minutes=self.course.minutes
            )


class BookingFactory(DjangoModelFactory):
    """A booking row as it stands; the session's counters are not touched (use the actions for that)."""

    class Meta:
        model = models.Booking

    session = factory.SubFactory(SessionFactory)
    person = factory.SubFactory(PersonFactory)
    state = "booked"
    position = factory.Sequence(lambda n: n + 1)
