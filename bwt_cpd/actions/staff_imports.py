"""An HR import with everything that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils import timezone

from bwt_cpd.actions.figures import refresh_figures
from staff.actions.imports import ImportOutcome, RowsRefused, SourceFile, import_staff
from staff.import_rows import FILE_KINDS
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import date_words

AT_REST: Final = timedelta(minutes=2)
"""So long a file has not been touched that is taken to be whole."""

NO_FILE: Final = "The HR system has left no file: nothing was brought in."
STILL_BEING_WRITTEN: Final = "A file was written a moment ago and may not be whole: nothing was brought in."


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


def import_staff_folder(folder: Path, *, now: datetime, since: datetime | None, is_full: bool) -> str:
    """Bring in `people.csv`, `contracts.csv` and the others of the five that lie in a folder; says what was done.

    Raises ActionRefused, nothing written, where there is none, where none is newer than `since` (old files would
    undo what was put right in the admin), where one is still being written, where a row is wrong (the first is named by
    file, line and column, never by what stands in it: the list of jobs shows it), and where more than 5%
    of the contracts would end, which somebody has to confirm by uploading the files.
    """
    with ExitStack() as stack:
        files = {
            kind: SourceFile(path.name, stack.enter_context(path.open("rb")))
            for kind in FILE_KINDS
            if (path := folder / f"{kind}.csv").is_file()
        }
        _refuse_old([folder / file.name for file in files.values()], now=now, since=since)
        try:
            outcome = import_staff_files(files=files, on=timezone.localdate(now), by=None, is_full=is_full)
        except RowsRefused as refusal:
            order = [file.name for file in files.values()]  # what others are about comes first
            first = min(refusal.errors, key=lambda error: (order.index(error.file), error.line))
            column = f", column {first.column}" if first.column else ""
            raise ActionRefused(
                f"{refusal.sentence} The first: {first.file}, line {first.line}{column}."
            ) from refusal
    counts = outcome.plan.counts()
    return ", ".join(f"{count:,} {what}" for what, count in counts.items()) or "Nothing had changed"


def no_new_files(newest: datetime) -> str:
    """Why files that have been brought in are not taken again."""
    return f"The files are of {date_words(newest)} and were brought in already: the HR system has left no new ones."


def _refuse_old(paths: Sequence[Path], *, now: datetime, since: datetime | None) -> None:
    if not paths:
        raise ActionRefused(NO_FILE)
    newest = datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), tz=UTC)
    if since is not None and newest <= since:
        raise ActionRefused(no_new_files(newest))
    if newest > now - AT_REST:
        raise ActionRefused(STILL_BEING_WRITTEN)
