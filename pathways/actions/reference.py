"""The trust's career pathways, from the tables kept with the project."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.text import slugify

import entitlements
from courses.models import Course
from pathways.models import Pathway, Route, Rung, RungCpd
from staff.models import JobRole

HERE: Final = Path(__file__).resolve().parents[1] / "data"
STATUTORY: Final = Path(entitlements.__file__).resolve().parent / "data" / "statutory_training.csv"
SOURCE: Final = "Proposed with the portal; confirmed by the people team"
CHECKED_ON: Final = date(2026, 11, 23)
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]+(?:-[A-Z]+)?")
_LONGEST: Final = 120


@transaction.atomic
def load_pathways() -> list[str]:
    """Add the pathways of `data/pathways.csv` that are not there, with their rungs and what those ask.

    Only what is not there yet: a pathway that is there stays as the people team keeps it. What has none
    gets its links, also later: roles of a rung, courses and routes of a line (`data/rung_courses.csv`).
    Codes of training, apprenticeships and NPQs are written out in words. Returns the codes of roles and
    courses that the trust does not have. A fixed number of statements.
    """
    rows = _rows(HERE / "pathways.csv")
    new = _add_pathways(rows)
    _add_rungs([row for row in rows if row["pathway"] in new])
    _add_lines([row for row in rows if row["pathway"] in new])
    return sorted({*_link_roles(rows), *_link_courses(), *_link_routes()})


def _add_pathways(rows: list[dict[str, str]]) -> set[str]:
    """The names of those that were added."""
    words = {row["pathway"]: row["summary"] for row in _rows(HERE / "pathway_words.csv")}
    new = {row["pathway"] for row in rows} - set(Pathway.objects.values_list("name", flat=True))
    Pathway.objects.bulk_create(
        Pathway(
            name=name,
            slug=slugify(name),
            summary=words.get(name, ""),
            source=SOURCE,
            last_checked_on=CHECKED_ON,
        )
        for name in sorted(new)
    )
    return new


def _add_rungs(rows: list[dict[str, str]]) -> None:
    pathways = dict(Pathway.objects.values_list("name", "pk"))
    Rung.objects.bulk_create(
        Rung(
            pathway_id=pathways[row["pathway"]],
            number=int(row["rung"]),
            typical_time=row["typical_time_in_rung"],
        )
        for row in rows
    )


def _add_lines(rows: list[dict[str, str]]) -> None:
    """What the new rungs require and recommend, each with the training whose code it names."""
    statutory = {one["code"] for one in _rows(STATUTORY)}
    words, rungs = words_of_codes(), _rungs()
    needed = {row["entry"]: int(row["courses_needed"]) for row in _rows(HERE / "rung_courses.csv")}
    RungCpd.objects.bulk_create(
        RungCpd(
            rung_id=rungs[row["pathway"], int(row["rung"])],
            words=in_words(entry, words),
            number=number,
            need=need,
            statutory_code=next((code for code in _CODE.findall(entry) if code in statutory), ""),
            courses_needed=needed.get(entry, 1),
        )
        for row in rows
        for need in RungCpd.Need.values
        for number, entry in enumerate(_entries(row[f"{need}_cpd"]), start=1)
    )


def _link_roles(rows: list[dict[str, str]]) -> set[str]:
    """Roles for rungs that have none; the codes of roles nobody holds here."""
    through = Rung.job_roles.through
    known = dict(JobRole.objects.values_list("code", "pk"))
    has_some = set(through.objects.values_list("rung_id", flat=True))
    rungs = _rungs()
    wanted = [
        (rungs[key], code)
        for row in rows
        if (key := (row["pathway"], int(row["rung"]))) in rungs
        for code in _entries(row["role_codes"])
    ]
    through.objects.bulk_create(
        through(rung_id=rung, jobrole_id=known[code])
        for rung, code in wanted
        if code in known and rung not in has_some
    )
    return {code for _, code in wanted} - set(known)


def _link_courses() -> set[str]:
    """Courses for lines that have none; the codes of courses that are not in the catalogue."""
    through = RungCpd.courses.through
    known = dict(Course.objects.values_list("code", "pk"))
    has_some = set(through.objects.values_list("rungcpd_id", flat=True))
    wanted = [(line.pk, code) for line, row in _lines_with_rows() for code in _entries(row["course_codes"])]
    through.objects.bulk_create(
        through(rungcpd_id=line, course_id=known[code])
        for line, code in wanted
        if code in known and line not in has_some
    )
    return {code for _, code in wanted} - set(known)


def _link_routes() -> set[str]:
    """One or two routes for lines that have none; the codes of routes that the trust does not have."""
    routes = dict(Route.objects.values_list("code", "pk"))
    wanted: list[tuple[RungCpd, list[str]]] = [
        (line, _entries(row["route_codes"])) for line, row in _lines_with_rows() if line.route_id is None
    ]
    changed = []
    for line, codes in wanted:
        found = [routes[code] for code in codes if code in routes]
        if found:
            line.route_id, line.other_route_id = found[0], found[1] if len(found) > 1 else None
            changed.append(line)
    RungCpd.objects.bulk_update(changed, ["route", "other_route"])
    return {code for _, codes in wanted for code in codes} - set(routes)


def _lines_with_rows() -> Iterable[tuple[RungCpd, dict[str, str]]]:
    """Every line that reads as one of the table does, with its row there."""
    words = words_of_codes()
    rows = {in_words(row["entry"], words): row for row in _rows(HERE / "rung_courses.csv")}
    lines = RungCpd.objects.order_by("pk")
    return [(line, rows[line.words]) for line in lines if line.words in rows]


def _rungs() -> dict[tuple[str, int], int]:
    return {
        (name, number): pk for name, number, pk in Rung.objects.values_list("pathway__name", "number", "pk")
    }


def _entries(cell: str) -> list[str]:
    return [entry.strip() for entry in cell.split(";") if entry.strip()]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words_of_codes() -> dict[str, str]:
    """What each code stands for, as it is said on the page."""
    words = {row["code"]: row["title"] for row in _rows(STATUTORY)}
    for row in _rows(HERE / "apprenticeships.csv"):
        words[row["ref"]] = f"{row['title']} apprenticeship, level {row['level']}"
    for row in _rows(HERE / "npqs.csv"):
        is_npq = row["short_code"].startswith("NPQ")
        words[row["short_code"]] = f"NPQ: {row['name']}" if is_npq else row["name"]
    return words


def in_words(entry: str, words: dict[str, str]) -> str:
    """One entry of a cell with its codes written out and a capital in front."""
    text = _CODE.sub(lambda found: words.get(found[0], found[0]), entry.strip()).replace(" (check)", "")
    return (text[:1].upper() + text[1:])[:_LONGEST]
