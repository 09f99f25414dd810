"""Who is asked about a request today (DOMAIN section 4; section 7: same-person approvals skip upward).

Nothing about it is kept: a new manager, head or budget holder finds the request in their inbox from the
day they have the post. In each state the nearest are asked, their stand-ins too; who is further up may
decide once the decision is overdue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from pathways.models import RouteDecision, RouteRequest
from pathways.rules.requests import Capacity
from staff.models import Contract, Delegation, Person, Responsibility
from staff.queries.deciders import Decider, deciders_for, not_left

TIERS: Final[dict[str, tuple[str, ...]]] = {
    "manager": ("line_manager", "headteacher", "people_team"),
    "budget": ("budget_holder", "headteacher", "people_team"),
    "people": ("people_team",),
    "finance": ("finance",),
    "panel": ("people_team",),
    "appealed": ("people_team",),
}
"""The kinds of people asked in each state, nearest first."""

WAITING: Final = tuple(TIERS)
DELIVERY: Final = ("agreed", "on_programme", "on_break")


@dataclass(frozen=True)
class Asked:
    """Who is asked now, nearest first, and who else may decide once it is overdue."""

    now: tuple[Decider, ...]
    next_up: tuple[Decider, ...] = ()


def asked_about(request: RouteRequest, on: date) -> Asked:
    """Who is asked about one request today."""
    return asked_about_many([request], on)[request.pk]


def asked_about_many(requests: Iterable[RouteRequest], on: date) -> dict[int, Asked]:
    """Who is asked about each of these requests today; nobody about one that waits for no decision.

    Never the requester. Not who supported it as manager, where it is about the budget and somebody else
    can; not who declined it, where it is about the appeal. Queries: 4 for each kind of people.
    """
    rows = [request for request in requests if request.state in TIERS]
    people: dict[str, set[int]] = {}
    for request in rows:
        for kind in TIERS[request.state]:
            people.setdefault(kind, set()).add(request.person_id)
    found = {kind: deciders_for(ids, on, kinds=(kind,)) for kind, ids in people.items()}
    barred = _barred(rows)
    asked: dict[int, Asked] = {request.pk: Asked(()) for request in requests}
    for request in rows:
        tiers = [
            _without(found[kind][request.person_id], barred.get(request.pk, set()))
            for kind in TIERS[request.state]
        ]
        if request.state == "budget" and not any(tiers):
            tiers = [found[kind][request.person_id] for kind in TIERS[request.state]]
        filled = [tuple(tier) for tier in tiers if tier]
        now = filled[0] if filled else ()
        nearer = {one.person.pk for one in now}
        rest = next(
            (
                tuple(one for one in tier if one.person.pk not in nearer)
                for tier in filled[1:]
                if any(one.person.pk not in nearer for one in tier)
            ),
            (),
        )
        asked[request.pk] = Asked(now, rest)
    return asked


def requests_open_to(person: Person, on: date) -> list[RouteRequest]:
    """The requests about which this person may decide today: those asked of them, and overdue ones of
    which they are the next up."""
    rows = list(
        RouteRequest.objects.filter(state__in=WAITING)
        .exclude(person=person)
        .select_related("person", "route")
    )
    asked = asked_about_many(rows, on)
    return [
        row
        for row in rows
        if any(
            one.person == person
            for one in (
                *asked[row.pk].now,
                *(asked[row.pk].next_up if row.due_on and on > row.due_on else ()),
            )
        )
    ]


def decider_of(request: RouteRequest, person: Person, on: date) -> Decider | None:
    """As what this person may decide about the request today; None where somebody else has to."""
    asked = asked_about(request, on)
    is_overdue = request.due_on is not None and on > request.due_on
    for one in (*asked.now, *(asked.next_up if is_overdue else ())):
        if one.person == person:
            return one
    return None


def people_team_for(request: RouteRequest, person: Person, on: date) -> Decider | None:
    """This person as one of the people team, for what they do after it is agreed; never on their own."""
    team = deciders_for([request.person_id], on, kinds=("people_team",))[request.person_id]
    return next((one for one in team if one.person == person), None)


def capacity_of(decider: Decider) -> Capacity:
    """The capacity of the table of moves in which somebody decides."""
    return Capacity(decider.kind)


def _without(deciders: list[Decider], barred: set[int]) -> list[Decider]:
    return [
        one
        for one in deciders
        if one.person.pk not in barred and (one.delegated_from is None or one.delegated_from.pk not in barred)
    ]


def _barred(requests: list[RouteRequest]) -> dict[int, set[int]]:
    """Who has had their say: the last supporter of a budget question, the last decliner of an appeal."""
    step = {"budget": "supported", "appealed": "declined"}
    about = {request.pk: step[request.state] for request in requests if request.state in step}
    found: dict[int, set[int]] = {}
    rows = RouteDecision.objects.filter(request__in=about, step__in=set(about.values())) if about else ()
    for row in sorted(rows, key=lambda one: one.number):
        if row.step == about[row.request_id]:
            found[row.request_id] = {row.actor_id, *([row.on_behalf_of_id] if row.on_behalf_of_id else [])}
    return found


# The same in one condition, for the inbox and its count -------------------------------------
def requests_waiting_for(person_id: int, on: date) -> QuerySet[RouteRequest]:
    """The requests about which this person is asked today: the same as `asked_about`'s `now`. No query.

    No condition of Python on person or day, so that `staff.queries.prepared` may prepare it.
    """
    given = Delegation.objects.in_force(on).filter(not_left(on, "from_person"), to_person=person_id)
    actors = Person.objects.filter(
        Q(pk=person_id) & not_left(on) | Q(pk__in=given.values("from_person"))
    ).values("pk")
    contracts = Contract.objects.in_force(on).filter(person=OuterRef("person"))
    managers = contracts.filter(not_left(on, "line_manager"), line_manager__isnull=False)
    managers = managers.exclude(line_manager=F("person"))
    here = Contract.objects.in_force(on).filter(person=OuterRef(OuterRef("person"))).values("school")
    held = Responsibility.objects.in_force(on).filter(
        Q(school__in=here) | Q(school__isnull=True, hub__isnull=True), not_left(on, "person")
    )
    held = held.exclude(person=OuterRef("person"))
    # A `but` leaves out who has had their say, for whom they had it too.
    but_supporter = ~Q(person=OuterRef("supporter")) & ~Q(person=OuterRef("supporter_for"))
    but_decliner = ~Q(person=OuterRef("decliner")) & ~Q(person=OuterRef("decliner_for"))

    def nearest(*tiers: QuerySet[Responsibility]) -> Q:
        """Whether this person is in the first of these tiers that has anybody in it."""
        if not tiers:
            return Q(pk__in=[])
        here_me = Q(Exists(tiers[0].filter(person__in=actors)))
        return here_me | (~Q(Exists(tiers[0])) & nearest(*tiers[1:])) if tiers[1:] else here_me

    heads, holders = held.filter(kind="headteacher"), held.filter(kind="budget_holder")
    team, finance = held.filter(kind="people_team"), held.filter(kind="finance")
    upward = [holders, heads, team]
    others = [tier.filter(but_supporter) for tier in upward]
    nobody_else = ~Q(Exists(others[0])) & ~Q(Exists(others[1])) & ~Q(Exists(others[2]))
    is_manager = Q(Exists(managers.filter(line_manager__in=actors)))
    is_asked = (
        Q(state="manager") & (is_manager | (~Q(Exists(managers)) & nearest(heads, team)))
        | Q(state="budget")
        & (
            (~Q(supporter=person_id) & ~Q(supporter_for=person_id) & nearest(*others))
            | (nobody_else & nearest(*upward))
        )
        | Q(state__in=["people", "panel"]) & nearest(team)
        | Q(state="finance") & nearest(finance)
        | Q(state="appealed")
        & ~Q(decliner=person_id)
        & ~Q(decliner_for=person_id)
        & nearest(team.filter(but_decliner))
    )
    return (
        RouteRequest.objects.filter(state__in=WAITING)
        .alias(
            supporter=_last("supported", "actor"),
            supporter_for=_last("supported", "on_behalf_of"),
            decliner=_last("declined", "actor"),
            decliner_for=_last("declined", "on_behalf_of"),
        )
        .filter(is_asked)
        .exclude(person=person_id)
    )


def _last(step: str, field: str) -> Coalesce:
    """Who took a step last; 0 where nobody did."""
    rows = RouteDecision.objects.filter(request=OuterRef("pk"), step=step).order_by("-number")
    return Coalesce(Subquery(rows.values(field)[:1]), Value(0), output_field=BigIntegerField())
