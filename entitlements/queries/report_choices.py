"""What the filters of the entitlement report offer: only what occurs in the year."""

from __future__ import annotations

from typing import TypeAlias

from django.db.models import F

from entitlements.models import AcademicYear, ClosedStatement, Statement
from staff.loose_types import ColumnValues
from staff.models import Contract

Choices: TypeAlias = list[tuple[str, str]]


_PARTS = (
    "school__code",
    "school__name",
    "department__name",
    "line_manager",
    "line_manager__last_name",
    "line_manager__first_name",
)


def choices_for(year: AcademicYear) -> dict[str, Choices]:
    """Schools, job families, departments and managers of the year's statements, by name. One query."""
    found: list[ColumnValues]
    if year.closed_at is not None:
        closed = ClosedStatement.objects.filter(year=year).values(*_PARTS, family=F("job_family"))
        found = [dict(row) for row in closed.order_by().distinct()]
    else:
        statements = Statement.objects.filter(year=year).values("main_contract")
        posts = Contract.objects.filter(pk__in=statements).values(*_PARTS, family=F("job_role__job_family"))
        found = [dict(row) for row in posts.order_by().distinct()]
    families = {row["family"] for row in found}
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
