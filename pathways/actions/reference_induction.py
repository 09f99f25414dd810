"""The induction checklist, from the table kept with the project."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

from courses.models import Course
from pathways.models import InductionTemplate, InductionTemplateStep
from staff.models import JobRole

HERE: Final = Path(__file__).resolve().parents[1] / "data" / "induction_steps.csv"
SOURCE: Final = "Proposed with the portal; confirmed by the people team"
CHECKED_ON: Final = date(2026, 11, 23)


@transaction.atomic
def load_induction_templates() -> list[str]:
    """Add the templates that are not there yet, with their steps; one that is there stays as it is.

    So that what the people team has changed or taken out does not come back. A step is linked to a course
    only where the trust has it. Returns the codes of courses and roles that it does not have.
    """
    courses = dict(Course.objects.values_list("code", "pk"))
    roles = dict(JobRole.objects.values_list("code", "pk"))
    unknown: set[str] = set()
    for name, rows in _by_template().items():
        template, is_new = InductionTemplate.objects.get_or_create(
            name=name,
            defaults={
                "staff_groups": _listed(rows[0]["staff_groups"]),
                "job_families": _listed(rows[0]["job_families"]),
                "source": SOURCE,
                "last_checked_on": CHECKED_ON,
            },
        )
        if not is_new:
            continue
        codes = _listed(rows[0]["role_codes"])
        unknown |= {code for code in codes if code not in roles}
        template.job_roles.set([roles[code] for code in codes if code in roles])
        if codes and not template.job_roles.exists():
            # Without its roles it would be for everybody.
            InductionTemplate.objects.filter(pk=template.pk).update(is_active=False)
        unknown |= {row["course_code"] for row in rows if row["course_code"]} - set(courses)
        InductionTemplateStep.objects.bulk_create(
            InductionTemplateStep(
                template=template,
                number=number,
                title=row["title"],
                words=row["words"],
                done_by=row["done_by"],
                due_days=int(row["due_days"]),
                course_id=courses.get(row["course_code"]),
                statutory_code=row["statutory_code"],
            )
            for number, row in enumerate(rows, start=1)
        )
    return sorted(unknown)


def _by_template() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with HERE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["template"]].append(row)
    return found


def _listed(cell: str) -> list[str]:
    return [one for one in cell.split(";") if one]
