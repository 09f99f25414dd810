from datetime import date

from django.core.management.base import CommandError, CommandParser

from bwt_cpd.demo.trust import make_demo_trust
from staff import clock
from staff.loose_types import OptionValue
from staff.management.base import PortalCommand
from staff.refusals import ActionRefused

FEWEST = 60


class Command(PortalCommand):
    help = "Write the demo trust into an empty database: deterministic by seed, around a date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--people", type=int, default=1500, metavar="N", help="How many people; 1,500 unless told."
        )
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="Another number, another trust.")
        parser.add_argument(
            "--on", metavar="DATE", help="The date that it is made around; today unless told."
        )

    def handle(self, *args: object, **options: OptionValue) -> None:
        if options["people"] < FEWEST:
            raise CommandError(f"--people: at least {FEWEST}, so that every site has somebody.")
        try:
            on = date.fromisoformat(options["on"]) if options["on"] else clock.today()
        except ValueError as failure:
            raise CommandError(f"--on: {options['on']} is not a date such as 2026-11-24.") from failure
        try:
            make_demo_trust(count=options["people"], seed=options["seed"], on=on, say=self._say)
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"The demo trust is ready: {options['people']} people around {on}.")

    def _say(self, step: str) -> None:
        self.stdout.write(f"  {step}")
        self.stdout.flush()
