"""Whom to ask about somebody: the nearest who may decide, and who stands in for them."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from staff.models import Delegation, Person
from staff.queries.deciders import may_decide_about, people_decided_by, people_nearest_to
from staff.queries.nearest import asked_about
from tests.factories.staff import ContractFactory, PersonFactory, ResponsibilityFactory

ON = date(2026, 11, 24)


def _lend(giver, receiver):
    return Delegation.objects.create(
        from_person=giver.person, to_person=receiver.person, starts_on=ON, ends_on=ON
    )


def _asked(user, on=ON):
    """Who is asked, which has to be just those to whom the person is one of those nearest to them."""
    found = {one.person_id for one in asked_about([user.person.pk], on).get(user.person.pk, [])}
    theirs = {one.pk for one in Person.objects.all() if user.person in people_nearest_to(one, on)}
    assert found == theirs
    return found


def _unmanaged(user):
    user.person.contracts.update(line_manager=None)
    return user


def test_the_line_manager_is_asked_and_nobody_farther(teacher, line_manager, headteacher, people_team):
    assert _asked(teacher) == {line_manager.person.pk}


def test_without_a_line_manager_the_head_is_asked(teacher, headteacher, people_team):
    assert _asked(_unmanaged(teacher)) == {headteacher.person.pk}


def test_where_the_line_manager_has_left_the_head_is_asked(teacher, line_manager, headteacher):
    line_manager.person.contracts.update(ends_on=ON - timedelta(days=1))

    assert _asked(teacher) == {headteacher.person.pk}


def test_without_either_the_people_team_is_asked(headteacher, hub_lead, people_team, outsider):
    ResponsibilityFactory(kind="people_team", person=outsider.person)

    assert _asked(headteacher) == _asked(hub_lead) == {people_team.person.pk, outsider.person.pk}
    assert _asked(people_team) == {outsider.person.pk}


def test_nobody_is_asked_about_somebody_without_a_contract(partner, people_team, teacher):
    teacher.person.contracts.update(ends_on=ON - timedelta(days=1))

    assert (_asked(partner), _asked(teacher)) == (set(), set())


def test_a_stand_in_is_asked_too_even_one_who_decides_from_farther_away(
    teacher, line_manager, headteacher, cpd_lead
):
    _lend(line_manager, cpd_lead)
    _lend(line_manager, headteacher)

    assert _asked(teacher) == {one.person.pk for one in (line_manager, cpd_lead, headteacher)}
    assert _asked(teacher, ON + timedelta(days=1)) == {line_manager.person.pk}


def test_nobody_stands_in_about_themselves(teacher, line_manager):
    _lend(line_manager, teacher)

    assert _asked(teacher) == {line_manager.person.pk}


def test_of_two_posts_the_one_manager_is_asked(teacher, kettering, line_manager):
    ContractFactory(person=teacher.person, school=kettering, is_main=False)
    ResponsibilityFactory(kind="headteacher", school=kettering)

    assert _asked(teacher) == {line_manager.person.pk}


def test_whoever_decides_failing_all_others_decides_only_then(teacher, headteacher, people_team, partner):
    near = {"kinds": ("line_manager", "headteacher"), "failing": ("people_team",)}

    assert may_decide_about(people_team.person, headteacher.person, ON, **near)
    assert not may_decide_about(people_team.person, teacher.person, ON, **near)
    assert not may_decide_about(people_team.person, partner.person, ON, **near)
    assert list(people_decided_by(people_team.person, ON, **near)) == [headteacher.person]


def test_asking_takes_the_same_for_one_and_for_many(teacher, teaching_assistant, headteacher, people_team):
    counts = []
    for people in (
        [_unmanaged(teacher), headteacher],
        [teacher, teaching_assistant, headteacher, people_team],
    ):
        with CaptureQueriesContext(connection) as seen:
            asked_about({one.person.pk for one in people}, ON)
        counts.append(len(seen))

    assert counts == [3, 3]


def test_a_manager_in_an_ended_post_is_not_asked(teacher, line_manager, headteacher):
    was = PersonFactory()
    ContractFactory(person=teacher.person, line_manager=was, is_main=False, ends_on=ON - timedelta(days=1))

    assert _asked(teacher) == {line_manager.person.pk}
