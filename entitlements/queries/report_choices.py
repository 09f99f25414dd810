"""What the filters of the entitlement report offer: only what occurs in the year."""

from __future__ import annotations

from typing import Any, TypeAlias

from entitlements.models import AcademicYear, ClosedStatement, Statement
from staff.models import Contract

Choices: TypeAlias = list[tuple[str, str]]


def choices_for(year: AcademicYear) -> dict[str, Choices]:
    """Schools, job families, departments and managers of the year's statements, by name. One query."""
    model: Any = ClosedStatement if year.closed_at is not None else Statement
    contracts = Contract.objects.filter(pk__in=model.objects.filter(year=year).values("main_contract"))
    found: list[Any] = list(
        contracts.order_by()
        .values(
            "school__code",
            "school__name",
            "job_role__job_family",
            "department__name",
            "line_manager",
            "line_manager__last_name",
            "line_manager__first_name",
        )
        .distinct()
    )
    families = {row["job_role__job_family"] for row in found}
    departments = {row["department__name"] for row in found}
    managers = {
        str(row["line_manager"]): f"{row['line_manager__last_name']}, {row['line_manager__first_name']}"
        for row in found
        if row["line_manager"] is not None
    }
    return {
        "school": _by_words({row["school__code"]: row["school__name"] for row in found}),
        "job_family": [(name, name) for name in sorted(families)],
        "department": [(name, name) for name in sorted(departments)],
        "manager": _by_words(managers),
    }


def _by_words(found: dict[str, str]) -> Choices:
    return sorted(found.items(), key=lambda choice: (choice[1], choice[0]))
