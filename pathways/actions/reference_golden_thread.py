"""The appropriate bodies, from the table kept with the project (DOMAIN section 1)."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

from pathways.models import AppropriateBody
from staff.models import School

HERE: Final = Path(__file__).resolve().parents[1] / "data" / "appropriate_bodies.csv"
CHECKED_ON: Final = date(2026, 11, 23)
_SOURCES: Final = {"S": "public source", "M": "from memory, to be confirmed", "P": "proposed with the portal"}


@transaction.atomic
def load_appropriate_bodies() -> list[str]:
    """Add the bodies that are not there yet; one that is there stays as the people team has it.

    Returns the codes of lead schools that the trust does not have: those bodies are there without.
    """
    with HERE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    schools = dict(School.objects.values_list("code", "pk"))
    known = set(AppropriateBody.objects.values_list("name", flat=True))
    AppropriateBody.objects.bulk_create(
        AppropriateBody(
            name=row["name"],
            lead_school_id=schools.get(row["lead_school_code"]),
            is_training_provider=row["is_training_provider"] == "yes",
            source=_SOURCES[row["src"]],
            last_checked_on=CHECKED_ON,
        )
        for row in rows
        if row["name"] not in known
    )
    wanted = {row["lead_school_code"] for row in rows if row["lead_school_code"]}
    return sorted(wanted - set(schools))
