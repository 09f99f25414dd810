"""A request for a funded route while it is a draft: begun and changed by whoever asks (DOMAIN section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from pathways.actions.request_steps import locked
from pathways.models import Route, RouteRequest
from pathways.queries.requests import has_just_taken
from pathways.rules.funding import payers_of
from pathways.rules.requests import OVER, RequestState, RequestStep
from staff.models import Person
from staff.refusals import ActionRefused

MASTERS_FIELDS: Final = (
    "university",
    "award",
    "study_days",
    "dissertation_theme",
    "trust_priority",
    "conflict_of_interest",
    "panel",
)
"""What is asked of a Masters alone."""
DRAFT_FIELDS: Final = (
    "why",
    "provider",
    "planned_starts_on",
    "planned_ends_on",
    "funded_by",
    "is_age_declared",
    "is_on_other_funded_programme",
    *MASTERS_FIELDS,
)
"""What the requester writes."""
SENT_ALREADY = "It has been sent, so it cannot be changed. Withdraw it to start again."


@transaction.atomic
def start_draft(*, person: Person, route: Route, by: Person) -> RouteRequest:
    """Begin a request; where one for the same route is under way, that one.

    Raises ActionRefused for anybody else, and for a route that is closed.
    """
    if by != person:
        raise ActionRefused("You can only ask for yourself.")
    if not route.is_open:
        raise ActionRefused("This route is not open to requests at the moment.")
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    live = RouteRequest.objects.filter(person=person, route=route).exclude(
        state__in=[state.value for state in OVER]
    )
    return live.first() or RouteRequest.objects.create(
        person=person, route=route, funded_by=_usual_funding(route)
    )


@transaction.atomic
def change_draft(*, request_id: int, by: Person, fields: Mapping[str, object]) -> RouteRequest:
    """Change what the draft says; `fields` of DRAFT_FIELDS. Raises ActionRefused once it is sent, other than just so."""
    request = locked(request_id)
    if by != request.person:
        raise ActionRefused("Only the person who asks can change it.")
    # The panel of a Masters is filled in as it is sent.
    stands_so = all(value is None or getattr(request, name) == value for name, value in fields.items())
    if stands_so and has_just_taken(request, by, RequestStep.SENT):
        return request
    if request.state != RequestState.DRAFT:
        raise ActionRefused(SENT_ALREADY)
    for name, value in fields.items():
        if name not in DRAFT_FIELDS:
            raise AssertionError(name)
        setattr(request, name, value)
    request.save()
    return request


def _usual_funding(route: Route) -> str:
    """Who usually pays; nobody in particular for teacher training, where it depends on the place."""
    return "" if route.kind == Route.Kind.TEACHER_TRAINING else payers_of(route.kind)[0]
