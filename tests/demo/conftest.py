"""The demo trust for the tests of it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.demo import ON
from tests.demo_trust import connected_to, demo_trust


@pytest.fixture
def trust(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo trust of 300 people as of `ON`, for one test, of which nothing remains."""
    with (
        django_db_blocker.unblock(),
        connected_to(demo_trust(people=300, on=ON)),
        transaction.atomic(),
    ):
        yield
        transaction.set_rollback(True)
