"""What the frame round every page asks of the database, in one query each."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists

from staff.models import Contract, Delegation, User

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
    reports = Contract.objects.in_force(on).filter(line_manager=user.person_id)
    lent = Delegation.objects.in_force(on).filter(to_person=user.person_id)
    return User.objects.filter(pk=user.pk).filter(Exists(reports) | Exists(lent)).exists()
