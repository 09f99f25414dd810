"""What may happen to a request for a funded route, and in which capacity (DOMAIN section 4; DESIGN invariant 4).

The one table of moves: the actions follow it, the pages offer what it allows, and the database is
given the same table as constraint and trigger, so that nothing else can write round it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class RequestState(StrEnum):
    """Where a request is, or with whom."""

    DRAFT = "draft"
    MANAGER = "manager"
    BUDGET = "budget"
    PEOPLE = "people"
    FINANCE = "finance"
    PANEL = "panel"
    QUESTIONED = "questioned"
    AGREED = "agreed"
    ON_PROGRAMME = "on_programme"
    ON_BREAK = "on_break"
    COMPLETED = "completed"
    DECLINED = "declined"
    APPEALED = "appealed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class RequestStep(StrEnum):
    """What somebody does with it."""

    SENT = "sent"
    SUPPORTED = "supported"
    FUNDED = "funded"
    CHECKED = "checked"
    COVERED = "covered"
    AWARDED = "awarded"
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"
    APPEALED = "appealed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Capacity(StrEnum):
    """As what somebody acts. The requester is never anything else on their own request."""

    REQUESTER = "requester"
    LINE_MANAGER = "line_manager"
    BUDGET_HOLDER = "budget_holder"
    HEADTEACHER = "headteacher"
    PEOPLE_TEAM = "people_team"
    FINANCE = "finance"


@dataclass(frozen=True)
class Move:
    """One step from one state to another, for these capacities."""

    source: RequestState
    step: RequestStep
    target: RequestState
    capacities: frozenset[Capacity]


_S, _T, _C = RequestState, RequestStep, Capacity

UNDER_WAY: Final = frozenset({_S.ON_PROGRAMME, _S.ON_BREAK})
"""The states in which somebody is on the route, learning or on a break."""

ASKED_OF: Final[dict[RequestState, frozenset[Capacity]]] = {
    _S.MANAGER: frozenset({_C.LINE_MANAGER, _C.HEADTEACHER, _C.PEOPLE_TEAM}),
    _S.BUDGET: frozenset({_C.BUDGET_HOLDER, _C.HEADTEACHER, _C.PEOPLE_TEAM}),
    _S.PEOPLE: frozenset({_C.PEOPLE_TEAM}),
    _S.FINANCE: frozenset({_C.FINANCE}),
    _S.PANEL: frozenset({_C.PEOPLE_TEAM}),
}
"""Who is asked in each state that waits for a decision. The people team stands in for a manager or a
budget holder only where there is nobody nearer (`pathways.queries.request_deciders`)."""

_REQUESTER = frozenset({_C.REQUESTER})
_PEOPLE_TEAM = frozenset({_C.PEOPLE_TEAM})
_FORWARD: Final = (
    (_S.MANAGER, _T.SUPPORTED, _S.BUDGET),
    (_S.BUDGET, _T.FUNDED, _S.PEOPLE),
    (_S.PEOPLE, _T.CHECKED, _S.AGREED),
    (_S.PEOPLE, _T.CHECKED, _S.FINANCE),
    (_S.PEOPLE, _T.CHECKED, _S.PANEL),
    (_S.FINANCE, _T.COVERED, _S.AGREED),
    (_S.PANEL, _T.AWARDED, _S.AGREED),
)
_WITHDRAWABLE: Final = (_S.DRAFT, *ASKED_OF, _S.QUESTIONED, _S.AGREED, _S.ON_PROGRAMME, _S.ON_BREAK)

MOVES: Final[tuple[Move, ...]] = (
    Move(_S.DRAFT, _T.SENT, _S.MANAGER, _REQUESTER),
    *(Move(source, step, target, ASKED_OF[source]) for source, step, target in _FORWARD),
    *(Move(state, _T.ASKED, _S.QUESTIONED, asked) for state, asked in ASKED_OF.items()),
    *(Move(_S.QUESTIONED, _T.ANSWERED, state, _REQUESTER) for state in ASKED_OF),
    *(Move(state, _T.DECLINED, _S.DECLINED, asked) for state, asked in ASKED_OF.items()),
    Move(_S.DECLINED, _T.APPEALED, _S.APPEALED, _REQUESTER),
    *(Move(_S.APPEALED, _T.UPHELD, state, _PEOPLE_TEAM) for state in ASKED_OF),
    Move(_S.APPEALED, _T.DISMISSED, _S.CLOSED, _PEOPLE_TEAM),
    Move(_S.AGREED, _T.STARTED, _S.ON_PROGRAMME, _PEOPLE_TEAM),
    Move(_S.ON_PROGRAMME, _T.PAUSED, _S.ON_BREAK, _PEOPLE_TEAM),
    Move(_S.ON_BREAK, _T.RESUMED, _S.ON_PROGRAMME, _PEOPLE_TEAM),
    Move(_S.ON_PROGRAMME, _T.COMPLETED, _S.COMPLETED, _PEOPLE_TEAM),
    *(Move(state, _T.WITHDRAWN, _S.WITHDRAWN, _REQUESTER) for state in _WITHDRAWABLE),
    *(
        Move(state, _T.WITHDRAWN, _S.WITHDRAWN, _PEOPLE_TEAM)
        for state in (_S.AGREED, _S.ON_PROGRAMME, _S.ON_BREAK)
    ),
)

ALLOWED: Final = frozenset(
    (move.source, move.step, move.target, capacity) for move in MOVES for capacity in move.capacities
)
"""Every (state, step, state, capacity) there may be."""

OVER: Final = frozenset({_S.COMPLETED, _S.CLOSED, _S.WITHDRAWN, _S.DECLINED})
"""States after which somebody may ask for the same route again."""

OWN_STEPS: Final = frozenset({_T.SENT, _T.ANSWERED, _T.APPEALED})
"""Steps of the requester alone; withdrawing is theirs too, but the people team may do it once it is agreed."""

DECIDING: Final = frozenset({_T.SUPPORTED, _T.FUNDED, _T.CHECKED, _T.COVERED, _T.AWARDED})
"""Steps that say yes for one part of the trust. Nobody takes two of them on one request (DOMAIN section 7:
same-person approvals skip upward), nor any other part in it while a further one is asked for."""

RIVALS_IN: Final = frozenset({_S.PEOPLE, _S.PANEL, _S.APPEALED})
"""Where nobody decides about a Masters who has applied to the same panel, nor a stand-in for them."""

NEEDS_WORDS: Final = frozenset({_T.ASKED, _T.ANSWERED, _T.DECLINED, _T.APPEALED, _T.DISMISSED, _T.PAUSED})
"""Steps that say why, for the person to read."""


def after_checks(kind: str, payer: str, levy_forecast_pence: int | None) -> RequestState:
    """Where a checked request goes: a Masters always to the panel, one that the levy pays to finance where
    its account is forecast below 0, everything else is agreed (DOMAIN section 4, steps 4 and 5)."""
    if kind == "masters":
        return RequestState.PANEL
    is_short = payer == "levy" and levy_forecast_pence is not None and levy_forecast_pence < 0
    return RequestState.FINANCE if is_short else RequestState.AGREED


def is_allowed(source: RequestState, step: RequestStep, target: RequestState, capacity: Capacity) -> bool:
    """Whether somebody in this capacity may take this step from one state to the other."""
    return (source, step, target, capacity) in ALLOWED


def steps_from(state: RequestState, capacity: Capacity) -> frozenset[RequestStep]:
    """What somebody in this capacity may do with a request in this state."""
    return frozenset(move.step for move in MOVES if move.source == state and capacity in move.capacities)
