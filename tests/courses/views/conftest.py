"""A course with a date to come, and people of several schools on it."""

from datetime import timedelta

import pytest

from staff import clock
from tests.factories.courses import CourseFactory, SessionFactory


def soon(days=7, hour=12, minute=45):
    """A moment on a day to come."""
    return (clock.now() + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)


@pytest.fixture
def phonics(primary_hub):
    return CourseFactory(
        code="PTH-001",
        title="Phonics fidelity walk: spotting drift",
        summary="We visit four lessons.",
        hub=primary_hub,
    )


@pytest.fixture
def phonics_session(phonics, beanfield):
    return SessionFactory(course=phonics, school=beanfield, starts_at=soon())


@pytest.fixture
def as_teacher(client, teacher):
    client.force_login(teacher)
    return client


@pytest.fixture
def as_hub_lead(client, hub_lead):
    client.force_login(hub_lead)
    return client
