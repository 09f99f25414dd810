"""Claiming CPD done elsewhere, deciding about a claim, answering a question."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from entitlements.evidence import ACCEPTED, EvidenceRefused, inspect
from entitlements.models import ActivityKind
from entitlements.rules.policy import Unit
from staff.form_options import FormData, FormFiles, FormOptions
from staff.loose_types import CleanedData

MOST_HOURS = 23
LONGEST_KEY = 16
NOT_A_DATE = "Write the date as day, month and year, such as 24/11/2026."
LENGTH_NEEDED = "Say how long it took."
NOTHING_TICKED = "Tick the claims that you verify."
NOT_IN_THE_LIST = "Tick claims of the list."
BODY_NEEDED = "Say which professional body it is."


class EvidenceField(forms.FileField):
    """A file whose content is looked at before anything is kept."""

    widget = forms.ClearableFileInput(attrs={"accept": ACCEPTED})

    def __init__(self) -> None:
        super().__init__(
            label="Evidence",
            required=False,
            help_text="A certificate or a photo of the programme: PDF, JPEG, PNG or Word, up to 10 MB. "
            "Needed for a day or more.",
        )

    def clean(self, data: object, initial: object = None) -> UploadedFile | None:
        """The upload, once its content is of an accepted kind."""
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            try:
                inspect(upload, name=upload.name or "", size=upload.size or 0)
            except EvidenceRefused as refused:
                raise ValidationError(str(refused)) from refused
        return upload


class KindField(forms.ModelChoiceField):
    """The kinds staff may claim: time spent first, then memberships and awards."""

    def __init__(self) -> None:
        kinds = ActivityKind.objects.filter(may_be_claimed=True).order_by("title")
        super().__init__(kinds, label="What kind of CPD was it?", empty_label=None)
        self.error_messages["invalid_choice"] = "Choose one of the kinds in the list."

    def kinds(self) -> QuerySet[ActivityKind]:
        """What may be claimed, read once."""
        assert self.queryset is not None
        return self.queryset

    def grouped(self) -> list[tuple[str, str | list[tuple[object, str]]]]:
        """The choices under their headings. One query."""
        timed: list[tuple[object, str]] = []
        nominal: list[tuple[object, str]] = []
        for kind in self.kinds():
            (nominal if Unit(kind.unit).is_nominal else timed).append((kind.pk, kind.title))
        return [("", "Choose the kind"), ("Time you spent", timed), ("Membership and awards", nominal)]


class ClaimForm(forms.Form):
    """What somebody says of CPD they did elsewhere. Whether it can be claimed is the action's to say."""

    kind = KindField()
    title = forms.CharField(
        label="What was it?",
        max_length=200,
        help_text="As you would tell a colleague: “Webinar on dyslexia”.",
    )
    occurred_on = forms.DateField(
        label="When?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="One date. Something over several days is a claim a day.",
        error_messages={"invalid": NOT_A_DATE},
    )
    hours = forms.IntegerField(
        label="Hours",
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    minutes = forms.IntegerField(
        label="Minutes",
        required=False,
        min_value=0,
        max_value=59,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    amount = forms.DecimalField(
        label="How many days?",
        required=False,
        min_value=0,
        max_value=5,
        max_digits=4,
        decimal_places=2,
        help_text="Only for a kind that is counted in days.",
    )
    body = forms.CharField(
        label="Which professional body?",
        required=False,
        max_length=120,
        help_text="Only for a membership or an award, such as Chartered College of Teaching.",
    )
    learned = forms.CharField(
        label="What did you take from it?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Two or three sentences: what you learned and what you will do with it.",
    )
    is_own_time = forms.BooleanField(
        label="It was in my own time",
        required=False,
        help_text="Outside your paid hours. It counts the same.",
    )
    evidence = EvidenceField()

    def __init__(
        self, data: FormData = None, files: FormFiles = None, *, today: date, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        kind = self.fields["kind"]
        assert isinstance(kind, KindField)
        kind.choices = kind.grouped()
        self.fields["occurred_on"].widget.attrs["max"] = today.isoformat()
        in_days = [Unit.DAY.value, Unit.HALF_DAY.value]
        if not any(one.unit in in_days for one in kind.kinds()):
            del self.fields["amount"]

    def clean(self) -> dict[str, object]:
        """Each kind has its own measure: time, a number of days, or one membership of a body."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind is None:
            return data
        unit = Unit(kind.unit)
        length = (data.get("hours") or 0) * 60 + (data.get("minutes") or 0)
        data["length"], data["number"] = None, None
        if unit.is_nominal:
            data["number"] = 1
            if not data.get("body"):
                self.add_error("body", BODY_NEEDED)
        elif unit is Unit.MINUTES:
            data["length"] = length
            if not length and not {"hours", "minutes"} & set(self.errors):
                self.add_error("hours", LENGTH_NEEDED)
        else:
            data["number"] = data.get("amount")
            if not data["number"]:
                self.add_error("amount", "Say how many days.")
        return data

    def facts(self) -> CleanedData:
        """What the action takes, once the form is valid."""
        data = self.cleaned_data
        is_nominal = Unit(data["kind"].unit).is_nominal
        return {
            "kind": data["kind"],
            "occurred_on": data["occurred_on"],
            "title": data["title"],
            "learned": data["learned"],
            "minutes": data["length"],
            "amount": data["number"],
            "body": data["body"] if is_nominal else "",
            "is_own_time": data["is_own_time"],
            "evidence": data["evidence"],
        }

    def refuse(self, field: str, sentence: str) -> None:
        """Show a refusal of the action at the field it is about."""
        shown = {"duration": "hours" if "amount" not in self.fields else "amount"}.get(field, field)
        if field == "duration" and self.cleaned_data.get("length"):
            shown = "hours"
        self.add_error(shown if shown in self.fields else None, sentence)


class AnswerForm(forms.Form):
    """The claimant's answer to a question."""

    words = forms.CharField(label="Your answer", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = EvidenceField()


class DecisionForm(forms.Form):
    """What who decides says about a claim. Whether words are needed depends on the button pressed."""

    decision = forms.ChoiceField(choices=[("verified", "Verify"), ("asked", "Ask"), ("declined", "Decline")])
    words = forms.CharField(
        label="Comment",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed to ask or decline.",
    )


class _AnyKeys(forms.TypedMultipleChoiceField):
    """Keys that need not be on the list any more: a claim decided meanwhile is told so by the action."""

    def valid_value(self, value: object) -> bool:
        """Whether it could be a key at all."""
        return len(str(value)) < LONGEST_KEY and str(value).isdecimal() and str(value).isascii()


class ChosenClaimsForm(forms.Form):
    """The claims ticked to be verified together."""

    claim = _AnyKeys(
        coerce=int,
        error_messages={
            "required": NOTHING_TICKED,
            "invalid_choice": NOT_IN_THE_LIST,
        },
    )
