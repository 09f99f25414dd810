"""An HR import with everything that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear
from staff.actions.imports import ImportOutcome, SourceFile, import_staff
from staff.models import Person


@transaction.atomic
def import_staff_files(
    *,
    files: Mapping[str, SourceFile],
    on: date,
    by: Person | None,
    is_full: bool = False,
    confirms_leavers: bool = False,
    is_dry_run: bool = False,
) -> ImportOutcome:
    """Bring the files in, then mend what changed contracts and absences mean for open years (R12, R17).

    Day-unit and nominal entries that come to other minutes are reversed and credited anew, and the
    statements of everybody concerned are computed again. Raises as `staff.actions.imports.import_staff`.
    """
    outcome = import_staff(
        files=files,
        on=on,
        by=by,
        is_full=is_full,
        confirms_leavers=confirms_leavers,
        is_dry_run=is_dry_run,
    )
    if outcome.changed_person_ids:
        _follow_up(outcome.changed_person_ids, on=on)
    return outcome


def _follow_up(person_ids: list[int], *, on: date) -> None:
    begun = AcademicYear.objects.filter(closed_at__isnull=True, starts_on__lte=on, policy__isnull=False)
    for year in begun.select_related("policy"):
        recompute_statements(year, on=min(on, year.ends_on), person_ids=person_ids)
