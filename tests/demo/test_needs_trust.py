"""Learning needs of the demo trust."""

from datetime import date

import pytest
from django.db.models import F

from pathways.models import NeedsPlanLine, NeedsRating, PlanItem, SurveyTheme
from pathways.queries.needs import cycle_of, sheet_of
from pathways.queries.needs_plan import plan_of
from pathways.queries.needs_reports import cycles_to_report, heatmap
from staff import clock
from staff.models import Person
from tests.demo import ON


@pytest.fixture
def ta(trust):
    return Person.objects.get(user__email="ta@demo.example")


def test_spring_round_is_over_and_mostly_agreed(trust):
    past = cycles_to_report(ON)[0]

    total = past.ratings.count()
    agreed = past.ratings.filter(agreed_level__isnull=False).count()

    assert (past.name, past.opens_on, past.closes_on) == (
        "Learning needs 2026",
        date(2026, 5, 1),
        date(2026, 6, 30),
    )
    assert 0.75 < agreed / total < 0.97
    assert heatmap(past, school=None, on=ON).rows


def test_open_rounds_are_there_to_be_tried(ta):
    sheet = sheet_of(ta, cycle_of(ta, ON), ON)

    assert (sheet.is_open, sheet.self_rated, sheet.manager_rated) == (True, 0, 0)
    assert sheet.total > 10


def test_everybody_of_the_login_page_has_a_plan_from_spring(ta):
    plan = plan_of(ta, now=clock.now())

    assert plan.has_levels
    assert {need.line.rating.cycle.name for need in plan.needs} <= {"Learning needs 2026"}


def test_plan_of_the_trust_answers_most_themes(trust):
    assert NeedsPlanLine.objects.count() == 6
    assert SurveyTheme.objects.filter(plan_line__isnull=False).count() == 6
    assert PlanItem.objects.filter(state="done").exists()


def test_nobody_is_rated_by_themselves_nor_agreed_far_apart_without_a_word(trust):
    agreed = NeedsRating.objects.filter(agreed_level__isnull=False)

    assert not agreed.filter(manager=F("person")).exists()
    assert not agreed.filter(self_level__gte=F("manager_level") + 2, conversation_on__isnull=True).exists()
    assert not agreed.exclude(agreed_level=F("self_level")).exclude(agreed_level=F("manager_level")).exists()
