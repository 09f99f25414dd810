"""The kinds of CPD and the years around the start of the portal, so that an empty one can be used.

Kinds come from `entitlements/data/activity_kinds.csv`; the people team may change their words, units and
caps afterwards. Later years are made when they are first needed.
"""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

KINDS = Path(__file__).resolve().parent.parent / "data" / "activity_kinds.csv"
# The trust records these itself, by a register of its own: nobody claims them.
RECORDED_BY_THE_TRUST = {
    "inset_day",
    "inset_half",
    "twilight",
    "bite_size",
    "leadership_programme",
    "springboard",
    "induction",
}
YEARS = (2025, 2026, 2027)


def load(apps, schema_editor):
    """Every kind of the file, and three years, each with its policy."""
    kind_model = apps.get_model("entitlements", "ActivityKind")
    with KINDS.open(encoding="utf-8", newline="") as file:
        kind_model.objects.bulk_create(
            kind_model(
                code=row["code"],
                title=row["title"],
                unit=row["unit"],
                counts_as=row["counts_as"],
                needs_evidence=row["needs_evidence"],
                direction=row["given_or_received"],
                may_be_claimed=row["code"] not in RECORDED_BY_THE_TRUST,
            )
            for row in csv.DictReader(file)
        )
    year_model = apps.get_model("entitlements", "AcademicYear")
    policy_model = apps.get_model("entitlements", "EntitlementPolicy")
    for first in YEARS:
        year = year_model.objects.create(
            name=f"{first}/{(first + 1) % 100:02d}",
            starts_on=date(first, 9, 1),
            ends_on=date(first + 1, 8, 31),
        )
        policy_model.objects.create(year=year)


def unload(apps, schema_editor):
    """Takes the policies, years and kinds back; one that is in use stops it (RESTRICT)."""
    apps.get_model("entitlements", "EntitlementPolicy").objects.all().delete()
    apps.get_model("entitlements", "AcademicYear").objects.all().delete()
    apps.get_model("entitlements", "ActivityKind").objects.all().delete()


class Migration(migrations.Migration):
    initial = True
    dependencies = [("entitlements", "0002_triggers")]

    operations = [migrations.RunPython(load, unload)]
