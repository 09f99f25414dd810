"""Fields of the admin that show what is kept as pence or as codes in the people team's own terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Unpack

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminTextInputWidget,
)

from staff.form_options import WordedFieldOptions
from staff.models import JobRole, StaffGroup


class PoundsField(forms.DecimalField):
    """Pounds on the page, whole pence on the row."""

    widget = UnfoldAdminDecimalFieldWidget

    def __init__(self, **options: Unpack[WordedFieldOptions]) -> None:
        super().__init__(min_value=0, max_value=9_999_999, decimal_places=2, **options)

    def prepare_value(self, value: object) -> object:
        """What is typed stays as it is; what the row has is in pence."""
        return Decimal(value).scaleb(-2) if isinstance(value, int) else value

    def has_changed(self, initial: object, data: object) -> bool:
        """Pounds are compared with pounds."""
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: object) -> object:
        """In whole pence, or None."""
        pounds = super().clean(value)
        return None if pounds is None else int(pounds.scaleb(2))


class NumbersField(SimpleArrayField):
    """Whole numbers in one line, with commas between them, kept as an array."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **options: Unpack[WordedFieldOptions]) -> None:
        super().__init__(forms.IntegerField(min_value=0, max_value=999), **options)

    def prepare_value(self, value: object) -> object:
        """With a blank after each comma."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class ChosenField(forms.MultipleChoiceField):
    """Some of a list, ticked, kept as an array of their codes."""

    widget = UnfoldAdminCheckboxSelectMultipleWidget


def staff_groups() -> list[tuple[str, str]]:
    """The staff groups."""
    return [(group.value, str(group.label)) for group in StaffGroup]


def job_families() -> list[tuple[str, str]]:
    """The job families that roles have. One query."""
    found = JobRole.objects.order_by("job_family").values_list("job_family", flat=True).distinct()
    return [(family, family) for family in found]
