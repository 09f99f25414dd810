"""The filters of the entitlement report, read from the address."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from entitlements.models import AcademicYear
from entitlements.queries.report_choices import Choices
from entitlements.queries.reports import (
    GROUPINGS,
    MET_OR_PLANNED,
    MUCH_OWN_TIME,
    OWED,
    SORTS,
    STATUSES,
    Scope,
)
from staff.models import StaffGroup


class ReportForm(forms.Form):
    """Everything is optional; what is not among the choices is an error, never "everybody"."""

    group_by = forms.ChoiceField(
        label="Grouped by",
        required=False,
        choices=[(key, grouping.words) for key, grouping in GROUPINGS.items()],
    )
    school = forms.ChoiceField(required=False)
    staff_group = forms.ChoiceField(required=False)
    job_family = forms.ChoiceField(required=False)
    department = forms.ChoiceField(required=False)
    manager = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False)
    leavers = forms.BooleanField(label="With leavers", required=False)
    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in SORTS], widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, object], *, choices: dict[str, Choices]) -> None:
        super().__init__(data)
        offered = {
            "school": ("All schools", choices["school"]),
            "staff_group": ("Everyone", StaffGroup.choices),
            "job_family": ("All families", choices["job_family"]),
            "department": ("All departments", choices["department"]),
            "manager": ("Any manager", [*choices["manager"], ("none", "Nobody named")]),
            "status": (
                "Any status",
                [
                    (OWED, "All but on request"),
                    (MET_OR_PLANNED, "Met or planned"),
                    *((one.value, one.label) for one in STATUSES),
                    (MUCH_OWN_TIME, "Much in own time"),
                ],
            ),
        }
        for name, (empty, found) in offered.items():
            self.fields[name].choices = [("", empty), *found]  # type: ignore[attr-defined]

    def scope(self, year: AcademicYear) -> Scope:
        """The scope of a valid form."""
        values = self.cleaned_data
        return Scope(
            year=year,
            school=values["school"],
            staff_group=values["staff_group"],
            job_family=values["job_family"],
            department=values["department"],
            manager=values["manager"],
            status=values["status"],
            includes_leavers=values["leavers"],
            group_by=values["group_by"] or "school",
            sort=values["sort"] or "name",
        )
