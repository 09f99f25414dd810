"""Writing many rows in one statement each batch, through Django's cursor so that the audit has its actor.

The columns travel as arrays and are joined by `unnest`: a batch of 5,000 rows is one statement,
whatever it holds. Table and column names come from the code, never from a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db import connection

from staff.loose_types import DatabaseRow

BATCH = 5_000
Row = Sequence[object]


def insert_rows(
    table: str, columns: Mapping[str, str], rows: Sequence[Row], *, returning: str = ""
) -> list[DatabaseRow]:
    """Insert rows whose cells stand in the order of `columns` (name to SQL type)."""
    names = ", ".join(columns)
    back = f" RETURNING {returning}" if returning else ""
    found: list[DatabaseRow] = []
    for batch in _batches(rows):
        # S608: names are ours, values are parameters.
        sql = f"INSERT INTO {table} ({names}) SELECT * FROM {_unnest(columns)}{back}"  # noqa: S608
        found.extend(_run(sql, batch, bool(returning)))
    return found


def update_rows(table: str, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
    """Update rows by the first of `columns`; the caller passes only those that differ."""
    key, *rest = columns
    assign = ", ".join(f"{name} = v.{name}" for name in rest)
    for batch in _batches(rows):
        sql = f"UPDATE {table} t SET {assign} FROM {_unnest(columns)} WHERE t.{key} = v.{key}"  # noqa: S608
        _run(sql, batch, returns=False)


def _unnest(columns: Mapping[str, str]) -> str:
    arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
    return f"unnest({arrays}) AS v({', '.join(columns)})"


def _batches(rows: Sequence[Row]) -> Iterator[list[list[object]]]:
    """The rows in batches, each turned into one list a column."""
    for start in range(0, len(rows), BATCH):
        yield [list(column) for column in zip(*rows[start : start + BATCH], strict=True)]


def _run(sql: str, parameters: list[list[object]], returns: bool) -> list[DatabaseRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if returns else []
