"""My induction, and starters somebody looks after."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from staff import clock
from tests.factories.courses import CourseFactory
from tests.factories.pathways_induction import InductionFactory, InductionStepFactory
from tests.factories.staff import ContractFactory

TODAY = clock.today()


@pytest.fixture
def induction(teaching_assistant):
    induction = InductionFactory(
        contract=teaching_assistant.person.contracts.get(), starts_on=TODAY - timedelta(days=10)
    )
    InductionStepFactory(induction=induction, title="Read the policy", due_on=TODAY - timedelta(days=1))
    InductionStepFactory(induction=induction, title="Show the way", done_by="manager", due_on=TODAY)
    InductionStepFactory(induction=induction, title="Say hello", done_by="buddy", due_on=TODAY)
    return induction


def test_who_has_settled_in_is_shown_the_way_on(client, teacher):
    client.force_login(teacher)

    page = client.get("/pathways/induction/")
    assert (page.context["journey"], page.context["buddied"]) == (None, [])
    assert 'href="/courses/"' in page.content.decode().split("<main")[1]


def test_starter_ticks_a_step_and_undoes_it(client, induction, teaching_assistant):
    client.force_login(teaching_assistant)
    step = induction.steps.get(title="Read the policy")

    page = client.get("/pathways/induction/")
    assert page.context["journey"].next_row.step == step
    assert page.content.decode().count(step.title) > 1  # said first, and in its place
    client.post(f"/pathways/induction/steps/{step.pk}/tick/")
    step.refresh_from_db()
    assert (step.done_on, step.marked_by) == (TODAY, teaching_assistant.person)
    client.post(f"/pathways/induction/steps/{step.pk}/undo/")
    step.refresh_from_db()
    assert step.done_on is None


def test_step_of_the_manager_is_refused_to_the_starter(client, induction, teaching_assistant):
    client.force_login(teaching_assistant)
    step = induction.steps.get(title="Show the way")

    assert client.post(f"/pathways/induction/steps/{step.pk}/tick/").status_code == 403


def test_manager_sees_who_is_late_and_with_what(client, induction, line_manager):
    client.force_login(line_manager)

    page = client.get("/pathways/induction/team/").content.decode()

    assert "Marta Kowalczyk" in page
    assert "Read the policy" in page
    assert client.get("/pathways/induction/team/?show=done").content.decode().count("Marta") == 0


def test_manager_chooses_a_buddy_who_then_ticks_their_own_step(client, induction, line_manager, teacher):
    client.force_login(line_manager)
    client.post(f"/pathways/induction/{induction.pk}/buddy/", {"buddy": teacher.person.pk})
    client.force_login(teacher)
    step, other = induction.steps.get(title="Say hello"), induction.steps.get(title="Show the way")

    page = client.get("/pathways/induction/")
    assert page.context["buddied"] == [induction]
    assert f"/pathways/induction/{induction.pk}/" in page.content.decode()
    assert client.post(f"/pathways/induction/steps/{step.pk}/tick/").status_code == 302
    assert client.post(f"/pathways/induction/steps/{other.pk}/tick/").status_code == 403
    assert client.post(f"/pathways/induction/{induction.pk}/buddy/", {"buddy": ""}).status_code == 403


def test_buddy_of_another_school_is_refused_in_the_form(client, induction, line_manager, outsider):
    client.force_login(line_manager)

    response = client.post(f"/pathways/induction/{induction.pk}/buddy/", {"buddy": outsider.person.pk})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("who", "status"),
    [("teacher", 404), ("outsider", 404), ("headteacher", 200), ("people_team", 200), ("cpd_lead", 200)],
)
def test_door_opens_to_the_site_and_the_people_team(client, induction, request, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(f"/pathways/induction/{induction.pk}/").status_code == status


def test_cpd_lead_reads_only(client, induction, cpd_lead):
    client.force_login(cpd_lead)
    step = induction.steps.get(title="Read the policy")

    assert client.post(f"/pathways/induction/steps/{step.pk}/tick/").status_code == 403


def test_starter_of_next_week_is_seen_by_the_manager_to_be(client, line_manager, beanfield, assistant_role):
    contract = ContractFactory(
        school=beanfield,
        job_role=assistant_role,
        line_manager=line_manager.person,
        starts_on=TODAY + timedelta(days=7),
    )
    induction = InductionFactory(contract=contract)
    client.force_login(line_manager)

    assert contract.person.full_name in client.get("/pathways/induction/team/").content.decode()
    assert client.get(f"/pathways/induction/{induction.pk}/").status_code == 200


def test_queries_are_the_same_for_one_starter_and_three(client, induction, line_manager, beanfield):
    client.force_login(line_manager)
    client.get("/pathways/induction/team/")
    with CaptureQueriesContext(connection) as one:
        client.get("/pathways/induction/team/")
    for _ in range(2):
        another = InductionFactory(
            contract=ContractFactory(school=beanfield, line_manager=line_manager.person), starts_on=TODAY
        )
        InductionStepFactory(induction=another, due_on=TODAY - timedelta(days=2))
    with CaptureQueriesContext(connection) as three:
        client.get("/pathways/induction/team/")

    assert len(three) == len(one)


# Which starters -------------------------------------------------------------------------------------
@pytest.fixture
def elsewhere(kettering):
    """A starter of another school, whose manager is to do something soon; nothing is late."""
    found = InductionFactory(contract=ContractFactory(school=kettering, starts_on=TODAY), starts_on=TODAY)
    InductionStepFactory(induction=found, title="Tour", done_by="manager", due_on=TODAY + timedelta(days=7))
    InductionStepFactory(induction=found, title="Meal", done_by="buddy", due_on=TODAY + timedelta(days=8))
    return found


def shown(client, **choice):
    page = client.get("/pathways/induction/team/", choice).context["page"]
    return {one.pk for one in page.object_list}


def test_people_team_narrows_by_school_and_by_whom_it_waits_for(client, induction, elsewhere, people_team):
    client.force_login(people_team)
    here = induction.contract.school.code

    assert shown(client) == {induction.pk, elsewhere.pk}
    assert shown(client, school=here) == {induction.pk}
    assert shown(client, whose="manager") == {induction.pk, elsewhere.pk}
    assert shown(client, whose="buddy") == {induction.pk}
    assert shown(client, whose="buddy", school=elsewhere.contract.school.code) == set()
    assert shown(client, show="late", whose="person", school=here) == {induction.pk}
    assert shown(client, whose="nobody there") == {induction.pk, elsewhere.pk}


def test_schools_to_choose_are_those_one_sees(client, induction, elsewhere, headteacher, people_team):
    client.force_login(headteacher)
    assert [one.pk for one in client.get("/pathways/induction/team/").context["schools"]] == [
        induction.contract.school_id
    ]
    assert shown(client, school=elsewhere.contract.school.code) == set()
    client.force_login(people_team)
    assert len(client.get("/pathways/induction/team/").context["schools"]) == 2


def test_file_has_what_is_chosen_and_what_is_late_with_whose_it_is(client, induction, elsewhere, people_team):
    InductionStepFactory(
        induction=induction, title="=Badge", done_by="manager", due_on=TODAY - timedelta(days=1)
    )
    client.force_login(people_team)
    address = "/pathways/induction/team/download/"

    lines = client.get(address, {"school": induction.contract.school.code}).content.decode("utf-8-sig")
    [row] = csv.DictReader(StringIO(lines))
    book = load_workbook(BytesIO(client.get(address, {"format": "xlsx"}).content))

    assert (row["Name"], row["Steps done"], row["Steps"], row["Late"]) == ("Marta Kowalczyk", "0", "4", "2")
    assert row["Late steps"] == "Read the policy (the starter); =Badge (line manager)"
    assert [cells[0].value for cells in book.active.rows] == [
        "Name",
        "Marta Kowalczyk",
        str(elsewhere.person),
    ]


def test_file_holds_only_whom_one_looks_after(client, induction, elsewhere, line_manager, teacher):
    address = "/pathways/induction/team/download/"
    client.force_login(line_manager)
    assert str(elsewhere.person) not in client.get(address).content.decode()
    client.force_login(teacher)
    assert client.get(address).content.decode("utf-8-sig").count("\n") == 1
    assert client.post(address).status_code == 405


def test_step_that_a_record_ticks_leads_to_what_ticks_it(client, induction, teaching_assistant, line_manager):
    InductionStepFactory(induction=induction, title="Fire", statutory_code="FIRE", due_on=TODAY)
    booked = CourseFactory(title="Using the alarm")
    InductionStepFactory(induction=induction, title="Alarm", course=booked, due_on=TODAY)
    client.force_login(teaching_assistant)

    rows = client.get("/pathways/induction/").context["journey"].rows
    page = client.get("/pathways/induction/").content.decode()

    found = {row.step.title: (row.is_kept, row.find_url) for row in rows}
    assert found["Fire"] == (True, "/courses/?q=Fire+safety+awareness")
    assert found["Alarm"] == (True, "")
    assert found["Show the way"] == (False, "")
    assert "/courses/?q=Fire+safety+awareness" in page
    assert booked.get_absolute_url() in page
    assert "/entitlements/#entries" in page
    client.force_login(line_manager)
    assert "/entitlements/#entries" not in client.get(f"/pathways/induction/{induction.pk}/").content.decode()


def test_nothing_is_filtered_where_nobody_is(client, teacher, induction, line_manager):
    client.force_login(teacher)
    empty = client.get("/pathways/induction/team/").content.decode()
    client.force_login(line_manager)

    some = client.get("/pathways/induction/team/").content.decode()
    narrowed = client.get("/pathways/induction/team/?show=done").content.decode()

    assert ["Waits for" in page for page in (empty, some, narrowed)] == [False, True, True]
    assert "Showing 1" not in some
