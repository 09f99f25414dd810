"""A real browser on a real server: gunicorn, PostgreSQL and Valkey, with a demo trust of 150 people.

    def test_ta_books(portal, new_page):
        session = SessionFactory(...)        # Django's connection leads to the portal's database
        page = new_page("ta", phone=True)
        page.goto("/courses/")

`page` and `phone_page` are signed out. A script error or a breach of the content security policy
fails the test that saw it. Each test process has a portal of its own, which all its journeys share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Protocol

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from pytest_django import DjangoDbBlocker

from bwt_cpd.embedded.servers import lock
from staff import clock
from staff.models import User
from tests import cluster
from tests.demo_trust import connected_to, demo_trust
from tests.system.web_server import serving

PASSWORD = "demo"
QUICK_PASSWORDS = "tests.system.quick_passwords:application"  # those of the demo trust were hashed here
COLLECTED = "whitenoise.storage.CompressedManifestStaticFilesStorage"


class NewPage(Protocol):
    """Opens a page in a window of its own, signed in as `<who>@demo.example` where someone is named."""

    def __call__(
        self,
        who: str = "",
        *,
        phone: bool = False,
        javascript: bool = True,
        dark: bool = False,
        width: int = 1280,
    ) -> Page: ...


# The portal --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Portal:
    """A running portal: where it is, its database, and how to start more processes on it."""

    address: str
    database: str
    environment: dict[str, str] = field(default_factory=dict)


def _collect_static_files() -> Path:
    """Collect them as for production, once for all test processes."""
    root = cluster.DATA / "collected"
    with lock(cluster.DATA / "collected.lock", 2):
        if not root.exists():
            storages = {**settings.STORAGES, "staticfiles": {"BACKEND": COLLECTED}}
            with override_settings(STORAGES=storages, STATIC_ROOT=root):
                call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture(scope="session")
def _running_portal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    with django_db_blocker.unblock():
        name = cluster.create_database(demo_trust(people=150, on=clock.today()))
    environment = {
        "PORTAL_DATABASE_NAME": name,
        "STATICFILES_STORAGE": COLLECTED,
        "STATIC_ROOT": str(_collect_static_files()),
    }
    with serving(Portal("", name, environment), application=QUICK_PASSWORDS, workers=1) as port:
        yield Portal(f"http://127.0.0.1:{port}", name, environment)
    cluster.drop_database(name)


@pytest.fixture
def portal(_running_portal: Portal, django_db_blocker: DjangoDbBlocker) -> Iterator[Portal]:
    """The portal of this test process; models and factories of the test read and write its database."""
    with django_db_blocker.unblock(), connected_to(_running_portal.database):
        yield _running_portal


@pytest.fixture
def manage(portal: Portal) -> Callable[..., str]:
    """Run a manage.py command on the portal's database; gives its standard output."""

    def run(*command: str) -> str:
        said = StringIO()
        call_command(*command, stdout=said)
        return said.getvalue()

    return run


# The browser -------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def _cookies() -> dict[str, str]:
    """The session of each person who is signed in."""
    return {}


@pytest.fixture
def new_page(browser: Browser, portal: Portal, _cookies: dict[str, str]) -> Iterator[NewPage]:
    """Opens pages; fails the test when one of them met a script error or broke the policy."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(
        who: str = "", *, phone: bool = False, javascript: bool = True, dark: bool = False, width: int = 1280
    ) -> Page:
        context = browser.new_context(
            base_url=portal.address,
            viewport={"width": 390, "height": 844} if phone else {"width": width, "height": 900},
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if who:
            if who not in _cookies:
                _cookies[who] = session_of(who)
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": _cookies[who], "url": portal.address}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A signed-out window of a desk."""
    return new_page()


@pytest.fixture
def phone_page(new_page: NewPage) -> Page:
    """A signed-out window of a phone."""
    return new_page(phone=True)


def session_of(who: str) -> str:
    """The key of a session in which `<who>@demo.example` is signed in."""
    client = Client()
    client.force_login(User.objects.get(email=f"{who}@demo.example"))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
