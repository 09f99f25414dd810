from django.core.management.base import CommandError, CommandParser

from entitlements.actions.years import close_year
from entitlements.models import AcademicYear
from staff import clock
from staff.management.base import PortalCommand
from staff.refusals import ActionRefused


class Command(PortalCommand):
    help = "Freeze the figures of a year, from 30 September after its end: later changes leave it as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, help="The academic year, such as 2025/26.")

    def handle(self, *args: object, **options: object) -> None:
        year = AcademicYear.objects.select_related("policy").filter(name=options["year"]).first()
        if year is None:
            raise CommandError(f"There is no year {options['year']}.")
        if year.closed_at is not None:
            self.stdout.write(f"{year.name} is closed already; nothing has changed.")
            return
        try:
            count = close_year(year, today=clock.today())
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{year.name} is closed with the figures of {count:,} people.")
