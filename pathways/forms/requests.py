"""The forms of a request: the draft, the discussion, the checks, each step, signatures and reviews."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Unpack

from django import forms

from pathways.actions.request_drafts import MASTERS_FIELDS
from pathways.forms.request_money import overspend_field
from pathways.models import MastersPanel, Route, RouteCheck, RouteDecision, RouteRequest, RouteSignature
from pathways.queries.requests_papers import signature_words
from pathways.rules.funding import payers_of
from pathways.rules.requests import NEEDS_WORDS, RequestStep
from staff.form_options import FormData, FormOptions
from staff.loose_types import CleanedData

_DATE = {"type": "date"}


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _payers(route: Route) -> list[tuple[str, str]]:
    """Who may pay for this kind of route, as choices."""
    return [(one, RouteRequest.FundedBy(one).label) for one in payers_of(route.kind)]


class DraftForm(forms.ModelForm):
    """What the requester writes; the Masters fields only for a Masters."""

    class Meta:
        model = RouteRequest
        fields = (
            "why",
            "planned_starts_on",
            "planned_ends_on",
            "funded_by",
            "provider",
            *MASTERS_FIELDS,
            "is_age_declared",
            "is_on_other_funded_programme",
        )
        labels = {
            "why": "Why this, and what it does for the school",
            "planned_starts_on": "When would you like to start?",
            "planned_ends_on": "When would it end? (if you know)",
            "funded_by": "How would it be paid?",
            "provider": "Provider, if you have one in mind",
            "study_days": "Study days a year",
            "dissertation_theme": "Theme of your dissertation",
            "trust_priority": "Which priority of the trust does it serve?",
            "conflict_of_interest": "Any conflict of interest",
            "panel": "Which panel?",
            "is_on_other_funded_programme": "I am on another government-funded programme now",
        }
        widgets = {
            "why": _area(4),
            "planned_starts_on": forms.DateInput(format="%Y-%m-%d", attrs=_DATE),
            "planned_ends_on": forms.DateInput(format="%Y-%m-%d", attrs=_DATE),
        }

    def __init__(
        self,
        data: FormData = None,
        *,
        route: Route,
        on: date,
        instance: RouteRequest | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, instance=instance, **options)
        if route.kind == Route.Kind.MASTERS:
            panels = MastersPanel.objects.filter(deadline_on__gte=on)
            self.fields["panel"].queryset = panels  # type: ignore[attr-defined]
        else:
            for name in MASTERS_FIELDS:
                del self.fields[name]
        self.fields["funded_by"].choices = [("", "Choose one"), *_payers(route)]  # type: ignore[attr-defined]
        if route.youngest_age is None and route.oldest_age is None:
            del self.fields["is_age_declared"]


class DiscussionForm(forms.Form):
    """The recorded conversation: content, not a tick."""

    held_on = forms.DateField(
        label="When did you talk?", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE)
    )
    outcome = forms.CharField(label="What did you agree?", max_length=4000, widget=_area())
    cover_plan = forms.CharField(label="Who covers, and when?", max_length=2000, widget=_area(2))
    cover_days = forms.DecimalField(
        label="Days of cover a year", min_value=0, max_value=195, decimal_places=1, initial=0
    )
    cover_pounds = forms.DecimalField(
        label="Cost of cover a year, in pounds", min_value=0, max_value=99999, decimal_places=2, initial=0
    )
    off_job_timetable = forms.CharField(
        label="When does off-the-job training or study happen?",
        max_length=2000,
        required=False,
        widget=_area(2),
        help_text="In paid hours. Such as Tuesday afternoons in term time.",
    )

    def __init__(self, data: FormData = None, *, route: Route, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["off_job_timetable"].required = route.kind == Route.Kind.APPRENTICESHIP

    def content(self) -> CleanedData:
        """As `record_discussion` takes it: pounds as whole pence."""
        data = dict(self.cleaned_data)
        data["cover_pence"] = _pence(data.pop("cover_pounds"))
        return data


_OF_APPRENTICESHIPS = ("off_job_hours", "planned_ends_on", "levy_forecast")
# A Masters has its fees by year in place of a price.
_NOT_ASKED = {Route.Kind.APPRENTICESHIP: (), Route.Kind.MASTERS: ("price", *_OF_APPRENTICESHIPS)}


class ChecksForm(forms.Form):
    """Who pays, what the agreement says, and one choice and a few words for each check; by kind of route."""

    confirmed_payer = forms.ChoiceField(label="Who pays, as far as you have found out?", required=False)
    price = forms.DecimalField(
        label="Agreed price, in pounds", required=False, min_value=0, max_value=999999, decimal_places=2
    )
    off_job_hours = forms.IntegerField(
        label="Agreed off-the-job hours", required=False, min_value=0, max_value=3000
    )
    planned_ends_on = forms.DateField(
        label="Planned end", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE)
    )
    levy_forecast = forms.DecimalField(
        label="Levy account forecast with this in it, in pounds",
        required=False,
        decimal_places=2,
        help_text="Where the levy pays. Below 0 the request goes to finance.",
    )

    def __init__(
        self, data: FormData = None, *, request: RouteRequest, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        payer = self.fields["confirmed_payer"]
        payer.choices = [("", "Still to confirm"), *_payers(request.route)]  # type: ignore[attr-defined]
        payer.initial = request.funded_by if request.payer_asked else ""
        asked = RouteRequest.FundedBy(request.payer_asked or request.funded_by or "trust").label
        payer.help_text = f"Asked for: {asked}."
        there = {check.kind: check for check in request.checks.all()}
        for kind, label in RouteCheck.Kind.choices:
            found = there.get(kind)
            self.fields[f"{kind}_outcome"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", "Still to check"), *RouteCheck.Outcome.choices],
                initial=found.outcome if found else "",
            )
            self.fields[f"{kind}_words"] = forms.CharField(
                label=f"{label}: note",
                required=False,
                max_length=300,
                initial=found.words if found else "",
            )
        self.fields["off_job_hours"].initial = request.off_job_hours
        self.fields["planned_ends_on"].initial = request.planned_ends_on
        for name, pence in (("price", request.price_pence), ("levy_forecast", request.levy_forecast_pence)):
            self.fields[name].initial = None if pence is None else Decimal(pence) / 100
        for name in _NOT_ASKED.get(Route.Kind(request.route.kind), _OF_APPRENTICESHIPS):
            del self.fields[name]

    def content(self) -> CleanedData:
        """As `record_checks` takes it."""
        data = self.cleaned_data
        return {
            "outcomes": {
                kind: (data[f"{kind}_outcome"], data[f"{kind}_words"])
                for kind in RouteCheck.Kind.values
                if data[f"{kind}_outcome"]
            },
            "confirmed_payer": data["confirmed_payer"],
            "price_pence": _pence(data.get("price")),
            "off_job_hours": data.get("off_job_hours"),
            "planned_ends_on": data.get("planned_ends_on"),
            "levy_forecast_pence": _pence(data.get("levy_forecast")),
        }


_WORDS_LABEL = {
    RequestStep.ASKED: "Your question",
    RequestStep.ANSWERED: "Your answer",
    RequestStep.APPEALED: "Why do you appeal?",
    RequestStep.PAUSED: "Why, and what is agreed about it",
}
_DATE_LABEL = {
    RequestStep.STARTED: "First day on programme",
    RequestStep.PAUSED: "First day of the break",
    RequestStep.RESUMED: "First day back",
    RequestStep.COMPLETED: "Completed on",
    RequestStep.WITHDRAWN: "Ended on",
}


class StepForm(forms.Form):
    """One step: words, and where it needs them a reason and dates."""

    words = forms.CharField(label="Comment", max_length=4000, required=False, widget=_area())

    def __init__(
        self,
        data: FormData = None,
        *,
        step: RequestStep,
        is_own: bool = True,
        is_begun: bool = False,
        **options: Unpack[FormOptions],
    ) -> None:
        """`is_own` is whether the requester takes it, `is_begun` whether they are on programme."""
        super().__init__(data, **options)
        withdraws_another = step == RequestStep.WITHDRAWN and not is_own
        self.fields["words"].required = step in NEEDS_WORDS or withdraws_another
        self.fields["words"].label = _WORDS_LABEL.get(step, "Comment")
        if step == RequestStep.STARTED:
            del self.fields["words"]
        if step == RequestStep.AWARDED:
            self.fields["overspend_reason"] = overspend_field()
        if step == RequestStep.DECLINED:
            self.fields["reason_code"] = forms.ChoiceField(
                label="Reason", choices=[("", "Choose one"), *RouteDecision.ReasonCode.choices]
            )
        if step in _DATE_LABEL and (step != RequestStep.WITHDRAWN or is_begun):
            self.fields["effective_on"] = forms.DateField(
                label=_DATE_LABEL[step], widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE)
            )
        if step == RequestStep.PAUSED:
            self.fields["expected_back_on"] = forms.DateField(
                label="Expected back on, if known",
                required=False,
                widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE),
            )


class SignatureForm(forms.Form):
    """One signature that is still missing."""

    what = forms.ChoiceField(label="What was signed, and by whom?")
    signed_on = forms.DateField(label="Signed on", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE))

    def __init__(
        self,
        data: FormData = None,
        *,
        missing: list[tuple[str, str]],
        is_learner: bool,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        mine = [one for one in missing if (one[1] == RouteSignature.Party.LEARNER) == is_learner]
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (f"{document}:{party}", signature_words(document, party)) for document, party in mine
        ]


class ReviewForm(forms.Form):
    """What a review found."""

    held_on = forms.DateField(label="Held on", widget=forms.DateInput(format="%Y-%m-%d", attrs=_DATE))
    is_on_track = forms.TypedChoiceField(
        label="Is it on track?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    off_job_hours = forms.IntegerField(
        label="Off-the-job hours so far", required=False, min_value=0, max_value=3000
    )
    words = forms.CharField(label="What was agreed", max_length=2000, required=False, widget=_area())


def _pence(pounds: Decimal | None) -> int | None:
    return None if pounds is None else int(pounds * 100)
