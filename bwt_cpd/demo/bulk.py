"""Columns of many rows written in one statement, where Django's `bulk_update` would put together a CASE for each."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models


def write_columns(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of rows of one model, as they stand on the objects. One statement, none without rows."""
    if not rows:
        return
    meta = rows[0]._meta  # noqa: SLF001 - the public options of a model
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [meta.pk, *(by_name[name] for name in names)]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]
    table = connection.ops.quote_name(meta.db_table)
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields
    ]
    update = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    lists = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {update} FROM unnest({lists}) AS new ({', '.join(columns)}) "  # noqa: S608 - names of fields
            f"WHERE {table}.{columns[0]} = new.{columns[0]}",
            values,
        )
