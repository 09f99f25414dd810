"""Who answers for what, and for whom they stand in."""

from __future__ import annotations

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from staff.admin.filters import InForceFilter
from staff.admin.once import OnceAdmin
from staff.models import Delegation, Person, Responsibility, User


@admin.register(Responsibility)
class ResponsibilityAdmin(OnceAdmin):
    list_display = ["kind", "person", "of_what", "starts_on", "ends_on"]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("school", RelatedDropdownFilter),
        ("hub", RelatedDropdownFilter),
        InForceFilter,
    ]
    list_filter_submit = True
    list_select_related = ["person", "school", "hub"]
    search_fields = ["person__first_name", "person__last_name", "person__payroll_number"]
    autocomplete_fields = ["person", "school", "hub"]
    fields = [("person", "kind"), ("school", "hub"), ("starts_on", "ends_on")]

    @display(description="For")
    def of_what(self, held: Responsibility) -> str:
        return str(held.school or held.hub or "The trust")

    def has_change_permission(self, request: HttpRequest, obj: Responsibility | None = None) -> bool:
        """Nobody changes a responsibility of their own; a superuser may, to begin with."""
        user = request.user
        is_own = (
            obj is not None
            and isinstance(user, User)
            and not user.is_superuser
            and user.person_id == obj.person_id
        )
        return super().has_change_permission(request, obj) and not is_own

    def get_form(
        self, request: HttpRequest, obj: Responsibility | None = None, **kwargs: object
    ) -> type[ModelForm]:
        """A form that refuses to give its reader a responsibility."""
        assert isinstance(request.user, User)  # nobody else comes into the admin
        user: User = request.user
        made = super().get_form(request, obj, **kwargs)

        class NotForOneself(made):  # type: ignore[misc, valid-type]
            def clean_person(self) -> Person:
                person: Person = self.cleaned_data["person"]
                if not user.is_superuser and person.pk == user.person_id:
                    self.add_error("person", "Nobody gives themselves a responsibility. Ask a colleague.")
                return person

        return NotForOneself


@admin.register(Delegation)
class DelegationAdmin(OnceAdmin):
    list_display = ["from_person", "to_person", "starts_on", "ends_on", "reason"]
    list_filter = [InForceFilter]
    list_filter_submit = True
    list_select_related = ["from_person", "to_person"]
    search_fields = [
        "from_person__first_name",
        "from_person__last_name",
        "to_person__first_name",
        "to_person__last_name",
    ]
    autocomplete_fields = ["from_person", "to_person"]
    fields = [("from_person", "to_person"), ("starts_on", "ends_on"), "reason"]
