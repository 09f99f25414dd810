"""The acceptance cases as the files that `import_staff` and `import_activities` take."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from staff.import_rows import FILE_KINDS
from tests.entitlements.acceptance import Case

ROLES = {"teacher": "TCH", "leadership": "HT", "support": "TA2", "casual": "CAS"}
ACTIVITY_COLUMNS = [
    "external_id",
    "payroll_number",
    "kind",
    "amount",
    "occurred_on",
    "title",
    "status",
    "cpd_fraction",
    "body",
    "own_time",
]


def write(path: Path, columns: Sequence[str], rows: Sequence[dict[str, object]]) -> Path:
    """One CSV file with these rows; cells that are not given are empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_staff(folder: Path, cases: dict[str, Case]) -> dict[str, Path]:
    """The five files with one person for each case, by payroll number."""
    rows: dict[str, list[dict[str, object]]] = {
        "schools": [
            {"code": "BPS", "name": "Beanfield Primary School", "kind": "school", "phase": "primary"}
        ],
        "roles": [
            {
                "code": code,
                "title": f"A {group} role",
                "department": "All",
                "job_family": "All",
                "staff_group": group,
            }
            for group, code in ROLES.items()
        ],
        "people": [{"payroll_number": number, "first_name": "Some", "last_name": "Body"} for number in cases],
        "contracts": [
            {
                "contract_id": f"{number}-{each.contract_id}",
                "payroll_number": number,
                "school_code": "BPS",
                "role_code": ROLES[each.staff_group],
                "fte": each.fte,
                "days_per_week": each.days_per_week,
                "starts_on": each.starts_on,
                "ends_on": each.ends_on or "",
                "is_main": "true" if each.is_main else "",
            }
            for number, case in cases.items()
            for each in case.contracts
        ],
        "absences": [
            {
                "payroll_number": number,
                "class": each.absence_class,
                "starts_on": each.starts_on,
                "ends_on": each.ends_on or "",
            }
            for number, case in cases.items()
            for each in case.absences
        ],
    }
    return {
        kind: write(folder / f"{kind}.csv", list(FILE_KINDS[kind].columns), found)
        for kind, found in rows.items()
    }


def write_activities(path: Path, cases: dict[str, Case]) -> Path:
    """One activities file; the casual worker's minutes are in it too."""
    return write(
        path,
        ACTIVITY_COLUMNS,
        [
            {
                "external_id": f"{number}-{position}",
                "payroll_number": number,
                "kind": each.kind,
                "amount": each.amount,
                "occurred_on": each.occurred_on,
                "title": "Something",
                "status": each.status,
                "cpd_fraction": "" if each.cpd_fraction == 1 else float(Fraction(each.cpd_fraction)),
                "body": each.body,
                "own_time": "true" if each.own_time else "",
            }
            for number, case in cases.items()
            for position, each in enumerate(case.activities)
        ],
    )
