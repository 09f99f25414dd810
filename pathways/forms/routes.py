"""What the catalogue of routes can be narrowed by."""

from __future__ import annotations

from typing import Unpack

from django import forms

from courses.queries.searching import LONGEST
from pathways.models import Route
from pathways.queries.routes import RouteChoice
from staff.form_options import FormData, FormOptions

FUNDING = (
    (Route.Funding.FUNDED.value, "Funded"),
    (Route.Funding.SCHOOL_RULE.value, "Funded in some schools"),
    (Route.Funding.AGE_LIMITED.value, "Funded at some ages"),
    (Route.Funding.TRUST.value, "Paid by the trust where agreed"),
    (Route.Funding.UNCONFIRMED.value, "To be confirmed"),
    (Route.Funding.WITHDRAWN.value, "No longer funded"),
)


class RouteForm(forms.Form):
    """Words and choices; what cannot be understood narrows nothing."""

    q = forms.CharField(
        label="Search routes",
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Job, topic or code"}),
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any kind"), *Route.Kind.choices])
    level = forms.TypedChoiceField(
        label="Level",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Any level"), *((str(level), f"Level {level}") for level in range(2, 8))],
    )
    family = forms.ChoiceField(label="Job family", required=False)
    funding = forms.ChoiceField(label="Funding", required=False, choices=[("", "Any funding"), *FUNDING])

    NARROWING = ("kind", "level", "family", "funding")

    def __init__(self, data: FormData = None, *, families: list[str], **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        for name in self.NARROWING:  # they stand beside the list, the form above it
            self.fields[name].widget.attrs["form"] = "route-form"
        self.fields["family"].choices = [("", "Any job"), *((one, one) for one in families)]  # type: ignore[attr-defined]

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """The choices beside the list."""
        return [self[name] for name in self.NARROWING]

    @property
    def choice(self) -> RouteChoice:
        """What was understood of it."""
        self.is_valid()
        return RouteChoice(**self.cleaned_data)

    @property
    def chips(self) -> list[dict[str, str]]:
        """What is chosen, each as it can be taken out again."""
        chips = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value:
                labels = dict(getattr(field, "choices", ()))
                words = labels.get(str(value), f"“{value}”")
                chips.append({"words": str(words), "name": name, "value": self.data.get(name, "")})
        return chips
