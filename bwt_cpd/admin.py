"""Admin pages of staff whose changes move figures of entitlements: composed here, above both."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action

from bwt_cpd.actions.figures import refresh_figures
from staff import clock
from staff.admin.people import ContractAdmin, PersonAdmin
from staff.admin.places import JobRoleAdmin
from staff.models import Contract, JobRole, Person


def _actor(request: HttpRequest) -> Person | None:
    """Whoever does it; None for an administrator without a staff record."""
    return getattr(request.user, "person", None)


for model in (Person, Contract, JobRole):
    admin.site.unregister(model)


@admin.register(Person)
class PersonWithFiguresAdmin(PersonAdmin):
    actions_detail = ["show_entries"]

    @action(description="CPD entries", icon="receipt_long", permissions=["view"])
    def show_entries(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """To the person's ledger."""
        return redirect(
            f"{reverse('admin:entitlements_ledgerentry_changelist')}?person__id__exact={object_id}"
        )

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[Person],
        formsets: list[BaseModelFormSet[Model, ModelForm[Model]]],
        change: bool,
    ) -> None:
        """Contracts and absences are saved: their figures follow in the same transaction."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            refresh_figures([form.instance.pk], on=clock.today(), by=_actor(request))


@admin.register(Contract)
class ContractWithFiguresAdmin(ContractAdmin):
    def save_model(
        self, request: HttpRequest, obj: Contract, form: ModelForm[Contract], change: bool
    ) -> None:
        """The person's figures follow."""
        super().save_model(request, obj, form, change)
        refresh_figures([obj.person_id], on=clock.today(), by=_actor(request))


@admin.register(JobRole)
class JobRoleWithFiguresAdmin(JobRoleAdmin):
    def save_model(self, request: HttpRequest, obj: JobRole, form: ModelForm[JobRole], change: bool) -> None:
        """A new staff group changes the working day of everybody in the role (R1)."""
        super().save_model(request, obj, form, change)
        if "staff_group" in form.changed_data:
            people = obj.contracts.order_by().values_list("person", flat=True).distinct()
            refresh_figures(list(people), on=clock.today(), by=_actor(request))
