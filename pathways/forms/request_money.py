"""The forms of a Masters: fees by year, a payment, a waiver, and the panel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Unpack

from django import forms

from pathways.models import Route, RouteFee, RouteRequest
from pathways.rules.repayment import WAIVED
from staff.form_options import FormData, FormOptions
from staff.loose_types import CleanedData
from staff.models import School

MOST_YEARS: Final = 4
_DATE = {"type": "date"}


def overspend_field() -> forms.CharField:
    """Why a panel spends more than its budget has left; asked where an award or a fee is written."""
    return forms.CharField(
        label="Above the budget: why it is spent all the same",
        help_text="Only where the panel's budget does not reach. It is kept with your name and shown on the panel's page and the request.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _pence(pounds: Decimal) -> int:
    return int(pounds * 100)


class FeesForm(forms.Form):
    """Fee and trust's share for up to four years; the first is needed, and none is left out between.

    `is_awarded` is whether a panel has awarded it already, so that higher fees are spent from its budget.
    """

    def __init__(
        self,
        data: FormData = None,
        *,
        fees: Iterable[RouteFee],
        is_awarded: bool = False,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        there = {fee.year_number: fee for fee in fees}
        for year in range(1, MOST_YEARS + 1):
            found = there.get(year)
            self.fields[f"fee_{year}"] = forms.DecimalField(
                label=f"Fee of year {year}, in pounds",
                required=year == 1,
                min_value=0,
                max_value=99_999,
                decimal_places=2,
                initial=Decimal(found.fee_pence) / 100 if found else None,
            )
            self.fields[f"percent_{year}"] = forms.IntegerField(
                label=f"Trust's share of year {year}, percent",
                required=False,
                min_value=0,
                max_value=100,
                initial=found.trust_percent if found else 100,
            )
        if is_awarded:
            self.fields["overspend_reason"] = overspend_field()

    def clean(self) -> CleanedData:
        """No year without a fee before one that has it."""
        data = super().clean() or {}
        last = max(
            (year for year in range(1, MOST_YEARS + 1) if data.get(f"fee_{year}") is not None), default=0
        )
        for year in range(2, last):
            if data.get(f"fee_{year}") is None:
                self.add_error(f"fee_{year}", "Write this year's fee too, 0 for none.")
        return data

    def years(self) -> list[tuple[int, int]]:
        """As `set_fees` takes it: (pence, percent) of each year; an empty share is all of it."""
        data = self.cleaned_data
        found = []
        for year in range(1, MOST_YEARS + 1):
            fee, percent = data.get(f"fee_{year}"), data.get(f"percent_{year}")
            if fee is not None:
                found.append((_pence(fee), 100 if percent is None else percent))
        return found


class PaymentForm(forms.Form):
    """What the trust has paid of one year, in all."""

    year = forms.TypedChoiceField(label="Year of the course", coerce=int)
    paid = forms.DecimalField(
        label="Paid by the trust so far, in pounds", min_value=0, max_value=99_999, decimal_places=2
    )
    paid_on = forms.DateField(label="Paid on", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE))

    def __init__(
        self, data: FormData = None, *, fees: Iterable[RouteFee], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["year"].choices = [(fee.year_number, f"Year {fee.year_number}") for fee in fees]  # type: ignore[attr-defined]

    def content(self) -> CleanedData:
        """As `record_payment` takes it."""
        data = self.cleaned_data
        return {
            "year_number": data["year"],
            "paid_pence": _pence(data["paid"]),
            "paid_on": data["paid_on"],
        }


class WaiveForm(forms.Form):
    """Why nothing is repaid."""

    reason = forms.ChoiceField(
        label="Nothing is repaid because of", choices=[("", "Choose one"), *WAIVED.items()]
    )


class PanelForm(forms.Form):
    """A place in the ranking and a decision for each applicant the reader may judge, words for those who are not
    awarded, and why the budget is overspent where it is."""

    words = forms.CharField(
        label="For those not awarded: why, and what you suggest",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    overspend_reason = overspend_field()

    def __init__(
        self,
        data: FormData = None,
        *,
        ranked: Iterable[RouteRequest],
        decided: Iterable[RouteRequest],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        ranked, decided = list(ranked), list(decided)
        self.ranked_keys, self.decided_keys = [one.pk for one in ranked], [one.pk for one in decided]
        for one in ranked:
            self.fields[f"rank_{one.pk}"] = forms.IntegerField(
                label=f"Place of {one.person}",
                required=False,
                min_value=1,
                max_value=999,
                initial=one.panel_rank,
            )
        for one in decided:
            self.fields[f"decision_{one.pk}"] = forms.ChoiceField(
                label=f"Decision about {one.person}",
                required=False,
                choices=[("", "Not yet"), ("award", "Award"), ("decline", "Not this year")],
            )

    @property
    def pressed(self) -> dict[int, str]:
        """What was decided about each request as it was sent, also of those that no longer wait."""
        sent = ((re.fullmatch(r"decision_([0-9]{1,9})", name), value) for name, value in self.data.items())
        return {int(found[1]): value for found, value in sent if found and value}

    def field_of(self, what: str, key: int) -> forms.BoundField | None:
        """The field of one request: its rank or decision; None where the reader does not judge it."""
        name = f"{what}_{key}"
        return self[name] if name in self.fields else None

    def ranks(self) -> dict[int, int | None]:
        """The place of each request."""
        return {key: self.cleaned_data[f"rank_{key}"] for key in self.ranked_keys}

    def decision(self) -> CleanedData:
        """As `decide_panel` takes it: the requests awarded and declined, and the words."""
        data = self.cleaned_data
        chosen = {key: data[f"decision_{key}"] for key in self.decided_keys}
        return {
            "awarded": [key for key, decision in chosen.items() if decision == "award"],
            "declined": [key for key, decision in chosen.items() if decision == "decline"],
            "words": data["words"],
            "overspend_reason": data["overspend_reason"],
        }


class BoardForm(forms.Form):
    """What the board is narrowed to; what cannot be understood narrows nothing."""

    school = forms.ChoiceField(label="School", required=False)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any kind"), *Route.Kind.choices])
    is_late = forms.BooleanField(label="Overdue only", required=False)

    def __init__(
        self, data: FormData = None, *, schools: Iterable[School], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["school"].choices = [("", "All schools"), *((one.code, one.name) for one in schools)]  # type: ignore[attr-defined]

    @property
    def choice(self) -> CleanedData:
        """What was understood of it, as `board_of` takes it."""
        self.is_valid()
        return dict(self.cleaned_data)
