"""Requests when two decide at the same moment, on a database that commits, with the control of each guard."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError
from django.db.models import QuerySet

from pathways.actions import panel_budget
from pathways.actions import requests as actions
from pathways.actions.panel_budget import above_the_budget
from pathways.actions.request_money import set_fees
from pathways.actions.request_steps import too_late
from pathways.actions.requests_programme import withdraw
from pathways.models import MastersPanel, RouteDecision, RouteRequest
from pathways.queries.panels import budget_of
from staff import clock
from staff.refusals import ActionRefused
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.factories.staff import ContractFactory, ResponsibilityFactory
from tests.pathways.test_at_once import at_once

DEADLINE = clock.today() + timedelta(days=150)


@pytest.fixture
def team(cloned_database):
    people = [ContractFactory().person for _ in range(3)]
    for person in people:
        ResponsibilityFactory(person=person, kind="people_team", school=None)
    return people


def _panel_request(panel=None, fee_pence=0):
    person = ContractFactory().person
    route = RouteFactory(code="MA", kind="masters")
    request = a_request_in("panel", person=person, route=route, funded_by="trust", panel=panel)
    if fee_pence:
        request.fees.create(year_number=1, fee_pence=fee_pence)
    return request


def _panel_with_the_last_pound():
    """A panel whose budget reaches for one of its three requests."""
    panel = MastersPanel.objects.create(
        name="One pound left", deadline_on=DEADLINE, meets_on=DEADLINE, budget_pence=640_100
    )
    return panel, [_panel_request(panel, 640_000) for _ in range(3)]


def _award(request, by):
    return lambda: actions.award(request_id=request.pk, by=by, now=clock.now())


def _decline(request, by):
    return lambda: actions.decline_request(
        request_id=request.pk, by=by, now=clock.now(), words="Not now.", reason_code="places"
    )


def test_of_two_deciders_at_once_one_decides_and_the_other_reads_who(team):
    request = _panel_request()

    results = at_once(_award(request, team[0]), _decline(request, team[1]), _award(request, team[2]))

    refused = [one for one in results if isinstance(one, ActionRefused)]
    assert len(refused) == 2
    request.refresh_from_db()
    decided = RouteDecision.objects.get(request=request, from_state="panel")
    assert {one.sentence for one in refused} == {too_late(request, decided)}


def test_withdrawing_against_awarding_leaves_a_history_that_holds_together(team):
    for _ in range(5):
        request = _panel_request()
        person = request.person
        results = at_once(
            _award(request, team[0]),
            lambda request=request, person=person: withdraw(
                request_id=request.pk, by=person, now=clock.now(), words="I have moved."
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
    panel = MastersPanel.objects.create(name="One place", deadline_on=DEADLINE, meets_on=DEADLINE, places=1)
    requests = [_panel_request(panel) for _ in range(3)]

    at_once(*[_award(request, by) for request, by in zip(requests, team, strict=True)])

    assert RouteRequest.objects.filter(panel=panel, state="agreed").count() == 1


def test_without_the_locks_the_last_place_is_awarded_more_than_once(team, monkeypatch):
    """The control: the same race with every row lock taken away."""
    panel = MastersPanel.objects.create(name="One place", deadline_on=DEADLINE, meets_on=DEADLINE, places=1)
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


def test_last_pound_of_a_panel_is_awarded_once(team):
    panel, requests = _panel_with_the_last_pound()

    results = at_once(*[_award(request, by) for request, by in zip(requests, team, strict=True)])

    refused = [one for one in results if isinstance(one, ActionRefused)]
    assert [one.sentence for one in refused] == [above_the_budget(100, 640_000)] * 2
    assert RouteRequest.objects.filter(panel=panel, state="agreed").count() == 1
    assert budget_of(panel).left_pence == 100


def test_without_the_locks_the_last_pound_is_awarded_more_than_once(team, monkeypatch):
    """The control: the same race with every row lock taken away."""
    panel, requests = _panel_with_the_last_pound()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    together = threading.Barrier(3)

    def read_together(panel):
        found = budget_of(panel)
        together.wait(10)
        return found

    monkeypatch.setattr(panel_budget, "budget_of", read_together)

    at_once(*[_award(request, by) for request, by in zip(requests, team, strict=True)])

    assert budget_of(panel).left_pence < 0


def test_a_higher_fee_against_an_award_shares_no_pound(team):
    """One place is awarded with room to spare; then its fee rises as the next is awarded."""
    for _ in range(3):
        panel, requests = _panel_with_the_last_pound()
        MastersPanel.objects.filter(pk=panel.pk).update(name=f"Panel {panel.pk}", budget_pence=1_280_000)
        actions.award(request_id=requests[0].pk, by=team[0], now=clock.now())

        results = at_once(
            _award(requests[1], team[1]),
            lambda first=requests[0].pk: set_fees(
                request_id=first, years=[(640_001, 100)], by=team[0], now=clock.now()
            ),
        )

        panel.refresh_from_db()
        assert sum(isinstance(one, ActionRefused) for one in results) == 1
        assert budget_of(panel).left_pence >= 0
