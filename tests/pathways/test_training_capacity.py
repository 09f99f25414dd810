"""A placement takes its place and its mentor in every year of which it has a day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pathways.actions import teaching_interest, training_capacity
from pathways.actions.teaching_interest import move_interest, place_trainee
from pathways.queries.training_capacity import capacity_of
from pathways.rules.teaching_interest import placement_ends_on
from staff.models import Message
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
    with pytest.raises(ActionRefused) as refusal:
        _place(offered(), people_team, beanfield, teacher.person, **january)
    assert refusal.value.sentence == training_capacity.placements_are_taken(beanfield, 1, second)
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


def test_who_withdraws_from_a_placement_leaves_place_and_mentor_free(people_team, teacher, beanfield):
    year = AcademicYearFactory(name="2027/28")
    TrainingCapacityFactory(school=beanfield, year=year, placements=1, mentors=1)
    first, second = (
        walk(TeachingInterestFactory(), "advised", "applied", "offered", by=people_team.person)
        for _ in range(2)
    )
    _place(first, people_team, beanfield, teacher.person)

    def withdraw(words="They move away.", by=people_team.person, now=NOW):
        return move_interest(interest_id=first.pk, to="withdrawn", by=by, words=words, now=now)

    with pytest.raises(ActionRefused) as refusal:
        withdraw(by=first.person)
    assert refusal.value.sentence == teaching_interest.PEOPLE_TEAMS_STEP
    with pytest.raises(ActionRefused) as refusal:
        withdraw(words=" ")
    assert refusal.value.sentence == teaching_interest.WORDS_NEEDED
    withdrawn = withdraw()
    withdraw()

    assert (withdrawn.state, withdrawn.placed_at, withdrawn.step_count) == ("withdrawn", beanfield, 5)
    assert (capacity_of(beanfield, year).placed, capacity_of(beanfield, year).mentors_used) == (0, 0)
    assert _place(second, people_team, beanfield, teacher.person).state == "placed"
    subjects = Message.objects.filter(person=teacher.person).order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [
        teaching_interest.mentor_subject(first),
        teaching_interest.mentor_subject(first, is_over=True),
        teaching_interest.mentor_subject(second),
    ]


def test_a_placement_that_is_over_is_not_withdrawn_from(people_team, teacher, beanfield):
    interest = walk(
        TeachingInterestFactory(),
        *("advised", "applied", "offered", "placed"),
        by=people_team.person,
        starts_on=date(2027, 9, 1),
    )
    later = datetime(2028, 9, 1, 12, tzinfo=ZoneInfo("Europe/London"))  # the day after its last

    with pytest.raises(ActionRefused) as refusal:
        move_interest(
            interest_id=interest.pk, to="withdrawn", by=people_team.person, words="Done.", now=later
        )
    assert refusal.value.sentence == teaching_interest.PLACEMENT_IS_OVER
    last_day = move_interest(
        interest_id=interest.pk,
        to="withdrawn",
        by=people_team.person,
        words="So late.",
        now=later - timedelta(days=1),
    )
    assert last_day.state == "withdrawn"
