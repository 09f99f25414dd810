"""What has to be signed before a request starts, and what is still missing."""

from __future__ import annotations

from datetime import date
from typing import Final

from pathways.models import Route, RouteRequest, RouteSignature

_PLAN, _APPRENTICE, _COST = "training_plan", "apprenticeship", "training_cost"
NEEDED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    Route.Kind.APPRENTICESHIP: (
        (_PLAN, "learner"),
        (_PLAN, "employer"),
        (_PLAN, "provider"),
        (_APPRENTICE, "learner"),
        (_APPRENTICE, "employer"),
    ),
    Route.Kind.MASTERS: ((_COST, "learner"), (_COST, "employer")),
}
"""The signatures each kind of route needs: (document, party)."""


def signatures_needed(request: RouteRequest) -> tuple[tuple[str, str], ...]:
    """Every (document, party) that has to be there before the start, or before any spend."""
    return NEEDED.get(request.route.kind, ())


def signatures_missing(request: RouteRequest) -> list[tuple[str, str]]:
    """Those that are not there yet. One query."""
    there = set(RouteSignature.objects.filter(request=request).values_list("document", "party"))
    return [one for one in signatures_needed(request) if one not in there]


def last_signed_on(request: RouteRequest) -> date | None:
    """The day of the last signature that its kind needs; None where it needs none, or none is there. One query."""
    needed = signatures_needed(request)
    rows = RouteSignature.objects.filter(request=request).values_list("document", "party", "signed_on")
    return max((day for document, party, day in rows if (document, party) in needed), default=None)


def signature_words(document: str, party: str) -> str:
    """ "Training plan, learner"."""
    return f"{RouteSignature.Document(document).label}, {RouteSignature.Party(party).label.lower()}"
