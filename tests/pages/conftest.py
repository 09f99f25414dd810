"""The demo trust for looking at pages: a copy of its own, and a window that shows them without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from staff import clock
from staff.models import User
from tests import cluster
from tests.demo_trust import connected_to, demo_trust
from tests.pages.window import Window, window


@pytest.fixture(scope="session")
def _copy_of_the_trust(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock():
        name = cluster.create_database(demo_trust(people=150, on=clock.today()))
    yield name
    cluster.drop_database(name)


@pytest.fixture
def client_of(
    _copy_of_the_trust: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[str], Client]]:
    """A client signed in as `<who>@demo.example`, or signed out."""

    def sign_in(who: str) -> Client:
        client = Client()
        if who:
            client.force_login(User.objects.get(email=f"{who}@demo.example"))
        return client

    with django_db_blocker.unblock(), connected_to(_copy_of_the_trust):
        yield sign_in


@pytest.fixture(scope="session")
def phone(browser: Browser) -> Iterator[Window]:
    """One window of a phone for all pages."""
    with window(browser) as opened:
        yield opened
