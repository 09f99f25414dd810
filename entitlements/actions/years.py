"""Academic years: made when first needed, frozen when they are over (R14, R17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.forms.models import model_to_dict

from entitlements.academic_year import YearDates
from entitlements.actions.claims_left import end_claims, lock_claims_left
from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, EntitlementPolicy
from entitlements.queries.statement_sql import FIGURES
from staff import clock
from staff.refusals import ActionRefused


def ensure_years(wanted: Iterable[YearDates]) -> None:
    """Make the years that are not there yet, each with the policy of the latest year before it.

    Two queries where all are there.
    """
    years = set(wanted)
    there = set(
        AcademicYear.objects.filter(starts_on__in=[year.first_day for year in years], policy__isnull=False)
        .values_list("starts_on", flat=True)
    )  # fmt: skip
    for year in sorted(years):
        if year.first_day not in there:
            _make(year)


@transaction.atomic
def _make(dates: YearDates) -> None:
    year, _ = AcademicYear.objects.get_or_create(
        starts_on=dates.first_day, defaults={"name": dates.label, "ends_on": dates.last_day}
    )
    before = EntitlementPolicy.objects.filter(year__starts_on__lt=dates.first_day).order_by(
        "-year__starts_on"
    )
    numbers = model_to_dict(latest, exclude=["id", "year", "version"]) if (latest := before.first()) else {}
    EntitlementPolicy.objects.get_or_create(year=year, defaults=numbers)


def not_yet_over(year: AcademicYear) -> str:
    """Why a year cannot be closed before its day (R17)."""
    return f"The year {year.name} can be closed from {_said(year.dates.closes_on)}."


def closed_already(year: AcademicYear) -> str:
    """Why a year is not closed a second time."""
    return f"The year {year.name} is closed already."


@transaction.atomic
def close_year(year: AcademicYear, *, today: date) -> int:
    """Freeze everybody's figures of a year as of its last day, with the policy's version and where and as
    what they worked by then; returns how many. Claims of it that nobody has decided end with it.

    ActionRefused before 30 September after its end, and where it is closed already. The database takes
    no entry for a closed year; those under way are waited for.
    """
    if today < year.dates.closes_on:
        raise ActionRefused(not_yet_over(year))
    lock_claims_left(year)
    held = AcademicYear.objects.select_for_update().select_related(None).get(pk=year.pk)
    if held.closed_at is not None:
        raise ActionRefused(closed_already(held))
    now = clock.now()
    end_claims(lock_claims_left(year), year, now=now)  # those sent meanwhile too
    recompute_statements(year, on=held.ends_on)
    figures = ("person_id", "main_contract_id", "is_in_contract", *FIGURES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO entitlements_closedstatement (
                year_id, policy_version, school_id, school_phase, department_id, line_manager_id,
                role_title, job_family, staff_group, {", ".join(figures)}
            )
            SELECT
                f.year_id, %s, c.school_id, s.phase, c.department_id, c.line_manager_id,
                r.title, r.job_family, r.staff_group, {", ".join(f"f.{name}" for name in figures)}
            FROM entitlements_statement f
                JOIN staff_contract c ON c.id = f.main_contract_id
                JOIN staff_school s ON s.id = c.school_id
                JOIN staff_jobrole r ON r.id = c.job_role_id
            WHERE f.year_id = %s
            """,  # noqa: S608 - own constants
            [year.policy.version, year.pk],
        )
        count = cursor.rowcount
    held.closed_at = now
    held.save(update_fields=["closed_at"])
    return count


def _said(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
