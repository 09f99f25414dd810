"""The routes kept with the project: all of them come in, once, and what the people team changed stays."""

import pytest

from pathways.actions.reference import load_pathways
from pathways.actions.reference_routes import load_routes
from pathways.models import Route, RungCpd
from tests.factories.pathways_requests import RouteFactory

pytestmark = pytest.mark.django_db


def test_every_row_of_the_tables_becomes_a_route_with_its_source():
    assert load_routes() == []

    kinds = {kind: Route.objects.filter(kind=kind).count() for kind in Route.Kind.values}
    assert kinds == {"apprenticeship": 46, "npq": 11, "masters": 3, "chartered": 13, "teacher_training": 3}
    assert not Route.objects.filter(source="").exists()
    assert not Route.objects.filter(last_checked_on=None).exists()


def test_status_ages_and_alternatives_are_those_of_the_rules():
    load_routes()

    leader = Route.objects.get(code="ST0384")
    assert (leader.funding_status, str(leader.last_funded_start_on)) == ("withdrawn", "2026-08-31")
    assert set(leader.alternatives.values_list("code", flat=True)) == {"ST0795", "ST0310", "ST0575", "ILM"}
    senior = Route.objects.get(code="ST0480")
    assert (senior.funding_status, senior.youngest_age, senior.oldest_age) == ("age_limited", 16, 21)
    assert Route.objects.get(code="NPQH").funding_status == "funded"
    assert "RISE" in Route.objects.get(code="NPQLT").funding_words
    withdrawn = Route.objects.filter(funding_status="withdrawn", alternatives=None, alternative_words="")
    assert not withdrawn.exists()


def test_second_load_changes_nothing_and_keeps_what_was_edited():
    load_routes()
    Route.objects.filter(code="ST0454").update(title="TA apprenticeship", max_funding_pence=1, is_open=False)
    Route.objects.get(code="ST0384").alternatives.clear()
    before = list(Route.objects.order_by("pk").values())

    load_routes()

    assert list(Route.objects.order_by("pk").values()) == before
    assert not Route.objects.get(code="ST0384").alternatives.exists()


def test_route_that_was_there_before_is_left_alone():
    mine = RouteFactory(code="ST0384", title="Ours")
    load_routes()

    mine.refresh_from_db()
    assert (mine.title, mine.funding_status) == ("Ours", "funded")


def test_career_pathways_link_to_the_routes():
    load_routes()
    load_pathways()

    assert RungCpd.objects.filter(route__code="ST0490", other_route__code="SCITT").exists()
    assert RungCpd.objects.filter(route__code="HLTA").exists()


def test_loading_asks_a_fixed_number_of_times(django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        load_routes()
