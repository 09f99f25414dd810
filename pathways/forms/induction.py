"""Choosing a buddy."""

from __future__ import annotations

from datetime import date

from django import forms

from pathways.models import Induction
from staff.models import Contract, Person


class BuddyForm(forms.Form):
    """A colleague of the same school, or nobody."""

    buddy = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, empty_label="Nobody yet", label="Buddy"
    )

    def __init__(self, data: object, induction: Induction, on: date) -> None:
        super().__init__(data, initial={"buddy": induction.buddy_id})  # type: ignore[arg-type]
        here = Contract.objects.in_force(on).filter(school=induction.contract.school_id).values("person")
        people = Person.objects.filter(pk__in=here).exclude(pk=induction.person_id)
        if induction.contract.line_manager_id is not None:
            people = people.exclude(pk=induction.contract.line_manager_id)
        self.fields["buddy"].queryset = people  # type: ignore[attr-defined]
