"""Autocomplete fields that show what a row points to without asking for it again, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.choices import BaseChoiceIterator


class _Known(BaseChoiceIterator):
    """The choices of one field of one row: what the row points to is at hand, the rest is asked for."""

    def __init__(self, field: forms.ModelChoiceField[Model], known: Model) -> None:
        self.field, self.known, self.queryset = field, known, self

    def using(self, database: str) -> _Known:
        return self

    def filter(self, **lookup: Iterable[object]) -> Iterable[Model]:
        asked = {str(value) for values in lookup.values() for value in values}
        if asked <= {str(self.known.pk)}:
            return [self.known]
        assert self.field.queryset is not None
        return self.field.queryset.filter(**lookup)

    def __iter__(self) -> Iterator[Any]:  # pairs or groups of choices: Django takes both
        return iter(self.field.iterator(self.field))


class KnownChoicesForm(forms.ModelForm):
    """A form for inlines whose query set has joined its foreign keys."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on as it comes
        super().__init__(*args, **kwargs)
        cache = self.instance._state.fields_cache  # noqa: SLF001 - what is there already is not asked for
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and (known := cache.get(name)) is not None:
                field.widget.choices = _Known(field, known)
