"""What the ledger says about the steps of inductions: training that is already on record."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import entitlements
from entitlements.models import LedgerEntry
from pathways.models import InductionStep
from pathways.rules.induction import counts_from, is_record_of

_STATUTORY = Path(entitlements.__file__).resolve().parent / "data" / "statutory_training.csv"


@cache
def statutory_training() -> dict[str, tuple[str, int]]:
    """Title and months of validity of each required training, by its code; 0: it never runs out."""
    with _STATUTORY.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["title"], int(row["validity_months"] or 0)) for row in csv.DictReader(file)}


def records_of(steps: Sequence[InductionStep]) -> dict[int, date]:
    """By the pk of each step whose training is on record for that start: the day of it, the latest.

    A reversed credit is none. The steps come with `induction` and `course`. One query.
    """
    people = {step.induction.person_id for step in steps}
    entries: dict[int, list[tuple[date, str]]] = defaultdict(list)
    standing = LedgerEntry.objects.filter(
        person__in=people, reverses__isnull=True, reversed_by__isnull=True
    ).order_by("-occurred_on", "-pk")
    for person_id, occurred_on, title in standing.values_list("person_id", "occurred_on", "title"):
        entries[person_id].append((occurred_on, title))
    found = {}
    for step in steps:
        day = _latest(step, entries[step.induction.person_id])
        if day is not None:
            found[step.pk] = day
    return found


def _latest(step: InductionStep, entries: list[tuple[date, str]]) -> date | None:
    title, months = statutory_training().get(step.statutory_code, ("", 0))
    since = counts_from(step.induction.starts_on, months)
    for occurred_on, entry_title in entries:
        if occurred_on < since:
            return None
        if title and is_record_of(entry_title, title):
            return occurred_on
        if step.course is not None and entry_title == step.course.title:
            return occurred_on
    return None
