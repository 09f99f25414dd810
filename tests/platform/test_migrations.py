"""A fresh database takes seconds, since few operations make Django render every model again; and what our own operations do."""

from collections import Counter
from pathlib import Path

import pgtrigger
import pgtrigger.migrations
import pytest
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger import Trigger

from staff.migration_operations import AuditTriggers, CreateTable, tracked_table

OURS = {"staff", "entitlements", "courses", "pathways"}
AT_MOST = 40
PLAIN = (
    pgtrigger.migrations.AddTrigger,
    pgtrigger.migrations.RemoveTrigger,
    migrations.AlterField,
    migrations.CreateModel,
)
SQL_FILES = sorted(settings.BASE_DIR.glob("*/migrations/sql/*.sql"))


def slow_operations(operations: list[Operation]) -> int:
    """How many of them render every model that has to do with theirs."""
    return sum(
        (isinstance(operation, PLAIN) and not isinstance(operation, CreateTable))
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


def test_djangos_and_pgtriggers_own_operations_are_counted() -> None:
    trigger = Trigger(name="any", when=pgtrigger.After, operation=pgtrigger.Insert, func="RETURN NULL;")
    fields = [("id", models.BigAutoField(primary_key=True))]

    slow = [
        pgtrigger.migrations.AddTrigger(model_name="person", trigger=trigger),
        migrations.CreateModel(name="Person", fields=fields),
    ]

    assert slow_operations([*slow, AuditTriggers("person"), CreateTable("Other", fields)]) == 2


def triggers_in(state: ProjectState, model: str) -> dict[str, str]:
    """The SQL of each trigger that the model has in the state."""
    return {
        trigger.name: trigger.install_sql
        for trigger in state.models["staff", model].options.get("triggers", [])
    }


def test_audit_triggers_follow_the_columns() -> None:
    """After a change of columns the same operation puts new triggers in the place of the old."""
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))]
    for operation in [*tracked_table("staff.Pet", fields, untracked=["name"]), AuditTriggers("pet")]:
        operation.state_forwards("staff", state)
    before = triggers_in(state, "pet")
    for model in ("pet", "petevent"):
        state.add_field("staff", model, "born_on", models.DateField(), preserve_default=True)
    AuditTriggers("pet").state_forwards("staff", state)
    after = triggers_in(state, "pet")

    assert list(before) == list(after) == ["insert_insert", "update_update", "delete_delete"]
    assert list(triggers_in(state, "petevent")) == ["append_only"]
    assert not any("name" in sql.split("INSERT INTO")[1].split("VALUES")[0] for sql in after.values())
    assert ["born_on" in sql for sql in before.values()] == [False] * 3
    assert ["born_on" in sql for sql in after.values()] == [True] * 3


def test_every_file_of_sql_is_run_by_a_migration() -> None:
    unused = [
        path
        for path in SQL_FILES
        if not any(f'"{path.name}"' in migration.read_text() for migration in path.parents[1].glob("0*.py"))
    ]

    assert SQL_FILES
    assert unused == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.name)
def test_sql_can_be_taken_back_and_run_again(path: Path) -> None:
    forwards, backwards = path.read_text().split("\n-- BACKWARDS\n")
    with connection.cursor() as cursor:
        if path.name == "clock.sql":  # every table asks for the time; they go first
            backwards = backwards.replace("portal_now();", "portal_now() CASCADE;")
        cursor.execute(backwards)
        cursor.execute(forwards)
