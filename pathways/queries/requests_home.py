"""What home and a manager's pages say of requests for funded routes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from pathways.models import RouteRequest, RouteReview
from pathways.queries.requests import requests_seen_by
from pathways.queries.requests_papers import signatures_needed
from pathways.rules.requests import OVER
from staff.models import Person
from staff.wording import day_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

_OVER: Final = [state.value for state in OVER] + ["declined"]


@dataclass(frozen=True)
class RequestForHome:
    """What home says of one request. `waits` is whether it asks for something."""

    words: str
    url: str
    label: str
    waits: bool


def requests_for_home(person: Person, on: date) -> list[RequestForHome]:
    """One line for each of somebody's requests that is not over, what asks for something first. One query.

    It asks for something with a question, and once it is agreed for what the learner still has to sign.
    """
    review = RouteReview.objects.filter(request=OuterRef("pk"), held_on__isnull=True).order_by("due_on")
    rows = (
        RouteRequest.objects.filter(person=person)
        .exclude(state__in=_OVER)
        .select_related("route")
        .annotate(
            signed=Count("signatures", filter=Q(signatures__party="learner")),
            review_on=Subquery(review.values("due_on")[:1]),
        )
        .order_by("-created_at", "-pk")
    )
    lines = [_line(row, on) for row in rows]
    return sorted(lines, key=lambda line: not line.waits)


class _OfLearner(TypedDict):
    """What is read with each request."""

    signed: int
    review_on: date | None


def _line(row: WithAnnotations[RouteRequest, _OfLearner], on: date) -> RequestForHome:
    title, url = row.route.title, reverse("pathways:request-detail", args=[row.pk])
    if row.state == RouteRequest.State.QUESTIONED:
        return RequestForHome(f"{title}: a question for you", url, "Answer a question", waits=True)
    if row.state == RouteRequest.State.DRAFT:
        edit = reverse("pathways:request-edit", args=[row.pk])
        return RequestForHome(f"{title}: a draft that is not sent", edit, "Go on with it", waits=False)
    of_learner = [one for one in signatures_needed(row) if one[1] == "learner"]
    if row.state == RouteRequest.State.AGREED and row.signed < len(of_learner):
        return RequestForHome(f"{title} is agreed: sign before it starts", url, "Sign", waits=True)
    if row.state == RouteRequest.State.ON_PROGRAMME and row.review_on:
        verb = "was due" if row.review_on < on else "is due"
        return RequestForHome(
            f"{title}: the next review {verb} {day_words(row.review_on)}", url, "See it", waits=False
        )
    return RequestForHome(f"{title}: {_state_words(row)}", url, "See where it is", waits=False)


def _state_words(row: RouteRequest) -> str:
    return row.get_state_display()[0].lower() + row.get_state_display()[1:]


@dataclass(frozen=True)
class OpenRequest:
    """A request of somebody in a team: "Teaching assistant level 3: with the budget holder"."""

    person_id: int
    words: str
    url: str
    is_late: bool


def open_requests(person_ids: Collection[int], *, reader: Person, on: date) -> dict[int, list[OpenRequest]]:
    """The requests of these people that are not over, as far as the reader may see them; no draft. Five queries."""
    found: dict[int, list[OpenRequest]] = defaultdict(list)
    rows = requests_seen_by(reader, on).filter(person__in=person_ids).exclude(state__in=[*_OVER, "draft"])
    for row in rows.order_by("created_at", "pk"):
        found[row.person_id].append(
            OpenRequest(
                row.person_id,
                f"{row.route.title}: {_about(row)}",
                reverse("pathways:request-detail", args=[row.pk]),
                is_late=row.due_on is not None and on > row.due_on,
            )
        )
    return found


def _about(row: RouteRequest) -> str:
    """The state as others read it: what is a question for you there is one for them here."""
    return "a question for them" if row.state == RouteRequest.State.QUESTIONED else _state_words(row)
