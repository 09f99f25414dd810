"""What the frame round every page asks of the database, in one query each."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from bwt_cpd.queries.inbox import TO_ANSWER
from staff.models import Contract, Delegation, Responsibility, User
from staff.queries.prepared import Prepared

DECIDING = ("headteacher", "people_team")


def has_team(user: User, *, on: date) -> bool:
    """Whether this person decides about anybody on that day, so that a page Team makes sense: as a head,
    in the people team, as the line manager of a live contract, or for one of these who delegated it.
    At most one query besides the user's responsibilities.
    """
    return team_and_answers(user, on=on)[0]


def team_and_answers(user: User, *, on: date) -> tuple[bool, int]:
    """`has_team`, and how many places and requests for coaching wait for this person's own answer: what
    nearly everybody's pages ask.

    At most one query besides the user's responsibilities.
    """
    if user.person_id is None:
        return False, 0
    decides, answers = _DECIDES.exists_beside_count(TO_ANSWER, user.person_id, on)
    return decides or any(held.kind in DECIDING for held in user.responsibilities), answers


def _reports_or_lent(person_id: int, on: date) -> QuerySet[Any, Any]:
    given = Delegation.objects.in_force(on).filter(to_person=person_id).values("from_person")
    reports = Contract.objects.in_force(on).filter(Q(line_manager=person_id) | Q(line_manager__in=given))
    lent = Responsibility.objects.in_force(on).filter(person__in=given, kind__in=DECIDING)
    return reports.order_by().values("pk").union(lent.order_by().values("pk"), all=True)


_DECIDES: Final = Prepared(_reports_or_lent)
