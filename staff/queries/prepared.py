"""Queries that every page asks, built once per process.

Putting a query with nested conditions together takes the ORM up to 30 ms of computing, each time
anew, for SQL that is always the same but for a person and a day (or a moment). A `Prepared` does that
once, with a stand-in person and day, and puts the real ones in their places; what the query means still
stands in one place, as an ordinary query set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model, QuerySet

from staff.loose_types import DatabaseRow

# No person has this number, and no query a constant like it.
_PERSON = -987_654_321
_DAY = date(1753, 6, 7)
_MOMENT = datetime(1753, 6, 7, tzinfo=UTC)
_NEAR = 400  # days: dates of a query are told by being near the stand-in's


Value: TypeAlias = Any
"""A parameter of a query that Django has compiled: whatever the driver can write as SQL."""


class Prepared:
    """`build(person_id, on)` gives the query; every date in it is `on` or a fixed number of days from it.

    Made `at_a_moment`, `on` is a datetime, and stands in the query just as it is. The values a query needs must reach it as they are: no condition of Python on person or day.
    """

    def __init__(
        self, build: Callable[[int, date], QuerySet[Model, object]], *, at_a_moment: bool = False
    ) -> None:
        self._build = build
        self._stand_in = _MOMENT if at_a_moment else _DAY

    @cached_property
    def _compiled(self) -> tuple[str, tuple[Value, ...]]:
        return self._build(_PERSON, self._stand_in).query.sql_with_params()

    def rows(self, person_id: int, on: date) -> list[DatabaseRow]:
        """The rows of a query made by `values_list`. One query."""
        return self._run("{}", person_id, on)

    def count(self, person_id: int, on: date) -> int:
        """How many rows there are. One query."""
        return self._run("SELECT COUNT(*) FROM ({}) AS counted", person_id, on)[0][0]

    def exists(self, person_id: int, on: date) -> bool:
        """Whether there is a row. One query."""
        return bool(self._run("SELECT 1 WHERE EXISTS ({})", person_id, on))

    def _run(self, around: str, person_id: int, on: date) -> list[DatabaseRow]:
        sql, params = self._compiled
        return _ask(around.replace("{}", sql), params, person_id, on)


def exist_and_count(
    asked: Sequence[Prepared], counted: Prepared, person_id: int, on: date
) -> tuple[list[bool], int]:
    """Of each of these whether it has a row, and how many there are in the last. One query."""
    exist = ", ".join(f"EXISTS ({one._compiled[0]})" for one in asked)  # noqa: SLF001 - one module
    sql = f"SELECT {exist}, (SELECT COUNT(*) FROM ({counted._compiled[0]}) AS counted)"  # noqa: S608, SLF001
    params = [value for one in (*asked, counted) for value in one._compiled[1]]  # noqa: SLF001 - one module
    [(*found, count)] = _ask(sql, tuple(params), person_id, on)
    return found, count


def _ask(sql: str, params: tuple[Value, ...], person_id: int, on: date) -> list[DatabaseRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [_real(value, person_id, on) for value in params])
        return cursor.fetchall()


def _real(value: Value, person_id: int, on: date) -> Value:
    """A value of the stand-in query as it is for this person and day."""
    if value == _PERSON and isinstance(value, int):
        return person_id
    if value == _MOMENT:
        return on
    if isinstance(value, date) and not isinstance(value, datetime) and abs((value - _DAY).days) <= _NEAR:
        return on + (value - _DAY)
    return value
