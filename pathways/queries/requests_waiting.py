"""Who is asked about a request today, in one condition: for the inbox and its count, and for the board.

The same as `pathways.queries.request_deciders.asked_about` says of one request; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Field,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from pathways.models import Route, RouteDecision, RouteRequest
from pathways.queries.request_deciders import WAITING
from pathways.rules.requests import DECIDING, RIVALS_IN
from staff.models import Contract, Delegation, Person, Responsibility
from staff.queries.deciders import not_left

_DECIDING: Final = sorted(DECIDING)


@dataclass(frozen=True)
class _Asked:
    """Who may be asked about the request of the outer query, without those who have had their say."""

    managers: QuerySet[Contract]
    holders: QuerySet[Responsibility]
    heads: QuerySet[Responsibility]
    team: QuerySet[Responsibility]
    finance: QuerySet[Responsibility]
    appeal: QuerySet[Responsibility]


def requests_waiting_for(person_id: int, on: date) -> QuerySet[RouteRequest]:
    """The requests about which this person is asked today: the same as `asked_about`'s `now`. No query.

    No condition of Python on person or day, so that `staff.queries.prepared` may prepare it.
    """
    given = Delegation.objects.in_force(on).filter(not_left(on, "from_person"), to_person=person_id)
    actors = Person.objects.filter(
        Q(pk=person_id) & not_left(on) | Q(pk__in=given.values("from_person"))
    ).values("pk")
    asked = _asked(on)

    def nearest(*tiers: QuerySet[Responsibility]) -> Q:
        """Whether this person is in the first of these tiers that has anybody in it."""
        if not tiers:
            return Q(pk__in=[])
        here_me = Q(Exists(tiers[0].filter(person__in=actors)))
        return here_me | (~Q(Exists(tiers[0])) & nearest(*tiers[1:])) if tiers[1:] else here_me

    mine = RouteDecision.objects.filter(request=OuterRef("pk"), step__in=_DECIDING)
    has_decided = Q(Exists(mine.filter(Q(actor=person_id) | Q(on_behalf_of=person_id))))
    is_rival = Q(Exists(_rivals(person_id, 1)))
    has_declined = Q(state="appealed") & (Q(decliner=person_id) | Q(decliner_for=person_id))
    is_manager = Q(Exists(asked.managers.filter(line_manager__in=actors)))
    is_asked = (
        Q(state="manager") & (is_manager | (~Q(Exists(asked.managers)) & nearest(asked.heads, asked.team)))
        | Q(state="budget") & nearest(asked.holders, asked.heads, asked.team)
        | Q(state__in=["people", "panel"]) & nearest(asked.team)
        | Q(state="finance") & nearest(asked.finance)
        | Q(state="appealed") & nearest(asked.appeal)
    )
    has_had_a_say = (~Q(state="appealed") & has_decided) | has_declined | is_rival
    return _with_decliner().filter(is_asked).exclude(person=person_id).filter(~has_had_a_say)


def waits_for_nobody(on: date) -> Q:
    """Filter: requests that wait for a decision which nobody may take today: whoever could is the requester, has
    taken a step of it, or has left."""
    asked = _asked(on)
    upward = ~Q(Exists(asked.heads)) & ~Q(Exists(asked.team))
    is_stuck = (
        Q(state="manager") & ~Q(Exists(asked.managers)) & upward
        | Q(state="budget") & ~Q(Exists(asked.holders)) & upward
        | Q(state__in=["people", "panel"]) & ~Q(Exists(asked.team))
        | Q(state="finance") & ~Q(Exists(asked.finance))
        | Q(state="appealed") & ~Q(Exists(asked.appeal))
    )
    return Q(pk__in=_with_decliner().filter(is_stuck).values("pk"))


def _asked(on: date) -> _Asked:
    contracts = Contract.objects.in_force(on).filter(person=OuterRef("person"))
    managers = contracts.filter(not_left(on, "line_manager"), line_manager__isnull=False)
    managers = managers.exclude(line_manager=F("person"))
    here = Contract.objects.in_force(on).filter(person=OuterRef(OuterRef("person"))).values("school")
    held = Responsibility.objects.in_force(on).filter(
        Q(school__in=here) | Q(school__isnull=True, hub__isnull=True), not_left(on, "person")
    )
    held = held.exclude(person=OuterRef("person")).exclude(Exists(_rivals(OuterRef("person"), 2)))
    of_request = RouteDecision.objects.filter(request=OuterRef(OuterRef("pk")), step__in=_DECIDING)
    has_decided = Exists(of_request.filter(Q(actor=OuterRef("person")) | Q(on_behalf_of=OuterRef("person"))))
    others = held.exclude(has_decided)
    team = held.filter(kind="people_team")
    return _Asked(
        managers=managers,
        holders=others.filter(kind="budget_holder"),
        heads=others.filter(kind="headteacher"),
        team=others.filter(kind="people_team"),
        finance=others.filter(kind="finance"),
        appeal=team.exclude(person=OuterRef("decliner")).exclude(person=OuterRef("decliner_for")),
    )


def _rivals(person: Person | OuterRef | int, depth: int) -> QuerySet[RouteRequest]:
    """The applications of a person to the panel of the Masters that stands `depth` queries further out."""

    def outer(name: str, field: Field) -> ExpressionWrapper:
        return ExpressionWrapper(
            OuterRef(name) if depth == 1 else OuterRef(OuterRef(name)), output_field=field
        )

    return (
        RouteRequest.objects.alias(
            asked_panel=outer("panel", BigIntegerField()),
            asked_state=outer("state", CharField()),
            asked_kind=outer("route__kind", CharField()),
        )
        .filter(person=person, route__kind=Route.Kind.MASTERS)
        .filter(asked_kind=Route.Kind.MASTERS, asked_state__in=sorted(RIVALS_IN))
        .filter(
            (Q(panel=F("asked_panel")) & ~Q(state__in=["draft", "withdrawn"]))
            | (Q(state="panel") & (Q(panel=None) | Q(asked_panel=None)))
        )
    )


def _with_decliner() -> QuerySet[RouteRequest]:
    return RouteRequest.objects.filter(state__in=WAITING).alias(
        decliner=_last("declined", "actor"), decliner_for=_last("declined", "on_behalf_of")
    )


def _last(step: str, field: str) -> Coalesce:
    """Who took a step last; 0 where nobody did."""
    rows = RouteDecision.objects.filter(request=OuterRef("pk"), step=step).order_by("-number")
    return Coalesce(Subquery(rows.values(field)[:1]), Value(0), output_field=BigIntegerField())
