"""Reminders of pathways: each part says who is due what; here it becomes a line of the digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from bwt_cpd.queries.reminders_item import Item, midnight
from pathways.queries import (
    coaching_due,
    golden_thread_due,
    induction_due,
    needs_due,
    programme_due,
    requests_due,
)
from pathways.queries.due import Due

DECISIONS, NEEDS = "wants_decision_reminders", "wants_needs_reminders"
INDUCTION, GROWTH = "wants_induction_reminders", "wants_growth_reminders"
PREFERENCES: Final = {
    "request_reminder": DECISIONS,
    "request_overdue": DECISIONS,
    "request_question": DECISIONS,
    "request_unsigned": DECISIONS,
    "panel_deadline": GROWTH,
    "programme_review_due": GROWTH,
    "programme_review_late": GROWTH,
    "back_from_break": GROWTH,
    "coaching_asked": DECISIONS,
    "coaching_supervision": GROWTH,
    "needs_self": NEEDS,
    "needs_team": NEEDS,
    "induction_due": INDUCTION,
    "induction_late": INDUCTION,
    "review_due": GROWTH,
    "review_late": GROWTH,
    "interest_unanswered": DECISIONS,
}
"""With which of their choices somebody does without a kind."""

OF_USE_FOR: Final = timedelta(days=2)


_PARTS: Final[tuple[Callable[[date], Iterator[Due]], ...]] = (
    requests_due.due_on,
    programme_due.due_on,
    coaching_due.due_on,
    induction_due.due_on,
    golden_thread_due.due_on,
    needs_due.due_on,
)


def from_pathways(on: date) -> Iterator[Item]:
    """What is due on a date in requests and programmes, coaching, inductions, the early years of teaching and learning needs."""
    for part in _PARTS:
        for due in part(on):
            yield Item(
                person_id=due.person_id,
                kind=due.kind,
                subject_key=due.subject_key,
                line=due.line,
                url=due.url,
                label=due.label,
                not_after=midnight(on + OF_USE_FOR),
                preference=PREFERENCES[due.kind],
            )
