from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from bwt_cpd.actions.staff_imports import import_staff_files
from staff import clock
from staff.actions.imports import RowsRefused, SourceFile
from staff.import_rows import FILE_KINDS
from staff.loose_types import OptionValue
from staff.management.base import PortalCommand
from staff.refusals import ActionRefused
from staff.rules.import_plan import StaffPlan


class Command(PortalCommand):
    help = (
        "Bring in staff from the HR system's CSV files, any of the five. Rows are matched by their key; a second "
        "run of the same files changes nothing. Where one row is wrong, every bad row is named and nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for kind, found in FILE_KINDS.items():
            parser.add_argument(
                f"--{kind}",
                metavar="FILE",
                type=Path,
                help=f"{kind}, with the columns {','.join(found.columns)}",
            )
        parser.add_argument(
            "--dry-run", action="store_true", help="Print each row that would change; write nothing."
        )
        parser.add_argument(
            "--full",
            action="store_true",
            help="The files are everything there is: live contracts they leave out end yesterday, absences too.",
        )
        parser.add_argument(
            "--confirm-leavers",
            action="store_true",
            help="Go on although more than 5%% of live contracts would end.",
        )

    def handle(self, *args: object, **options: OptionValue) -> None:
        paths = {kind: options[kind] for kind in FILE_KINDS if options[kind]}
        if not paths:
            raise CommandError("Name at least one file, such as --people people.csv.")
        try:
            with ExitStack() as stack:
                files = {
                    kind: SourceFile(path.name, stack.enter_context(path.open("rb")))
                    for kind, path in paths.items()
                }
                outcome = import_staff_files(
                    files=files,
                    on=clock.today(),
                    by=None,
                    is_full=options["full"],
                    confirms_leavers=options["confirm_leavers"],
                    is_dry_run=options["dry_run"],
                )
        except OSError as failure:
            raise CommandError(f"{failure.filename} cannot be read: {failure.strerror}.") from failure
        except RowsRefused as refusal:
            for error in refusal.errors:
                self.stderr.write(str(error))
            raise CommandError(refusal.sentence) from refusal
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self._report(outcome.plan, is_dry_run=options["dry_run"])

    def _report(self, plan: StaffPlan, *, is_dry_run: bool) -> None:
        for warning in plan.warnings:
            self.stderr.write(f"Warning: {warning}")
        if is_dry_run:
            for change in plan.changes:
                self.stdout.write(str(change))
            if plan.is_held:
                self.stderr.write(f"Warning: {plan.held_words}")
        said = ", ".join(f"{count:,} {what}" for what, count in plan.counts().items()) or "no changes"
        begin = "Would write" if is_dry_run else "Written"
        self.stdout.write(f"{begin}: {said}; {plan.unchanged:,} rows unchanged.")
