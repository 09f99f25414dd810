"""What follows from a change to somebody's contracts or absences: their credits and figures of open years."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from entitlements.actions.corrections import recredit
from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear
from staff.models import Person


@transaction.atomic
def refresh_figures(person_ids: Collection[int], *, on: date, by: Person | None) -> None:
    """Credit anew what is now worth other minutes (R12), then compute the statements of these people
    for every year that has begun and is not closed (R17).

    A fixed number of statements a year, however many people.
    """
    if not person_ids:
        return
    recredit(by=by, today=on, person_ids=person_ids)
    begun = AcademicYear.objects.filter(closed_at__isnull=True, starts_on__lte=on, policy__isnull=False)
    for year in begun.select_related("policy"):
        recompute_statements(year, on=min(on, year.ends_on), person_ids=person_ids)
