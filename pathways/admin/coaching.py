"""The people team's side of coaching: who offers it. Who works with whom is those two people's alone."""

from __future__ import annotations

from django.contrib import admin
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from pathways.models import CoachProfile
from staff.admin.read_only import ReadOnlyAdmin


@admin.register(CoachProfile)
class CoachProfileAdmin(ReadOnlyAdmin):
    """Who offers coaching: to read; each coach keeps their own."""

    list_display = ["person", "training", "capacity", "is_open", "supervised_on", "supervision_due_on"]
    list_filter = [("training", ChoicesDropdownFilter), ("is_open", BooleanRadioFilter)]
    list_filter_submit = True
    list_select_related = ["person"]
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]
