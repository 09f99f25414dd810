from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from courses.actions.catalogue_import import import_catalogue
from courses.import_rows import COURSE_COLUMNS, SESSION_COLUMNS
from staff import clock
from staff.actions.imports import RowsRefused
from staff.loose_types import OptionValue
from staff.management.base import PortalCommand
from staff.refusals import ActionRefused


class Command(PortalCommand):
    help = (
        "Bring in courses and sessions from CSV files, told apart by their header; see docs/import_catalogue.md. "
        f"Courses: {','.join(COURSE_COLUMNS)}. Sessions: {','.join(SESSION_COLUMNS)}. Rows are matched by code; a "
        "second run changes nothing. Where one row is wrong, every bad row is named and nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="F", nargs="+", type=Path, help="One or more CSV files.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print each row that would change; write nothing."
        )

    def handle(self, *args: object, **options: OptionValue) -> None:
        try:
            with ExitStack() as stack:
                files = [(path.name, stack.enter_context(path.open("rb"))) for path in options["files"]]
                outcome = import_catalogue(
                    files=files, by=None, now=clock.now(), is_dry_run=options["dry_run"]
                )
        except OSError as failure:
            raise CommandError(f"{failure.filename} cannot be read: {failure.strerror}.") from failure
        except RowsRefused as refusal:
            for error in refusal.errors:
                self.stderr.write(str(error))
            raise CommandError(refusal.sentence) from refusal
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        if options["dry_run"]:
            for change in outcome.changes:
                self.stdout.write(str(change))
        begin = "Would write" if options["dry_run"] else "Written"
        self.stdout.write(f"{begin}: {len(outcome.changes):,} changes; {outcome.unchanged:,} rows unchanged.")
