"""What migrations do many times, made quick: a fresh database should not take minutes.

None of these changes what a later migration reads of a rendered model, so nothing is rendered anew
(docs/decisions/migrations.md).
"""

from typing import Any

import pgtrigger.migrations
from django.db import migrations
from django.db.migrations.state import ProjectState


class AddTrigger(pgtrigger.migrations.AddTrigger):
    """pgtrigger's operation without rendering every related model anew."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The model has one trigger more; what was rendered of it stays as it is."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


class RemoveTrigger(pgtrigger.migrations.RemoveTrigger):
    """pgtrigger's operation without rendering every related model anew."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The model has one trigger less; what was rendered of it stays as it is."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [one for one in options.get("triggers", []) if one.name != self.name]


class AddConstraint(migrations.AddConstraint):
    """A constraint without rendering every related model anew."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The model has one constraint more; what was rendered of it stays as it is."""
        options = state.models[app_label, self.model_name_lower].options
        options["constraints"] = [*options.get("constraints", []), self.constraint]


class RemoveConstraintToWiden(migrations.RemoveConstraint):
    """The first half of making a constraint wider; the second, in the same migration, adds it anew under its name.

    No client loses what it could rely on, which is all that squawk asks of a constraint that goes.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop it, with a word to squawk."""
        model = to_state.apps.get_model(app_label, self.model_name)
        constraint = from_state.models[app_label, self.model_name_lower].get_constraint_by_name(self.name)
        drop = constraint.remove_sql(model, schema_editor)
        schema_editor.execute(f"-- squawk-ignore ban-drop-constraint\n{drop}", params=None)


class AlterWords(migrations.AlterField):
    """Other words for a field (its label, its help, what its choices are called): no column changes."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The field has these words from now on; what was rendered of its model stays as it is."""
        state.models[app_label, self.model_name_lower].fields[self.name] = self.field

    def database_forwards(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: PostgreSQL knows no words."""

    def database_backwards(self, *args: Any, **kwargs: Any) -> None:
        """Nothing, as forwards."""
