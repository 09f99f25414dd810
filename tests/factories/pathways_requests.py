"""Dull routes and drafts, and a request walked to where a test needs it."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from pathways import models
from pathways.models import RouteDecision
from staff import clock
from tests.factories.staff import PersonFactory


class RouteFactory(DjangoModelFactory):
    class Meta:
        model = models.Route
        django_get_or_create = ("code",)

    kind = "apprenticeship"
    code = "ST9001"
    slug = factory.LazyAttribute(lambda route: f"route-{route.code.lower()}")
    title = factory.LazyAttribute(lambda route: f"Route {route.code}")
    typical_months = 18


def _lately():
    """A minute ago: whatever a test does with the `now` it began with comes later."""
    return clock.now() - timedelta(minutes=1)


class RouteRequestFactory(DjangoModelFactory):
    class Meta:
        model = models.RouteRequest

    person = factory.SubFactory(PersonFactory)
    route = factory.SubFactory(RouteFactory)
    why = "I run the reading group and want to do it well."
    planned_starts_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=270))
    funded_by = "levy"
    created_at = factory.LazyFunction(_lately)
    state_since_at = factory.SelfAttribute("created_at")


# A shortest way from the draft to each state: (step, to, capacity).
_STEPS = {
    "manager": ("sent", "requester"),
    "budget": ("supported", "line_manager"),
    "people": ("funded", "budget_holder"),
    "finance": ("checked", "people_team"),
    "panel": ("checked", "people_team"),
    "agreed": ("checked", "people_team"),
    "on_programme": ("started", "people_team"),
    "on_break": ("paused", "people_team"),
    "completed": ("completed", "people_team"),
    "questioned": ("asked", "line_manager"),
    "declined": ("declined", "line_manager"),
    "appealed": ("appealed", "requester"),
    "closed": ("dismissed", "people_team"),
    "withdrawn": ("withdrawn", "requester"),
}
_TO_PEOPLE = ("manager", "budget", "people")
WAYS = {
    "draft": (),
    "manager": ("manager",),
    "budget": ("manager", "budget"),
    "people": _TO_PEOPLE,
    "finance": (*_TO_PEOPLE, "finance"),
    "panel": (*_TO_PEOPLE, "panel"),
    "agreed": (*_TO_PEOPLE, "agreed"),
    "on_programme": (*_TO_PEOPLE, "agreed", "on_programme"),
    "on_break": (*_TO_PEOPLE, "agreed", "on_programme", "on_break"),
    "completed": (*_TO_PEOPLE, "agreed", "on_programme", "completed"),
    "questioned": ("manager", "questioned"),
    "declined": ("manager", "declined"),
    "appealed": ("manager", "declined", "appealed"),
    "closed": ("manager", "declined", "appealed", "closed"),
    "withdrawn": ("manager", "withdrawn"),
}


def way_to(state, kind="apprenticeship"):
    """The states from the draft to this one: a Masters passes its panel."""
    way = WAYS[state]
    if kind != "masters" or "agreed" not in way:
        return way
    at = way.index("agreed")
    return (*way[:at], "panel", *way[at:])


def a_request_in(state, *, person=None, decider=None, deciders=None, **fields):
    """A request in this state, walked there by rows as the database demands.

    `decider` takes the first step that is not the requester's, `deciders` (step: person) theirs; strangers take
    the others, since nobody takes two of one request.
    """
    taken_by = dict(deciders or {})
    given = {"person": person} if person else {}
    if state == "panel" and "route" not in fields:
        fields |= {"route": RouteFactory(code="MA9001", kind="masters"), "funded_by": "trust"}
    if state == "finance":
        fields = {"levy_forecast_pence": -1, **fields}
    request = RouteRequestFactory(**given, **fields)
    for to in way_to(state, request.route.kind):
        step, capacity = _STEPS[to]
        if request.state == "panel" and to == "agreed":
            step = "awarded"
        if step == "supported":
            talked_over(request)
        actor = (
            request.person if capacity == "requester" else taken_by.get(step) or decider or PersonFactory()
        )
        decider = decider if capacity == "requester" else None
        decision = RouteDecision.objects.create(
            request=request,
            number=request.decision_count + 1,
            requester=request.person,
            actor=actor,
            capacity=capacity,
            step=step,
            from_state=request.state,
            to_state=to,
            reason_code="cover" if step == "declined" else "",
            words="Because.",
            made_at=_lately(),
        )
        if step == "asked":
            request.asked_from = request.state
        request.state, request.decision_count = to, decision.number
        if to in ("on_programme", "completed"):
            request.starts_on = clock.today() - timedelta(days=90)
        request.save()
    return request


def talked_over(request, manager=None):
    """A recorded discussion of a request."""
    return models.RouteDiscussion.objects.create(
        request=request,
        manager=manager or PersonFactory(),
        held_on=clock.today(),
        outcome="Go for it.",
        cover_plan="Ann on Tuesdays.",
        written_at=clock.now(),
    )
