"""Requests for funded routes: who sees which, and what people read about them."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from pathways.models import RouteDecision, RouteDiscussion, RouteRequest
from pathways.rules.requests import OVER
from staff.models import Person
from staff.queries.deciders import DECIDING_KINDS, people_decided_by

SEEN_AS = (*DECIDING_KINDS, "budget_holder")


def requests_seen_by(person: Person | None, on: date) -> QuerySet[RouteRequest]:
    """One's own; sent ones of the people about whom one decides today; finance, what came to finance.

    Whoever decided and has left the post since reads it no more. Four queries when called.
    """
    rows = RouteRequest.objects.select_related("person", "route", "panel", "rung")
    if person is None:
        return rows.none()
    decisions = RouteDecision.objects.filter(request=OuterRef("pk"))
    about = people_decided_by(person, on, kinds=SEEN_AS).values("pk")
    of_finance = people_decided_by(person, on, kinds=("finance",)).values("pk")
    return rows.filter(
        Q(person=person)
        | ~Q(state="draft")
        & (Q(person__in=about) | Q(Exists(decisions.filter(to_state="finance")), person__in=of_finance))
    )


def has_just_taken(request: RouteRequest, person: Person, step: str) -> bool:
    """Whether the last decision about a request is this step, taken by this person.

    Then it stands where that led, and whoever sends the form once more is to have the same answer. One query.
    """
    last = (
        RouteDecision.objects.filter(request=request).order_by("-number").values_list("step", "actor").first()
    )
    return last == (step, person.pk)


def my_requests(person: Person) -> QuerySet[RouteRequest]:
    """A person's own, those under way first."""
    over = [state.value for state in OVER]
    return (
        RouteRequest.objects.filter(person=person)
        .select_related("route")
        .annotate(is_over=Q(state__in=over))
        .order_by("is_over", "-created_at", "-pk")
    )


def discussions_of_round(request: RouteRequest) -> QuerySet[RouteDiscussion]:
    """What was talked over since the request was last declined, or at all."""
    declined = RouteDecision.objects.filter(request=request, step="declined").order_by("-number").first()
    rows = RouteDiscussion.objects.filter(request=request).select_related("manager")
    return rows.filter(written_at__gt=declined.made_at) if declined else rows
