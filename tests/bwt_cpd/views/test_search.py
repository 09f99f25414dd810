"""The search in the bar on top."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pathways.actions.reference import load_pathways
from pathways.models import Pathway
from tests.factories.courses import CourseFactory
from tests.factories.pathways_requests import RouteFactory
from tests.factories.staff import PersonFactory

URL = "/search/"


@pytest.fixture
def phonics(primary_hub):
    return CourseFactory(title="Phonics fidelity walk", hub=primary_hub)


def found(client, user, words):
    client.force_login(user)
    return client.get(URL, {"q": words}).context["found"]


def test_search_finds_courses_and_pathways(client, teacher, assistant_role, phonics):
    load_pathways()
    CourseFactory(title="Teaching assistants and phonics", hub=phonics.hub)

    answer = found(client, teacher, "teaching assistant")

    assert [card.course.title for card in answer.cards] == ["Teaching assistants and phonics"]
    assert [pathway.name for pathway in answer.pathways] == ["SEND and inclusion", "TA to teacher"]


@pytest.fixture
def routes(db):
    RouteFactory(code="ST1", title="Teaching assistant apprenticeship")
    RouteFactory(code="ST2", title="Facilities supervisor")
    RouteFactory(code="ST3", title="Facilities manager, not open", is_open=False)


@pytest.mark.parametrize("words", ["facilities superviser", "facilites", "facilities", "ST2"])
def test_search_finds_a_funded_route_as_typed_or_nearly(client, teacher, routes, words):
    answer = found(client, teacher, words)

    assert [one.route.title for one in answer.routes] == ["Facilities supervisor"]
    assert "/pathways/routes/route-st2/" in client.get(URL, {"q": words}).content.decode()


@pytest.mark.parametrize("words", ["inclusoin", "SEND and inclusoin", "teching assistent"])
def test_search_forgives_the_spelling_of_a_pathway(client, teacher, assistant_role, words):
    load_pathways()

    assert "SEND and inclusion" in [pathway.name for pathway in found(client, teacher, words).pathways]


def test_what_is_only_like_it_is_left_out_where_something_says_it(client, teacher, routes, primary_hub):
    Pathway.objects.create(name="Facilites and site", slug="site")

    answer = found(client, teacher, "facilites")

    assert ([one.name for one in answer.pathways], answer.routes) == (["Facilites and site"], [])


@pytest.mark.parametrize(
    ("who", "names"),
    [("line_manager", ["Marta Kowalczyk"]), ("people_team", ["Marta Kowalczyk"]), ("teacher", [])],
)
def test_a_misspelt_name_is_found_by_who_may_see_it(client, request, teaching_assistant, who, names):
    answer = found(client, request.getfixturevalue(who), "kowalcyk")

    assert [person.full_name for person in answer.people] == names


def test_the_groups_are_named_with_their_counts(client, people_team, routes, primary_hub):
    CourseFactory(title="Facilities and safety", hub=primary_hub)
    for number in range(12):
        PersonFactory(first_name="Facilities", last_name=f"Number{number}")

    groups = [(one.words, one.count) for one in found(client, people_team, "facilities").groups]

    assert groups == [("People", "10 or more"), ("Courses", "1"), ("Funded routes", "1")]


def test_nothing_found_says_what_to_do(client, teacher):
    client.force_login(teacher)

    page = client.get(URL, {"q": "xylophone repairs"})

    assert page.context["found"].is_empty
    assert 'class="btn btn-primary mt-2" href="/courses/"' in page.content.decode()


def test_search_forgives_spelling(client, teacher, phonics):
    answer = found(client, teacher, "fonics")

    assert ([card.course for card in answer.cards], answer.did_you_mean) == ([phonics], "phonics")


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("teacher", []),
        ("partner", []),
        ("outsider", []),
        ("hub_lead", []),
        ("line_manager", ["Tessa Teacher"]),
        ("headteacher", ["Tessa Teacher"]),
        ("people_team", ["Tessa Teacher"]),
    ],
)
def test_people_are_found_by_who_may_see_them(client, request, teacher, who, names):
    answer = found(client, request.getfixturevalue(who), "tessa")

    assert [person.full_name for person in answer.people] == names


def test_a_name_is_not_taken_for_a_misspelt_topic(client, people_team, phonics):
    PersonFactory(first_name="Fonix", last_name="Walker")

    answer = found(client, people_team, "fonix")

    assert ([person.first_name for person in answer.people], answer.cards, answer.did_you_mean) == (
        ["Fonix"],
        [],
        "",
    )


def test_an_erased_person_is_not_found(client, people_team):
    PersonFactory(first_name="Erased", erased_at="2026-01-01T00:00Z")

    assert found(client, people_team, "erased").people == []


@pytest.mark.parametrize("words", ["", "a", "  ", "\0"])
def test_too_few_letters_ask_for_more(client, teacher, phonics, words):
    client.force_login(teacher)

    response = client.get(URL, {"q": words})

    assert response.context["found"].is_empty
    assert 'class="empty"' in response.content.decode()


def test_htmx_gets_the_part_and_history_the_page(client, teacher, phonics):
    client.force_login(teacher)

    part = client.get(URL, {"q": "phonics"}, headers={"HX-Request": "true"})
    page = client.get(
        URL, {"q": "phonics"}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )

    assert part.content.decode().lstrip().startswith('<div id="found"')
    assert page.content.decode().lstrip().startswith("<!DOCTYPE html>")
    assert "HX-Request" in part["Vary"]


def test_refuses_visitors_and_writing(client, teacher):
    assert client.get(URL).status_code == 302
    client.force_login(teacher)
    assert client.post(URL).status_code == 405


def test_an_administrator_without_a_staff_record_can_search(client, phonics, teacher, django_user_model):
    admin = django_user_model.objects.create_superuser("admin@trust.example", "x")

    assert found(client, admin, "tessa").people == []


def test_search_takes_as_many_statements_for_1_and_3_of_everything(client, people_team, primary_hub):
    client.force_login(people_team)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            CourseFactory(title="Phonics", hub=primary_hub)
            PersonFactory(first_name="Phonics")
        with CaptureQueriesContext(connection) as seen:
            client.get(URL, {"q": "phonics"})
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_one_misspelling_means_one_word_all_over_the_page(client, teacher, primary_hub):
    CourseFactory(title="Reading for pleasure", hub=primary_hub)
    RouteFactory(code="NPQLL", kind="npq", title="NPQ: Leading literacy")

    answer = found(client, teacher, "readng")

    assert answer.did_you_mean == "reading"
    assert [group.key for group in answer.groups] == ["courses"]


def test_every_name_that_is_found_opens(client, people_team, teacher):
    """Also one's own, which has no page under Team, and for an administrator who decides about nobody."""
    assert found(client, people_team, "Priya").people == []
    [row] = found(client, people_team, "Tessa").people
    assert client.get(f"/team/{row.pk}/").status_code == 200

    teacher.is_superuser = True
    teacher.save()

    assert found(client, teacher, "Marta").people == []
