"""Values whose type only Django, the driver or a file knows: each has its `Any` here, once, and says why."""

from __future__ import annotations

from typing import Any, TypeAlias

DatabaseRow: TypeAlias = tuple[Any, ...]
"""A row of a cursor, or of a `values_list`: each column has the type that the database gives it."""

ColumnValues: TypeAlias = dict[str, Any]
"""A row of `values()` or `aggregate()`, or one read from a file, by its columns: as above."""

CleanedData: TypeAlias = dict[str, Any]
"""What a form has read: each of its fields has a type of its own. As Django's stubs have it."""

SqlParameters: TypeAlias = dict[str, Any]
"""The values of a statement by name: whatever the driver can write as SQL."""

OptionValue: TypeAlias = Any
"""What argparse has read for a command: each option has the type that the command asked for."""

SqlValues: TypeAlias = list[Any]
"""The values of a statement in order: whatever the driver can write as SQL."""

TemplateContext: TypeAlias = dict[str, Any]
"""What a view gives its template, where it reads parts of it again."""

StepFacts: TypeAlias = Any
"""What an action is told of who takes a step and when: passed on by name to one of many."""

JsonObject: TypeAlias = dict[str, Any]
"""An object of JSON that we have written ourselves, in the database, a session or a file."""

NamedSettings: TypeAlias = dict[str, Any]
"""A part of Django's settings: each of them has a type of its own."""
