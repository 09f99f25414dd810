"""Requests when two decide at the same moment, on a database that commits, with the control of each guard."""

from datetime import date

import pytest
from django.db import IntegrityError, InternalError
from django.db.models import QuerySet
from django.utils import timezone

from pathways.actions import requests as actions
from pathways.actions.requests_programme import withdraw
from pathways.models import MastersPanel, RouteDecision, RouteRequest
from staff.refusals import ActionRefused
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.factories.staff import ContractFactory, ResponsibilityFactory
from tests.pathways.test_at_once import at_once


@pytest.fixture
def team(cloned_database):
    people = [ContractFactory().person for _ in range(3)]
    for person in people:
        ResponsibilityFactory(person=person, kind="people_team", school=None)
    return people


def _panel_request(panel=None):
    person = ContractFactory().person
    route = RouteFactory(code="MA", kind="masters")
    return a_request_in("panel", person=person, route=route, funded_by="trust", panel=panel)


def _award(request, by):
    return lambda: actions.award(request_id=request.pk, by=by, now=timezone.now())


def _decline(request, by):
    return lambda: actions.decline_request(
        request_id=request.pk, by=by, now=timezone.now(), words="Not now.", reason_code="places"
    )


def test_of_two_deciders_at_once_one_decides_and_the_other_reads_who(team):
    request = _panel_request()

    results = at_once(_award(request, team[0]), _decline(request, team[1]), _award(request, team[2]))

    refused = [one for one in results if isinstance(one, ActionRefused)]
    assert len(refused) == 2
    assert all("This request has moved on" in one.sentence for one in refused)
    assert RouteDecision.objects.filter(request=request, from_state="panel").count() == 1


def test_withdrawing_against_awarding_leaves_a_history_that_holds_together(team):
    for _ in range(5):
        request = _panel_request()
        person = request.person
        results = at_once(
            _award(request, team[0]),
            lambda request=request, person=person: withdraw(
                request_id=request.pk, by=person, now=timezone.now(), words="I have moved."
            ),
        )

        request.refresh_from_db()
        steps = list(request.decisions.order_by("number").values_list("from_state", "to_state"))
        assert [to for _, to in steps][:-1] == [source for source, _ in steps][1:]
        # Withdrawn last in any order: an agreed request can be withdrawn, a withdrawn one is not awarded.
        assert request.state == "withdrawn"
        assert request.decision_count == len(steps)
        assert all(not isinstance(one, IntegrityError | InternalError) for one in results)


def test_last_place_of_a_panel_is_awarded_once(team):
    panel = MastersPanel.objects.create(
        name="One place", deadline_on=date(2027, 4, 30), meets_on=date(2027, 5, 20), places=1
    )
    requests = [_panel_request(panel) for _ in range(3)]

    at_once(*[_award(request, by) for request, by in zip(requests, team, strict=True)])

    assert RouteRequest.objects.filter(panel=panel, state="agreed").count() == 1


def test_without_the_locks_the_last_place_is_awarded_more_than_once(team, monkeypatch):
    """The control: the same race with every row lock taken away."""
    panel = MastersPanel.objects.create(
        name="One place", deadline_on=date(2027, 4, 30), meets_on=date(2027, 5, 20), places=1
    )
    requests = [_panel_request(panel) for _ in range(3)]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)

    at_once(*[_award(request, by) for request, by in zip(requests, team, strict=True)])

    assert RouteRequest.objects.filter(panel=panel, state="agreed").count() > 1


def test_without_the_lock_the_database_still_takes_one_of_two_decisions(team, monkeypatch):
    """The second guard: numbered steps and the trigger hold even where the lock is gone, as an error."""
    request = _panel_request()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)

    at_once(_award(request, team[0]), _decline(request, team[1]), _award(request, team[2]))

    assert RouteDecision.objects.filter(request=request, from_state="panel").count() == 1
