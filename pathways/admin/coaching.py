"""The people team's side of coaching: who offers it. Who works with whom is those two people's alone."""

from __future__ import annotations

from django.contrib import admin
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from pathways.models import CoachingTopic, CoachProfile
from staff.admin.read_only import ReadOnlyAdmin


@admin.register(CoachProfile)
class CoachProfileAdmin(ReadOnlyAdmin[CoachProfile]):
    """Who offers coaching: to read; each coach keeps their own."""

    list_display = ["person", "training", "capacity", "is_open", "supervised_on", "supervision_due_on"]
    list_filter = [("training", ChoicesDropdownFilter), ("is_open", BooleanRadioFilter)]
    list_filter_submit = True
    list_select_related = ["person"]
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]
    fields = [
        ("person", "training"),
        ("approaches_in_words", "topics_in_words"),
        ("phases_in_words", "capacity"),
        "about",
        ("is_open", "trained_on"),
        ("supervised_on", "supervision_due_on"),
    ]
    readonly_fields = ["approaches_in_words", "topics_in_words", "phases_in_words"]

    def heading(self, profile: CoachProfile) -> str:
        """Whose it is."""
        return str(profile.person)

    @display(description="Approaches")
    def approaches_in_words(self, profile: CoachProfile) -> str:
        return ", ".join(str(CoachProfile.Approach(value).label) for value in profile.approaches)

    @display(description="Topics")
    def topics_in_words(self, profile: CoachProfile) -> str:
        return ", ".join(str(CoachingTopic(value).label) for value in profile.topics)

    @display(description="Phases")
    def phases_in_words(self, profile: CoachProfile) -> str:
        return ", ".join(profile.phases).capitalize() or "Any"
