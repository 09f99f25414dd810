"""What the frame round every page asks of the database, in one query each."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import QuerySet

from staff.models import Contract, Delegation, User
from staff.queries.prepared import Prepared

DECIDING = {"headteacher", "budget_holder"}


def has_team(user: User, *, on: date) -> bool:
    """Whether this person decides about anybody on that day: as a head or budget holder, as the
    line manager of a live contract, or for somebody who delegated it. At most one query besides
    the user's responsibilities.
    """
    if user.person_id is None:
        return False
    if any(held.kind in DECIDING for held in user.responsibilities):
        return True
    return _DECIDES.exists(user.person_id, on)


def _reports_or_lent(person_id: int, on: date) -> QuerySet[Contract]:
    reports = Contract.objects.in_force(on).filter(line_manager=person_id).order_by().values("pk")
    lent = Delegation.objects.in_force(on).filter(to_person=person_id).order_by().values("pk")
    return reports.union(lent, all=True)


_DECIDES: Final = Prepared(_reports_or_lent)
