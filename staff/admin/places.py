"""Schools, hubs, departments and job roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from staff import clock
from staff.admin.once import OnceAdmin
from staff.models import Contract, Department, Hub, JobRole, School

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class _PeopleNow(TypedDict):
    """What a list reads with each row."""

    people_count: int


def _people_now() -> Count:
    """How many people have a contract in force today, counted in the same query."""
    today = clock.today()
    live = Q(contracts__starts_on__lte=today) & (
        Q(contracts__ends_on__isnull=True) | Q(contracts__ends_on__gte=today)
    )
    return Count("contracts__person", filter=live, distinct=True)


@admin.register(School)
class SchoolAdmin(OnceAdmin):
    list_display = ["name", "code", "kind", "phase", "town", "people_now"]
    list_filter = [("kind", ChoicesDropdownFilter), ("phase", ChoicesDropdownFilter)]
    list_filter_submit = True
    search_fields = ["name", "code", "town", "urn"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[School]:
        return super().get_queryset(request).annotate(people_count=_people_now())

    @display(description="People today", ordering="people_count")
    def people_now(self, school: WithAnnotations[School, _PeopleNow]) -> int:
        return school.people_count


@admin.register(Hub)
class HubAdmin(OnceAdmin):
    list_display = ["name", "code", "contact_email", "leads"]
    search_fields = ["name", "code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hub]:
        return super().get_queryset(request).prefetch_related("responsibilities__person")

    @display(description="Led by")
    def leads(self, hub: Hub) -> str:
        today = clock.today()
        leads = [
            str(held.person)
            for held in hub.responsibilities.all()
            if held.kind == "hub_lead"
            and held.starts_on <= today
            and (held.ends_on is None or held.ends_on >= today)
        ]
        return ", ".join(leads) or "Nobody"


@admin.register(Department)
class DepartmentAdmin(OnceAdmin):
    list_display = ["name"]
    search_fields = ["name"]


class _HoldsNow(admin.SimpleListFilter):
    title = "held today"
    parameter_name = "held"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("yes", "By somebody"), ("no", "By nobody")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[JobRole]) -> QuerySet[JobRole]:
        live = Exists(Contract.objects.in_force(clock.today()).filter(job_role=OuterRef("pk")))
        return {"yes": queryset.filter(live), "no": queryset.filter(~live)}.get(self.value() or "", queryset)


@admin.register(JobRole)
class JobRoleAdmin(OnceAdmin):
    list_display = ["title", "code", "department", "job_family", "staff_group", "people_now"]
    list_filter = [
        ("staff_group", ChoicesDropdownFilter),
        ("department", RelatedDropdownFilter),
        _HoldsNow,
    ]
    list_filter_submit = True
    list_select_related = ["department"]
    search_fields = ["title", "code", "job_family"]
    autocomplete_fields = ["department"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[JobRole]:
        return super().get_queryset(request).annotate(people_count=_people_now())

    @display(description="People today", ordering="people_count")
    def people_now(self, role: WithAnnotations[JobRole, _PeopleNow]) -> int:
        return role.people_count
