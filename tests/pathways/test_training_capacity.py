"""A placement takes its place and its mentor in every year of which it has a day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pathways.actions.teaching_interest import place_trainee
from pathways.queries.training_capacity import capacity_of
from pathways.rules.teaching_interest import placement_ends_on
from staff.refusals import ActionRefused
from tests.factories.entitlements import AcademicYearFactory
from tests.factories.pathways_golden_thread import TeachingInterestFactory, TrainingCapacityFactory, walk
from tests.factories.pathways_requests import RouteFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/London"))


def _place(interest, by, school, mentor, starts_on=date(2027, 9, 1)):
    return place_trainee(
        interest_id=interest.pk,
        by=by.person,
        school=school,
        mentor=mentor,
        starts_on=starts_on,
        words="Welcome.",
        now=NOW,
    )


@pytest.mark.parametrize(
    ("starts_on", "months", "ends_on"),
    [
        (date(2027, 9, 1), None, date(2028, 8, 31)),
        (date(2027, 9, 1), 12, date(2028, 8, 31)),
        (date(2028, 1, 3), 12, date(2029, 1, 2)),
        (date(2027, 9, 1), 45, date(2031, 5, 31)),
    ],
)
def test_last_day_of_a_placement(starts_on, months, ends_on):
    assert placement_ends_on(starts_on, months) == ends_on


def test_placement_that_runs_into_the_next_year_takes_a_place_in_both(people_team, teacher, beanfield):
    first, second = AcademicYearFactory(name="2027/28"), AcademicYearFactory(name="2028/29")
    TrainingCapacityFactory(school=beanfield, year=first, mentors=2, placements=3)
    later = TrainingCapacityFactory(school=beanfield, year=second, mentors=2, placements=1)

    def offered(**fields):
        return walk(TeachingInterestFactory(**fields), "advised", "applied", "offered", by=people_team.person)

    january = {"starts_on": date(2028, 1, 3)}
    _place(offered(), people_team, beanfield, teacher.person, **january)
    with pytest.raises(ActionRefused, match="is full: 1 placement in 2028/29"):
        _place(offered(), people_team, beanfield, teacher.person, **january)
    _place(offered(), people_team, beanfield, teacher.person, starts_on=date(2027, 9, 1))  # to 31 August

    used = [capacity_of(beanfield, year) for year in (first, second)]
    assert [(one.placed, one.mentor_ids) for one in used] == [
        (2, {teacher.person_id}),
        (1, {teacher.person_id}),
    ]
    later.delete()  # nothing is said of the later year yet
    _place(offered(), people_team, beanfield, teacher.person, **january)
    assert capacity_of(beanfield, second).placed == 2


def test_placement_lasts_as_long_as_its_route(people_team, teacher, beanfield):
    years = [AcademicYearFactory(name=name) for name in ("2027/28", "2028/29", "2029/30")]
    TrainingCapacityFactory(school=beanfield, year=years[0], placements=1)
    route = RouteFactory(code="PT", kind="teacher_training", typical_months=24)
    interest = walk(
        TeachingInterestFactory(route=route), "advised", "applied", "offered", by=people_team.person
    )
    _place(interest, people_team, beanfield, teacher.person)

    assert [capacity_of(beanfield, year).placed for year in years] == [1, 1, 0]
