"""Career pathways."""

import csv
from pathlib import Path

import pytest

from pathways.actions.reference import load_pathways
from pathways.models import Pathway, Route, Rung, RungCpd
from tests.factories.courses import CourseFactory

ROOT = Path(__file__).resolve().parents[3]


def rows(name):
    with (ROOT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def loaded(assistant_role, teacher_role):
    return load_pathways()


def test_loading_twice_changes_nothing(loaded):
    before = list(Rung.objects.order_by("pk").values()), list(Pathway.objects.order_by("pk").values())

    load_pathways()

    assert (
        list(Rung.objects.order_by("pk").values()),
        list(Pathway.objects.order_by("pk").values()),
    ) == before


def test_codes_are_written_out_and_unknown_roles_are_named(loaded):
    rung = Rung.objects.get(pathway__name="TA to teacher", number=1)

    assert rung.cpd.get(need="required", number=1).words == "Safeguarding and child protection induction"
    assert rung.cpd.get(need="recommended", number=1).words == "Teaching assistant apprenticeship, level 3"
    assert "HLTA" in loaded


def test_what_the_people_team_changed_stays(loaded):
    finance = Pathway.objects.get(name="Finance")
    Rung.objects.create(pathway=finance, number=9)
    Rung.objects.filter(pathway=finance, number=1).update(typical_time="6 months")

    load_pathways()

    assert finance.rungs.filter(number=9).exists()
    assert finance.rungs.get(number=1).typical_time == "6 months"


def test_loading_links_courses_and_routes_once_they_are_there(loaded):
    line = RungCpd.objects.get(words="HLTA assessment")
    course = CourseFactory(code="PTH-079")
    route = Route.objects.create(code="HLTA", slug="hlta", kind="chartered", title="HLTA status")

    still_unknown = load_pathways()

    line.refresh_from_db()
    assert (list(line.courses.all()), line.route) == ([course], route)
    assert "PTH-079" not in still_unknown


def test_links_of_the_people_team_are_not_touched(loaded):
    CourseFactory(code="PTH-079")
    own = CourseFactory(code="OWN-1")
    line = RungCpd.objects.get(words="HLTA assessment")
    line.courses.set([own])

    load_pathways()

    assert list(line.courses.all()) == [own]


def test_every_entry_of_the_table_says_what_meets_it():
    """Each phrase of the pathways has a row; its courses are in the catalogue, its routes in the tables."""
    table, catalogue = rows("pathways/data/pathways.csv"), rows("bwt_cpd/demo/data/courses.csv")
    linked = {row["entry"]: row for row in rows("pathways/data/rung_courses.csv")}
    asked = {
        entry
        for row in table
        for need in ("required_cpd", "recommended_cpd")
        for entry in row[need].split(";")
        if entry
    }
    named = {code for row in linked.values() for code in row["course_codes"].split(";") if code}

    assert asked == set(linked)
    assert named <= {row["code"] for row in catalogue}
    neither = {entry for entry, row in linked.items() if not row["course_codes"] and not row["route_codes"]}
    assert neither == set()


def test_list_puts_my_pathways_first(client, loaded, teaching_assistant):
    client.force_login(teaching_assistant)

    context = client.get("/pathways/").context

    mine = [view.pathway.name for view in context["mine"]]
    assert (mine, len(context["others"])) == (["SEND and inclusion", "TA to teacher"], 12)


def test_page_says_where_i_am_and_what_comes_next(client, loaded, teaching_assistant):
    client.force_login(teaching_assistant)

    shown = client.get("/pathways/ta-to-teacher/").context["shown"]

    assert (shown.here, shown.next_step.rung.number) == (1, 2)


def test_unknown_pathway_is_not_found_and_nothing_is_written_here(client, loaded, teaching_assistant):
    client.force_login(teaching_assistant)

    assert client.get("/pathways/to-the-moon/").status_code == 404
    assert client.post("/pathways/").status_code == 405


@pytest.mark.parametrize("who", ["partner", "people_team"])
def test_pathways_are_open_to_everybody_signed_in(client, loaded, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/pathways/ta-to-teacher/").status_code == 200


def test_visitors_are_sent_to_sign_in(client, loaded):
    assert client.get("/pathways/").status_code == 302


def test_empty_list_says_what_to_do(client, teacher):
    client.force_login(teacher)

    page = client.get("/pathways/")
    main = page.content.decode().split("<main")[1]
    assert (page.context["mine"], page.context["others"]) == ([], [])
    assert 'href="/courses/"' in main
