"""What hub leads fill in about sessions: dates, places, who leads, and the reasons they give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Unpack

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.actions.planning import SessionPlan, Terms
from courses.models import Session, SessionPart
from staff import clock
from staff.form_options import FormData, FormOptions
from staff.models import Person, School

DATE_ROWS = 6


def trainers() -> QuerySet[Person]:
    """Who can lead a session: people with the responsibility today, and whoever leads one already."""
    today = clock.today()
    holds = Q(responsibilities__kind__in=["trainer", "hub_lead"], responsibilities__starts_on__lte=today) & (
        Q(responsibilities__ends_on__isnull=True) | Q(responsibilities__ends_on__gte=today)
    )
    leads = Q(sessions_led__isnull=False)
    return Person.objects.filter(holds | leads, erased_at__isnull=True).distinct()


class SpanForm(forms.Form):
    """One date with its times."""

    on = forms.DateField(label="Date", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label="From", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label="To", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))

    def clean(self) -> dict[str, object]:
        """Ends after it starts."""
        cleaned = super().clean() or {}
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", "The end is not after the start.")
        return cleaned

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """The aware moments; nothing for a row left empty."""
        if not self.cleaned_data.get("on"):
            return None
        return _moment(self.cleaned_data["on"], self.cleaned_data["starts"]), _moment(
            self.cleaned_data["on"], self.cleaned_data["ends"]
        )


class BaseSpanFormSet(forms.BaseFormSet):
    """Dates in rows; empty rows are left out, the first has to be filled in."""

    @property
    def spans(self) -> list[tuple[datetime, datetime]]:
        """What was typed, in order of time."""
        return sorted(form.span for form in self.forms if form.span)

    def clean(self) -> None:
        """At least one date."""
        if not any(self.errors) and not self.spans:
            raise forms.ValidationError("Give at least one date.")


# Any: the stubs have it forget of which class it is.
SpanFormSet: Any = forms.formset_factory(SpanForm, formset=BaseSpanFormSet, extra=DATE_ROWS, max_num=30)
# A session that is there rarely gets more dates.
ChangedSpanFormSet: Any = forms.formset_factory(SpanForm, formset=BaseSpanFormSet, extra=2, max_num=30)


def spans_of(parts: Iterable[SessionPart]) -> list[dict[str, object]]:
    """The dates of a session as a formset starts with them."""
    local = [(timezone.localtime(part.starts_at), timezone.localtime(part.ends_at)) for part in parts]
    return [{"on": starts.date(), "starts": starts.time(), "ends": ends.time()} for starts, ends in local]


class TermsForm(forms.Form):
    """How places are given."""

    trainers = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), required=False, label="Led by", widget=forms.CheckboxSelectMultiple
    )
    booking_opens_at = forms.DateTimeField(
        label="Booking opens",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Empty: at once.",
    )
    booking_closes_at = forms.DateTimeField(
        label="Booking closes",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Empty: when it begins.",
    )
    needs_approval = forms.BooleanField(label="A manager agrees before a place is held", required=False)
    offer_hours = forms.IntegerField(
        label="Hours to answer when a place comes free",
        required=False,
        min_value=1,
        max_value=336,
        help_text="Empty: the next person is booked at once.",
    )
    is_own_school_only = forms.BooleanField(
        label="Only for staff of the school where it is held", required=False
    )

    def __init__(self, data: FormData = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        chosen = self.fields["trainers"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)
        chosen.queryset = trainers()

    def clean(self) -> dict[str, object]:
        """The window closes after it opens."""
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("booking_opens_at"), cleaned.get("booking_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("booking_closes_at", "Booking closes after it opens.")
        return cleaned

    @property
    def terms(self) -> Terms:
        """What was chosen."""
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})

    @property
    def trainer_ids(self) -> tuple[int, ...]:
        """Who leads."""
        return tuple(person.pk for person in self.cleaned_data["trainers"])

    @staticmethod
    def of(session: Session) -> dict[str, object]:
        """What a session has now, for the form to start with."""
        values = {name: getattr(session, name) for name in Terms.__dataclass_fields__}
        return {**values, "trainers": list(session.trainers.values_list("pk", flat=True))}


class VenueForm(forms.Form):
    """Where one session is held."""

    school = forms.ModelChoiceField(
        queryset=School.objects.exclude(kind="partner"),
        required=False,
        empty_label="Online only",
        label="Where",
    )
    room = forms.CharField(max_length=120, required=False)
    online_link = forms.URLField(required=False, assume_scheme="https", label="Link for joining online")


class NewSessionsForm(TermsForm):
    """One or many sessions at once: each date at each place, or all dates as parts of one session."""

    schools = forms.ModelMultipleChoiceField(
        queryset=School.objects.exclude(kind="partner"),
        required=False,
        label="Where",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each place gets sessions of its own.",
    )
    is_online = forms.BooleanField(label="Online", required=False)
    room = forms.CharField(max_length=120, required=False)
    online_link = forms.URLField(required=False, assume_scheme="https", label="Link for joining online")
    capacity = forms.IntegerField(label="Places in each", min_value=1, max_value=5000)
    together = forms.ChoiceField(
        label="If there is more than one date",
        choices=[
            ("apart", "Each date is a session of its own"),
            ("parts", "The dates are parts of one session; people come to all of them"),
        ],
        widget=forms.RadioSelect,
        initial="apart",
    )
    groups = forms.IntegerField(
        label="Groups at the same time, in each place",
        min_value=1,
        max_value=6,
        initial=1,
        required=False,
        help_text="Usually 1. What is there already counts: 2 adds a second group to a first.",
    )
    weeks = forms.IntegerField(
        label="Repeat weekly, how many times in all", min_value=1, max_value=30, initial=1, required=False
    )
    field_order = [
        "together",
        "weeks",
        "schools",
        "is_online",
        "room",
        "online_link",
        "capacity",
        "groups",
    ]

    def clean(self) -> dict[str, object]:
        """At least one place; the staff of a school only where there is one."""
        cleaned = super().clean()
        if "schools" in cleaned and not cleaned["schools"] and not cleaned.get("is_online"):
            self.add_error("schools", "Choose at least one place, or online.")
        if cleaned.get("is_own_school_only") and cleaned.get("is_online"):
            self.add_error("is_own_school_only", "An online session is for no one school.")
        return cleaned

    def plans(self, spans: list[tuple[datetime, datetime]]) -> list[SessionPlan]:
        """Every session asked for: places × dates × weeks × groups."""
        chosen = self.cleaned_data
        groups = [tuple(spans)] if chosen["together"] == "parts" else [(span,) for span in spans]
        repeated = [
            tuple((_later(starts, week), _later(ends, week)) for starts, ends in group)
            for week in range(chosen["weeks"] or 1)
            for group in groups
        ]
        places: list[int | None] = [school.pk for school in chosen["schools"]]
        places += [None] * bool(chosen["is_online"])
        return [
            SessionPlan(
                spans=group,
                school_id=place,
                capacity=chosen["capacity"],
                room=chosen["room"] if place else "",
                online_link=chosen["online_link"],
                trainer_ids=self.trainer_ids,
                terms=self.terms,
            )
            for group in repeated
            for place in places
            for _ in range(chosen["groups"] or 1)
        ]


class CapacityForm(forms.Form):
    """How many places."""

    capacity = forms.IntegerField(label="Places", min_value=1, max_value=5000)


class ReasonForm(forms.Form):
    """Why a session is called off."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text="Everybody who booked or waits reads it.",
    )


def _moment(on: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(on, at))


def _later(moment: datetime, weeks: int) -> datetime:
    """The same time on the clocks here, some weeks later."""
    local = timezone.localtime(moment)
    return _moment(local.date() + timedelta(weeks=weeks), local.time())
