"""A server that is too old, or lacks an extension, is refused with a sentence that says what to do."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import Tags
from django.core.checks.registry import registry
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from staff.database import OLDEST, database_is_usable, why_not_usable


@pytest.mark.parametrize("before_migrations", [True, False])
def test_this_server_is_usable(before_migrations, db):
    assert why_not_usable(connection, before_migrations=before_migrations) == ""
    assert database_is_usable(None, databases=["default"]) == []


@pytest.mark.parametrize("before_migrations", [True, False])
def test_an_older_server_is_refused(before_migrations, db):
    sentence = why_not_usable(connection, before_migrations=before_migrations, oldest=99)

    assert "needs PostgreSQL 99 or later" in sentence
    assert f"this is {connection.pg_version // 10000}." in sentence
    assert "DATABASE_URL" in sentence


def test_an_extension_that_the_server_has_not_is_refused_before_the_migrations(db):
    sentence = why_not_usable(
        connection, before_migrations=True, extensions=["btree_gist", "no_such_one", "nor_this"]
    )

    assert "no extension no_such_one, nor_this." in sentence
    assert "postgresql-contrib" in sentence


def drop_extension() -> None:
    """One that no column of ours needs, in the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION citext")


def test_an_extension_that_the_database_lacks_is_created_by_the_migrations(db):
    drop_extension()

    assert why_not_usable(connection, before_migrations=True) == ""
    assert "CREATE EXTENSION citext;" in why_not_usable(connection)


def test_readiness_names_what_is_wrong_with_the_database(db):
    drop_extension()

    answer = Client().get(reverse("health-ready"))

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "database": "unusable",
        "reason": why_not_usable(connection),
    }


def test_migrate_looks_at_the_database_first(db):
    """It runs the checks of this tag before the first migration."""
    assert OLDEST == 15
    assert Tags.database in database_is_usable.tags
    assert database_is_usable in registry.get_checks()
    call_command("check", databases=["default"], verbosity=0)


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import bwt_cpd.wsgi"],
        ["-m", "celery", "-A", "bwt_cpd", "beat", "--pidfile", ""],
        ["-m", "celery", "-A", "bwt_cpd", "worker", "--without-gossip", "--without-mingle"],
    ],
    ids=["web", "beat", "worker"],
)
def test_nothing_starts_on_a_database_that_is_not_usable(command, cloned_database):
    drop_extension()
    sentence = why_not_usable(connection)

    done = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=os.environ | cloned_database.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, sentence in done.stderr) == (1, True), done.stderr
