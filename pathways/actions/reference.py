"""The trust's career pathways, from the table kept with the project."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

import entitlements
from pathways.models import Pathway, Route, Rung, RungCpd
from staff.models import JobRole, Person

HERE = Path(__file__).resolve().parents[1] / "data"
STATUTORY = Path(entitlements.__file__).resolve().parent / "data" / "statutory_training.csv"
_CODE = re.compile(r"[A-Z][A-Z0-9]+(?:-[A-Z]+)?")
_LONGEST = 120


@transaction.atomic
def load_pathways(*, by: Person | None = None) -> list[str]:
    """Write every pathway and rung of `data/pathways.csv`; again, it changes nothing.

    Codes of training, apprenticeships and NPQs are written out in words. Rungs the table no longer
    has are taken away, pathways are not. Returns the codes of roles that the trust does not have:
    those rungs are there without them. `by` None is an operator.
    """
    roles = {role.code: role for role in JobRole.objects.all()}
    words = _words_of_codes()
    unknown: set[str] = set()
    kept: dict[int, set[int]] = {}
    for row in _rows(HERE / "pathways.csv"):
        pathway, _ = Pathway.objects.get_or_create(
            name=row["pathway"], defaults={"slug": slugify(row["pathway"])}
        )
        rung, _ = Rung.objects.update_or_create(
            pathway=pathway,
            number=int(row["rung"]),
            defaults={"typical_time": row["typical_time_in_rung"]},
        )
        _write_cpd(rung, row, words)
        codes = row["role_codes"].split(";")
        unknown |= {code for code in codes if code not in roles}
        rung.job_roles.set([roles[code] for code in codes if code in roles])
        kept.setdefault(pathway.pk, set()).add(rung.number)
    for pathway_id, numbers in kept.items():
        Rung.objects.filter(pathway=pathway_id).exclude(number__in=numbers).delete()
    return sorted(unknown)


def _write_cpd(rung: Rung, row: dict[str, str], words: dict[str, str]) -> None:
    """What the rung requires and recommends, each linked to the training or route whose code it names."""
    statutory = {one["code"] for one in _rows(STATUTORY)}
    routes = {route.code: route for route in Route.objects.all()}
    kept = []
    for need in RungCpd.Need:
        for number, entry in enumerate(filter(None, row[f"{need.value}_cpd"].split(";")), start=1):
            codes = _CODE.findall(entry)
            found = [routes[code] for code in codes if code in routes]
            cpd, _ = RungCpd.objects.update_or_create(
                rung=rung,
                words=_in_words(entry, words),
                defaults={
                    "number": number,
                    "need": need,
                    "statutory_code": next((code for code in codes if code in statutory), ""),
                    "route": found[0] if found else None,
                    "other_route": found[1] if len(found) > 1 else None,
                },
            )
            kept.append(cpd.pk)
    rung.cpd.exclude(pk__in=kept).delete()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _words_of_codes() -> dict[str, str]:
    """What each code stands for, as it is said on the page."""
    words = {row["code"]: row["title"] for row in _rows(STATUTORY)}
    for row in _rows(HERE / "apprenticeships.csv"):
        words[row["ref"]] = f"{row['title']} apprenticeship, level {row['level']}"
    for row in _rows(HERE / "npqs.csv"):
        is_npq = row["short_code"].startswith("NPQ")
        words[row["short_code"]] = f"NPQ: {row['name']}" if is_npq else row["name"]
    return words


def _in_words(entry: str, words: dict[str, str]) -> str:
    """One entry of a cell with its codes written out and a capital in front."""
    text = _CODE.sub(lambda found: words.get(found[0], found[0]), entry.strip()).replace(" (check)", "")
    return (text[:1].upper() + text[1:])[:_LONGEST]
