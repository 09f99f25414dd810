"""What people settle about themselves; name, school and role come from the HR system."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from django import forms
from django.db.models import QuerySet

from staff.form_options import FormData, FormOptions
from staff.models import MessagePreference, Person, User

LAST_DAY_IS_PAST = "The last day is in the past."


class ColourModeForm(forms.ModelForm):
    """Light, dark, or as the device says."""

    colour_mode = forms.ChoiceField(
        label="Colours", choices=User.ColourMode.choices, widget=forms.RadioSelect, required=False
    )

    class Meta:
        model = User
        fields = ["colour_mode"]


class MessagePreferenceForm(forms.ModelForm):
    """Which reminders come by mail."""

    class Meta:
        model = MessagePreference
        fields = [
            "wants_session_reminders",
            "wants_shortfall_nudges",
            "wants_decision_reminders",
            "wants_induction_reminders",
            "wants_needs_reminders",
            "wants_growth_reminders",
        ]


class DelegationForm(forms.Form):
    """Who decides for me while I am away. `colleagues` are the people who may be chosen."""

    to_person = forms.ModelChoiceField(
        label="Who decides for you", queryset=Person.objects.none(), empty_label="Choose"
    )
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label="Last day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label="Why",
        max_length=200,
        required=False,
        help_text="Such as “at a conference”. Never a reason of health: both of you and the people team read it.",
    )

    def __init__(
        self,
        data: FormData = None,
        *,
        colleagues: QuerySet[Person],
        today: date,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.today = today
        chosen = self.fields["to_person"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = colleagues

    def clean_ends_on(self) -> date:
        """Not over before it is given."""
        ends_on = self.cleaned_data["ends_on"]
        if ends_on < self.today:
            raise forms.ValidationError(LAST_DAY_IS_PAST)
        return ends_on
