"""The Golden Thread of the demo trust."""

from random import Random

from bwt_cpd.demo import catalogue, golden_thread, people
from pathways.models import EarlyCareer, TeachingInterest, TrainingCapacity
from pathways.queries.early_career import plans_of
from tests.demo import ON


def test_early_career_teachers_stand_in_every_term_and_some_are_late(db):
    """In a trust of full size: a small one has too few of them for every term."""
    catalogue.make_years(ON)
    made = people.make_people(Random("1"), count=1500, on=ON)
    golden_thread.make_golden_thread(Random("1"), made, ON)
    running = EarlyCareer.objects.filter(completed_on__isnull=True)
    plans = plans_of(running, ON)

    terms_held = {sum(row.term.ends_on < ON for row in plan.rows) for plan in plans.values()}
    assert terms_held >= {0, 1, 2, 3, 4, 5}
    assert max(plan.terms for plan in plans.values()) > 6
    assert EarlyCareer.objects.filter(completed_on__isnull=False).count() == golden_thread.COMPLETED
    late = running.filter(reviews__held_on__isnull=True, reviews__due_on__lt=ON).distinct().count()
    assert 0 < late < running.count() / 2


def test_hub_checks_nobody_at_its_own_school(trust):
    at_home = EarlyCareer.objects.filter(school__code="BWA")

    assert at_home.exists()
    assert set(at_home.values_list("appropriate_body__name", flat=True)) == {
        "Cambridgeshire and Peterborough Teaching School Hub"
    }


def test_interest_stands_at_every_state_and_schools_have_said_what_they_can_take(trust):
    states = set(TeachingInterest.objects.values_list("state", flat=True))

    assert states == set(TeachingInterest.State.values)
    assert TrainingCapacity.objects.filter(placements__gt=0).exists()
