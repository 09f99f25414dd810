"""The ledger and what feeds it: to read, and to reverse an entry with a reason."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse as url_of
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from entitlements.actions import ledger
from entitlements.durations import in_hours_short
from entitlements.models import Claim, LedgerEntry, PlannedCredit
from staff import clock
from staff.admin.read_only import ReadOnlyAdmin
from staff.refusals import ActionRefused


class ReasonForm(forms.Form):
    """Why an entry is reversed: the owner reads it."""

    reason = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="The person reads this beside their entry.",
    )


class _ReversedFilter(admin.SimpleListFilter):
    title = "reversal"
    parameter_name = "reversal"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [("stands", "Credits that stand"), ("reversed", "Reversed credits"), ("reversal", "Reversals")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        if self.value() == "stands":
            return queryset.filter(reverses__isnull=True, reversed_by__isnull=True)
        if self.value() == "reversed":
            return queryset.filter(reversed_by__isnull=False)
        if self.value() == "reversal":
            return queryset.filter(reverses__isnull=False)
        return queryset


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin[LedgerEntry]):
    """Append-only: an entry is never edited; a reversal is an entry of its own (DESIGN invariant 2)."""

    list_display = ["occurred_on", "person", "title", "kind", "time", "how_it_stands"]
    list_filter = [
        ("year", RelatedDropdownFilter),
        ("kind", RelatedDropdownFilter),
        ("person", AutocompleteSelectFilter),
        ("occurred_on", RangeDateFilter),
        _ReversedFilter,
        ("is_flagged", BooleanRadioFilter),
        ("is_own_time", BooleanRadioFilter),
    ]
    list_filter_submit = True
    list_select_related = ["person", "kind", "year", "reversed_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = [
        "title",
        "source_key",
        "external_id",
        "person__first_name",
        "person__last_name",
        "person__payroll_number",
    ]
    actions = ["reverse_entries"]
    actions_detail = ["reverse_this"]
    fields = [
        ("person", "year"),
        ("title", "kind"),
        ("occurred_on", "time"),
        ("given_as", "counted_share"),
        ("contract", "body"),
        ("is_own_time", "is_flagged"),
        ("reverses", "reason"),
        ("created_by", "created_at"),
        ("source_key", "external_id"),
    ]
    readonly_fields = ["time", "given_as", "counted_share"]

    @display(description="Time", ordering="minutes")
    def time(self, entry: LedgerEntry) -> str:
        return in_hours_short(entry.minutes)

    @display(description="As it was given")
    def given_as(self, entry: LedgerEntry) -> str | None:
        if entry.amount is None:
            return None
        return f"{entry.amount.normalize():f}, in {entry.kind.get_unit_display().lower()}"

    @display(description="Share that is CPD")
    def counted_share(self, entry: LedgerEntry) -> str:
        return f"{round(entry.cpd_fraction * 100, 1).normalize():f}%"

    def heading(self, entry: LedgerEntry) -> str:
        """What it was, and whose."""
        return f"{entry.title}, {entry.person}"

    @display(
        description="State",
        label={"Counts": "success", "Reversed": "warning", "Reversal": "info", "To check": "danger"},
    )
    def how_it_stands(self, entry: LedgerEntry) -> str:
        if entry.reverses_id:
            return "Reversal"
        if hasattr(entry, "reversed_by"):
            return "Reversed"
        return "To check" if entry.is_flagged else "Counts"

    def has_reverse_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """The people team and superusers, who are the only ones to come this far."""
        return self.has_view_permission(request)

    @admin.action(description="Reverse the chosen entries", permissions=["reverse"])
    def reverse_entries(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> HttpResponse | None:
        """Ask for the reason, then reverse; each entry at most once."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form)
        person = getattr(request.user, "person", None)
        try:
            done = ledger.reverse_many(
                list(queryset), reason=form.cleaned_data["reason"], by=person, today=clock.today()
            )
        except ActionRefused as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
        else:
            count = len(done)
            words = "1 entry is" if count == 1 else f"{count} entries are"
            self.message_user(request, f"{words} reversed.", messages.SUCCESS)
        return None

    @action(description="Reverse this entry", icon="undo", permissions=["reverse"])
    def reverse_this(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The same page for one entry."""
        entries = self.get_queryset(request).filter(pk=object_id)
        if not entries.filter(reverses__isnull=True, reversed_by__isnull=True).exists():
            self.message_user(request, "This entry does not stand any more.", messages.WARNING)
            return HttpResponseRedirect(url_of("admin:entitlements_ledgerentry_change", args=[object_id]))
        return self._ask(request, entries, ReasonForm())

    def _ask(self, request: HttpRequest, entries: QuerySet[LedgerEntry], form: ReasonForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Reverse an entry of the ledger",
            "entries": entries.select_related("person", "kind"),
            "form": form,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "post_to": url_of("admin:entitlements_ledgerentry_changelist"),
        }
        return render(request, "admin/entitlements/ledgerentry/reverse.html", context)


@admin.register(PlannedCredit)
class PlannedCreditAdmin(ReadOnlyAdmin[PlannedCredit]):
    list_display = ["occurred_on", "person", "title", "kind", "time", "status"]
    list_filter = [
        ("year", RelatedDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("person", AutocompleteSelectFilter),
    ]
    list_filter_submit = True
    list_select_related = ["person", "kind"]
    search_fields = ["title", "person__first_name", "person__last_name", "person__payroll_number"]
    fields = [
        ("person", "year"),
        ("title", "kind"),
        ("occurred_on", "time"),
        ("status", "is_own_time"),
        "body",
        ("source_key", "external_id"),
    ]
    readonly_fields = ["time"]

    @display(description="Time", ordering="minutes")
    def time(self, plan: PlannedCredit) -> str:
        return in_hours_short(plan.minutes)

    def heading(self, plan: PlannedCredit) -> str:
        """What it is to be, and whose."""
        return f"{plan.title}, {plan.person}"


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin[Claim]):
    list_display = ["occurred_on", "person", "title", "kind", "state", "waiting_since_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("kind", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "kind"]
    search_fields = ["title", "person__first_name", "person__last_name", "person__payroll_number"]
    # What somebody took from it and their evidence are between them and who decides.
    exclude = ["learned", "evidence", "evidence_name", "evidence_type"]
