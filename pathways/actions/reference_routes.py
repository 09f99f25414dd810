"""The funded routes, from the tables kept with the project."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.text import slugify

from pathways.models import Route
from pathways.rules.funding import NPQ_WORDS

HERE: Final = Path(__file__).resolve().parents[1] / "data"
CHECKED_ON: Final = date(2026, 11, 23)
_FUNDING: Final[dict[str, dict[str, object]]] = {
    "funded": {"funding_status": Route.Funding.FUNDED},
    "check": {"funding_status": Route.Funding.UNCONFIRMED},
    "withdrawn": {"funding_status": Route.Funding.WITHDRAWN},
    "funded_age_16_24": {
        "funding_status": Route.Funding.AGE_LIMITED,
        "youngest_age": 16,
        "oldest_age": 24,
    },
    "age_16_21_only": {
        "funding_status": Route.Funding.AGE_LIMITED,
        "youngest_age": 16,
        "oldest_age": 21,
        "funding_words": "Care leavers and people with an education, health and care plan: up to 24.",
    },
}
"""How the statuses of `apprenticeships.csv` read as the fields of a route (DOMAIN section 4)."""
_SOURCES: Final = {
    "S": "public source",
    "X": "third-party register",
    "M": "from memory, to be confirmed",
    "P": "proposed with the portal",
}
_NPQ_FEES: Final = {"NPQH": 194_900}
"""What is known of the price for whoever pays themselves: £1,949 before VAT (DOMAIN section 3)."""


@transaction.atomic
def load_routes() -> list[str]:
    """Add the routes that are not there yet: apprenticeships, NPQs, and those of `other_routes.csv`.

    A route whose code is there stays exactly as it is, alternatives too: from the first load on the people
    team keeps its facts in the admin, and nothing of theirs is overwritten or comes back. So a change of
    the tables reaches only a trust that has not got that route. Alternatives are linked only from routes
    that this run has added. Returns the codes named as alternatives that the trust does not have. Four
    statements at most.
    """
    known = set(Route.objects.values_list("code", flat=True))
    alternatives = {row["code"]: row for row in _rows("route_alternatives.csv")}
    new = [route for route in _routes() if route.code not in known]
    for route in new:
        route.last_checked_on = CHECKED_ON
        if row := alternatives.get(route.code):
            route.alternative_words = row["alternative_words"]
    Route.objects.bulk_create(new, ignore_conflicts=True)
    keys = dict(Route.objects.values_list("code", "pk"))
    added = {route.code for route in new}
    wanted = [
        (code, other)
        for code, row in alternatives.items()
        if code in added
        for other in filter(None, row["alternative_codes"].split(";"))
    ]
    through = Route.alternatives.through
    through.objects.bulk_create(
        (
            through(from_route_id=keys[code], to_route_id=keys[other])
            for code, other in wanted
            if other in keys
        ),
        ignore_conflicts=True,
    )
    return sorted({other for _, other in wanted} - set(keys))


def _routes() -> Iterator[Route]:
    for row in _rows("apprenticeships.csv"):
        last = row["last_funded_start"]
        yield Route(
            kind=Route.Kind.APPRENTICESHIP,
            code=row["ref"],
            slug=slugify(row["title"]),
            title=row["title"],
            level=int(row["level"]),
            job_family=row["job_family"],
            typical_months=int(row["typical_months"]),
            max_funding_pence=int(row["max_funding_gbp"]) * 100,
            last_funded_start_on=date.fromisoformat(last) if last else None,
            source=_source(row["src"]),
            **_FUNDING[row["funding_status"]],
        )
    for row in _rows("npqs.csv"):
        is_npq = row["short_code"].startswith("NPQ")
        rule = row["funding_nov_2026"].partition(" ")[0]
        yield Route(
            kind=Route.Kind.NPQ,
            code=row["short_code"],
            slug=row["identifier"],
            title=f"NPQ: {row['name']}" if is_npq else row["name"],
            job_family="Leadership" if row["group"] != "specialist" else "Teaching",
            typical_months=int(row["months_taught"]),
            assessment_months=int(row["months_assessment"]),
            fee_pence=_NPQ_FEES.get(row["short_code"]),
            funding_status=Route.Funding.FUNDED
            if rule == "all_publicly_funded"
            else Route.Funding.SCHOOL_RULE,
            funding_words=NPQ_WORDS[rule],
            npq_rule=rule,
            source=_source(row["src"]),
        )
    for row in _rows("other_routes.csv"):
        numbers = {name: int(row[name]) if row[name] else None for name in _NUMBERS}
        words = {name: row[name] for name in _WORDS}
        yield Route(slug=slugify(row["title"]), source=_source(row["src"]), **words, **numbers)


_NUMBERS: Final = ("level", "typical_months", "credits")
_WORDS: Final = ("code", "kind", "title", "job_family", "funding_status", "funding_words", "summary")


def _source(marks: str) -> str:
    """ "code S / band M" as "Code: public source; band: from memory, to be confirmed"."""
    parts = [part.strip().rpartition(" ") for part in marks.split("/")]
    if len(parts) > 1:
        words = "; ".join(f"{what}: {_SOURCES[mark]}" for what, _, mark in parts)
    else:
        words = "; ".join(_SOURCES[mark] for mark in marks.split())
    return words[:1].upper() + words[1:]


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
