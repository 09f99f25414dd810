"""Competencies and role profiles, from the tables kept with the project."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

from courses.models import Course
from pathways.models import Competency, NeedsLevel, RoleProfile, Route
from pathways.rules.needs import LEVEL_WORDS
from staff.models import JobRole

HERE: Final = Path(__file__).resolve().parents[1] / "data"
SOURCE: Final = "Proposed with the portal; confirmed by the people team"
CHECKED_ON: Final = date(2026, 11, 23)


@transaction.atomic
def load_competencies() -> list[str]:
    """Add the words of the five levels, the competencies, their links to courses and routes, and the profile of every role.

    Only what is not there yet: a competency or a line of a profile that the people team has changed
    stays as it is, and links are made only for a competency that has none of that kind. Returns the
    codes of roles, courses and routes named in the tables that the trust does not have. A fixed number
    of statements.
    """
    NeedsLevel.objects.bulk_create(
        (
            NeedsLevel(level=level, words=words, about=about, source=SOURCE, last_checked_on=CHECKED_ON)
            for level, (words, about) in LEVEL_WORDS.items()
        ),
        ignore_conflicts=True,
    )
    linked = {row["competency_code"]: row for row in _rows("competency_courses.csv")}
    Competency.objects.bulk_create(
        (
            Competency(
                **row,
                is_safety=linked[row["code"]]["is_safety"] == "yes",
                source=SOURCE,
                last_checked_on=CHECKED_ON,
            )
            for row in _rows("competencies.csv")
        ),
        ignore_conflicts=True,
    )
    competencies = dict(Competency.objects.values_list("code", "pk"))
    unknown = _link_courses(competencies, linked) + _link_routes(competencies, linked)
    return sorted({*unknown, *_write_profiles(competencies)})


def _write_profiles(competencies: dict[str, int]) -> set[str]:
    """The lines of profiles that are not there; the codes of roles nobody holds here."""
    roles = dict(JobRole.objects.values_list("code", "pk"))
    rows = _rows("role_profiles.csv")
    RoleProfile.objects.bulk_create(
        (
            RoleProfile(
                job_role_id=roles[row["role_code"]],
                competency_id=competencies[row["competency_code"]],
                required_level=int(row["required_level"]),
                weight=int(row["weight"]),
            )
            for row in rows
            if row["role_code"] in roles
        ),
        ignore_conflicts=True,
    )
    return {row["role_code"] for row in rows} - set(roles)


def _link_courses(competencies: dict[str, int], linked: dict[str, dict[str, str]]) -> list[str]:
    through = Competency.courses.through
    known = dict(Course.objects.values_list("code", "pk"))
    has_some = set(through.objects.values_list("competency_id", flat=True))
    wanted = [(code, course) for code, row in linked.items() for course in _codes(row["course_codes"])]
    through.objects.bulk_create(
        (
            through(competency_id=competencies[code], course_id=known[course])
            for code, course in wanted
            if course in known and competencies[code] not in has_some
        ),
        ignore_conflicts=True,
    )
    return [course for _, course in wanted if course not in known]


def _link_routes(competencies: dict[str, int], linked: dict[str, dict[str, str]]) -> list[str]:
    through = Competency.routes.through
    known = dict(Route.objects.values_list("code", "pk"))
    has_some = set(through.objects.values_list("competency_id", flat=True))
    wanted = [(code, route) for code, row in linked.items() for route in _codes(row["route_codes"])]
    through.objects.bulk_create(
        (
            through(competency_id=competencies[code], route_id=known[route])
            for code, route in wanted
            if route in known and competencies[code] not in has_some
        ),
        ignore_conflicts=True,
    )
    return [route for _, route in wanted if route not in known]


def _codes(cell: str) -> list[str]:
    return [code for code in cell.split(";") if code]


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
