"""Competencies, profiles, and opening a cycle for everybody at once."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import staff
from pathways.actions.needs_cycles import HAS_CLOSED, NOT_OPENED, add_people, keep_cycles_complete
from pathways.actions.reference_needs import load_competencies
from pathways.models import Competency, NeedsRating, RoleProfile
from staff.models import Contract
from staff.refusals import ActionRefused
from tests.factories.courses import CourseFactory
from tests.factories.pathways_needs import CompetencyFactory, NeedsCycleFactory, RoleProfileFactory
from tests.factories.staff import ContractFactory, JobRoleFactory, PersonFactory, SchoolFactory

ON, CLOSES_ON = date(2026, 11, 24), date(2026, 12, 11)


def roles_of_the_trust():
    with (Path(staff.__file__).parent / "data" / "roles.csv").open(encoding="utf-8") as file:
        return [
            JobRoleFactory(code=row["code"], staff_group=row["staff_group"]) for row in csv.DictReader(file)
        ]


@pytest.fixture
def cycle(db):
    return NeedsCycleFactory(closes_on=CLOSES_ON)


# Reference data ----------------------------------------------------------------------------
def test_every_role_but_casual_has_a_profile(db):
    roles = roles_of_the_trust()
    load_competencies()

    without = [role.code for role in roles if not role.profile.exists()]

    assert without == ["INV"]


def test_every_profile_asks_for_safeguarding_and_every_competency_is_asked_for(db):
    roles = roles_of_the_trust()
    load_competencies()

    asked = RoleProfile.objects.filter(competency__code="C21").count()
    never = Competency.objects.filter(profiles__isnull=True).values_list("code", flat=True)

    assert (asked, list(never)) == (len(roles) - 1, [])


def test_loading_again_leaves_what_the_people_team_has_changed(db):
    JobRoleFactory(code="TA2")
    load_competencies()
    profile = RoleProfile.objects.filter(competency__code="C21").get()
    profile.required_level = 4
    profile.save()
    before = list(RoleProfile.objects.order_by("pk").values())

    load_competencies()

    assert list(RoleProfile.objects.order_by("pk").values()) == before


def test_courses_are_linked_and_unknown_ones_are_named(db):
    CourseFactory(code="DG-001")

    unknown = load_competencies()

    linked = Competency.objects.filter(courses__code="DG-001").values_list("code", flat=True)
    assert (list(linked), "DG-001" in unknown, "DG-003" in unknown) == (["C27"], False, True)


# Opening a cycle ---------------------------------------------------------------------------
def test_everybody_in_contract_gets_the_profile_of_their_role(
    cycle, teaching_assistant, teacher, assistant_role
):
    profile = RoleProfileFactory(job_role=assistant_role, required_level=2, weight=3)

    added = add_people(cycle_id=cycle.pk, on=ON)

    rating = NeedsRating.objects.get()
    assert added == 1
    assert (rating.person, rating.competency) == (teaching_assistant.person, profile.competency)
    assert (rating.required_level, rating.weight, rating.self_level) == (2, 3, None)


def test_opening_twice_adds_nothing_and_keeps_the_frozen_level(cycle, teaching_assistant, assistant_role):
    profile = RoleProfileFactory(job_role=assistant_role, required_level=2)
    add_people(cycle_id=cycle.pk, on=ON)
    profile.required_level = 4
    profile.save()

    assert add_people(cycle_id=cycle.pk, on=ON) == 0
    assert NeedsRating.objects.get().required_level == 2


def test_main_contract_decides_not_the_second_one(cycle, teaching_assistant, assistant_role):
    cleaner = JobRoleFactory(code="CLN", staff_group="support")
    RoleProfileFactory(job_role=cleaner)
    ContractFactory(person=teaching_assistant.person, job_role=cleaner, is_main=False)

    assert add_people(cycle_id=cycle.pk, on=ON) == 0


def test_leavers_starters_to_come_and_casual_staff_are_not_asked(cycle, teaching_assistant, assistant_role):
    casual = JobRoleFactory(code="INV", staff_group="casual")
    RoleProfileFactory(job_role=assistant_role)
    RoleProfileFactory(job_role=casual)
    ContractFactory(job_role=casual)
    ContractFactory(job_role=assistant_role, ends_on=date(2026, 11, 23))
    ContractFactory(job_role=assistant_role, starts_on=date(2026, 11, 25))

    assert add_people(cycle_id=cycle.pk, on=ON) == 1


def test_starters_are_added_the_night_after(cycle, teaching_assistant, assistant_role):
    RoleProfileFactory(job_role=assistant_role)
    keep_cycles_complete(on=ON)
    ContractFactory(job_role=assistant_role, starts_on=date(2026, 11, 25))

    assert keep_cycles_complete(on=date(2026, 11, 25)) == 1


def test_cycle_for_starters_of_one_school_asks_only_them(teaching_assistant, assistant_role):
    RoleProfileFactory(job_role=assistant_role)
    cycle = NeedsCycleFactory(closes_on=CLOSES_ON, joined_from=date(2026, 9, 1))
    cycle.schools.add(SchoolFactory(code="BPS"))
    here = ContractFactory(job_role=assistant_role, starts_on=date(2026, 9, 1))
    ContractFactory(job_role=assistant_role, starts_on=date(2026, 9, 1), school=SchoolFactory(code="KSA"))

    add_people(cycle_id=cycle.pk, on=ON)

    assert [rating.person for rating in NeedsRating.objects.all()] == [here.person]


def test_what_is_for_primary_schools_is_asked_there_alone(cycle, teacher, outsider, teacher_role):
    RoleProfileFactory(job_role=teacher_role, competency=CompetencyFactory(applies_to="primary and maths"))

    add_people(cycle_id=cycle.pk, on=ON)

    asked = set(NeedsRating.objects.values_list("person", flat=True))
    assert teacher.person.pk in asked
    assert outsider.person.pk not in asked


@pytest.mark.parametrize(
    ("on", "sentence"), [(date(2026, 11, 1), NOT_OPENED), (date(2026, 12, 12), HAS_CLOSED)]
)
def test_nobody_is_added_before_or_after(cycle, on, sentence):
    with pytest.raises(ActionRefused) as refusal:
        add_people(cycle_id=cycle.pk, on=on)
    assert refusal.value.sentence == sentence

    assert keep_cycles_complete(on=on) == 0


def test_the_number_of_statements_is_the_same_for_3_and_for_1500_people(assistant_role, beanfield):
    for _ in range(10):
        RoleProfileFactory(job_role=assistant_role)
    few = statements(3, assistant_role, beanfield)
    many = statements(1500, assistant_role, beanfield)

    assert few == many <= 7
    assert NeedsRating.objects.count() == 10 * (3 + 1503)


def statements(people, role, school):
    made = PersonFactory.build_batch(people)
    type(made[0]).objects.bulk_create(made)
    start = Contract.objects.count()
    Contract.objects.bulk_create(
        Contract(
            contract_id=f"M{start + number}",
            person=person,
            school=school,
            job_role=role,
            department=role.department,
            starts_on=date(2020, 9, 1),
            is_main=True,
        )
        for number, person in enumerate(made)
    )
    cycle = NeedsCycleFactory(closes_on=CLOSES_ON)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        add_people(cycle_id=cycle.pk, on=ON)
    return len(queries)
