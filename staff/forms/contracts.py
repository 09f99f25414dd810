"""Contracts as the people team types them: the working time as a decimal or a fraction, kept exact."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Unpack

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from staff.form_options import WordedFieldOptions
from staff.forms.known_choices import KnownChoicesForm
from staff.import_rows import days_per_week_of, fte_of
from staff.loose_types import CleanedData
from staff.models import Contract


class ExactField(forms.CharField):
    """A number such as 0.6 or 25/37, kept as a fraction (R4)."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, *, read: Callable[[str], Fraction], **options: Unpack[WordedFieldOptions]) -> None:
        super().__init__(**options)
        self.read = read

    def clean(self, value: object) -> Fraction:
        text = super().clean(value)
        try:
            return self.read(text)
        except ValueError as bad:
            raise forms.ValidationError(str(bad)) from bad


class ContractForm(KnownChoicesForm):
    """A contract with its working time in two fields instead of four."""

    fte = ExactField(read=fte_of, label="FTE", help_text="Share of a full-time week: 0.6 or 25/37.")
    days_per_week = ExactField(read=days_per_week_of, label="Days a week", help_text="5, 3.5 or 7/2.")

    class Meta:
        model = Contract
        fields = [
            "contract_id",
            "person",
            "school",
            "department",
            "job_role",
            "weeks_per_year",
            "starts_on",
            "ends_on",
            "line_manager",
            "is_main",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on as it comes
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("fte", str(self.instance.fte))
            self.initial.setdefault("days_per_week", str(self.instance.days_per_week))

    def clean(self) -> CleanedData:
        """Puts the exact numbers on the contract before its constraints are checked."""
        cleaned = super().clean() or {}
        fte, days = cleaned.get("fte"), cleaned.get("days_per_week")
        if fte:
            self.instance.fte_numerator, self.instance.fte_denominator = fte.as_integer_ratio()
        if days:
            self.instance.week_days_numerator, self.instance.week_days_denominator = days.as_integer_ratio()
        return cleaned
