"""The audit trail: every write to a tracked table, by database trigger, with its actor (DESIGN invariant 7)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pghistory
from django.db import connection, models


def tracked(*, exclude: Sequence[str] = ()) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator: keep a row for every insert, update and delete, without the excluded columns.

    Names, e-mails and free text are excluded, so that erasing a person leaves nothing behind in the
    trail (invariant 6); counters and caches are not tracked at all.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
    )


@contextmanager
def keys_checked_at_once() -> Iterator[None]:
    """For bulk work in a transaction: foreign keys are checked as each statement ends, not in the end.

    The audit triggers abort a subtransaction or two for every row, and each of those walks over all the
    checks that still wait: with some 10,000 rows in one transaction that takes most of the time
    (docs/decisions/bulk-writes.md). Two statements more. One main contract at a time stays for the end,
    as contracts may change hands within an import.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS contract_one_main_at_a_time DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
