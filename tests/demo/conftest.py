"""The demo trust, made once for all the tests of it."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests import cluster
from tests.demo import ON


@pytest.fixture(scope="session")
def demo_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database with a demo trust of 300 people as of `ON`; its name."""
    usual = connection.settings_dict["NAME"]
    name = cluster.create_database()
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            call_command("demo", people=300, on=ON.isoformat(), verbosity=0)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
    yield name
    cluster.drop_database(name)


@pytest.fixture
def trust(demo_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo trust for one test, of which nothing remains."""
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = demo_database
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
