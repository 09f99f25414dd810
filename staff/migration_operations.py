"""What our migrations say in one word: a table with its audit trail, the trail's triggers, a file of SQL.

Everything here is worked out from the migrations' own state and from the texts below, never from today's models or
from pghistory's code: a migration does the same in five years as today. `makemigrations --check` holds it against
both, so that an upgrade of pghistory or a change of `staff.audit` shows up there (docs/decisions/migrations.md).
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pgtrigger.compiler
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field

Fields = Sequence[tuple[str, "Field[Any, Any]"]]

# pgtrigger's session switch, under the name that its settings give it.
_IGNORE: Final = '"public"._pgtrigger_should_ignore'
_KEPT_FOR_GOOD: Final = (
    "RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;"
)


def run_sql_file(migration: str, name: str) -> migrations.RunSQL:
    """Run `sql/<name>` beside the migration (its `__file__`); what stands under BACKWARDS takes it back."""
    text = (Path(migration).parent / "sql" / name).read_text(encoding="utf-8")
    forwards, backwards = text.split("\n-- BACKWARDS\n")
    return migrations.RunSQL(forwards, backwards)


def primary_key() -> "tuple[str, Field[Any, Any]]":
    """The `id` that Django gives a table."""
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class CreateTable(migrations.CreateModel):
    """A table, created without rendering every related model again.

    Django's own operation does, as it cannot know what else came since; with all models related to Person that is
    150 models for each of 150 tables. A new model changes none of them: only its own is rendered.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """There is one model more."""
        model = ModelState(
            app_label, self.name, list(self.fields), dict(self.options), self.bases, list(self.managers or ())
        )
        state.models[app_label, self.name_lower] = model
        # As ProjectState.add_model, but for the rendering.
        if vars(state)["_relations"] is not None:
            state.resolve_model_relations((app_label, self.name_lower))
        if "apps" in vars(state):
            state.apps.render_multiple([model])


def tracked_table(
    label: str, fields: Fields, options: dict[str, Any] | None = None, *, untracked: Sequence[str] = ()
) -> list[Operation]:
    """A table and the one beside it that keeps its history (`staff.audit.tracked`), without the untracked columns."""
    name = label.partition(".")[2]
    trail = [(field, _in_the_trail(definition)) for field, definition in fields if field not in untracked]
    references = {
        "pgh_obj": _reference(to=label.lower(), null=False, related_name="events"),
        "pgh_context": _reference(to="pghistory.context", null=True, related_name="+"),
    }
    return [
        CreateTable(name=name, fields=list(fields), options=options or {}),
        CreateTable(
            name=f"{name}Event",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                *trail,
                *references.items(),
            ],
            options={"abstract": False},
        ),
    ]


def _reference(*, to: str, null: bool, related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        to, db_constraint=False, null=null, on_delete=models.DO_NOTHING, related_name=related_name
    )


def _in_the_trail(field: "Field[Any, Any]") -> "Field[Any, Any]":
    """The column without what holds for the table only: nothing unique, no index, no reference that is checked."""
    if field.primary_key:
        return models.BigIntegerField()
    _, _, args, kwargs = field.deconstruct()
    for only_there in ("unique", "db_index", "unique_for_date", "unique_for_month", "unique_for_year"):
        kwargs.pop(only_there, None)
    kind = type(field)
    if isinstance(field, models.SlugField):
        kwargs["db_index"] = False
    if isinstance(field, models.ForeignKey):
        kind = models.ForeignKey
        kwargs |= {
            "db_constraint": False,
            "on_delete": models.DO_NOTHING,
            "related_name": "+",
            "related_query_name": "+",
        }
    return kind(*args, **kwargs)


