"""What the filters of the entitlement report offer: only what occurs in the year."""

from __future__ import annotations

from typing import Any, TypeAlias

from django.db.models import QuerySet

from entitlements.models import AcademicYear, ClosedStatement, Statement
from staff.models import Contract, Department, JobRole, Person, School

Choices: TypeAlias = list[tuple[str, str]]


def choices_for(year: AcademicYear) -> dict[str, Choices]:
    """Schools, job families, departments and managers of the year's statements. Four queries."""
    model: Any = ClosedStatement if year.closed_at is not None else Statement
    contracts: QuerySet[Contract] = Contract.objects.filter(
        pk__in=model.objects.filter(year=year).values("main_contract")
    )
    schools = School.objects.filter(pk__in=contracts.values("school")).values_list("code", "name")
    families = JobRole.objects.filter(pk__in=contracts.values("job_role")).order_by("job_family")
    departments = Department.objects.filter(pk__in=contracts.values("department"))
    managers = Person.objects.filter(pk__in=contracts.values("line_manager"))
    return {
        "school": list(schools),
        "job_family": [(name, name) for name in families.values_list("job_family", flat=True).distinct()],
        "department": [(name, name) for name in departments.values_list("name", flat=True)],
        "manager": [
            (str(pk), f"{last}, {first}")
            for pk, last, first in managers.values_list("pk", "last_name", "first_name")
        ],
    }
