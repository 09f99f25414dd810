"""A fresh database takes seconds: few operations that make Django render all models anew."""

from collections import Counter
from typing import Any

import pgtrigger
import pgtrigger.migrations
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field
from pgtrigger import Trigger

from staff.migration_operations import AddTrigger, AlterWords, RemoveTrigger

OURS = {"staff", "entitlements", "courses", "pathways"}
AT_MOST = 120
PLAIN = (pgtrigger.migrations.AddTrigger, pgtrigger.migrations.RemoveTrigger, migrations.AlterField)
QUICK = (AddTrigger, RemoveTrigger, AlterWords)


def slow_operations(operations: list[Operation]) -> int:
    """How many of them render every model that has to do with theirs."""
    return sum(
        (isinstance(operation, PLAIN) and not isinstance(operation, QUICK))
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


def columns(field: "Field[Any, Any]") -> tuple[Any, ...]:
    """What PostgreSQL would know of a field."""
    _, path, args, kwargs = field.deconstruct()
    return path, args, {name: value for name, value in kwargs.items() if name not in field.non_db_attrs}


def test_other_words_change_no_column() -> None:
    """Every AlterWords against the field as the migrations before it left it."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    state, more_than_words, seen = ProjectState(), [], 0
    for node in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        for operation in loader.graph.nodes[node].operations:
            if isinstance(operation, AlterWords):
                seen += 1
                before = state.models[node[0], operation.model_name_lower].fields[operation.name]
                if columns(before) != columns(operation.field):
                    more_than_words.append((node, operation.model_name, operation.name))
            operation.state_forwards(node[0], state)

    assert seen > 100
    assert more_than_words == []