class AuditTriggers(Operation):
    """The triggers of a tracked table and of the trail beside it, by the columns that both have at this point.

    The first time it adds them; after a change of columns it puts the new ones in the place of the old.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[str], dict[str, Any]]:
        """As a migration writes it."""
        return type(self).__name__, [self.model_name], {}

    def describe(self) -> str:
        """For the progress that `migrate` prints."""
        return f"Write down what happens to {self.model_name}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Both models have these triggers; what was rendered of them stays as it is, which is what makes this quick."""
        for model, triggers in _triggers(state, app_label, self.model_name):
            names = {trigger.name for trigger in triggers}
            others = [one for one in model.options.get("triggers", []) if one.name not in names]
            model.options["triggers"] = [*others, *triggers]

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Install them; each takes the place of one of its name."""
        for _, triggers in _triggers(to_state, app_label, self.model_name):
            for trigger in triggers:
                # No parameters, so that a % is a %.
                schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Those that the state before has; where it has none, none."""
        for model, triggers in _triggers(from_state, app_label, self.model_name):
            before = to_state.models[app_label, model.name_lower].options.get("triggers", [])
            installed = {trigger.name: trigger for trigger in before}
            for trigger in triggers:
                was = installed.get(trigger.name)
                schema_editor.execute(was.install_sql if was else trigger.uninstall_sql, params=None)


def _triggers(
    state: ProjectState, app_label: str, model_name: str
) -> Iterator[tuple[ModelState, list[pgtrigger.compiler.Trigger]]]:
    """For the tracked model and its trail: the triggers they have to have in this state."""
    model = state.models[app_label, model_name.lower()]
    trail = state.models[app_label, f"{model_name.lower()}event"]
    columns = sorted(
        _column(name, field) for name, field in trail.fields.items() if not name.startswith("pgh_")
    )
    # A relation to many is a table of its own.
    keeps_all = len(columns) == sum(not field.many_to_many for field in model.fields.values())
    changes = (f'OLD."{column}" IS DISTINCT FROM (NEW."{column}")' for column in columns)
    changed = f"WHEN ({'OLD.* IS DISTINCT FROM NEW.*' if keeps_all else ' OR '.join(changes)})"
    yield (
        model,
        [
            _trigger(model, "insert_insert", "AFTER INSERT", _keep_row("insert", "NEW", trail, columns)),
            _trigger(
                model, "update_update", "AFTER UPDATE", _keep_row("update", "NEW", trail, columns), changed
            ),
            _trigger(model, "delete_delete", "AFTER DELETE", _keep_row("delete", "OLD", trail, columns)),
        ],
    )
    yield trail, [_trigger(trail, "append_only", "BEFORE UPDATE OR DELETE", _KEPT_FOR_GOOD)]


def _column(name: str, field: "Field[Any, Any]") -> str:
    return str(field.db_column or (f"{name}_id" if field.remote_field else name))


def _keep_row(label: str, row: str, trail: ModelState, columns: list[str]) -> str:
    """What a trigger does: the row, as it is (NEW) or was (OLD), into the trail."""
    values = {
        **{column: f'{row}."{column}"' for column in columns},
        "pgh_created_at": "portal_now()",
        "pgh_label": f"'{label}'",
        "pgh_obj_id": f'{row}."id"',
        "pgh_context_id": "_pgh_attach_context()",
    }
    names = ", ".join(f'"{column}"' for column in sorted(values))
    listed = ", ".join(values[column] for column in sorted(values))
    return f'INSERT INTO "{_table(trail)}" ({names}) VALUES ({listed}); RETURN NULL;'  # noqa: S608 - of our own names


def _table(model: ModelState) -> str:
    return str(model.options.get("db_table") or f"{model.app_label}_{model.name_lower}")


def _trigger(
    model: ModelState, name: str, moment: str, func: str, condition: str = ""
) -> pgtrigger.compiler.Trigger:
    """As pgtrigger names and words it."""
    uri = f"{model.app_label}.{model.name}:{name}"
    when, _, operation = moment.partition(" ")
    sql = pgtrigger.compiler.UpsertTriggerSql(
        ignore_func_name=_IGNORE,
        pgid=f"pgtrigger_{name}_{hashlib.sha1(uri.encode(), usedforsecurity=False).hexdigest()[:5]}",
        func=func,
        table=_table(model),
        when=when,
        operation=operation,
        condition=condition,
    )
    return pgtrigger.compiler.Trigger(name=name, sql=sql)
