"""A Masters panel keeps to its budget, or says why not (DOMAIN section 4): asked wherever an award costs more.

Under the panel's row lock, taken before the request's, so that two awards at once share no pound.
"""

from __future__ import annotations

from datetime import datetime

from pathways.actions.request_steps import RequestRefused
from pathways.models import MastersPanel, PanelOverspend, RouteRequest
from pathways.queries.panels import budget_of
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import money

FEES_NEEDED = "Write the fees of each year first: the panel's budget has to cover them."


def above_the_budget(left_pence: int, cost_pence: int) -> str:
    """Why a cost above what the budget has left needs a reason."""
    return (
        f"The panel's budget has {money(max(0, left_pence))} left, and this costs {money(cost_pence)}. "
        f"Say why it is spent all the same, or leave it."
    )


def locked_panel_of(request_id: int) -> MastersPanel | None:
    """The panel of a request under its row lock; None where it has none. Before the request is locked."""
    return MastersPanel.objects.select_for_update(of=("self",)).filter(requests=request_id).first()


def over_budget(panel: MastersPanel | None, more_pence: int | None, reason: str) -> int:
    """How far a further spend takes a locked panel above its budget, in pence; 0 where it fits.

    Raises ActionRefused where the cost is not known, RequestRefused where it does not fit and no reason is given.
    """
    budget = budget_of(panel) if panel else None
    if budget is None or not budget.is_fixed:
        return 0
    if more_pence is None:
        raise ActionRefused(FEES_NEEDED)
    over = budget.over_with(more_pence)
    if over and not reason.strip():
        raise RequestRefused(
            "overspend_reason",
            above_the_budget(budget.left_pence, more_pence),
        )
    return over


def record_overspend(request: RouteRequest, over_pence: int, reason: str, by: Person, now: datetime) -> None:
    """Keep what was spent above the budget and why; nothing where it fits."""
    if over_pence:
        PanelOverspend.objects.create(
            request=request, over_pence=over_pence, reason=reason.strip(), made_by=by, made_at=now
        )
