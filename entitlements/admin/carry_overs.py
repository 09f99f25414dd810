"""Approving what is carried over after family leave or long sickness (R14)."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from entitlements.actions.carry_overs import approve_carry_over, check_carry_over
from entitlements.durations import in_hours_short
from entitlements.models import CarryOver
from staff import clock
from staff.admin.once import OnceAdmin
from staff.models import Person
from staff.refusals import ActionRefused


class CarryOverForm(forms.ModelForm):
    """What is to be approved; the refusals of the action are said on the form."""

    by: Person | None = None  # whoever approves; set for the request

    class Meta:
        model = CarryOver
        fields = ["person", "from_year", "minutes", "reason"]
        widgets = {"minutes": UnfoldAdminIntegerFieldWidget}
        help_texts = {
            "from_year": "The year that is over. It has to be taken by 31 August of the next.",
            "minutes": "At most what family leave or long sickness took off the year.",
            "reason": "The person reads it. Leave out what the absence was for.",
        }

    def clean(self) -> dict[str, object]:
        """Ask the action, where every field is there."""
        found = super().clean() or self.cleaned_data
        if self.by is None:
            raise forms.ValidationError("Somebody of the people team approves it, in their own name.")
        if not self.errors:
            asked = {name: found[name] for name in self.Meta.fields}
            try:
                check_carry_over(**asked, by=self.by, today=clock.today())
            except ActionRefused as refusal:
                raise forms.ValidationError(refusal.sentence) from refusal
        return found


@admin.register(CarryOver)
class CarryOverAdmin(OnceAdmin):
    """Approved once, and neither changed nor taken back."""

    list_display = ["person", "from_year", "time", "approved_by", "created_at"]
    list_filter = [("from_year", RelatedDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["person", "from_year", "approved_by"]
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]
    autocomplete_fields = ["person"]
    form = CarryOverForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Somebody approves it: an administrator without a staff record cannot."""
        return super().has_add_permission(request) and getattr(request.user, "person", None) is not None

    def has_change_permission(self, request: HttpRequest, obj: CarryOver | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CarryOver | None = None) -> bool:
        """Never."""
        return False

    def get_fields(self, request: HttpRequest, obj: CarryOver | None = None) -> list[str]:
        """Who approved it and when, once it is."""
        asked = ["person", "from_year", "minutes", "reason"]
        return asked if obj is None else [*asked, "approved_by", "created_at"]

    def get_form(
        self, request: HttpRequest, obj: CarryOver | None = None, **kwargs: object
    ) -> type[forms.ModelForm[CarryOver]]:
        """The form of whoever is signed in."""
        made: type[CarryOverForm] = super().get_form(request, obj, **kwargs)
        made.by = getattr(request.user, "person", None)
        return made

    def save_model(self, request: HttpRequest, obj: CarryOver, form: object, change: bool) -> None:
        """By the action."""
        asked = {name: getattr(obj, name) for name in CarryOverForm.Meta.fields}
        person = getattr(request.user, "person", None)
        assert isinstance(person, Person)  # has_add_permission asks for one
        obj.pk = approve_carry_over(**asked, by=person, today=clock.today()).pk

    @display(description="Time", ordering="minutes")
    def time(self, carried: CarryOver) -> str:
        return in_hours_short(carried.minutes)
