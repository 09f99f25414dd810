"""Dull routes and drafts, and a request walked to where a test needs it."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from pathways import models
from pathways.models import RouteDecision
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


class RouteRequestFactory(DjangoModelFactory):
    class Meta:
        model = models.RouteRequest

    person = factory.SubFactory(PersonFactory)
    route = factory.SubFactory(RouteFactory)
    why = "I run the reading group and want to do it well."
    planned_starts_on = date(2027, 9, 1)
    funded_by = "levy"


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


def a_request_in(state, *, person=None, decider=None, **fields):
    """A request in this state, walked there by rows as the database demands."""
    decider = decider or PersonFactory()
    given = {"person": person} if person else {}
    request = RouteRequestFactory(**given, **fields)
    for to in WAYS[state]:
        step, capacity = _STEPS[to]
        RouteDecision.objects.create(
            request=request,
            number=request.decision_count + 1,
            requester=request.person,
            actor=request.person if capacity == "requester" else decider,
            capacity=capacity,
            step=step,
            from_state=request.state,
            to_state=to,
            reason_code="cover" if step == "declined" else "",
            words="Because.",
        )
        if step == "asked":
            request.asked_from = request.state
        request.state, request.decision_count = to, request.decision_count + 1
        if to in ("on_programme", "completed"):
            request.starts_on = date(2026, 9, 1)
        request.save()
    return request
