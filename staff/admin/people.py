"""People with their contracts, absences and responsibilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from staff import clock
from staff.actions.people import keep_sign_in
from staff.admin.choices import ChosenByHand
from staff.admin.filters import (
    InContractFilter,
    InForceFilter,
    SchoolOfPersonFilter,
    StaffGroupOfPersonFilter,
)
from staff.admin.once import OnceAdmin
from staff.admin.sign_in import print_codes
from staff.forms.contracts import ContractForm
from staff.forms.known_choices import KnownChoicesForm
from staff.forms.once_rows import OnceRows
from staff.forms.people import PersonForm
from staff.models import Absence, Contract, Person, Responsibility, User
from staff.queries.main_contract import MAIN_FIRST

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

CONTRACT_LAYOUT = [
    ("contract_id", "is_main"),
    ("school", "line_manager"),
    ("job_role", "department"),
    ("fte", "days_per_week"),
    ("weeks_per_year",),
    ("starts_on", "ends_on"),
]


def sign_in_is_kept(user: User) -> str:
    """The warning that a person's work email is no longer the one they sign in with."""
    return f"The sign-in keeps {user}: an administrator changes it."


class ContractInline(ChosenByHand, StackedInline):
    model = Contract
    form = ContractForm
    fk_name = "person"
    extra = 0
    tab = True
    can_delete = False
    autocomplete_fields = ["school", "department", "job_role", "line_manager"]
    fields = CONTRACT_LAYOUT

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contract]:
        # What the page shows of each row: without this every row asks four times.
        related = ("school", "department", "job_role", "line_manager")
        return super().get_queryset(request).select_related(*related)


class AbsenceInline(ChosenByHand, TabularInline):
    """By class and dates only; the cause is not kept anywhere (DOMAIN section 8)."""

    model = Absence
    formset = OnceRows
    extra = 0
    tab = True
    fields = ["absence_class", "starts_on", "ends_on"]


class ResponsibilityInline(ChosenByHand, TabularInline):
    model = Responsibility
    form = KnownChoicesForm
    formset = OnceRows
    extra = 0
    tab = True
    can_delete = False
    autocomplete_fields = ["school", "hub"]
    fields = ["kind", "school", "hub", "starts_on", "ends_on"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Responsibility]:
        return super().get_queryset(request).select_related("school", "hub")

    def has_add_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Nobody gives themselves a responsibility."""
        return super().has_add_permission(request, obj) and not _is_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Nobody changes their own responsibilities."""
        return super().has_change_permission(request, obj) and not _is_own(request, obj)


class _Live(TypedDict):
    """What the list reads with each person."""

    live_contracts: list[Contract]


def _is_own(request: HttpRequest, person: Person | None) -> bool:
    user = request.user
    return person is not None and not user.is_superuser and user.person_id == person.pk  # type: ignore[union-attr]


@admin.register(Person)
class PersonAdmin(OnceAdmin):
    form = PersonForm
    list_display = ["person_name", "payroll_number", "where", "what", "employment", "work_email"]
    list_filter = [InContractFilter, SchoolOfPersonFilter, StaffGroupOfPersonFilter]
    list_filter_submit = True
    list_per_page = 50
    search_fields = ["first_name", "last_name", "payroll_number", "work_email"]
    search_help_text = "Name, payroll number or work e-mail"
    ordering = ["last_name", "first_name", "pk"]
    autocomplete_fields = ["partner"]
    actions = [print_codes]
    inlines = [ContractInline, AbsenceInline, ResponsibilityInline]
    fieldsets = [
        (None, {"fields": [("first_name", "last_name"), ("payroll_number", "trn"), "work_email", "partner"]})
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        live = Contract.objects.in_force(clock.today()).select_related("school", "job_role")
        return (
            super()
            .get_queryset(request)
            .select_related("partner")
            .prefetch_related(Prefetch("contracts", live.order_by(*MAIN_FIRST), to_attr="live_contracts"))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        """The payroll number is the key to everything of a person: it is given once."""
        return ["payroll_number"] if obj is not None and obj.payroll_number else []

    def save_model(self, request: HttpRequest, obj: Person, form: ModelForm[Person], change: bool) -> None:
        """A new person or e-mail is a new way to sign in."""
        super().save_model(request, obj, form, change)
        if not change or "work_email" in form.changed_data:
            user = keep_sign_in(person=obj, by=request.user)  # type: ignore[arg-type]
            if user is not None and user.email != (obj.work_email or None):
                messages.warning(request, sign_in_is_kept(user))

    @display(description="Person", ordering="last_name", header=True)
    def person_name(self, person: WithAnnotations[Person, _Live]) -> list[str]:
        return [person.full_name or "(erased)", "", person.initials]

    @display(description="School")
    def where(self, person: WithAnnotations[Person, _Live]) -> str:
        schools = dict.fromkeys(str(contract.school) for contract in person.live_contracts)
        return ", ".join(schools) or str(person.partner or "–")

    @display(description="Role")
    def what(self, person: WithAnnotations[Person, _Live]) -> str:
        return ", ".join(dict.fromkeys(str(contract.job_role) for contract in person.live_contracts)) or "–"

    @display(description="Employment", label={"In contract": "success", "Partner": "info"})
    def employment(self, person: WithAnnotations[Person, _Live]) -> str:
        if person.live_contracts:
            return "In contract"
        return "Partner" if person.partner_id else "Not in contract"


@admin.register(Contract)
class ContractAdmin(OnceAdmin):
    form = ContractForm
    list_display = ["contract_id", "person", "school", "job_role", "share", "starts_on", "ends_on", "is_main"]
    list_filter = [
        InForceFilter,
        ("school", RelatedDropdownFilter),
        ("job_role", AutocompleteSelectFilter),
        ("starts_on", RangeDateFilter),
        ("is_main", BooleanRadioFilter),
    ]
    list_filter_submit = True
    list_select_related = ["person", "school", "job_role"]
    search_fields = ["contract_id", "person__first_name", "person__last_name", "person__payroll_number"]
    autocomplete_fields = ["person", "school", "department", "job_role", "line_manager"]
    fields = ["person", *CONTRACT_LAYOUT]

    @display(description="FTE", ordering="fte_numerator")
    def share(self, contract: Contract) -> str:
        return str(contract.fte)

    def get_readonly_fields(self, request: HttpRequest, obj: Contract | None = None) -> list[str]:
        """A contract keeps its number and its person (the import would refuse another)."""
        return ["contract_id", "person"] if obj is not None else []
