"""Who may decide about whom (DESIGN section 3, invariant 4)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.models import Delegation
from staff.queries.deciders import (
    deciders_for,
    decides_about_anyone,
    first_asked,
    may_decide_about,
    people_decided_by,
)
from tests.factories.staff import ContractFactory, PersonFactory, ResponsibilityFactory

ON = date(2026, 11, 24)


def _lend(giver, receiver, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30)):
    return Delegation.objects.create(
        from_person=giver.person,
        to_person=receiver.person,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _found(user, on=ON, **options):
    return [
        (found.person, found.capacity)
        for found in deciders_for([user.person.pk], on, **options)[user.person.pk]
    ]


def test_deciders_are_manager_then_head_then_people_team(
    teacher, line_manager, headteacher, people_team, outsider
):
    assert _found(teacher) == [
        (line_manager.person, "line manager"),
        (headteacher.person, "headteacher"),
        (people_team.person, "people team"),
    ]


def test_nobody_decides_about_themselves(headteacher, people_team):
    assert _found(headteacher) == [(people_team.person, "people team")]
    assert _found(people_team) == []
    assert not may_decide_about(people_team.person, people_team.person, ON)
    assert headteacher.person not in people_decided_by(headteacher.person, ON)


def test_a_head_who_is_also_the_manager_stands_once_as_the_nearer(line_manager, headteacher):
    assert _found(line_manager) == [(headteacher.person, "line manager")]


def test_a_delegate_stands_right_after_whom_they_stand_for(teacher, line_manager, headteacher, cpd_lead):
    _lend(line_manager, cpd_lead)

    found = deciders_for([teacher.person.pk], ON)[teacher.person.pk]

    assert [(decider.person, decider.kind, decider.delegated_from) for decider in found] == [
        (line_manager.person, "line_manager", None),
        (cpd_lead.person, "line_manager", line_manager.person),
        (headteacher.person, "headteacher", None),
    ]
    assert found[1].words == f"{cpd_lead.person}, for {line_manager.person} ({found[1].capacity})"
    assert may_decide_about(cpd_lead.person, teacher.person, ON)


def test_a_head_who_stands_in_for_the_manager_is_asked_as_the_nearer(teacher, line_manager, headteacher):
    _lend(line_manager, headteacher)

    found = deciders_for([teacher.person.pk], ON)[teacher.person.pk]

    assert [(decider.person, decider.kind, decider.delegated_from) for decider in found] == [
        (line_manager.person, "line_manager", None),
        (headteacher.person, "line_manager", line_manager.person),
    ]
    assert first_asked(found) == found


def test_who_is_written_to_is_the_nearest_and_their_stand_ins(teacher, line_manager, headteacher, cpd_lead):
    _lend(line_manager, cpd_lead)
    _lend(headteacher, line_manager)

    asked = first_asked(deciders_for([teacher.person.pk], ON)[teacher.person.pk])

    assert [one.person for one in asked] == [line_manager.person, cpd_lead.person]
    assert first_asked([]) == []


def test_the_nearer_of_two_managers_is_that_of_the_main_contract_where_none_is_marked(
    teacher, line_manager, kettering, teacher_role
):
    """R6: the highest fte."""
    teacher.person.contracts.update(is_main=False, fte_numerator=1, fte_denominator=5)
    nearer = PersonFactory()
    ContractFactory(
        person=teacher.person, school=kettering, job_role=teacher_role, line_manager=nearer, is_main=False
    )

    assert [person for person, _ in _found(teacher)][:2] == [nearer, line_manager.person]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
    ],
)
def test_a_delegation_holds_on_its_dates_and_no_others(teacher, line_manager, cpd_lead, on, expected):
    _lend(line_manager, cpd_lead)

    assert may_decide_about(cpd_lead.person, teacher.person, on) is expected


def test_a_delegate_decides_neither_about_themselves_nor_about_the_giver(
    teacher, line_manager, people_team, outsider
):
    _lend(line_manager, teacher)
    _lend(people_team, outsider)

    assert not may_decide_about(teacher.person, teacher.person, ON)
    assert not may_decide_about(outsider.person, people_team.person, ON)
    assert not may_decide_about(outsider.person, outsider.person, ON)
    assert may_decide_about(outsider.person, teacher.person, ON)
    assert teacher.person not in [found for found, _ in _found(teacher)]


def test_a_delegation_is_one_step_and_no_further(teacher, line_manager, cpd_lead, outsider):
    _lend(line_manager, cpd_lead)
    _lend(cpd_lead, outsider)

    assert not may_decide_about(outsider.person, teacher.person, ON)


def test_a_manager_who_has_left_decides_about_nobody(teacher, line_manager, headteacher):
    line_manager.person.contracts.update(ends_on=date(2026, 11, 23))

    assert _found(teacher) == [(headteacher.person, "headteacher")]
    assert not may_decide_about(line_manager.person, teacher.person, ON)
    assert not decides_about_anyone(line_manager.person, ON)
    assert may_decide_about(line_manager.person, teacher.person, date(2026, 11, 23))


def test_what_a_leaver_lent_is_lent_no_more(teacher, line_manager, cpd_lead):
    _lend(line_manager, cpd_lead)
    line_manager.person.contracts.update(ends_on=date(2026, 11, 23))

    assert not may_decide_about(cpd_lead.person, teacher.person, ON)


def test_a_head_of_another_school_or_one_who_ended_does_not_decide(
    teacher, kettering, beanfield, line_manager
):
    other = ResponsibilityFactory(kind="headteacher", school=kettering)
    ended = ResponsibilityFactory(kind="headteacher", school=beanfield, ends_on=date(2026, 8, 31))

    assert _found(teacher)[0] == (line_manager.person, "line manager")
    assert not may_decide_about(other.person, teacher.person, ON)
    assert not may_decide_about(ended.person, teacher.person, ON)
    assert may_decide_about(ended.person, teacher.person, date(2026, 8, 31))


def test_each_of_two_managers_decides_the_main_one_first(teacher, line_manager, kettering, teacher_role):
    second = PersonFactory()
    ContractFactory(
        person=teacher.person,
        school=kettering,
        job_role=teacher_role,
        line_manager=second,
        is_main=False,
    )

    assert [person for person, _ in _found(teacher)][:2] == [
        line_manager.person,
        second,
    ]


def test_of_two_managers_that_of_the_higher_fte_is_first_where_no_post_is_marked(teacher, line_manager):
    teacher.person.contracts.update(is_main=False, fte_numerator=2, fte_denominator=5)
    second = PersonFactory()
    ContractFactory(
        person=teacher.person, line_manager=second, is_main=False, fte_numerator=3, fte_denominator=5
    )

    assert [person for person, _ in _found(teacher)][:2] == [second, line_manager.person]


def test_budget_holder_and_cpd_lead_are_asked_for_by_kind(teacher, cpd_lead, beanfield):
    holder = ResponsibilityFactory(kind="budget_holder", school=beanfield)

    assert _found(teacher, kinds=["budget_holder"]) == [(holder.person, "budget holder")]
    assert _found(teacher, kinds=["cpd_lead"]) == [(cpd_lead.person, "CPD lead")]
    assert not may_decide_about(cpd_lead.person, teacher.person, ON)
    assert may_decide_about(cpd_lead.person, teacher.person, ON, kinds=["cpd_lead"])


def test_a_duty_for_a_hub_is_none_over_people(teacher, outsider, primary_hub):
    ResponsibilityFactory(person=outsider.person, kind="cpd_lead", hub=primary_hub)

    assert not may_decide_about(outsider.person, teacher.person, ON, kinds=["cpd_lead"])
    assert _found(teacher, kinds=["cpd_lead"]) == []


def test_people_decided_by_says_the_same_as_deciders_for(
    teacher,
    teaching_assistant,
    line_manager,
    headteacher,
    cpd_lead,
    hub_lead,
    people_team,
    partner,
    outsider,
):
    users = [
        teacher,
        teaching_assistant,
        line_manager,
        headteacher,
        cpd_lead,
        hub_lead,
        people_team,
        partner,
        outsider,
    ]
    _lend(headteacher, outsider)
    found = deciders_for([user.person.pk for user in users], ON)

    for actor in users:
        decided = set(people_decided_by(actor.person, ON))
        assert decided == {
            user.person
            for user in users
            if actor.person in [decider.person for decider in found[user.person.pk]]
        }


def test_query_count_does_not_grow(
    teacher,
    teaching_assistant,
    line_manager,
    headteacher,
    people_team,
    django_assert_num_queries,
):
    ids = [user.person.pk for user in (teacher, teaching_assistant, line_manager)]

    with django_assert_num_queries(4):
        deciders_for(ids[:1], ON)
    with django_assert_num_queries(4):
        deciders_for(ids, ON)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        may_decide_about(line_manager.person, teacher.person, ON)
    assert len(queries) == 3
