"""Requests, coaching and the closed round of learning needs in the demo trust."""

import pytest
from django.db.models import F, Q

from pathways.models import (
    CoachingAgreement,
    MastersPanel,
    NeedsCycle,
    NeedsRating,
    Route,
    RouteRequest,
    RouteReview,
)
from pathways.queries.coaching import line_of
from pathways.queries.panels import budget_of
from pathways.rules.requests import RequestState
from staff.models import Contract
from tests.demo import ON

pytestmark = pytest.mark.usefixtures("trust")
GIVEN = ["agreed", "on_programme", "on_break", "completed"]


def test_every_state_and_every_kind_of_route_has_a_request():
    states = set(RouteRequest.objects.values_list("state", flat=True))
    kinds = set(RouteRequest.objects.values_list("route__kind", flat=True))

    assert states == {state.value for state in RequestState}
    assert kinds == set(Route.Kind.values)


def test_what_is_agreed_has_its_price_hours_or_fees():
    given = RouteRequest.objects.filter(state__in=GIVEN)
    apprentices = given.filter(route__kind="apprenticeship")
    masters = given.filter(route__kind="masters")

    assert apprentices.exists()
    assert masters.exists()
    assert not apprentices.filter(
        Q(price_pence=None) | Q(off_job_hours=None) | Q(planned_ends_on=None)
    ).exists()
    assert not given.exclude(route__kind="masters").filter(price_pence=None).exists()
    assert not masters.filter(fees=None).exists()


def test_panels_keep_to_their_budget():
    assert [panel.name for panel in MastersPanel.objects.all() if budget_of(panel).over_pence] == []
    assert any(budget_of(panel).awarded_pence for panel in MastersPanel.objects.all())


def test_who_is_on_programme_began_before_and_some_are_short_of_hours():
    begun = RouteRequest.objects.exclude(starts_on=None)
    reviews = RouteReview.objects.filter(request__route__kind="apprenticeship", held_on__isnull=False)

    assert not begun.filter(starts_on__gt=ON).exists()
    assert not begun.filter(state="completed", ended_on__lte=F("starts_on")).exists()
    assert reviews.filter(is_on_track=True, off_job_minutes__gt=0).exists()
    assert reviews.filter(is_on_track=False).exists()
    assert (
        not RouteReview.objects.exclude(request__route__kind="apprenticeship")
        .exclude(off_job_minutes=None)
        .exists()
    )


def test_no_coach_stands_in_the_line_of_their_coachee():
    pairs = CoachingAgreement.objects.select_related("coach", "coachee")
    in_line = [
        (pair.coach, pair.coachee)
        for pair in pairs
        if pair.coach_id in line_of(pair.coachee, ON) or pair.coachee_id in line_of(pair.coach, ON)
    ]

    assert len(pairs) >= 8
    assert in_line == []


def test_closed_round_of_needs_has_everybody_who_was_in_contract():
    closed = NeedsCycle.objects.get(name="Learning needs 2026")
    contracts = Contract.objects.exclude(job_role__staff_group="casual").filter(
        Q(ends_on=None) | Q(ends_on__gte=closed.opens_on), starts_on__lte=closed.closes_on, is_main=True
    )
    rated = set(NeedsRating.objects.filter(cycle=closed).values_list("person", flat=True))

    assert rated == set(contracts.values_list("person", flat=True))
