"""Nothing is chosen until somebody chooses."""

from __future__ import annotations

from typing import Final

from django import forms
from django.db.models import Field
from django.http import HttpRequest

_NOTHING: Final = [("", "Choose")]


class ChosenByHand:
    """Mixed into an admin or its rows: Unfold would take the first of the choices of a field that has to be filled."""

    def formfield_for_choice_field(
        self, db_field: Field[object, object], request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        """With an empty choice on top, where the model itself has no first value."""
        if not db_field.has_default():
            kwargs.setdefault("choices", db_field.get_choices(include_blank=True, blank_choice=_NOTHING))
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]
