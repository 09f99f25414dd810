"""Filters of the admin that ask about people through their contracts, without doubling rows."""

from __future__ import annotations

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from staff import clock
from staff.models import Contract, School, StaffGroup


class _ByLiveContract(DropdownFilter):
    """People by something of a contract in force today."""

    lookup = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        """The people with such a contract; everybody when nothing is chosen."""
        value = self.value()
        if not value:
            return queryset
        live = Contract.objects.in_force(clock.today()).filter(person=OuterRef("pk"))
        return queryset.filter(Exists(live.filter(**{self.lookup: value})))


class SchoolOfPersonFilter(_ByLiveContract):
    title = "school"
    parameter_name = "school"
    lookup = "school__code"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """The work sites by name."""
        return list(School.objects.exclude(kind="partner").values_list("code", "name"))


class StaffGroupOfPersonFilter(_ByLiveContract):
    title = "staff group"
    parameter_name = "staff_group"
    lookup = "job_role__staff_group"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """The staff groups."""
        return [(value, str(label)) for value, label in StaffGroup.choices]


class InContractFilter(DropdownFilter):
    title = "employment"
    parameter_name = "employment"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Here now, gone, or never ours."""
        return [
            ("now", "In contract today"),
            ("left", "Left or still to start"),
            ("partner", "Partner trust"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        """People by whether a contract is in force today."""
        live = Exists(Contract.objects.in_force(clock.today()).filter(person=OuterRef("pk")))
        if self.value() == "now":
            return queryset.filter(live)
        if self.value() == "left":
            return queryset.filter(~live, partner__isnull=True)
        if self.value() == "partner":
            return queryset.filter(partner__isnull=False)
        return queryset


class InForceFilter(DropdownFilter):
    """Rows with `starts_on` and `ends_on` by whether they hold today."""

    title = "in force"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        """Today, before or after."""
        return [("now", "In force today"), ("ended", "Ended"), ("future", "Still to begin")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        """Rows by their dates against today."""
        today = clock.today()
        if self.value() == "now":
            return queryset.filter(starts_on__lte=today).exclude(ends_on__lt=today)
        if self.value() == "ended":
            return queryset.filter(ends_on__lt=today)
        if self.value() == "future":
            return queryset.filter(starts_on__gt=today)
        return queryset
