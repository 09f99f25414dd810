"""The heatmap of needs by department and competency, small groups hidden (DOMAIN sections 6 and 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from pathways.models import Competency, NeedsCycle
from pathways.rules.needs import GapFigures, summed
from pathways.rules.suppression import HIDDEN, Hidden, hidden_in
from staff.models import Department, School

# Where somebody belongs on a day: their main contract in force; of somebody who has left, their last.
MAIN_ON = """
SELECT DISTINCT ON (held.person_id) held.person_id, held.school_id, held.department_id
FROM staff_contract held WHERE held.starts_on <= %(on)s
ORDER BY held.person_id, (held.ends_on IS NULL OR held.ends_on >= %(on)s) DESC, held.is_main DESC,
    held.fte_numerator::numeric / held.fte_denominator DESC, held.contract_id
"""
_GAPS = f"""
SELECT main.school_id, main.department_id, rating.competency_id, COUNT(*),
    SUM(GREATEST(rating.required_level - rating.agreed_level, 0)),
    COUNT(*) FILTER (WHERE rating.required_level - rating.agreed_level >= 2)
FROM pathways_needsrating rating JOIN ({MAIN_ON}) main ON main.person_id = rating.person_id
WHERE rating.cycle_id = %(cycle)s AND rating.agreed_level IS NOT NULL
GROUP BY 1, 2, 3
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class Cell:
    """One group of people and one competency. `figures` None: hidden, or nobody is in it."""

    department: str
    figures: GapFigures | None
    is_hidden: bool

    @property
    def words(self) -> str:
        """The mean gap: "1.4"; "hidden" for a small group, "none" where nobody is."""
        if self.figures is None:
            return HIDDEN if self.is_hidden else "none"
        return self.figures.mean_words

    @property
    def percent(self) -> int | None:
        """The share with a gap of two levels or more; None where nothing is shown."""
        return None if self.figures is None else self.figures.percent_large

    @property
    def step(self) -> int | None:
        """How strong the colour is, 0 to 4, by the mean gap in halves of a level."""
        if self.figures is None:
            return None
        return min(4, -(-2 * self.figures.gaps // self.figures.n))


@dataclass(frozen=True)
class HeatRow:
    """One competency across the departments, and all of them together."""

    competency: Competency
    cells: list[Cell]
    together: Cell


@dataclass(frozen=True)
class Heatmap:
    """Mean gaps by competency (rows, by domain) and department (columns), of one school or the trust."""

    departments: list[str]
    rows: list[HeatRow]

    @property
    def domains(self) -> list[tuple[str, list[HeatRow]]]:
        """Rows under their domains."""
        return [(name, list(found)) for name, found in groupby(self.rows, lambda row: row.competency.domain)]

    def table(self) -> Iterator[tuple[str, str, str, str | int, str, str | int]]:
        """Domain, competency, department, people, mean gap, % with two levels or more; hidden ones say so."""
        for row in self.rows:
            for cell in [*row.cells, row.together]:
                if cell.figures is not None:
                    figures: tuple[str | int, str, str | int] = (
                        cell.figures.n,
                        cell.figures.mean_words,
                        cell.figures.percent_large,
                    )
                elif cell.is_hidden:
                    figures = (HIDDEN, HIDDEN, HIDDEN)
                else:
                    continue
                yield row.competency.domain, row.competency.title, cell.department, *figures


TABLE_HEADER = ("Domain", "Competency", "Department", "People", "Mean gap", "% two levels or more")
ALL_DEPARTMENTS = "All departments"
_NOBODY = GapFigures(0, 0, 0)


def heatmap(cycle: NeedsCycle, *, school: School | None, on: date) -> Heatmap:
    """Agreed gaps of a cycle. `school` None is the whole trust. Three queries.

    What is hidden is worked out on departments × schools of the whole trust for each competency, whatever
    is shown of it: so a figure hidden in one school cannot be found by subtracting the other schools from
    the trust, nor the other departments from the school.
    """
    groups = _groups(cycle, on)
    departments = {found.pk: found.name for found in Department.objects.all()}
    competencies = Competency.objects.in_bulk({key[2] for key in groups})
    rows = []
    by_competency: dict[int, dict[tuple[int, int], GapFigures]] = defaultdict(dict)
    for (at, department, competency), figures in groups.items():
        by_competency[competency][department, at] = figures
    for competency_id in sorted(
        by_competency, key=lambda pk: (competencies[pk].domain, competencies[pk].code)
    ):
        cells = by_competency[competency_id]
        rows.append(_row(competencies[competency_id], cells, departments, school))
    shown = {cell.department for row in rows for cell in row.cells if cell.words != "none"}
    names = sorted(shown)
    return Heatmap(names, [_only(row, names) for row in rows if row.together.words != "none"])


def _groups(cycle: NeedsCycle, on: date) -> dict[tuple[int, int, int], GapFigures]:
    day = min(on, cycle.closes_on)
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, {"cycle": cycle.pk, "on": day})
        return {tuple(row[:3]): GapFigures(row[3], int(row[4]), row[5]) for row in cursor.fetchall()}


def _row(
    competency: Competency,
    found: dict[tuple[int, int], GapFigures],
    names: dict[int, str],
    school: School | None,
) -> HeatRow:
    departments = sorted({department for department, _ in found}, key=lambda pk: names[pk])
    schools = sorted({at for _, at in found})
    counts = [[found.get((department, at), _NOBODY).n for at in schools] for department in departments]
    hidden = hidden_in(counts)
    cells = [
        _cell(names[pk], _of(found, pk, schools, school), _is_hidden(hidden, number, schools, school))
        for number, pk in enumerate(departments)
    ]
    everybody = summed(_of(found, pk, schools, school) for pk in departments)
    is_hidden = hidden.total if school is None else _position(schools, school) in hidden.columns
    return HeatRow(competency, cells, _cell(ALL_DEPARTMENTS, everybody, is_hidden))


def _of(
    found: dict[tuple[int, int], GapFigures], department: int, schools: Sequence[int], school: School | None
) -> GapFigures:
    at = schools if school is None else [school.pk]
    return summed(found.get((department, pk), _NOBODY) for pk in at)


def _is_hidden(hidden: Hidden, row: int, schools: Sequence[int], school: School | None) -> bool:
    if school is None:
        return row in hidden.rows
    return (row, _position(schools, school)) in hidden.cells


def _position(schools: Sequence[int], school: School) -> int:
    return schools.index(school.pk) if school.pk in schools else -1


def _cell(department: str, figures: GapFigures, is_hidden: bool) -> Cell:
    return Cell(department, figures if figures.n and not is_hidden else None, is_hidden)


def _only(row: HeatRow, names: Sequence[str]) -> HeatRow:
    by_name = {cell.department: cell for cell in row.cells}
    none = [by_name.get(name) or Cell(name, None, is_hidden=False) for name in names]
    return HeatRow(row.competency, none, row.together)


def cycles_to_report(on: date) -> QuerySet[NeedsCycle]:
    """The cycles that have opened, those for everybody first, then the newest."""
    for_some = Exists(NeedsCycle.schools.through.objects.filter(needscycle=OuterRef("pk")))
    return NeedsCycle.objects.filter(opens_on__lte=on).order_by(
        for_some.asc(), F("joined_from").asc(nulls_first=True), "-opens_on", "-pk"
    )
