"""The people team's board: every request under way, by stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import BooleanField, CharField, ExpressionWrapper, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from pathways.models import RouteRequest
from pathways.queries.requests_waiting import waits_for_nobody
from pathways.rules.working_days import working_days_since
from staff.models import Contract
from staff.queries.main_contract import MAIN_FIRST
from staff.wording import counted

NOBODY_LEFT: Final = (
    "Nobody can decide this: whoever could is the requester or has taken a step already. Name somebody else."
)
STAGES: Final = (
    ("manager", "Line manager"),
    ("budget", "Budget holder"),
    ("people", "People team"),
    ("finance", "Finance"),
    ("panel", "Masters panel"),
    ("questioned", "Question out"),
    ("appealed", "Appeal"),
    ("agreed", "Agreed, not started"),
    ("on_programme", "On programme"),
    ("on_break", "On a break"),
)
"""The columns: every state in which a request is with somebody, in the order of the chain."""


@dataclass(frozen=True)
class Card:
    """One request on the board; `waited` is how long it has been in its stage, `stuck` why nobody can decide it."""

    request: RouteRequest
    school: str
    waited: str
    is_overdue: bool
    stuck: str = ""


@dataclass
class Column:
    """One stage with its requests, the longest there first."""

    state: str
    words: str
    cards: list[Card] = field(default_factory=list)

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(card.is_overdue for card in self.cards)


@dataclass(frozen=True)
class Board:
    """All columns, with how many there are in all."""

    columns: list[Column]
    total: int
    overdue: int


def board_of(
    seen: QuerySet[RouteRequest], on: date, *, school: str = "", kind: str = "", is_late: bool = False
) -> Board:
    """The board of what the reader may see, by code of school and kind of route. One query.

    Drafts are nobody else's business and what is over is in the reports. A request is overdue when its
    decision was due before the day. It is stuck where everybody who could decide it has taken a step of it.
    """
    contracts = Contract.objects.in_force(on).filter(person=OuterRef("person")).order_by(*MAIN_FIRST)
    rows = (
        seen.filter(state__in=[state for state, _ in STAGES])
        .annotate(
            school_code=_of(contracts, "school__code"),
            school_name=_of(contracts, "school__name"),
            is_stuck=ExpressionWrapper(waits_for_nobody(on), output_field=BooleanField()),
        )
        .order_by("state_since_at", "pk")
    )
    if school:
        rows = rows.filter(school_code=school)
    if kind:
        rows = rows.filter(route__kind=kind)
    if is_late:
        rows = rows.filter(due_on__lt=on)
    columns = {state: Column(state, words) for state, words in STAGES}
    for row in rows:
        columns[row.state].cards.append(_card(row, on))
    found = list(columns.values())
    return Board(
        found,
        sum(len(column.cards) for column in found),
        sum(column.overdue for column in found),
    )


def _of(contracts: QuerySet[Contract], name: str) -> Coalesce:
    return Coalesce(Subquery(contracts.values(name)[:1]), Value(""), output_field=CharField())


def _card(row: RouteRequest, on: date) -> Card:
    days = working_days_since(timezone.localdate(row.state_since_at), on)
    return Card(
        request=row,
        school=row.school_name,  # type: ignore[attr-defined]
        waited=f"{counted(days, 'working day')} here" if days else "Since today",
        is_overdue=row.due_on is not None and row.due_on < on,
        stuck=NOBODY_LEFT if row.is_stuck else "",  # type: ignore[attr-defined]
    )
