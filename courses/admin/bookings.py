"""Sessions and bookings, to look at: every change goes through the portal's own actions."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from courses.models import Booking, Session, SessionPart
from courses.queries.registers import sessions_to_mark
from staff import clock
from staff.admin.read_only import ReadOnlyAdmin
from staff.wording import when


class _ReadOnlyInline(TabularInline):
    extra = 0
    tab = True
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class SessionPartInline(_ReadOnlyInline):
    model = SessionPart
    fields = ["number", "starts_at", "ends_at", "minutes"]


class BookingInline(_ReadOnlyInline):
    model = Booking
    fields = ["position", "person", "state", "state_changed_at"]
    ordering = ["position"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        return super().get_queryset(request).select_related("person", "session__course")


class RegisterFilter(DropdownFilter):
    title = "register"
    parameter_name = "register"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Whether a date that is over has somebody without a mark."""
        return [("open", "Not marked yet"), ("saved", "Marked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        """Sessions by their register; all when nothing is chosen."""
        to_mark = sessions_to_mark(ended_by=clock.now()).values("pk")
        if self.value() == "saved":
            return queryset.filter(register_saved_at__isnull=False).exclude(pk__in=to_mark)
        if self.value() == "open":
            return queryset.filter(pk__in=to_mark)
        return queryset


class WeekFilter(DropdownFilter):
    title = "coming up"
    parameter_name = "week"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """What the first page counts."""
        return [("next", "In the next 7 days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> QuerySet[Session]:
        """Sessions that begin within seven days; all when nothing is chosen."""
        if self.value() != "next":
            return queryset
        now = clock.now()
        return queryset.filter(status="scheduled", starts_at__gte=now, starts_at__lt=now + timedelta(days=7))


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin[Session]):
    list_display = ["course", "at", "school", "places", "status", "code"]
    list_filter = [
        ("starts_at", RangeDateTimeFilter),
        ("course__hub", RelatedDropdownFilter),
        ("school", RelatedDropdownFilter),
        ("status", ChoicesDropdownFilter),
        WeekFilter,
        RegisterFilter,
    ]
    list_filter_submit = True
    list_select_related = ["course", "school"]
    list_per_page = 50
    search_fields = ["course__title", "code", "room"]
    inlines = [SessionPartInline, BookingInline]
    fields = [
        ("course", "code"),
        ("starts_at", "ends_at"),
        ("school", "room"),
        "online_link",
        ("capacity", "status"),
        ("booked_count", "offered_count"),
        ("booking_opens_at", "booking_closes_at"),
        ("needs_approval", "is_own_school_only"),
        ("offer_hours", "register_saved_at"),
        "cancel_reason",
    ]
    readonly_fields = ["online_link", "booked_count", "offered_count", "register_saved_at"]
    ordering = ["-starts_at"]

    @display(description="When", ordering="starts_at")
    def at(self, session: Session) -> str:
        return when(session.starts_at, session.ends_at)

    @display(description="Booked")
    def places(self, session: Session) -> str:
        return f"{session.booked_count + session.offered_count} of {session.capacity}"


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin[Booking]):
    list_display = ["person", "session", "state", "position", "created_at", "state_changed_at"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("session__course__hub", RelatedDropdownFilter),
        ("person", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_filter_submit = True
    list_select_related = ["person", "session__course"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-created_at"]
    fields = [
        ("person", "session"),
        ("state", "position"),
        ("created_at", "offer_ends_at"),
        ("state_changed_at", "state_changed_by"),
        "state_reason",
    ]
    search_fields = [
        "person__first_name",
        "person__last_name",
        "person__payroll_number",
        "session__course__title",
        "session__code",
    ]

    def heading(self, booking: Booking) -> str:
        """Whose, and of what."""
        return f"{booking.person}: {booking.session}"
