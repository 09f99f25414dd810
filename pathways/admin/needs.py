"""The people team's side of learning needs analysis and the plans from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from pathways.actions.needs_cycles import add_people
from pathways.models import (
    Competency,
    NeedsCycle,
    NeedsLevel,
    NeedsPlanLine,
    NeedsRating,
    PlanItem,
    RoleProfile,
    SurveyTheme,
)
from staff import clock
from staff.admin.deleting import DeletingMixin
from staff.admin.once import OnceAdmin
from staff.admin.read_only import ReadOnlyAdmin
from staff.refusals import ActionRefused
from staff.wording import counted

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class DomainFilter(DropdownFilter):
    """The domains there are."""

    title = "domain"
    parameter_name = "domain"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """In order of their names."""
        names = Competency.objects.order_by("domain").values_list("domain", flat=True).distinct()
        return [(name, name) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Competency]) -> QuerySet[Competency]:
        """The competencies of the domain chosen."""
        return queryset.filter(domain=self.value()) if self.value() else queryset


class ProfileInline(TabularInline):
    """The roles that ask for a competency."""

    model = RoleProfile
    extra = 0
    autocomplete_fields = ["job_role"]
    fields = ["job_role", "required_level", "weight"]


class _Roles(TypedDict):
    """What the list reads with each competency."""

    role_count: int


@admin.register(Competency)
class CompetencyAdmin(OnceAdmin):
    """What roles ask for, which courses and routes teach it, and when the line was last checked."""

    list_display = ["title", "code", "domain", "roles", "is_safety", "is_active", "last_checked_on"]
    list_filter = [
        DomainFilter,
        ("is_safety", BooleanRadioFilter),
        ("is_active", BooleanRadioFilter),
    ]
    list_filter_submit = True
    search_fields = ["title", "code"]
    autocomplete_fields = ["courses", "routes"]
    fields = [
        ("title", "code"),
        ("domain", "applies_to"),
        "is_safety",
        "is_active",
        "courses",
        "routes",
        "source",
        "last_checked_on",
    ]
    inlines = [ProfileInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Competency]:
        """With the number of roles, counted in the same query."""
        return super().get_queryset(request).annotate(role_count=Count("profiles"))

    @display(description="Roles", ordering="role_count")
    def roles(self, competency: WithAnnotations[Competency, _Roles]) -> int:
        """How many roles ask for it."""
        return competency.role_count


@admin.register(NeedsLevel)
class NeedsLevelAdmin(OnceAdmin):
    """What the five levels are called on every page; the numbers behind them stay."""

    list_display = ["level", "words", "about", "last_checked_on"]
    readonly_fields = ["level"]
    fields = ["level", "words", "about", "source", "last_checked_on"]

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """There are five, and they are there."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """There are five, and they stay."""
        return False


@admin.register(RoleProfile)
class RoleProfileAdmin(OnceAdmin):
    """The level a role asks for. A change is for the next cycle: one that has opened keeps its copy."""

    list_display = ["job_role", "competency", "required_level", "weight"]
    list_filter = [("job_role", RelatedDropdownFilter), ("competency", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["job_role", "competency"]
    list_per_page = 50
    search_fields = ["job_role__title", "competency__title"]
    autocomplete_fields = ["job_role", "competency"]
    fields = ["job_role", "competency", ("required_level", "weight")]


@admin.register(NeedsCycle)
class NeedsCycleAdmin(OnceAdmin):
    """Cycles with their dates. One opens by itself in the night of its first day."""

    list_display = ["name", "opens_on", "closes_on", "moderated_on", "planned_on"]
    search_fields = ["name"]
    autocomplete_fields = ["priorities", "schools"]
    fields = [
        "name",
        ("opens_on", "closes_on"),
        ("moderated_on", "planned_on"),
        "joined_from",
        "schools",
        "priorities",
    ]
    actions = ["open_now"]

    @admin.action(description="Ask everybody now", permissions=["change"])
    def open_now(self, request: HttpRequest, queryset: QuerySet[NeedsCycle]) -> None:
        """What the nightly job does, at once."""
        for cycle in queryset:
            try:
                added = add_people(cycle_id=cycle.pk, on=clock.today())
            except ActionRefused as refusal:
                self.message_user(request, f"{cycle}: {refusal.sentence}", messages.ERROR)
            else:
                self.message_user(
                    request, f"{cycle}: {counted(added, 'rating')} asked for.", messages.SUCCESS
                )


@admin.register(NeedsRating)
class NeedsRatingAdmin(ReadOnlyAdmin[NeedsRating]):
    """What people said and agreed: to read; it changes on the portal's pages alone."""

    def heading(self, rating: NeedsRating) -> str:
        """Whose, and in what."""
        return f"{rating.person}: {rating.competency}"

    list_display = ["person", "competency", "required_level", "self_level", "manager_level", "agreed_level"]
    list_filter = [("cycle", RelatedDropdownFilter), ("competency", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "competency"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]


@admin.register(PlanItem)
class PlanItemAdmin(ReadOnlyAdmin[PlanItem]):
    """Lines of personal plans: to read."""

    list_display = ["person", "title", "due_on", "state"]
    list_filter = [("state", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title", "person__first_name", "person__last_name"]


@admin.register(NeedsPlanLine)
class NeedsPlanLineAdmin(OnceAdmin):
    """What the trust will do about needs the catalogue does not meet."""

    list_display = ["title", "cycle", "owner", "state", "due_on"]
    list_filter = [
        ("cycle", RelatedDropdownFilter),
        ("owner", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
    ]
    list_filter_submit = True
    list_select_related = ["cycle"]
    search_fields = ["title"]
    autocomplete_fields = ["cycle", "competency", "course"]
    fields = ["cycle", "title", "competency", ("owner", "state"), "due_on", "course"]

    def save_model(self, request: HttpRequest, obj: NeedsPlanLine, form: object, change: bool) -> None:
        """Note who wrote a new line."""
        if not change:
            obj.created_by = request.user.person  # type: ignore[union-attr, assignment]
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Only for a sign-in with a staff record: a line says who wrote it."""
        has_person = getattr(request.user, "person_id", None) is not None
        return has_person and super().has_add_permission(request)


@admin.register(SurveyTheme)
class SurveyThemeAdmin(DeletingMixin, OnceAdmin):
    """Themes of the staff survey, taken as evidence into a cycle."""

    list_display = ["title", "cycle", "mentions", "plan_line"]
    list_filter = [("cycle", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["cycle", "plan_line"]
    search_fields = ["title"]
    autocomplete_fields = ["cycle", "plan_line", "competencies"]
    fields = ["cycle", "title", "words", "mentions", "competencies", "plan_line"]
