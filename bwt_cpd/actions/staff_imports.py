"""An HR import with everything that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from bwt_cpd.actions.figures import refresh_figures
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
    refresh_figures(outcome.changed_person_ids, on=on, by=by)
    return outcome
