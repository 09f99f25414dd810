"""Strands and courses. Sessions are changed in the portal, where places and messages follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from courses.forms.catalogue import audience_choices
from courses.models import Course, Strand
from staff import clock
from staff.admin.once import OnceAdmin
from staff.forms.plain_values import ChosenField

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


@admin.register(Strand)
class StrandAdmin(OnceAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class CourseAdminForm(forms.ModelForm):
    """A course with its audience to tick."""

    audience = ChosenField(
        choices=audience_choices, help_text="Everyone, whole staff groups, or job families."
    )


class _ToCome(TypedDict):
    """What the list reads with each course."""

    to_come: int


@admin.register(Course)
class CourseAdmin(OnceAdmin):
    form = CourseAdminForm
    list_display = ["title", "code", "hub", "strand", "mode", "minutes", "sessions_to_come", "is_published"]
    list_filter = [
        ("hub", RelatedDropdownFilter),
        ("strand", RelatedDropdownFilter),
        ("mode", ChoicesDropdownFilter),
        ("is_published", BooleanRadioFilter),
    ]
    list_filter_submit = True
    list_select_related = ["hub", "strand"]
    list_per_page = 50
    search_fields = ["title", "code", "summary"]
    autocomplete_fields = ["hub", "strand", "kind"]
    fields = [
        ("title", "code"),
        "slug",
        "summary",
        "outcomes",
        ("hub", "strand"),
        "for_whom",
        "audience",
        ("mode", "minutes"),
        ("kind", "is_published"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        to_come = Q(sessions__starts_at__gte=clock.now(), sessions__status="scheduled")
        return super().get_queryset(request).annotate(to_come=Count("sessions", filter=to_come))

    @display(description="To come", ordering="to_come")
    def sessions_to_come(self, course: WithAnnotations[Course, _ToCome]) -> int:
        return course.to_come
