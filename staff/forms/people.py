"""Somebody as the people team types them."""

from __future__ import annotations

from django import forms

from staff.models import Person, User

SIGN_IN_OF_ANOTHER = "This is the sign-in of somebody else."


class PersonForm(forms.ModelForm):
    """A person; the work e-mail is a sign-in, so that two people cannot have one."""

    class Meta:
        model = Person
        fields = ["first_name", "last_name", "payroll_number", "trn", "work_email", "partner"]

    def clean_payroll_number(self) -> str | None:
        """None rather than an empty text: many delegates have no number."""
        return self.cleaned_data["payroll_number"] or None

    def clean_work_email(self) -> str:
        """In lower case, and not the sign-in of somebody else."""
        email = self.cleaned_data["work_email"].lower()
        others = User.objects.filter(email=email).exclude(person=self.instance.pk)
        if email and others.exists():
            raise forms.ValidationError(SIGN_IN_OF_ANOTHER)
        return email
