"""The frame round every page: who sees which entries, and what it costs."""

import pytest
from django.test import RequestFactory

from bwt_cpd.context_processors import Frame
from bwt_cpd.queries.inbox import items_for
from staff import clock
from staff.actions.responsibilities import delegate
from staff.models import User
from tests.factories.courses import SessionFactory
from tests.factories.pathways_requests import a_request_in
from tests.factories.staff import ResponsibilityFactory


def frame_of(user) -> Frame:
    request = RequestFactory().get("/courses/")
    request.user = User.objects.select_related("person").get(pk=user.pk)
    return Frame(request)


def keys(entries) -> list[str]:
    return [entry.key for entry in entries]


def test_line_manager_has_team_in_the_place_of_my_year(line_manager, teacher):
    frame = frame_of(line_manager)

    assert frame.has_team
    assert "year" not in keys(frame.tabs)


def test_teacher_has_no_team(teacher):
    frame = frame_of(teacher)

    assert not frame.has_team
    assert "team" not in keys([*frame.main, *frame.tabs])


def test_headteacher_has_a_team_by_responsibility(headteacher):
    assert frame_of(headteacher).has_team


def test_people_team_is_offered_the_admin(people_team, teacher):
    assert "admin" in [entry.key for _, entries in frame_of(people_team).more for entry in entries]
    assert "admin" not in [entry.key for _, entries in frame_of(teacher).more for entry in entries]


def test_who_leads_sessions_has_registers(trainer, hub_lead, teacher):
    assert keys(frame_of(trainer).duties) == ["registers"]
    assert keys(frame_of(hub_lead).duties) == ["registers", "manage"]
    assert keys(frame_of(teacher).duties) == []


def test_who_is_named_on_a_session_without_the_responsibility_has_registers(teacher, outsider):
    SessionFactory().trainers.add(teacher.person)

    assert keys(frame_of(teacher).duties) == ["registers"]
    assert keys(frame_of(outsider).duties) == []


def test_address_lights_the_entry(teacher):
    assert frame_of(teacher).current == "find"


def test_part_of_a_page_asks_for_nothing(teacher, django_assert_num_queries):
    frame = frame_of(teacher)

    with django_assert_num_queries(0):
        assert frame.current == "find"


@pytest.mark.parametrize(("who", "queries"), [("teacher", 1), ("line_manager", 2), ("headteacher", 2)])
def test_whole_frame_asks_once_or_twice_besides_responsibilities(
    request, teacher, who, queries, django_assert_num_queries
):
    frame = frame_of(request.getfixturevalue(who))
    assert isinstance(frame.user.responsibilities, list)

    with django_assert_num_queries(queries):
        assert frame.tabs
        assert frame.main
        assert frame.more
        assert frame.name
        assert frame.waiting == 0


@pytest.mark.django_db
def test_stranger_has_no_name(rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/help/")
    request.user = AnonymousUser()
    frame = Frame(request)

    assert (frame.is_signed_in, frame.name, frame.waiting, frame.has_team) == (False, "", 0, False)


def test_who_answers_for_the_levy_is_counted_what_waits_without_having_a_team(outsider, teaching_assistant):
    ResponsibilityFactory(person=outsider.person, kind="finance")
    waits = a_request_in("finance", person=teaching_assistant.person)

    frame = frame_of(outsider)

    assert (frame.has_team, frame.decides, frame.waiting) == (False, True, 1)
    assert [item.pk for item in items_for(outsider.person, clock.today())] == [waits.pk]


def test_who_stands_in_for_finance_is_counted_it_too(
    outsider, cpd_lead, teaching_assistant, django_assert_num_queries
):
    today = clock.today()
    ResponsibilityFactory(person=outsider.person, kind="finance")
    a_request_in("finance", person=teaching_assistant.person)
    delegate(
        from_person=outsider.person,
        to_person=cpd_lead.person,
        starts_on=today,
        ends_on=today,
        by=outsider.person,
    )

    frame = frame_of(cpd_lead)
    assert isinstance(frame.user.responsibilities, list)

    with django_assert_num_queries(2):
        assert (frame.has_team, frame.decides, frame.waiting) == (False, True, 1)
