"""Departments, demand, progress, themes: small groups hidden, each school its own."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bwt_cpd.queries.home_parts import parts_of
from pathways.forms.needs import FILE_NEEDED
from pathways.models import NeedsPlanLine, SurveyTheme
from pathways.queries.needs_due import due_on, needs_for_home, waiting_for_manager
from staff import clock
from staff.models import Delegation
from staff.wording import counted, day_words
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.pathways_needs import CompetencyFactory, NeedsCycleFactory, NeedsRatingFactory
from tests.factories.staff import ContractFactory, DepartmentFactory, PersonFactory, ResponsibilityFactory
from tests.markup import without_layout

TODAY = clock.today()


@pytest.fixture
def cycle(db):
    return NeedsCycleFactory(
        opens_on=TODAY - timedelta(days=40),
        closes_on=TODAY - timedelta(days=10),
        moderated_on=TODAY - timedelta(days=5),
        planned_on=TODAY,
    )


@pytest.fixture
def competency(db):
    return CompetencyFactory(title="Spreadsheets")


@pytest.fixture
def rated(cycle, competency, beanfield, kettering):
    """Writes agreed levels: so many people of a department at a school, all at one level of the 3 required."""

    def write(people, department, school=beanfield, level=1):
        for _ in range(people):
            contract = ContractFactory(school=school, department=DepartmentFactory(name=department))
            NeedsRatingFactory(
                cycle=cycle,
                competency=competency,
                person=contract.person,
                self_level=level,
                manager_level=level,
                agreed_level=level,
                agreed_by=PersonFactory(),
            )

    return write


def heat_of(client, **choice):
    heat = client.get("/pathways/needs/departments/", choice).context["heat"]
    [row] = heat.rows
    return {cell.department: cell.words for cell in [*row.cells, row.together]}


# Departments ---------------------------------------------------------------------------------
def test_mean_gap_by_department(client, rated, people_team):
    rated(6, "Teaching", level=1)
    rated(5, "Finance", level=3)
    client.force_login(people_team)

    assert heat_of(client) == {"Teaching": "2.0", "Finance": "0.0", "All departments": "1.1"}


def test_small_department_and_the_next_are_hidden_but_the_total_is_not(client, rated, people_team):
    rated(3, "Finance")
    rated(6, "Catering")
    rated(20, "Teaching")
    client.force_login(people_team)

    assert heat_of(client) == {
        "Finance": "hidden",
        "Catering": "hidden",
        "Teaching": "2.0",
        "All departments": "2.0",
    }


def test_figure_hidden_in_a_school_cannot_be_found_from_the_trust(client, rated, people_team, kettering):
    rated(3, "Finance")
    rated(9, "Finance", school=kettering)
    rated(20, "Teaching")
    rated(20, "Teaching", school=kettering)
    client.force_login(people_team)

    trust, here, there = heat_of(client), heat_of(client, school="BPS"), heat_of(client, school="KSA")

    assert trust == {"Finance": "2.0", "Teaching": "2.0", "All departments": "2.0"}
    assert (here["Finance"], there["Finance"]) == ("hidden", "hidden")
    assert (here["Teaching"], there["Teaching"]) == ("hidden", "hidden")
    assert (here["All departments"], there["All departments"]) == ("2.0", "2.0")


def test_file_hides_the_same_groups(client, rated, people_team):
    rated(3, "Finance")
    rated(20, "Teaching")
    client.force_login(people_team)

    response = client.get("/pathways/needs/departments/download/")
    rows = list(csv.reader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    book = client.get("/pathways/needs/departments/download/?format=xlsx")

    assert [row[2:] for row in rows[1:]] == [
        ["Finance", "hidden", "hidden", "hidden"],
        ["Teaching", "hidden", "hidden", "hidden"],
        ["All departments", "23", "2.0", "100"],
    ]
    assert book.content.startswith(b"PK")


def test_table_shows_people_and_large_gaps(client, rated, people_team):
    rated(6, "Teaching")
    client.force_login(people_team)

    page = without_layout(client.get("/pathways/needs/departments/?show=table").content.decode())

    assert ">100%</td>" in page


def test_cpd_lead_sees_their_own_school_whatever_they_ask_for(client, rated, cpd_lead, kettering):
    rated(6, "Teaching", level=1)
    rated(6, "Teaching", school=kettering, level=3)
    client.force_login(cpd_lead)

    assert heat_of(client, school="KSA")["Teaching"] == "2.0"


def test_school_improvement_sees_the_trust(client, rated, teacher):
    ResponsibilityFactory(person=teacher.person, kind="school_improvement", school=None)
    rated(6, "Teaching")
    client.force_login(teacher)

    assert client.get("/pathways/needs/departments/").context["school"] is None


def test_who_plans_no_cpd_finds_nothing(client, rated, teacher):
    client.force_login(teacher)

    assert client.get("/pathways/needs/departments/").status_code == 404


def test_empty_report_says_what_to_do(client, people_team):
    client.force_login(people_team)

    for page in ("departments", "demand", "progress", "themes", "themes/import"):
        assert client.get(f"/pathways/needs/{page}/").status_code == 200


@pytest.mark.parametrize("page", ["departments", "demand", "progress"])
def test_reports_ask_the_same_number_of_queries_for_one_and_three_groups(client, rated, people_team, page):
    rated(5, "Teaching")
    client.force_login(people_team)
    one = count(client, f"/pathways/needs/{page}/")
    rated(5, "Finance")
    rated(5, "Catering")

    assert count(client, f"/pathways/needs/{page}/") == one


# Demand --------------------------------------------------------------------------------------
def test_demand_against_places_left_in_the_coming_months(client, rated, competency, people_team):
    rated(12, "Finance")
    competency.courses.add(course := CourseFactory())
    soon = clock.now() + timedelta(days=30)
    SessionFactory(course=course, starts_at=soon, capacity=10, booked_count=3)
    SessionFactory(course=course, starts_at=clock.now() + timedelta(days=300), capacity=50)
    client.force_login(people_team)

    [demand] = client.get("/pathways/needs/demand/").context["demands"]

    assert (demand.people, demand.large, demand.dates, demand.places, demand.unmet) == (12, 12, 1, 7, 5)


def test_few_people_are_hidden_in_the_demand(client, rated, people_team):
    rated(3, "Finance")
    client.force_login(people_team)

    response = client.get("/pathways/needs/demand/")

    assert without_layout(response.content.decode()).count(">hidden</td>") == 2


def test_demand_of_a_small_school_cannot_be_had_by_subtraction(client, rated, people_team, kettering):
    rated(3, "Finance")
    rated(8, "Finance", school=kettering)
    client.force_login(people_team)

    def of(**choice):
        [demand] = client.get("/pathways/needs/demand/", choice).context["demands"]
        return "hidden" if demand.is_hidden else demand.people

    assert (of(), of(school="BPS"), of(school="KSA")) == (11, "hidden", "hidden")


def test_unmet_demand_becomes_a_line_of_the_plan_once(client, rated, cycle, competency, people_team):
    rated(6, "Finance")
    client.force_login(people_team)
    data = {
        "cycle": cycle.pk,
        "competency": competency.pk,
        "title": "Two more spreadsheet courses",
        "owner": "people",
        "due_on": (TODAY + timedelta(days=60)).isoformat(),
    }

    client.post("/pathways/needs/demand/lines/", data)
    client.post("/pathways/needs/demand/lines/", data)
    clash = client.post("/pathways/needs/demand/lines/", {**data, "owner": "learning"})

    line = NeedsPlanLine.objects.get()
    assert (line.competency, line.owner, line.due_on, line.created_by) == (
        competency,
        "people",
        TODAY + timedelta(days=60),
        people_team.person,
    )
    assert clash.status_code == 422


def test_cpd_lead_of_a_school_reads_the_plan_and_does_not_write_it(client, cycle, cpd_lead):
    client.force_login(cpd_lead)

    assert client.get("/pathways/needs/demand/").status_code == 200
    assert client.post("/pathways/needs/demand/lines/", {}).status_code == 403


# Progress ------------------------------------------------------------------------------------
def test_progress_of_each_school_and_all_together(client, rated, cycle, people_team, kettering):
    rated(3, "Teaching")
    contract = ContractFactory(school=kettering)
    NeedsRatingFactory(cycle=cycle, person=contract.person, self_level=4, manager_level=1)
    client.force_login(people_team)

    context = client.get("/pathways/needs/progress/").context

    assert [(one.code, one.people, one.agreed_percent, one.to_talk_over) for one in context["rows"]] == [
        ("BPS", 3, 100, 0),
        ("KSA", 1, 0, 1),
    ]
    assert (context["together"].people, context["together"].agreed_percent) == (4, 75)


def test_chosen_school_names_who_is_not_agreed(client, cycle, people_team, kettering):
    contract = ContractFactory(school=kettering)
    NeedsRatingFactory(cycle=cycle, person=contract.person, self_level=2)
    client.force_login(people_team)

    [member] = client.get("/pathways/needs/progress/?school=KSA").context["members"]

    assert member.person_id == contract.person_id


def test_large_school_comes_in_pages(client, cycle, people_team, kettering):
    for _ in range(41):
        NeedsRatingFactory(cycle=cycle, person=ContractFactory(school=kettering).person, self_level=2)
    client.force_login(people_team)

    first = client.get("/pathways/needs/progress/?school=KSA").context
    second = client.get("/pathways/needs/progress/?school=KSA&page=2").context

    assert (len(first["members"]), len(second["members"]), first["page"].paginator.count) == (40, 1, 41)


# Themes --------------------------------------------------------------------------------------
def upload(text):
    return SimpleUploadedFile("themes.csv", text.encode(), content_type="text/csv")


def test_themes_are_looked_at_before_they_are_taken_in(client, cycle, competency, people_team):
    client.force_login(people_team)
    url = "/pathways/needs/themes/import/"
    text = f"title,words,mentions,competency_codes\nTime,No time to learn,41,{competency.code}\n"

    looked = client.post(url, {"file": upload(text)})
    before = SurveyTheme.objects.count()
    client.post(url, {"content": looked.context["content"], "confirm": "yes"})
    client.post(url, {"content": looked.context["content"], "confirm": "yes"})

    theme = SurveyTheme.objects.get()
    assert (before, theme.title, theme.mentions, list(theme.competencies.all())) == (
        0,
        "Time",
        41,
        [competency],
    )


def test_every_bad_row_is_named_and_nothing_is_taken_in(client, cycle, people_team):
    client.force_login(people_team)
    text = "title,words,mentions,competency_codes\nTime,,many,C99\n,,3,\nTime,,1,\nShort\n"

    response = client.post("/pathways/needs/themes/import/", {"content": text, "confirm": "yes"})

    assert response.status_code == 422
    assert [(error.line, error.column) for error in response.context["errors"]] == [
        (2, "competency_codes"),
        (2, "mentions"),
        (3, "title"),
        (4, "title"),
        (5, ""),
    ]
    assert not SurveyTheme.objects.exists()


def test_without_a_file_it_asks_for_one(client, cycle, people_team):
    client.force_login(people_team)

    page = client.post("/pathways/needs/themes/import/", {})
    assert page.context["form"].errors["file"] == [FILE_NEEDED]


def test_theme_is_traced_to_a_line_of_its_own_cycle(client, cycle, people_team):
    theme = SurveyTheme.objects.create(cycle=cycle, title="Time")
    mine = NeedsPlanLine.objects.create(
        cycle=cycle, title="Hours", owner="people", created_by=people_team.person
    )
    other = NeedsPlanLine.objects.create(
        cycle=NeedsCycleFactory(), title="Else", owner="people", created_by=people_team.person
    )
    client.force_login(people_team)
    client.post(f"/pathways/needs/themes/{theme.pk}/trace/", {"line": mine.pk})
    client.post(f"/pathways/needs/themes/{theme.pk}/trace/", {"line": other.pk})

    theme.refresh_from_db()
    assert theme.plan_line == mine


# Reminders and home --------------------------------------------------------------------------
def test_a_week_before_closing_people_and_managers_are_reminded(cycle, teaching_assistant, line_manager):
    cycle.closes_on = TODAY + timedelta(days=7)
    cycle.moderated_on = cycle.planned_on = cycle.closes_on
    cycle.save()
    NeedsRatingFactory(cycle=cycle, person=teaching_assistant.person)

    due = [(one.person_id, one.kind) for one in due_on(TODAY)]

    assert due == [(teaching_assistant.person_id, "needs_self"), (line_manager.person_id, "needs_team")]
    keys = {one.subject_key for one in due_on(TODAY)}
    assert {one.subject_key for one in due_on(TODAY + timedelta(days=1))} == keys  # so that it is said once
    assert waiting_for_manager(line_manager.person, TODAY) == 1
    assert needs_for_home(teaching_assistant.person, TODAY).waits


def test_on_the_first_day_everybody_is_told(cycle, teaching_assistant, line_manager):
    cycle.opens_on, cycle.closes_on = TODAY, TODAY + timedelta(days=30)
    cycle.moderated_on = cycle.planned_on = cycle.closes_on
    cycle.save()
    NeedsRatingFactory(cycle=cycle, person=teaching_assistant.person)

    first, later = list(due_on(TODAY)), list(due_on(TODAY + timedelta(days=23)))

    assert [(one.person_id, one.kind) for one in first] == [
        (teaching_assistant.person_id, "needs_self"),
        (line_manager.person_id, "needs_team"),
    ]
    assert {one.subject_key for one in first}.isdisjoint(one.subject_key for one in later)
    assert len(later) == 2


def test_cpd_lead_is_told_what_to_check_once_it_has_closed(cycle, teaching_assistant, cpd_lead, people_team):
    cycle.closes_on, cycle.moderated_on = TODAY - timedelta(days=1), TODAY + timedelta(days=20)
    cycle.planned_on = cycle.moderated_on
    cycle.save()
    NeedsRatingFactory(cycle=cycle, person=teaching_assistant.person)

    [due] = due_on(TODAY)

    assert (due.person_id, due.label) == (cpd_lead.person_id, "Check levels")
    assert counted(1, "person", "people") in due.line
    assert day_words(cycle.moderated_on) in due.line
    assert {one.subject_key for one in due_on(TODAY + timedelta(days=1))} == {due.subject_key}
    assert list(due_on(TODAY + timedelta(days=10))) == []


def test_somebody_whose_post_is_not_marked_as_the_main_one_is_checked_too(
    client, cycle, teaching_assistant, cpd_lead, kettering
):
    cycle.closes_on, cycle.moderated_on = TODAY - timedelta(days=1), TODAY + timedelta(days=20)
    cycle.planned_on = cycle.moderated_on
    cycle.save()
    person = teaching_assistant.person
    person.contracts.update(is_main=False, fte_numerator=3, fte_denominator=5)
    ContractFactory(person=person, school=kettering, is_main=False, fte_numerator=2, fte_denominator=5)
    ResponsibilityFactory(kind="cpd_lead", school=kettering)
    NeedsRatingFactory(cycle=cycle, person=person)
    client.force_login(cpd_lead)

    told = [one.person_id for one in due_on(TODAY)]
    members = client.get("/pathways/needs/progress/").context["members"]

    assert told == [cpd_lead.person_id]
    assert [one.person_id for one in members] == [person.pk]


@pytest.fixture
def closing(cycle):
    """The cycle, about to close."""
    cycle.closes_on = TODAY + timedelta(days=7)
    cycle.moderated_on = cycle.planned_on = cycle.closes_on
    cycle.save()
    return cycle


def asked_to_rate(*users):
    """Who of these is asked to rate, by mail, and on home and the team page."""
    mailed = {one.person_id for one in due_on(TODAY) if one.kind == "needs_team"}
    counted = {user.person_id for user in users if waiting_for_manager(user.person, TODAY)}
    shown = {
        user.person_id
        for user in users
        if any(need.title == "Rate your team" for need in parts_of(user.person, TODAY).needs)
    }
    assert mailed == counted == shown
    return mailed


def test_without_a_line_manager_the_head_is_asked_to_rate(
    closing, teaching_assistant, line_manager, headteacher, people_team
):
    NeedsRatingFactory(cycle=closing, person=teaching_assistant.person)
    asked_before = asked_to_rate(line_manager, headteacher, people_team)
    teaching_assistant.person.contracts.update(line_manager=None)

    asked = asked_to_rate(line_manager, headteacher, people_team)

    assert (asked_before, asked) == ({line_manager.person_id}, {headteacher.person_id})


def test_without_a_head_either_the_people_team_is_asked_and_may_rate(
    client, closing, hub_lead, headteacher, people_team
):
    rating = NeedsRatingFactory(cycle=closing, person=hub_lead.person, self_level=2)
    client.force_login(people_team)

    asked = asked_to_rate(hub_lead, headteacher, people_team)
    members = client.get("/pathways/needs/team/").context["members"]
    answer = client.post(f"/pathways/needs/team/{hub_lead.person_id}/rate/", {f"level-{rating.pk}": "2"})

    rating.refresh_from_db()
    assert asked == {people_team.person_id}
    assert [one.person_id for one in members] == [hub_lead.person_id]
    assert (answer.status_code, rating.manager, rating.agreed_level) == (302, people_team.person, 2)


def test_the_people_team_does_not_rate_who_has_a_manager(client, closing, teaching_assistant, people_team):
    rating = NeedsRatingFactory(cycle=closing, person=teaching_assistant.person)
    client.force_login(people_team)

    answer = client.post(f"/pathways/needs/team/{rating.person_id}/rate/", {f"level-{rating.pk}": "2"})

    assert answer.status_code == 403


def test_who_stands_in_for_the_manager_is_asked_to_rate(closing, teaching_assistant, line_manager, cpd_lead):
    NeedsRatingFactory(cycle=closing, person=teaching_assistant.person)
    Delegation.objects.create(
        from_person=line_manager.person, to_person=cpd_lead.person, starts_on=TODAY, ends_on=TODAY
    )

    assert asked_to_rate(line_manager, cpd_lead) == {line_manager.person_id, cpd_lead.person_id}


def test_nobody_is_asked_to_rate_a_leaver(closing, teaching_assistant, line_manager, people_team):
    NeedsRatingFactory(cycle=closing, person=teaching_assistant.person)
    teaching_assistant.person.contracts.update(ends_on=TODAY - timedelta(days=1))

    assert asked_to_rate(line_manager, people_team) == set()


def test_nobody_is_reminded_of_what_is_done(cycle, teaching_assistant, line_manager):
    cycle.closes_on = TODAY + timedelta(days=7)
    cycle.moderated_on = cycle.planned_on = cycle.closes_on
    cycle.save()
    NeedsRatingFactory(cycle=cycle, person=teaching_assistant.person, self_level=3, manager_level=3)

    assert list(due_on(TODAY)) == []
    assert waiting_for_manager(line_manager.person, TODAY) == 0
    assert needs_for_home(teaching_assistant.person, TODAY) is None


def count(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
