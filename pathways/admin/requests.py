"""The people team's side of funded routes and the requests for them."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from pathways.models import MastersPanel, Route, RouteFee, RouteRequest
from staff.admin.once import OnceAdmin
from staff.admin.read_only import ReadOnlyAdmin
from staff.forms.plain_values import NumbersField, PoundsField
from staff.wording import money


class RouteForm(forms.ModelForm):
    """A route with its money in pounds."""

    max_funding_pence = PoundsField(label="Most the levy pays, in pounds", required=False)
    fee_pence = PoundsField(
        label="Fee, in pounds", required=False, help_text="What it costs where it is not funded."
    )


class MastersPanelForm(forms.ModelForm):
    """A panel with its budget in pounds, and its scale of repayment as two lines of numbers."""

    budget_pence = PoundsField(label="Budget, in pounds")
    repay_months = NumbersField(
        label="Months after the course",
        help_text="Such as 6, 12, 24: under 6 months, 6 to under 12, 12 to under 24. Nothing after the last.",
    )
    repay_percents = NumbersField(
        label="Repaid until then, per cent", help_text="One for each number of months, such as 75, 50, 25."
    )


@admin.register(Route)
class RouteAdmin(OnceAdmin):
    """Facts of the world, with their source and the day they were last checked; loading never overwrites them."""

    list_display = [
        "title",
        "kind",
        "code",
        "level",
        "funding_status",
        "last_funded_start_on",
        "last_checked_on",
    ]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("funding_status", ChoicesDropdownFilter),
        ("is_open", BooleanRadioFilter),
    ]
    list_filter_submit = True
    list_per_page = 50
    search_fields = ["title", "code", "job_family"]
    form = RouteForm
    autocomplete_fields = ["alternatives"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (
            None,
            {"fields": [("kind", "code"), "title", "slug", "summary", ("level", "job_family"), "is_open"]},
        ),
        ("Time", {"fields": [("typical_months", "assessment_months"), ("off_job_hours", "credits")]}),
        (
            "Funding",
            {
                "fields": [
                    ("funding_status", "last_funded_start_on"),
                    ("youngest_age", "oldest_age"),
                    ("max_funding_pence", "fee_pence"),
                    "funding_words",
                    "npq_rule",
                ]
            },
        ),
        ("Other ways", {"fields": ["alternatives", "alternative_words"]}),
        ("Where this is from", {"fields": ["source", "last_checked_on"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        """The code and the address stay: career pathways and needs link to them."""
        return ["code", "slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: object = None) -> dict[str, object]:
        """Only for a new one."""
        return {} if obj else {"slug": ["title"]}

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Closed instead: requests point to it."""
        return False


@admin.register(MastersPanel)
class MastersPanelAdmin(OnceAdmin):
    """The yearly panel: its deadline, the day it meets, places and budget. It decides on the portal's page."""

    list_display = ["name", "deadline_on", "meets_on", "places", "budget"]
    search_fields = ["name"]
    form = MastersPanelForm
    fieldsets = [
        (None, {"fields": ["name", ("deadline_on", "meets_on"), ("places", "budget_pence")]}),
        (
            "What a leaver repays",
            {
                "fields": ["repay_during_percent", ("repay_months", "repay_percents")],
                "description": "Written into each agreement with its award. Agreements made before keep theirs.",
            },
        ),
    ]

    @display(description="Budget", ordering="budget_pence")
    def budget(self, panel: MastersPanel) -> str:
        """In pounds."""
        return money(panel.budget_pence)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Requests point to it."""
        return False


@admin.register(RouteFee)
class RouteFeeAdmin(ReadOnlyAdmin[RouteFee]):
    """Fees by year and what is paid of them: to read; they change on the page of the request, once signed."""

    list_display = ["person", "route", "year_number", "fee", "trust_percent", "paid", "paid_on"]
    list_select_related = ["request__person", "request__route"]
    list_per_page = 50
    fields = [("person", "route"), ("year_number", "trust_percent"), ("fee", "paid"), "paid_on"]
    readonly_fields = ["person", "route", "fee", "paid"]
    search_fields = ["request__person__last_name", "request__person__payroll_number"]

    def heading(self, fee: RouteFee) -> str:
        """Whose, and which year of the course."""
        return f"{fee.request.person}, year {fee.year_number}"

    @display(description="Person", ordering="request__person__last_name")
    def person(self, fee: RouteFee) -> str:
        """Whose it is."""
        return str(fee.request.person)

    @display(description="Route")
    def route(self, fee: RouteFee) -> str:
        """What for."""
        return fee.request.route.title

    @display(description="Fee", ordering="fee_pence")
    def fee(self, fee: RouteFee) -> str:
        """In pounds."""
        return money(fee.fee_pence)

    @display(description="Paid by the trust", ordering="paid_pence")
    def paid(self, fee: RouteFee) -> str:
        """In pounds."""
        return money(fee.paid_pence)


@admin.register(RouteRequest)
class RouteRequestAdmin(ReadOnlyAdmin[RouteRequest]):
    """Requests: to read; every step is taken on the portal, with its decision."""

    list_display = ["person", "route", "state", "planned_starts_on", "due_on"]
    list_filter = [("state", ChoicesDropdownFilter), ("route__kind", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "route"]
    list_per_page = 50
    search_fields = ["person__last_name", "person__payroll_number", "route__title"]
    # What somebody writes of themselves stays on the case page.
    exclude = ["why", "dissertation_theme", "conflict_of_interest", "price_pence", "levy_forecast_pence"]
    readonly_fields = ["price", "levy_forecast"]

    @display(description="Agreed price")
    def price(self, asked: RouteRequest) -> str | None:
        """In pounds, once it is agreed."""
        return None if asked.price_pence is None else money(asked.price_pence)

    @display(description="Levy forecast")
    def levy_forecast(self, asked: RouteRequest) -> str | None:
        """In pounds, where somebody has looked it up."""
        return None if asked.levy_forecast_pence is None else money(asked.levy_forecast_pence)

    def heading(self, asked: RouteRequest) -> str:
        """Whose, and for what."""
        return f"{asked.route} for {asked.person}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[RouteRequest]:
        """Not the drafts: they are their writers' alone."""
        return super().get_queryset(request).exclude(state=RouteRequest.State.DRAFT)
