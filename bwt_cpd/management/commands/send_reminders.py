from datetime import date

from django.core.management.base import CommandError, CommandParser

from bwt_cpd.actions import reminders
from staff import clock
from staff.actions.jobs import recorded_job
from staff.loose_types import OptionValue
from staff.management.base import PortalCommand


class Command(PortalCommand):
    help = "Write the day's reminders, one digest for each person: what beat runs every morning."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--on", metavar="DATE", help="The date to remind for, as 2026-11-24; today unless told."
        )

    def handle(self, *args: object, **options: OptionValue) -> None:
        try:
            on = date.fromisoformat(options["on"]) if options["on"] else clock.today()
        except ValueError as failure:
            raise CommandError(f"--on: {options['on']} is not a date such as 2026-11-24.") from failure
        with recorded_job("send_reminders") as run:
            written = reminders.send_reminders(on=on, now=clock.now())
            run.detail = f"{written} digests"
        self.stdout.write(f"{written} digests written.")
