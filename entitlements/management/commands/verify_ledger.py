from django.core.management.base import CommandError, CommandParser

from entitlements.models import AcademicYear
from entitlements.queries.verification import differences
from staff import clock
from staff.management.base import PortalCommand


def all_equal(year: str) -> str:
    """What is said where nothing differs."""
    return f"{year}: every balance equals its rebuild."


class Command(PortalCommand):
    help = (
        "Rebuild every balance of a year from zero, entry by entry and by the rules in Python, and compare it "
        "with what is stored. Ends with 1 on any difference."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, help="The academic year, such as 2026/27.")

    def handle(self, *args: object, **options: object) -> None:
        year = AcademicYear.objects.select_related("policy").filter(name=options["year"]).first()
        if year is None:
            raise CommandError(f"There is no year {options['year']}.")
        count = 0
        for line in differences(year, clock.today()):
            self.stdout.write(line)
            count += 1
        if count:
            raise CommandError(f"{count:,} {'difference' if count == 1 else 'differences'} in {year.name}.")
        self.stdout.write(all_equal(year.name))
