"""Lines of the CPD plan for needs the catalogue does not meet, and the survey themes behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.db import transaction

from pathways.models import Competency, NeedsCycle, NeedsPlanLine, SurveyTheme
from staff.csv_files import CsvFile, RowError
from staff.models import Person
from staff.refusals import ActionRefused

THEME_COLUMNS = ("title", "words", "mentions", "competency_codes")


@transaction.atomic
def add_plan_line(
    *,
    cycle: NeedsCycle,
    title: str,
    owner: str,
    due_on: date | None,
    by: Person,
    competency_id: int | None = None,
) -> NeedsPlanLine:
    """Write a line into the CPD plan. Sent twice it is one. Raises ActionRefused where the cycle has
    another line of that title, or the competency is not there.
    """
    if competency_id is not None and not Competency.objects.filter(pk=competency_id).exists():
        raise ActionRefused("This competency is not there any more.")
    facts = {"owner": owner, "due_on": due_on, "competency_id": competency_id}
    line, is_new = NeedsPlanLine.objects.get_or_create(
        cycle=cycle, title=title.strip(), defaults={**facts, "created_by": by}
    )
    if not is_new and any(getattr(line, name) != value for name, value in facts.items()):
        raise ActionRefused(
            "There is a line with this title already. Change that one, or choose other words."
        )
    return line


@dataclass(frozen=True)
class ThemeRow:
    """One theme as the file has it, with the competencies it names."""

    title: str
    words: str
    mentions: int
    competencies: list[Competency]


def read_themes(content: str) -> tuple[list[ThemeRow], list[RowError]]:
    """The rows of a file of themes and everything that is wrong with it, line by line. One query; writes nothing."""
    file = CsvFile("themes", BytesIO(content.encode()), THEME_COLUMNS)
    known = {competency.code: competency for competency in Competency.objects.all()}
    rows, errors, seen = [], [], set()
    for row in file:
        cells, wrong = row.cells, []
        codes = [code.strip() for code in cells["competency_codes"].split(";") if code.strip()]
        if not 0 < len(cells["title"]) <= 200:
            wrong.append(("title", "A theme has a title of at most 200 characters."))
        elif cells["title"].casefold() in seen:
            wrong.append(("title", f"“{cells['title']}” stands in the file twice."))
        seen.add(cells["title"].casefold())
        if len(cells["words"]) > 2000:
            wrong.append(("words", "At most 2,000 characters."))
        if not (cells["mentions"].isascii() and cells["mentions"].isdigit() and len(cells["mentions"]) < 7):
            wrong.append(("mentions", f"“{cells['mentions']}” is not a whole number of answers."))
        wrong += [
            ("competency_codes", f"There is no competency {code}.") for code in codes if code not in known
        ]
        errors += [RowError("themes", row.line, column, reason) for column, reason in wrong]
        if not wrong:
            competencies = [known[code] for code in codes]
            rows.append(ThemeRow(cells["title"], cells["words"], int(cells["mentions"]), competencies))
    errors = sorted([*file.errors, *errors])
    if not rows and not errors:
        errors = [RowError("themes", 1, "", "There is no theme in the file.")]
    return rows, errors


@transaction.atomic
def import_themes(*, cycle: NeedsCycle, rows: Sequence[ThemeRow]) -> int:
    """Take the themes into the cycle; one that is there under its title is brought up to date. Returns how many."""
    for row in rows:
        theme, _ = SurveyTheme.objects.update_or_create(
            cycle=cycle, title=row.title, defaults={"words": row.words, "mentions": row.mentions}
        )
        theme.competencies.set(row.competencies)
    return len(rows)


@transaction.atomic
def trace_theme(*, theme: SurveyTheme, line_id: int | None) -> SurveyTheme:
    """Say which line of the plan answers a theme; None takes it back. Raises ActionRefused for a line of
    another cycle.
    """
    if line_id is not None and not NeedsPlanLine.objects.filter(pk=line_id, cycle=theme.cycle_id).exists():
        raise ActionRefused("This line is not in the plan of the theme's cycle.")
    theme.plan_line_id = line_id
    theme.save(update_fields=["plan_line"])
    return theme
