"""What the frame round every page asks of the database, in one query each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Model, Q, QuerySet

from bwt_cpd.queries.inbox import TO_ANSWER
from courses.queries.leading import sessions_trained_by
from pathways.queries.request_deciders import TIERS
from staff.models import Contract, Delegation, Responsibility, User
from staff.queries.prepared import Prepared, exist_and_count

WITH_A_TEAM: Final = ("headteacher", "people_team")
ASKED: Final = tuple(sorted({kind for tier in TIERS.values() for kind in tier}))
"""Whoever is asked to decide something in the inbox: besides those, budget holders and finance."""


@dataclass(frozen=True)
class Standing:
    """What somebody decides about, which makes their pages differ from those of others.

    `has_team`: a page Team makes sense: as a head, in the people team, as the line manager of a live
    contract, or for one of these who delegated it. `decides`: something may wait for a decision of theirs,
    a team or not. `trains`: a trainer, or named as one on any session. `answers`: how many places and requests for
    coaching wait for their own answer.
    """

    has_team: bool = False
    decides: bool = False
    trains: bool = False
    answers: int = 0


def has_team(user: User, *, on: date) -> bool:
    """Whether this person decides about anybody on that day; see `Standing`."""
    return standing_on(user, on=on).has_team


def standing_on(user: User, *, on: date) -> Standing:
    """What nearly everybody's pages ask. At most one query besides the user's responsibilities."""
    if user.person_id is None:
        return Standing()
    (reports, team_lent, lent, trains), answers = exist_and_count(
        (_REPORTS, _TEAM_LENT, _LENT, _TRAINS), TO_ANSWER, user.person_id, on
    )
    held = {one.kind for one in user.responsibilities}
    team = reports or team_lent or not held.isdisjoint(WITH_A_TEAM)
    decides = team or lent or not held.isdisjoint(ASKED)
    return Standing(team, decides, trains or "trainer" in held, answers)


def _reports(person_id: int, on: date) -> QuerySet[Model, object]:
    given = Delegation.objects.in_force(on).filter(to_person=person_id).values("from_person")
    reports = Contract.objects.in_force(on).filter(Q(line_manager=person_id) | Q(line_manager__in=given))
    return reports.order_by().values("pk")


def _lent(person_id: int, on: date, kinds: tuple[str, ...] = ASKED) -> QuerySet[Model, object]:
    given = Delegation.objects.in_force(on).filter(to_person=person_id).values("from_person")
    return (
        Responsibility.objects.in_force(on).filter(person__in=given, kind__in=kinds).order_by().values("pk")
    )


_REPORTS: Final = Prepared(_reports)
_TEAM_LENT: Final = Prepared(lambda person_id, on: _lent(person_id, on, WITH_A_TEAM))
_LENT: Final = Prepared(_lent)
_TRAINS: Final = Prepared(lambda person_id, on: sessions_trained_by(person_id).order_by().values("pk"))
