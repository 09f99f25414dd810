"""Who gets which answer at the addresses of funded routes and requests; things of this part beside it."""

from __future__ import annotations

from datetime import date
from itertools import count

from pathways.models import MastersPanel, RouteFee, RouteReview
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.system import world
from tests.system.expectations import ALL, Entry, of, page, row
from tests.system.world import Maker, World

_numbers = count(1)


def _request(state: str) -> Maker:
    def make(world: World, role: str, scope: str) -> dict[str, object]:
        person = world.owner(role, scope).person
        route = RouteFactory(code=f"M{next(_numbers)}")
        return {"pk": a_request_in(state, person=person, route=route).pk}

    return make


def _decided(made_for: World, role: str, scope: str) -> dict[str, object]:
    """Line manager and headteacher of the tests have said yes to it; for somebody of another school they have left
    the post since."""
    users = made_for.users
    steps = {"supported": users["manager"], "funded": users["head"]} if scope != "own" else {}
    return {
        "pk": a_request_in(
            "people",
            person=made_for.owner(role, scope).person,
            route=RouteFactory(code=f"M{next(_numbers)}"),
            deciders={step: user.person for step, user in steps.items() if user},
        ).pk
    }


def _with(maker: Maker, **more: object) -> Maker:
    return lambda world, role, scope: {**maker(world, role, scope), **more}


def _running(world: World, role: str, scope: str) -> dict[str, object]:
    made = _request("on_programme")(world, role, scope)
    RouteReview.objects.create(request_id=made["pk"], number=1, due_on=date(2027, 1, 1))
    return {**made, "number": 1}


def _masters(made_for: World, role: str, scope: str) -> dict[str, object]:
    person = made_for.owner(role, scope).person
    route = RouteFactory(code=f"M{next(_numbers)}", kind="masters")
    return {"pk": a_request_in("agreed", person=person, route=route, funded_by="trust").pk}


def _panel(made_for: World, role: str, scope: str) -> dict[str, object]:
    return {"pk": _a_panel().pk}


def _a_panel() -> MastersPanel:
    return MastersPanel.objects.get_or_create(
        name="Matrix", defaults={"deadline_on": date(2027, 4, 30), "meets_on": date(2027, 5, 20)}
    )[0]


def _fee(made_for: World) -> RouteFee:
    route = RouteFactory(code=f"M{next(_numbers)}", kind="masters")
    return RouteFee.objects.create(request=a_request_in("agreed", route=route), year_number=1, fee_pence=1)


#                        smhltpna
TABLE: dict[str, Entry] = {
    "pathways:route-list": page(ALL),
    "pathways:route-detail": of("route", any=row(ALL)),
    "pathways:request-list": page(ALL),
    "pathways:request-start": of("route", any=row(ALL, ALL)),
    # Past deciders who have left the post do not read it.
    "pathways:request-detail": of(
        "request that was decided", own=row(ALL), school=row("nyynnynL"), other=row("nnnnnynL")
    ),
    "pathways:request-edit": of(
        "draft of a request",
        own=row(ALL, ALL),
        school=row("nnnnnnnL", "nnnnnnnL"),
        other=row("nnnnnnnL", "nnnnnnnL"),
    ),
    # The line manager alone is asked; where there is none, the people team.
    "pathways:request-discussion": of(
        "request with the manager",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nyxnnxnL", "nyxnnxnL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
    "pathways:request-check": of(
        "request with the people team",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nxxnnynL", "nxxnnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
    "pathways:request-sign": of(
        "request to sign", own=row(post=ALL), school=row(post="nxxnnynL"), other=row(post="nnnnnynL")
    ),
    "pathways:request-review": of(
        "request on programme",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nxxnnynL", "nxxnnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
    # All that is under way: the people team alone.
    "pathways:request-board": page("nnnnnynL"),
    "pathways:panel-list": page("nnnnnynL"),
    "pathways:panel-detail": of("Masters panel", any=row("nnnnnynL", "nnnnnynL")),
    "pathways:request-fees": of(
        "Masters",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nxxnnynL", "nxxnnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
    "pathways:request-pay": of(
        "Masters", own=row(post="xxxxxxxL"), school=row(post="nxxnnynL"), other=row(post="nnnnnynL")
    ),
    "pathways:request-waive": of(
        "Masters", own=row(post="xxxxxxxL"), school=row(post="nxxnnynL"), other=row(post="nnnnnynL")
    ),
    # Whose turn it is the page says in words, so that the second of two deciders reads who was first.
    "pathways:request-step": of(
        "step of a request",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nyynnynL", "nyynnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
}
THINGS: dict[str, Maker] = {
    "route": lambda world, role, scope: {"slug": RouteFactory(code="MATRIX").slug},
    "request with the manager": _request("manager"),
    "draft of a request": _request("draft"),
    "request that was decided": _decided,
    "request to sign": _request("agreed"),
    "request with the people team": _request("people"),
    "request on programme": _running,
    "step of a request": _with(_request("manager"), step="asked"),
    "Masters": _masters,
    "Masters panel": _panel,
}
world.ROWS.update(
    {
        "pathways.route": lambda made_for: RouteFactory(),
        "pathways.masterspanel": lambda made_for: _a_panel(),
        "pathways.routerequest": lambda made_for: a_request_in("manager"),
        "pathways.routefee": _fee,
    }
)
