"""The only doors to a request: 404 to outsiders, 403 to readers who try to write."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from pathways.models import MastersPanel, Route, RouteRequest
from pathways.queries.request_deciders import decider_of, people_team_for
from pathways.queries.requests import has_just_taken, requests_seen_by
from pathways.rules.requests import OWN_STEPS, RequestStep
from staff.models import User


def get_request_for(user: User, pk: int, on: date) -> RouteRequest:
    """A request to read: the requester, and who decides about them today; others get 404."""
    found = requests_seen_by(user.person, on).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such request.")
    return found


def get_own_request(user: User, pk: int, on: date) -> RouteRequest:
    """One's own, to change; 403 for who may only read it."""
    found = get_request_for(user, pk, on)
    if found.person_id != user.person_id:
        raise PermissionDenied("Only the person who asks can change it.")
    return found


def get_request_to_decide(
    user: User, pk: int, on: date, *, sent_again: RequestStep | None = None
) -> RouteRequest:
    """A request about which one is asked today; 403 for the requester and for who is not asked.

    Whoever sends the step `sent_again` with it and has just taken that one is let in once more, to be given the
    same answer: asked first who decides and then what was decided, so that nothing comes between the two.
    """
    found = get_request_for(user, pk, on)
    person = user.person
    if person is None or found.person_id == person.pk:
        raise PermissionDenied("Somebody else has to decide about this.")
    is_asked = decider_of(found, person, on) is not None
    if not is_asked and not (sent_again and has_just_taken(found, person, sent_again)):
        raise PermissionDenied("Somebody else has to decide about this.")
    return found


def get_request_to_run(user: User, pk: int, on: date) -> RouteRequest:
    """A request to look after on programme: the people team, never their own."""
    found = get_request_for(user, pk, on)
    if user.person is None or people_team_for(found, user.person, on) is None:
        raise PermissionDenied("The people team does this.")
    return found


def get_request_to_step(user: User, pk: int, step: RequestStep, on: date) -> RouteRequest:
    """A request to take a step with: 403 for a decision about one's own and for the requester's steps of others.

    Whether it is this reader's turn is said by the action, which also names who was first.
    """
    found = get_request_for(user, pk, on)
    is_own = found.person_id == user.person_id
    if step != RequestStep.WITHDRAWN and is_own != (step in OWN_STEPS):
        raise PermissionDenied("Nobody decides about their own request, or asks for somebody else.")
    return found


def get_request_to_sign(user: User, pk: int, on: date) -> RouteRequest:
    """A request of one's own, or one that the people team looks after; 403 for other readers."""
    found = get_request_for(user, pk, on)
    return found if found.person_id == user.person_id else get_request_to_run(user, pk, on)


def get_open_route(slug: str) -> Route:
    """A route that can be asked for."""
    return get_object_or_404(Route, slug=slug, is_open=True)


def get_board(user: User, on: date) -> QuerySet[RouteRequest]:
    """All that the people team looks after, for its board; 404 to everybody else."""
    if user.person is None or not user.is_people_team:
        raise Http404("This page is for the people team.")
    return requests_seen_by(user.person, on)


def get_panel(user: User, pk: int, on: date) -> tuple[MastersPanel, QuerySet[RouteRequest]]:
    """A Masters panel with the requests the reader sees, for the people team; 404 to everybody else."""
    seen = get_board(user, on)
    return get_object_or_404(MastersPanel, pk=pk), seen


def get_masters_to_run(user: User, pk: int, on: date) -> RouteRequest:
    """A Masters whose money the people team keeps; 404 for other routes."""
    found = get_request_to_run(user, pk, on)
    if found.route.kind != Route.Kind.MASTERS:
        raise Http404("Fees by year are kept for a Masters only.")
    return found
