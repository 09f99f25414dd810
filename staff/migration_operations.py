"""What migrations do many times, made quick: a fresh database should not take minutes."""

import pgtrigger.migrations
from django.db.migrations.state import ProjectState


class AddTrigger(pgtrigger.migrations.AddTrigger):
    """pgtrigger's operation without rendering every related model anew.

    A trigger changes nothing that a migration reads of a model. With 150 tables the rendering for
    218 triggers was half the time of a first `./portal run` (docs/decisions/migrations.md).
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The model has one trigger more; what was rendered of it stays as it is."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]
