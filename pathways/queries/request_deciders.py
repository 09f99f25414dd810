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

from pathways.models import Route, RouteDecision, RouteRequest
from pathways.rules.requests import DECIDING, RIVALS_IN, Capacity
from staff.models import Person
from staff.queries.deciders import Decider, deciders_for

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

    Never the requester. Nobody who has taken a deciding step of it, or for whom it was taken; not who declined
    it, where it is about the appeal; of a Masters, nobody who has applied to its panel. Where nobody is left,
    nobody is asked. Queries: 4 for each kind of people, and two.
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


def rankers_of(requests: list[RouteRequest], on: date) -> dict[int, list[Decider]]:
    """Who of the people team may rank each of these in its panel: never their own, nobody who has applied to it,
    nor a stand-in for one who has. Those of `deciders_for` and one query."""
    team = deciders_for({request.person_id for request in requests}, on, kinds=("people_team",))
    rivals = _rivals(requests)
    return {one.pk: _without(team[one.person_id], rivals.get(one.pk, set())) for one in requests}


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
    """Who has had their say or asks for the same: (see `asked_about_many`). Two queries at most."""
    found: dict[int, set[int]] = {request.pk: set() for request in requests}
    appealed = {request.pk for request in requests if request.state == "appealed"}
    steps = RouteDecision.objects.filter(request__in=found, step__in=[*DECIDING, "declined"])
    for row in steps.order_by("request", "number") if found else ():
        had = {row.actor_id, *([row.on_behalf_of_id] if row.on_behalf_of_id else [])}
        if row.request_id not in appealed and row.step in DECIDING:
            found[row.request_id] |= had
        elif row.request_id in appealed and row.step == "declined":
            found[row.request_id] = had
    for key, people in _rivals(requests).items():
        found[key] |= people
    return found


def _rivals(requests: Iterable[RouteRequest]) -> dict[int, set[int]]:
    """Who has applied to the panel of each of these Masters, for those that are decided in it. One query at most."""
    contested = [one for one in requests if one.route.kind == Route.Kind.MASTERS and one.state in RIVALS_IN]
    masters = RouteRequest.objects.filter(route__kind=Route.Kind.MASTERS).exclude(
        state__in=["draft", "withdrawn"]
    )
    rivals = list(masters.values_list("person", "panel", "state")) if contested else []
    return {
        request.pk: {
            person
            for person, panel, state in rivals
            if (panel is not None and panel == request.panel_id)
            or (state == "panel" and None in (panel, request.panel_id))
        }
        for request in contested
    }
