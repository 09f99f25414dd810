import csv
import json
from collections.abc import Iterator
from datetime import date

from django.core.management.base import CommandError, CommandParser

from entitlements.academic_year import YearDates
from entitlements.actions.statements import recompute_statements
from entitlements.actions.years import ensure_years
from entitlements.models import AcademicYear
from entitlements.queries.shortfalls import COLUMNS, MINUTES, shortfall_rows
from entitlements.queries.statement_sql import Scope
from staff import clock
from staff.loose_types import ColumnValues, OptionValue
from staff.management.base import PortalCommand
from staff.models import Contract, Person, School

HEADINGS = (
    "Payroll number",
    "School",
    "Group",
    "Owed",
    "Expected",
    "To date",
    "Recorded",
    "Counted",
    "Planned",
    "Shortfall",
    "Status",
)
FURTHEST = 5  # years from today for which figures are made


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is not a date; write it like 2027-02-28.") from None


class Command(PortalCommand):
    help = (
        "Where everybody stands in their CPD days, by the one set-based statement. For today the figures of a "
        "year that is not over are stored as well; for another date nothing is. The figures of a closed year are those it was closed with."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, help="The academic year, such as 2026/27.")
        parser.add_argument("--on", type=day, help="As of this date, such as 2027-02-28; today unless told.")
        parser.add_argument("--school", metavar="CODE", help="Only people whose main contract is there.")
        parser.add_argument("--person", metavar="PAYROLL", help="Only this person, by payroll number.")
        parser.add_argument("--format", choices=("table", "json", "csv"), default="table")

    def handle(self, *args: object, **options: OptionValue) -> None:
        today = clock.today()
        year, on = self._year(options["year"], today), options["on"] or today
        scope = self._scope(options["person"], options["school"])
        if year.closed_at is not None and on >= year.ends_on:
            source = "closed"
        elif year.closed_at is None and on == today == year.figures_on(today):
            recompute_statements(year, on=on, person_ids=self._people(scope))
            source = "stored"
        else:
            source = "computed"
        rows = shortfall_rows(year, on, scope=scope, source=source)
        {"table": self._table, "json": self._json, "csv": self._csv}[options["format"]](year, on, rows)

    def _year(self, label: str, today: date) -> AcademicYear:
        try:
            dates = YearDates.parse(label)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from None
        if abs(dates.start_year - today.year) > FURTHEST:
            raise CommandError(f"The year {dates.label} is too far from today.")
        ensure_years([dates])
        return AcademicYear.objects.select_related("policy").get(starts_on=dates.first_day)

    def _scope(self, payroll_number: str | None, school_code: str | None) -> Scope:
        person_ids = school_id = None
        if payroll_number is not None:
            person = Person.objects.filter(payroll_number=payroll_number).first()
            if person is None:
                raise CommandError(f"Nobody has the payroll number {payroll_number}.")
            person_ids = (person.pk,)
        if school_code is not None:
            school = School.objects.filter(code=school_code).first()
            if school is None:
                raise CommandError(f"There is no school with the code {school_code}.")
            school_id = school.pk
        return Scope(person_ids, school_id)

    def _people(self, scope: Scope) -> list[int] | None:
        """Whose figures are stored anew: everybody's unless only some are asked for."""
        if scope.person_ids is not None:
            return list(scope.person_ids)
        if scope.school_id is None:
            return None
        return list(
            Contract.objects.filter(school=scope.school_id).values_list("person", flat=True).distinct()
        )

    def _json(self, year: AcademicYear, on: date, rows: Iterator[ColumnValues]) -> None:
        head = json.dumps({"year": year.name, "on": on.isoformat()})
        self.stdout.write(f'{head[:-1]}, "people": [', ending="")
        separator = "\n"
        for row in rows:
            self.stdout.write(separator + json.dumps(row, ensure_ascii=False), ending="")
            separator = ",\n"
        self.stdout.write("\n]}")

    def _csv(self, year: AcademicYear, on: date, rows: Iterator[ColumnValues]) -> None:
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    def _table(self, year: AcademicYear, on: date, rows: Iterator[ColumnValues]) -> None:
        self.stdout.write(f"{year.name} as of {on.day} {on:%b %Y}, in minutes\n")
        line = "{:<15} {:<7} {:<10} {:>7} {:>8} {:>7} {:>8} {:>7} {:>7} {:>9}  {}"
        self.stdout.write(line.format(*HEADINGS))
        count = short = 0
        for row in rows:
            cells = ["–" if row[name] is None else f"{row[name]:,}" for name in MINUTES]
            group, status = row["staff_group"], row["status"].replace("_", " ")
            self.stdout.write(line.format(row["payroll_number"], row["school"], group, *cells, status))
            count += 1
            short += bool(row["shortfall_minutes"])
        self.stdout.write(f"\n{count:,} {'person' if count == 1 else 'people'}, {short:,} with a shortfall.")
