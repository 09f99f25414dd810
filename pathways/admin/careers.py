"""The people team's side of the career pathways."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from pathways.actions.voices import hide_voice, publish_voice
from pathways.models import Pathway, Rung, RungCpd, RungVoice
from pathways.queries.careers import roles_without_pathway
from pathways.rules.suppression import MIN_CELL
from staff import clock
from staff.admin.deleting import DeletingMixin
from staff.admin.once import OnceAdmin
from staff.admin.read_only import ReadOnlyAdmin
from staff.refusals import ActionRefused
from staff.wording import counted

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

FEW = f"fewer than {MIN_CELL}"


class RungInline(TabularInline):
    """The steps of a pathway; what each asks stands on its own page."""

    model = Rung
    extra = 0
    autocomplete_fields = ["job_roles"]
    fields = ["number", "job_roles", "typical_time"]
    show_change_link = True


class RungCpdInline(StackedInline):
    """What a step asks, with what can be booked or asked for."""

    model = RungCpd
    extra = 0
    autocomplete_fields = ["courses", "route", "other_route"]
    fields = [
        ("need", "number"),
        "words",
        ("statutory_code", "courses_needed"),
        "courses",
        ("route", "other_route"),
    ]


class _OfPathway(TypedDict):
    """What the list reads with each pathway."""

    rung_count: int


class _OfRung(TypedDict):
    """What the list reads with each rung."""

    line_count: int
    goal_count: int


@admin.register(Pathway)
class PathwayAdmin(DeletingMixin, OnceAdmin):
    """Pathways and their steps. Over the list stands which roles are on none: it should say none."""

    list_display = ["name", "rungs_count", "source", "last_checked_on"]
    list_before_template = "pathways/admin/roles_without_pathway.html"
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", "summary", "source", "last_checked_on"]
    inlines = [RungInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pathway]:
        """With the number of steps, counted in the same query."""
        return super().get_queryset(request).annotate(rung_count=Count("rungs"))

    @display(description="Steps", ordering="rung_count")
    def rungs_count(self, pathway: WithAnnotations[Pathway, _OfPathway]) -> int:
        """How many steps it has."""
        return pathway.rung_count

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponseBase:
        """With the roles that are on no pathway."""
        left_out = roles_without_pathway(on=clock.today())
        return super().changelist_view(request, {**(extra_context or {}), "left_out": left_out})


@admin.register(Rung)
class RungAdmin(DeletingMixin, OnceAdmin):
    """Steps with the roles on them and what they ask. Goals are counted, never named."""

    list_display = ["__str__", "roles", "typical_time", "lines", "goals_count"]
    list_filter = [("pathway", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["pathway"]
    list_per_page = 50
    search_fields = ["pathway__name", "job_roles__title"]
    autocomplete_fields = ["pathway", "job_roles"]
    fields = [("pathway", "number"), "job_roles", "typical_time", "experience"]
    inlines = [RungCpdInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rung]:
        """With its lines and the goals that stand, counted in the same query, and its roles."""
        stands = Q(goals__ended_at__isnull=True)
        return (
            super()
            .get_queryset(request)
            .prefetch_related("job_roles")
            .annotate(
                line_count=Count("cpd", distinct=True),
                goal_count=Count("goals", filter=stands, distinct=True),
            )
        )

    @display(description="Roles")
    def roles(self, rung: Rung) -> str:
        """Their titles."""
        return ", ".join(role.title for role in rung.job_roles.all())

    @display(description="CPD", ordering="line_count")
    def lines(self, rung: WithAnnotations[Rung, _OfRung]) -> int:
        """How many things it asks."""
        return rung.line_count

    @display(description="Goal of")
    def goals_count(self, rung: WithAnnotations[Rung, _OfRung]) -> str:
        """How many people work towards it; small numbers are hidden, since they point at somebody."""
        if 0 < rung.goal_count < MIN_CELL:
            return FEW
        return counted(rung.goal_count, "person", "people")

    def has_delete_permission(self, request: HttpRequest, obj: Rung | None = None) -> bool:
        """Not while it is or was somebody's goal."""
        if obj is not None and obj.goals.exists():
            return False
        return super().has_delete_permission(request, obj)


class PublishedFilter(DropdownFilter):
    """Read already, or waiting to be read."""

    title = "shown"
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Two choices."""
        return [("no", "Waiting to be read"), ("yes", "Shown")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RungVoice]) -> QuerySet[RungVoice]:
        """The chosen ones."""
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(published_at__isnull=self.value() == "no")


@admin.register(RungVoice)
class RungVoiceAdmin(ReadOnlyAdmin[RungVoice]):
    """What people say about their jobs: read it, then publish it; nobody publishes their own."""

    list_display = ["words", "rung", "person", "written_at", "published_at"]
    list_filter = [PublishedFilter, ("rung__pathway", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "rung__pathway"]
    list_per_page = 50
    search_fields = ["words", "person__first_name", "person__last_name"]
    actions = ["publish", "hide"]

    def heading(self, voice: RungVoice) -> str:
        """Who speaks, and of what."""
        return f"{voice.person} of {voice.rung}"

    @admin.action(description="Publish", permissions=["view"])
    def publish(self, request: HttpRequest, queryset: QuerySet[RungVoice]) -> None:
        """Show the chosen words on the pages of their steps."""
        by, now = getattr(request.user, "person", None), clock.now()
        self._each(request, queryset, lambda pk: publish_voice(voice_id=pk, by=by, now=now), "is shown now")

    @admin.action(description="Take off the page", permissions=["view"])
    def hide(self, request: HttpRequest, queryset: QuerySet[RungVoice]) -> None:
        """Hide the chosen words again."""
        self._each(request, queryset, lambda pk: hide_voice(voice_id=pk), "is off the page")

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[RungVoice],
        act: Callable[[int], RungVoice],
        done: str,
    ) -> None:
        for voice in queryset.select_related("person", "rung__pathway"):
            try:
                act(voice.pk)
            except ActionRefused as refused:
                self.message_user(request, f"{voice.rung}: {refused.sentence}", messages.ERROR)
            else:
                self.message_user(
                    request, f"What {voice.person} says of {voice.rung} {done}.", messages.SUCCESS
                )
