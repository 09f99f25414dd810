"""What the page of a row is called, where the row itself says only its number."""

from __future__ import annotations

from typing import Generic, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from staff.loose_types import TemplateContext


class _Called:
    """A row under the name that its page shows; everything else is the row's own."""

    def __init__(self, row: Model, words: str) -> None:
        self._row, self._words = row, words

    def __str__(self) -> str:
        return self._words

    def __getattr__(self, name: str) -> object:
        return getattr(self._row, name)


Row = TypeVar("Row", bound=Model)


class HeadingMixin(Generic[Row]):
    """For admins of rows whose `__str__` keeps names out of logs and of the admin's own (invariant 6)."""

    def heading(self, row: Row) -> str:
        """The heading of the row's page."""
        return str(row)

    def render_change_form(
        self, request: HttpRequest, context: TemplateContext, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Under that heading."""
        row = context.get("original")
        if row is not None:
            words = self.heading(row)
            context |= {"original": _Called(row, words), "subtitle": words}
        made: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return made
