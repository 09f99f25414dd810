"""A fresh database takes seconds: few operations that make Django render all models anew."""

from collections import Counter

import pgtrigger
import pgtrigger.migrations
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from pgtrigger import Trigger

from staff.migration_operations import AddTrigger

OURS = {"staff", "entitlements", "courses", "pathways"}
AT_MOST = 120


def slow_operations(operations: list[Operation]) -> int:
    """How many of them render every model that has to do with theirs."""
    return sum(
        (isinstance(operation, pgtrigger.migrations.AddTrigger) and not isinstance(operation, AddTrigger))
        or (isinstance(operation, migrations.AddField) and bool(operation.field.is_relation))
        for operation in operations
    )


def test_few_operations_render_every_model_anew() -> None:
    found = Counter(
        {
            key: slow_operations(migration.operations)
            for key, migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()
            if key[0] in OURS
        }
    )

    assert found.total() <= AT_MOST, found.most_common(3)


def test_pgtriggers_own_operation_is_counted() -> None:
    trigger = Trigger(name="any", when=pgtrigger.After, operation=pgtrigger.Insert, func="RETURN NULL;")

    slow = pgtrigger.migrations.AddTrigger(model_name="person", trigger=trigger)

    assert slow_operations([slow, AddTrigger(model_name="person", trigger=trigger)]) == 1
