"""Inductions of early career teachers, capacity, and interest in training to teach."""

from __future__ import annotations

from datetime import date
from typing import Unpack

from django import forms
from django.db.models import QuerySet

from pathways.actions.early_career import body_refused
from pathways.models import AppropriateBody, EarlyCareer, TeachingInterest
from pathways.queries.early_career import schools_served
from staff.form_options import FormData, FormOptions
from staff.models import Contract, Person, School

PHASES = [("primary", "Primary"), ("secondary", "Secondary"), ("unsure", "Not sure yet")]


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as day, month and year, such as 24/11/2026."},
    )


def _words(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=required,
        help_text=help_text,
    )


def _people_of(school_id: int, on: date) -> QuerySet[Person]:
    here = Contract.objects.in_force(on).filter(school=school_id).values("person")
    return Person.objects.filter(pk__in=here)


class InductionForm(forms.Form):
    """Who helps, who checks, and what was agreed. A body that may not check it is refused here already."""

    appropriate_body = forms.ModelChoiceField(
        queryset=AppropriateBody.objects.select_related("lead_school"),
        label="Appropriate body",
        help_text="Who checks the induction. Never run from the same school, never who trained the teacher.",
        error_messages={"required": "Choose who checks the induction."},
    )
    trained_with = forms.ModelChoiceField(
        queryset=AppropriateBody.objects.filter(is_training_provider=True),
        required=False,
        empty_label="Somebody else",
        label="Who trained the teacher",
    )
    mentor = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, empty_label="Nobody yet", label="Mentor"
    )
    induction_tutor = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, empty_label="Nobody yet", label="Induction tutor"
    )
    lead_provider = forms.CharField(label="Lead provider", max_length=80, required=False)
    delivery_partner = forms.CharField(label="Delivery partner", max_length=80, required=False)

    def __init__(
        self, data: FormData, *, person: Person, school: School, on: date, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.person_id, self.school, self.on = person.pk, school, on
        people = _people_of(school.pk, on).exclude(pk=person.pk)
        for name in ("mentor", "induction_tutor"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """The conflict rule of appropriate bodies, in words (DOMAIN section 1)."""
        found = super().clean() or {}
        body = found.get("appropriate_body")
        if body is not None:
            schools = schools_served(
                self.person_id, self.school, max(self.on, found.get("starts_on") or self.on)
            )
            refused = body_refused(body, schools=schools, trained_with=found.get("trained_with"))
            if refused:
                self.add_error("appropriate_body", refused)
        return found


class RegisterForm(InductionForm):
    """The first day as well."""

    starts_on = _day("First day of the induction")
    field_order = ["starts_on"]


class ChangeForm(InductionForm):
    """What the appropriate body and the teacher have agreed to as well."""

    terms_agreed = forms.IntegerField(
        label="Fewer terms, if the appropriate body has agreed",
        min_value=1,
        max_value=30,
        required=False,
        help_text="Leave it empty for the usual length.",
    )
    extends_for_family = forms.BooleanField(
        label="Family leave extends the induction, as the teacher chose", required=False
    )

    @staticmethod
    def initial_of(career: EarlyCareer) -> dict[str, object]:
        """What stands there now."""
        return {name: getattr(career, name) for name in ChangeForm.base_fields}


class ReviewForm(forms.Form):
    """One review: when, how, and what was said of it."""

    held_on = _day("When did you hold it?")
    is_on_track = forms.TypedChoiceField(
        label="How does it go?",
        choices=[("yes", "On track"), ("no", "Not on track: more support is needed")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two."},
    )
    words = _words(
        "What was agreed",
        required=False,
        help_text="The teacher, the mentor, the head and the people team read it.",
    )


class CompleteForm(forms.Form):
    """The day on which the appropriate body decided."""

    completed_on = _day("When did the appropriate body decide?")


class CapacityForm(forms.Form):
    """How many a school can have in a year."""

    mentors = forms.IntegerField(label="Mentors", min_value=0, max_value=99)
    placements = forms.IntegerField(label="Trainees", min_value=0, max_value=99)


class InterestForm(forms.Form):
    """Somebody says that they would like to train to teach."""

    phase = forms.ChoiceField(label="Whom would you like to teach?", choices=PHASES, widget=forms.RadioSelect)
    subject = forms.CharField(
        label="Which subject?",
        max_length=60,
        required=False,
        help_text="For a secondary school. You can leave it open.",
    )
    has_degree = forms.BooleanField(label="I have a degree", required=False, help_text="In any subject.")
    has_english_and_maths = forms.BooleanField(
        label="I have GCSE English and maths at grade 4 (or C) or above", required=False
    )
    has_science = forms.BooleanField(
        label="I have GCSE science at grade 4 (or C) or above",
        required=False,
        help_text="Asked for in primary schools.",
    )
    words = forms.CharField(
        label="Anything we should know?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only the people team reads it.",
    )


class MoveForm(forms.Form):
    """One step of an interest; the people team says why."""

    words = _words(
        "What you tell them", help_text="They read it, and it stays in the story of this interest."
    )


class OwnMoveForm(forms.Form):
    """One's own step; a word is welcome and not asked for."""

    words = _words("Anything you want to say", required=False)


class PlaceForm(MoveForm):
    """Where, with whom and from when. Schools with room only; the mentor works there."""

    school = forms.ModelChoiceField(
        queryset=School.objects.none(),
        label="School",
        empty_label="Choose a school",
        help_text="Schools with a free placement next to their names; the capacity page has the numbers.",
    )
    mentor = forms.ModelChoiceField(
        queryset=Person.objects.none(), label="Mentor", empty_label="Choose a mentor"
    )
    starts_on = _day("First day")
    field_order = ["school", "mentor", "starts_on", "words"]

    def __init__(
        self, data: FormData, *, interest: TeachingInterest, on: date, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["school"].queryset = School.objects.filter(kind=School.Kind.SCHOOL)  # type: ignore[attr-defined]
        teachers = Contract.objects.in_force(on).filter(
            job_role__staff_group__in=["teacher", "leadership"], school__kind=School.Kind.SCHOOL
        )
        people = Person.objects.filter(pk__in=teachers.values("person")).exclude(pk=interest.person_id)
        self.fields["mentor"].queryset = people  # type: ignore[attr-defined]
