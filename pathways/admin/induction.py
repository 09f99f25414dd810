"""The people team's side of induction."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import StackedInline
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.decorators import display

from pathways.models import Induction, InductionTemplate, InductionTemplateStep
from staff.admin.once import OnceAdmin
from staff.admin.read_only import ReadOnlyAdmin
from staff.forms.plain_values import ChosenField, job_families, staff_groups
from staff.models import StaffGroup
from staff.wording import date_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class StepInline(StackedInline):
    """The steps of a template, in their order."""

    model = InductionTemplateStep
    extra = 0
    autocomplete_fields = ["course"]
    fields = [("number", "title"), "words", ("done_by", "due_days"), ("course", "statutory_code")]


class InductionTemplateForm(forms.ModelForm):
    """A template with those it is for to tick; nothing ticked means everybody."""

    staff_groups = ChosenField(choices=staff_groups, required=False)
    job_families = ChosenField(choices=job_families, required=False)


class _Steps(TypedDict):
    """What the list reads with each template."""

    step_count: int


@admin.register(InductionTemplate)
class InductionTemplateAdmin(OnceAdmin):
    """Lists of steps and whom they are for. A change is for starters from then on: theirs are copies."""

    list_display = ["name", "for_whom", "steps_count", "is_active", "last_checked_on"]
    list_filter = [("is_active", BooleanRadioFilter)]
    list_filter_submit = True
    search_fields = ["name"]
    form = InductionTemplateForm
    autocomplete_fields = ["job_roles", "schools"]
    fields = [
        ("name", "is_active"),
        ("staff_groups", "job_families"),
        "job_roles",
        "schools",
        "source",
        "last_checked_on",
    ]
    inlines = [StepInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[InductionTemplate]:
        """With the number of steps, counted in the same query."""
        return super().get_queryset(request).annotate(step_count=Count("steps"))

    @display(description="Steps", ordering="step_count")
    def steps_count(self, template: WithAnnotations[InductionTemplate, _Steps]) -> int:
        """How many steps it has."""
        return template.step_count

    @display(description="For")
    def for_whom(self, template: InductionTemplate) -> str:
        """Staff groups and job families, or everybody."""
        groups = [str(StaffGroup(value).label) for value in template.staff_groups]
        return ", ".join([*groups, *template.job_families]) or "Everybody, or by role and site"


@admin.register(Induction)
class InductionAdmin(ReadOnlyAdmin[Induction]):
    """Inductions under way: to read; they change on the portal's pages."""

    list_display = ["person", "starts_on", "buddy", "completed_on"]
    list_filter = [("contract__school", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "buddy"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]

    def heading(self, induction: Induction) -> str:
        """Whose, and from when."""
        return f"{induction.person}, from {date_words(induction.starts_on)}"
