"""The demo trust, made once in a test run and copied for each test that needs one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.management import call_command
from django.db import connection, connections

from tests import cluster


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection lead to this database for a while."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual


def demo_trust(*, people: int, on: date) -> str:
    """The name of a database with a demo trust that no test writes to; `cluster.create_database` copies it."""

    def make(name: str) -> None:
        with connected_to(name):
            call_command("demo", people=people, on=on.isoformat(), verbosity=0)

    return cluster.made_once(f"demo-{people}-{on}", make)
