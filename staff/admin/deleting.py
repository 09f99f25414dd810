"""What the page says that asks before a row is deleted."""

from __future__ import annotations

from django.apps import apps
from django.http import HttpRequest


class DeletingMixin:
    """Counts what goes with a row, without the tables between two models, of which nobody has heard."""

    def get_deleted_objects(self, objs: object, request: HttpRequest) -> tuple[object, ...]:
        """As Django has them, with fewer counts."""
        tree, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        between = {
            model._meta.verbose_name_plural  # noqa: SLF001 - Django's public name for a model's options
            for model in apps.get_models(include_auto_created=True)
            if model._meta.auto_created  # noqa: SLF001 - as above
        }
        counts = {words: count for words, count in counts.items() if words not in between}
        return tree, counts, lacking, protected
