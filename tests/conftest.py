"""What every test can rely on: its own database, its own Valkey, and no way out of the machine."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
from django.db import connection, connections
from django.test import override_settings

from tests import cluster

pytest_plugins = ["tests.personas", "tests.browser"]

# An example that takes long on a busy machine is no wrong answer.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


# The database ------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> None:
    """Each test process has a clone of the migrated template; it goes with the cluster."""
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = cluster.create_database()


@dataclass(frozen=True)
class ClonedDatabase:
    """A database that really commits: its name, and the environment of processes that share it."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def cloned_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[ClonedDatabase]:
    """For tests with real commits, threads or other processes: a fresh database for this test.

    Never together with `db` and never emptied afterwards: the ledger refuses TRUNCATE, so the
    whole database is dropped instead. Threads of the test may use Django's connections as usual.
    """
    if "db" in request.fixturenames:
        raise pytest.UsageError("cloned_database takes the place of db: ask for one of them.")
    settings = connection.settings_dict
    usual = settings["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        settings["NAME"] = name = cluster.create_database()
        try:
            yield ClonedDatabase(name, {"PORTAL_DATABASE_NAME": name})
        finally:
            connections.close_all()
            settings["NAME"] = usual
            cluster.drop_database(name)


@pytest.fixture
def run_time_role(db: None) -> Iterator[None]:
    """The rest of the test speaks to the database as the portal does at run time."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE bwt_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser; refuse what would empty tables with TRUNCATE, as the ledger does."""
    # The longest first, so that no process waits for another at the end.
    items.sort(key=lambda item: not item.nodeid.startswith("tests/system/"))
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if "_running_portal" in fixtures and not item.nodeid.startswith("tests/flows/"):
            raise pytest.UsageError(f"{item.nodeid}: what uses the running portal belongs in tests/flows/.")
        if "browser" in fixtures:
            item.add_marker("browser")
        if (marker and marker.kwargs.get("transaction")) or fixtures & {"transactional_db", "live_server"}:
            raise pytest.UsageError(
                f"{item.nodeid}: ask for cloned_database instead; the ledger refuses TRUNCATE."
            )


# The network -------------------------------------------------------------------------------
def _is_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


@pytest.fixture(autouse=True, scope="session")
def no_sockets_beyond_loopback() -> Iterator[None]:
    """A test that would call another machine fails, and says which."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if not _is_here(address):
            raise AssertionError(f"A test tried to reach {address}.")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


# Speed -------------------------------------------------------------------------------------
@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """A password takes a quarter of a second to hash on purpose; not in tests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where a browser is required, a run in which no journey passed has failed, whatever else went well."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if cluster.WORKER or reporter is None or not os.environ.get("PORTAL_REQUIRE_BROWSER"):
        return
    if not any("browser" in report.keywords for report in reporter.stats.get("passed", [])):
        reporter.write_line(
            "\nNo browser test has run and passed, and PORTAL_REQUIRE_BROWSER is set.", red=True
        )
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# The closing words -------------------------------------------------------------------------
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which journeys were left out for want of a browser."""
    left_out = [
        report.nodeid for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords
    ]
    if left_out:
        terminalreporter.section("NOT TESTED: no Chromium on this machine", sep="!", red=True, bold=True)
        for nodeid in left_out:
            terminalreporter.write_line(nodeid)
