"""One after the other, where there is no row to lock: a turn with a name."""

from __future__ import annotations

import hashlib

from django.db import connection

NO_TRANSACTION = "A turn lasts as long as a transaction: there is none."


def take_turn(*name: object, seconds: int | None = None) -> None:
    """Wait until nobody else has the turn of this name; it is given back as the transaction ends.

    Inside a transaction. Like every lock it is waited for as long as `lock_timeout` says (settings), or for so many
    seconds, as is every other lock of the transaction from then on. Two names can share a turn by chance, once in
    2^64: then one waits for the other and nothing else happens. At most two statements.
    """
    if not connection.in_atomic_block:
        raise AssertionError(NO_TRANSACTION)
    digest = hashlib.sha256("\0".join(str(part) for part in name).encode()).digest()
    with connection.cursor() as cursor:
        if seconds is not None:
            cursor.execute("SELECT set_config('lock_timeout', %s, TRUE)", [f"{seconds}s"])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
