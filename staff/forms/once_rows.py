"""Rows below another row in the admin, of which none may be there twice."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db.models import Model, UniqueConstraint
from unfold.forms import PaginationInlineFormSet


class OnceRows(PaginationInlineFormSet):
    """What the table would refuse is said at the row: Django leaves out what the row above has a part in."""

    def clean(self) -> None:
        """Each changed row against the table and against the others of this page."""
        super().clean()
        seen: set[tuple[object, ...]] = set()
        for form in self.forms:
            if form.errors or not form.has_changed() or (self.can_delete and self._should_delete_form(form)):
                continue
            setattr(form.instance, self.fk.name, self.instance)
            keys = self._keys(form.instance)
            if keys & seen:
                form.add_error(None, "This stands here twice.")
            seen |= keys
            if self.instance.pk is None:
                continue
            try:
                form.instance.validate_constraints()
            except ValidationError as refused:
                form.add_error(None, refused)

    def _keys(self, row: Model) -> set[tuple[object, ...]]:
        """What of a row may be there once, by the constraint that says so."""
        options = self.model._meta  # noqa: SLF001 - Django's public name for a model's options
        return {
            (one.name, *(getattr(row, options.get_field(name).attname) for name in one.fields))
            for one in options.constraints
            if isinstance(one, UniqueConstraint) and one.fields and one.condition is None
        }
