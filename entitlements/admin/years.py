"""Academic years, their policy, and the kinds of CPD."""

from __future__ import annotations

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, ActivityKind, EntitlementPolicy
from staff import clock
from staff.admin.once import OnceAdmin


@admin.register(AcademicYear)
class AcademicYearAdmin(OnceAdmin):
    list_display = ["name", "starts_on", "ends_on", "state"]
    fields = ["name", ("starts_on", "ends_on")]
    search_fields = ["name"]

    @display(description="State", label={"Open": "success", "Closed": "info"})
    def state(self, year: AcademicYear) -> str:
        return "Closed" if year.closed_at else "Open"


@admin.register(EntitlementPolicy)
class EntitlementPolicyAdmin(OnceAdmin):
    """The numbers of R1 to R15 for one year. Each change is a new version; a closed year keeps its own (R17)."""

    list_display = ["year", "version", "days_owed", "pro_rata_part_time", "on_track_percent"]
    list_select_related = ["year"]
    readonly_fields = ["version"]
    fieldsets = [
        (None, {"fields": ["year", "version"]}),
        ("What is owed", {"fields": ["days_owed", "pro_rata_part_time", "sickness_days"]}),
        (
            "How long a day is",
            {"fields": ["teacher_day_minutes", "leadership_day_minutes", "support_day_minutes"]},
        ),
        (
            "What counts in part",
            {"fields": ["compliance_cap_percent", "giving_cap_percent", "nominal_cap_percent"]},
        ),
        (
            "Claims and registers",
            {"fields": ["evidence_from_days", "claim_escalation_days", "daily_minutes_limit"]},
        ),
        ("What is said of figures", {"fields": ["on_track_percent", "own_time_alert_percent"]}),
    ]

    def has_change_permission(self, request: HttpRequest, obj: EntitlementPolicy | None = None) -> bool:
        """Not once its year is closed: a reported year is not rewritten (R17)."""
        is_open = obj is None or obj.year.closed_at is None
        return is_open and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: EntitlementPolicy | None = None) -> list[str]:
        """A policy stays with its year."""
        return ["version", "year"] if obj is not None else ["version"]

    def save_model(
        self, request: HttpRequest, obj: EntitlementPolicy, form: ModelForm[EntitlementPolicy], change: bool
    ) -> None:
        """Each change is a version of its own, and everybody's figures follow it."""
        if change and form.changed_data:
            obj.version += 1
        super().save_model(request, obj, form, change)
        today = clock.today()
        if obj.year.starts_on <= today:
            recompute_statements(obj.year, on=obj.year.figures_on(today))


@admin.register(ActivityKind)
class ActivityKindAdmin(OnceAdmin):
    list_display = ["title", "code", "unit", "counts_as", "direction", "may_be_claimed"]
    list_filter = [("unit", ChoicesDropdownFilter), ("counts_as", ChoicesDropdownFilter)]
    list_filter_submit = True
    search_fields = ["title", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        """What the ledger was reckoned with stays: another unit is another kind."""
        return ["code", "unit"] if obj is not None else []
