from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from entitlements.actions.activities import import_activities
from entitlements.activity_rows import COLUMNS
from staff import clock
from staff.actions.imports import RowsRefused, SourceFile
from staff.loose_types import OptionValue
from staff.management.base import PortalCommand
from staff.refusals import ActionRefused
from staff.wording import counted


class Command(PortalCommand):
    help = (
        "Bring in CPD from the registers of other systems (e-learning, Teams, training days). Rows are known by "
        "their external_id: a second run changes nothing, and another amount or status reverses what was credited "
        f"and credits anew. Where one row is wrong, every bad row is named and nothing is written. Columns: {','.join(COLUMNS)}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The CSV file.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print each row that would change; write nothing."
        )

    def handle(self, *args: object, **options: OptionValue) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                plan = import_activities(
                    file=SourceFile(path.name, stream),
                    by=None,
                    today=clock.today(),
                    is_dry_run=options["dry_run"],
                )
        except OSError as failure:
            raise CommandError(f"{path} cannot be read: {failure.strerror}.") from failure
        except RowsRefused as refusal:
            for error in refusal.errors:
                self.stderr.write(str(error))
            raise CommandError(refusal.sentence) from refusal
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        for warning in plan.warnings:
            self.stderr.write(f"{path.name}, {warning}.")
        if options["dry_run"]:
            for change in plan.changes:
                self.stdout.write(str(change))
        said = ", ".join(f"{count:,} {what}" for what, count in plan.counts().items()) or "no changes"
        begin = "Would write" if options["dry_run"] else "Written"
        self.stdout.write(f"{begin}: {said}; {counted(plan.unchanged, 'row')} unchanged.")
