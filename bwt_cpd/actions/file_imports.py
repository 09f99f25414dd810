"""The files of other systems that the admin takes by upload: what they are, and what they would change.

Each import is one action of the app that it writes to; here they have one shape, so that one page serves them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from bwt_cpd.actions.import_columns import COLUMN_WORDS
from bwt_cpd.actions.staff_imports import import_staff_files
from courses.actions.catalogue_import import import_catalogue
from courses.import_rows import COURSE_COLUMNS, SESSION_COLUMNS
from entitlements.actions.activities import import_activities
from entitlements.activity_rows import COLUMNS as ACTIVITY_COLUMNS
from staff.actions.imports import SourceFile
from staff.csv_files import Change
from staff.import_rows import FILE_KINDS
from staff.models import Person
from staff.wording import counted

_ONE: Final = {
    "schools": "school",
    "roles": "role",
    "people": "person",
    "contracts": "contract",
    "absences": "absence",
    "activities": "entry",
    "strands": "strand",
    "courses": "course",
    "sessions": "session",
}
_MANY: Final = {"activities": "entries"}


@dataclass(frozen=True)
class FileField:
    """One file that can be chosen, and the columns it has."""

    name: str
    columns: Sequence[str]

    @property
    def words(self) -> list[tuple[str, str]]:
        """Each column and what goes into it."""
        return [(column, COLUMN_WORDS[self.name][column]) for column in self.columns]


@dataclass(frozen=True)
class Difference:
    """What files would change, or have changed. `held_words`: why it waits for a word of confirmation."""

    changes: Sequence[Change] = ()
    unchanged: int = 0
    warnings: Sequence[object] = ()
    held_words: str = ""

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """How many rows of each kind of change: ("contracts", "new", 3), in the order of the work."""
        found = Counter((change.file, change.what) for change in self.changes)
        return [(_MANY.get(file, file), what, count) for (file, what), count in found.items()]

    @property
    def said(self) -> str:
        """ "2 new people, 1 changed school"."""
        found = Counter((change.file, change.what) for change in self.changes)
        return ", ".join(
            counted(count, f"{what} {_ONE[file]}", f"{what} {_MANY.get(file, file)}")
            for (file, what), count in found.items()
        )


@dataclass(frozen=True)
class Sent:
    """Files as somebody has sent them, and what they said about them."""

    files: Mapping[str, SourceFile]
    by: Person | None
    now: datetime
    is_full: bool = False
    confirms_leavers: bool = False


@dataclass(frozen=True)
class FileImport:
    """One import: what its page says, whom it is for, and the action behind it.

    `compare(sent, is_dry_run)` raises RowsRefused and ActionRefused as its action does.
    """

    slug: str
    title: str
    heading: str
    lead: str
    source: str
    permission: str
    fields: Sequence[FileField]
    compare: Callable[[Sent, bool], Difference]
    can_be_full: bool = False


def _staff(sent: Sent, is_dry_run: bool) -> Difference:
    plan = import_staff_files(
        files=sent.files,
        on=timezone.localdate(sent.now),
        by=sent.by,
        is_full=sent.is_full,
        confirms_leavers=sent.confirms_leavers,
        is_dry_run=is_dry_run,
    ).plan
    return Difference(
        plan.changes, plan.unchanged, plan.warnings, held_words=plan.held_words if plan.is_held else ""
    )


def _activities(sent: Sent, is_dry_run: bool) -> Difference:
    plan = import_activities(
        file=sent.files["activities"],
        by=sent.by,
        today=timezone.localdate(sent.now),
        is_dry_run=is_dry_run,
    )
    own = sum(sent.by is not None and worth.credit.person_id == sent.by.pk for worth in plan.credit)
    about_oneself = [
        f"{counted(own, 'row credits', 'rows credit')} you yourself: ask a colleague to look at it"
    ]
    return Difference(plan.changes, plan.unchanged, [*plan.warnings, *(about_oneself if own else [])])


def _catalogue(sent: Sent, is_dry_run: bool) -> Difference:
    files = [(file.name, file.stream) for file in sent.files.values()]
    outcome = import_catalogue(files=files, by=sent.by, now=sent.now, is_dry_run=is_dry_run)
    return Difference(outcome.changes, outcome.unchanged)


IMPORTS: Final = {
    found.slug: found
    for found in (
        FileImport(
            slug="staff",
            title="Import staff",
            heading="Files of the HR system",
            lead="Any of the five, as CSV in UTF-8.",
            source="the HR system",
            permission="staff.change_contract",
            fields=[FileField(kind, tuple(found.columns)) for kind, found in FILE_KINDS.items()],
            compare=_staff,
            can_be_full=True,
        ),
        FileImport(
            slug="activities",
            title="Import activities",
            heading="CPD from other registers",
            lead="E-learning, Teams meetings, training days: one row for each person and activity, as CSV in UTF-8. "
            "A row is known by its external_id; changed and sent again, it is reversed and credited anew.",
            source="the register it came from",
            # Whoever may look into the ledger may also reverse: nobody changes an entry.
            permission="entitlements.view_ledgerentry",
            fields=[FileField("activities", tuple(ACTIVITY_COLUMNS))],
            compare=_activities,
        ),
        FileImport(
            slug="catalogue",
            title="Import courses",
            heading="Courses and their sessions",
            lead="Either or both, as CSV in UTF-8. Rows are known by their code; whoever is booked on a session "
            "that moves is told.",
            source="the list it came from",
            permission="courses.change_course",
            fields=[FileField("courses", COURSE_COLUMNS), FileField("sessions", SESSION_COLUMNS)],
            compare=_catalogue,
        ),
    )
}
