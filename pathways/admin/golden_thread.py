"""The people team's side of the Golden Thread of teaching."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from pathways.models import (
    AppropriateBody,
    CareerStage,
    EarlyCareer,
    EarlyCareerReview,
    SchoolFunding,
    TeachingInterest,
    TeachingInterestStep,
    TrainingCapacity,
)
from staff.admin.headings import HeadingMixin
from staff.admin.once import OnceAdmin
from staff.admin.read_only import ReadOnlyAdmin
from staff.models import School


@admin.register(CareerStage)
class CareerStageAdmin(HeadingMixin[CareerStage], OnceAdmin):
    """Where somebody is, where their job role does not say it. It goes again when it is no longer needed."""

    list_display = ["person", "stage", "since_on", "set_by"]
    list_filter = [("stage", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "set_by"]
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]
    autocomplete_fields = ["person"]
    fields = ["person", "stage", "since_on"]

    def heading(self, stage: CareerStage) -> str:
        """Whose it is."""
        return str(stage.person)

    def save_model(self, request: HttpRequest, obj: CareerStage, form: object, change: bool) -> None:
        """With who has set it."""
        obj.set_by = request.user.person  # type: ignore[union-attr]
        super().save_model(request, obj, form, change)


class AppropriateBodyForm(forms.ModelForm):
    """A lead school is refused where the body already checks inductions there."""

    class Meta:
        model = AppropriateBody
        fields = ("name", "lead_school", "is_training_provider", "source", "last_checked_on")

    def clean_lead_school(self) -> School | None:
        """In words, before the database refuses it."""
        school = self.cleaned_data["lead_school"]
        checked = EarlyCareer.objects.filter(
            appropriate_body=self.instance.pk, school=school, completed_on__isnull=True
        )
        if school is not None and self.instance.pk and checked.exists():
            raise forms.ValidationError(
                f"This body checks inductions at {school}. Choose another body for those first."
            )
        return school


@admin.register(AppropriateBody)
class AppropriateBodyAdmin(OnceAdmin):
    """Who checks inductions, with the school each is run from."""

    form = AppropriateBodyForm
    list_display = ["name", "lead_school", "is_training_provider", "source", "last_checked_on"]
    list_filter = [("is_training_provider", BooleanRadioFilter)]
    list_filter_submit = True
    list_select_related = ["lead_school"]
    search_fields = ["name"]
    autocomplete_fields = ["lead_school"]
    fields = ["name", "lead_school", "is_training_provider", "source", "last_checked_on"]


class ReviewInline(TabularInline):
    """The reviews of an induction, to read."""

    model = EarlyCareerReview
    extra = 0
    can_delete = False
    fields = ["term", "kind", "due_on", "held_on", "is_on_track"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They are planned by the portal."""
        return False


@admin.register(EarlyCareer)
class EarlyCareerAdmin(ReadOnlyAdmin[EarlyCareer]):
    """Inductions of early career teachers: to read; they change on the portal's pages."""

    list_display = [
        "person",
        "school",
        "starts_on",
        "ends_on",
        "terms_needed",
        "appropriate_body",
        "completed_on",
    ]
    list_filter = [("school", RelatedDropdownFilter), ("appropriate_body", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "school", "appropriate_body"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]
    inlines = [ReviewInline]

    def heading(self, early: EarlyCareer) -> str:
        """Whose it is."""
        return str(early.person)


@admin.register(TrainingCapacity)
class TrainingCapacityAdmin(ReadOnlyAdmin[TrainingCapacity]):
    """What schools have said they can take on: to read; it changes on the portal's page, which counts."""

    list_display = ["school", "year", "mentors", "placements"]
    list_filter = [("year", RelatedDropdownFilter), ("school", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["school", "year"]


@admin.register(SchoolFunding)
class SchoolFundingAdmin(OnceAdmin):
    """What the funding of NPQs asks of a school, with where it was looked up."""

    list_display = ["school", "is_top_half", "is_rise", "source", "last_checked_on"]
    list_select_related = ["school"]
    autocomplete_fields = ["school"]
    fields = ["school", "is_top_half", "is_rise", "source", "last_checked_on"]


class StepInline(TabularInline):
    """The steps of an interest, to read."""

    model = TeachingInterestStep
    extra = 0
    can_delete = False
    fields = ["number", "actor", "from_state", "to_state", "words", "made_at"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """They are made on the portal's pages."""
        return False


@admin.register(TeachingInterest)
class TeachingInterestAdmin(ReadOnlyAdmin[TeachingInterest]):
    """Who would like to train to teach: to read; the board of the portal moves them on."""

    list_display = ["person", "state", "phase", "route", "placed_at", "state_since_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("placed_at", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "route", "placed_at"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]
    inlines = [StepInline]

    def heading(self, interest: TeachingInterest) -> str:
        """Whose it is."""
        return str(interest.person)
