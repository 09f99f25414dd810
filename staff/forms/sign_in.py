"""Getting in: password, printed code, forgotten password."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password

from staff.actions.sign_in import ensure_sign_in
from staff.queries.sign_in import person_with_email
from staff.refusals import ActionRefused


class SignInForm(LoginForm):
    """E-mail address or staff number in one field, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on as it comes
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = "E-mail address or staff number"
        login.max_length = 254
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        password.widget.attrs.pop("placeholder", None)


class ResetPasswordForm(AllauthResetPasswordForm):
    """A link to the work e-mail: for a forgotten password, and for the first one."""

    def clean_email(self) -> str:
        """Somebody whom the import knows by this address gets a sign-in first, if there is none yet."""
        person = person_with_email(self.cleaned_data["email"].strip())
        if person is not None:
            with suppress(ActionRefused):  # the page says the same whoever asks
                ensure_sign_in(person=person)
        return super().clean_email()


class FirstPasswordForm(forms.Form):
    """The printed slip and a password of one's own."""

    staff_number = forms.CharField(
        label="Staff number",
        max_length=20,
        help_text="It stands on your slip and on your payslip.",
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    code = forms.CharField(
        label="Code from your slip",
        max_length=40,
        help_text="Four groups of four. Capitals and dashes do not matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label="New password",
        max_length=128,
        strip=False,
        help_text=" ".join(password_validators_help_texts()[1:2]),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password once more",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Strong enough by itself; whose it is stays out of it, so that the form tells nothing."""
        password = self.cleaned_data["password"]
        validate_password(password)
        if password.upper() == self.cleaned_data.get("staff_number", "").upper():
            raise forms.ValidationError("Choose something else than your staff number.")
        return password

    def clean(self) -> dict[str, str]:
        """The two passwords are the same."""
        cleaned = super().clean() or {}
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "The two passwords differ. Type the same one twice.")
        return cleaned
