"""What the frame round every page asks of the database, in one query each."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from bwt_cpd.queries.inbox import TO_ANSWER
from courses.queries.leading import sessions_trained_by
from staff.models import Contract, Delegation, Responsibility, User
from staff.queries.prepared import Prepared, exist_beside_count

DECIDING = ("headteacher", "people_team")


class Asked(NamedTuple):
    """What nearly everybody's pages ask: whether they decide about anybody and are named a trainer of any
    session, and how many places and requests for coaching wait for their own answer.
    """

    has_team: bool = False
    trains: bool = False
    answers: int = 0


def has_team(user: User, *, on: date) -> bool:
    """Whether this person decides about anybody on that day, so that a page Team makes sense: as a head,
    in the people team, as the line manager of a live contract, or for one of these who delegated it.
    At most one query besides the user's responsibilities.
    """
    return asked_of(user, on=on).has_team


def asked_of(user: User, *, on: date) -> Asked:
    """What nearly everybody's pages ask. At most one query besides the user's responsibilities."""
    if user.person_id is None:
        return Asked()
    (decides, trains), answers = exist_beside_count([_DECIDES, _TRAINS], TO_ANSWER, user.person_id, on)
    has_team = decides or any(held.kind in DECIDING for held in user.responsibilities)
    return Asked(has_team, trains, answers)


def _reports_or_lent(person_id: int, on: date) -> QuerySet[Any, Any]:
    given = Delegation.objects.in_force(on).filter(to_person=person_id).values("from_person")
    reports = Contract.objects.in_force(on).filter(Q(line_manager=person_id) | Q(line_manager__in=given))
    lent = Responsibility.objects.in_force(on).filter(person__in=given, kind__in=DECIDING)
    return reports.order_by().values("pk").union(lent.order_by().values("pk"), all=True)


_DECIDES: Final = Prepared(_reports_or_lent)
_TRAINS: Final = Prepared(lambda person_id, on: sessions_trained_by(person_id).order_by().values("pk"))
