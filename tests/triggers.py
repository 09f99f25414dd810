"""Switching off what the database refuses: the control of a test that it does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# PostgreSQL alters no table whose foreign keys are still to be checked.
CHECK_WHAT_WAITS = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


@contextmanager
def without_triggers(*triggers: str) -> Iterator[None]:
    """As if these were not there, each as `table.trigger`; in the transaction of the test, which ends them anyway."""
    _switch("DISABLE", triggers)
    yield
    _switch("ENABLE", triggers)


def _switch(how: str, triggers: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHECK_WHAT_WAITS)
        for trigger in triggers:
            table, _, name = trigger.partition(".")
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {name}")
