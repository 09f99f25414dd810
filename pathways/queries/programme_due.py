"""What people are to be reminded of in funded routes beside decisions: answers, papers, reviews, returns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from pathways.models import MastersPanel, Route, RouteRequest, RouteReview
from pathways.queries.due import Due
from pathways.queries.requests_papers import signatures_needed
from pathways.rules.working_days import REMIND_AFTER, working_days_since
from staff.models import Contract, Responsibility
from staff.wording import day_words

State = RouteRequest.State
SOON: Final = timedelta(days=7)
PANEL_SOON: Final = timedelta(days=14)
NOT_OLDER: Final = timedelta(days=60)


def due_on(on: date) -> Iterator[Due]:
    """Questions and signatures that have waited five working days, a panel's deadline within a fortnight,
    reviews and returns from a break within a week or late.

    The person is told, with the manager of the day for a review; the people team of signatures, late reviews
    and returns. Eight queries.
    """
    team = _people_team(on)
    yield from _questions(on)
    yield from _signatures(on, team)
    yield from _panels(on)
    yield from _reviews(on, team)
    yield from _returns(on, team)


def _questions(on: date) -> Iterator[Due]:
    for request in _in(State.QUESTIONED):
        if _waited(request, on):
            line = f"Answer a question about your request for {request.route.title}, so that it goes on."
            yield _due(
                request,
                request.person_id,
                "request_question",
                str(request.decision_count),
                line=line,
                label="Answer",
            )


def _signatures(on: date, team: Collection[int]) -> Iterator[Due]:
    for request in _in(State.AGREED).prefetch_related("signatures"):
        there = {(one.document, one.party) for one in request.signatures.all()}
        missing = [one for one in signatures_needed(request) if one not in there]
        if not missing or not _waited(request, on):
            continue
        what = f"{request.person}: {request.route.title}"
        if any(party == "learner" for _, party in missing):
            line = f"Sign for {request.route.title}: nothing starts before."
            yield _due(
                request,
                request.person_id,
                "request_unsigned",
                "learner",
                line=line,
                label="See what is to be signed",
            )
        line = f"Get the signatures that are missing: {what}."
        yield from _to_team(request, team, "request_unsigned", "team", line)


def _panels(on: date) -> Iterator[Due]:
    panels = list(
        MastersPanel.objects.filter(deadline_on__range=(on, on + PANEL_SOON)).order_by("deadline_on")
    )
    if not panels:
        return
    panel = panels[0]
    for request in _in(State.DRAFT).filter(route__kind=Route.Kind.MASTERS):
        line = f"Send your request for {request.route.title} by {day_words(panel.deadline_on)}: the panel meets once a year."
        yield _due(
            request, request.person_id, "panel_deadline", f"panel:{panel.pk}", line=line, label="Finish it"
        )


def _reviews(on: date, team: Collection[int]) -> Iterator[Due]:
    reviews = list(
        RouteReview.objects.filter(
            due_on__range=(on - NOT_OLDER, on + SOON),
            held_on__isnull=True,
            request__state=State.ON_PROGRAMME,
        )
        .select_related("request__person", "request__route")
        .order_by("due_on", "pk")
    )
    managers = _managers({review.request.person_id for review in reviews}, on)
    for review in reviews:
        request, is_late = review.request, review.due_on < on
        key = f"review:{review.number}:{'late' if is_late else 'due'}"
        when = f"{'was' if is_late else 'is'} due {day_words(review.due_on)}"
        kind = "programme_review_late" if is_late else "programme_review_due"
        line = f"Hold the review of {request.person} ({request.route.title}); it {when}."
        mine = (
            f"Your review for {request.route.title} {when}: agree a day with your manager and the provider."
        )
        yield _due(request, request.person_id, kind, key, line=mine, label="See your programme")
        leading = managers.get(request.person_id, set())
        for manager in sorted(leading):
            yield _due(request, manager, kind, key, line=line, label="See the programme")
        if is_late:
            yield from _to_team(request, set(team) - leading, kind, f"{key}:team", line)


def _returns(on: date, team: Collection[int]) -> Iterator[Due]:
    back = _in(State.ON_BREAK).filter(expected_back_on__range=(on - NOT_OLDER, on + SOON))
    for request in back:
        key, day = f"back:{request.expected_back_on}", day_words(request.expected_back_on or on)
        mine = f"You are expected back on {request.route.title} on {day}: tell the people team if that has changed."
        yield _due(request, request.person_id, "back_from_break", key, line=mine, label="See your programme")
        line = (
            f"Take the programme up again: {request.person}, {request.route.title}, expected back on {day}."
        )
        yield from _to_team(request, team, "back_from_break", f"{key}:team", line)


def _in(state: str) -> QuerySet[RouteRequest]:
    return RouteRequest.objects.filter(state=state).select_related("person", "route").order_by("pk")


def _waited(request: RouteRequest, on: date) -> bool:
    return working_days_since(timezone.localdate(request.state_since_at), on) >= REMIND_AFTER[0]


def _people_team(on: date) -> list[int]:
    held = Responsibility.objects.in_force(on).filter(
        kind="people_team", school__isnull=True, hub__isnull=True
    )
    return sorted(set(held.values_list("person_id", flat=True)))


def _managers(person_ids: Iterable[int], on: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = Contract.objects.in_force(on).filter(person__in=person_ids, line_manager__isnull=False)
    for person_id, manager_id in rows.values_list("person_id", "line_manager_id"):
        found.setdefault(person_id, set()).add(manager_id)
    return found


def _to_team(request: RouteRequest, team: Collection[int], kind: str, key: str, line: str) -> Iterator[Due]:
    for person_id in sorted(team):
        if person_id != request.person_id:
            yield _due(request, person_id, kind, key, line=line, label="See the request")


def _due(request: RouteRequest, person_id: int, kind: str, key: str, *, line: str, label: str) -> Due:
    url = reverse("pathways:request-detail", args=[request.pk])
    return Due(person_id, kind, f"request:{request.pk}:{key}", line, url, label)
