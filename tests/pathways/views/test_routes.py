"""The catalogue of funded routes: what is found, what a page says, and who may ask."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pathways.queries.routes import RouteChoice, find_routes
from pathways.rules.funding import no_start_after
from pathways.views.routes import ALL_OTHERS, CLOSE_TO_YOUR_JOB
from tests.factories.pathways_requests import RouteFactory, a_request_in

pytestmark = pytest.mark.django_db
LIST = reverse("pathways:route-list")


@pytest.fixture
def routes():
    return [
        RouteFactory(code="ST0454", title="Teaching assistant", level=3, job_family="Classroom support"),
        RouteFactory(code="ST0171", title="Property maintenance operative", level=2, job_family="Estates"),
        RouteFactory(
            code="ST0384",
            title="Team leader",
            level=3,
            job_family="Leadership",
            funding_status="withdrawn",
            last_funded_start_on=date(2026, 8, 31),
            alternative_words="the Leadership Academy",
        ),
        RouteFactory(code="NPQH", kind="npq", title="NPQ: Headship", job_family="Leadership"),
    ]


def _titles(**choice):
    return [row.route.title for row in find_routes(RouteChoice(**choice)).rows]


@pytest.mark.parametrize(
    ("choice", "titles"),
    [
        ({"q": "maintenance"}, ["Property maintenance operative"]),
        ({"q": "maint"}, ["Property maintenance operative"]),
        ({"q": "st0454"}, ["Teaching assistant"]),
        ({"q": "estates"}, ["Property maintenance operative"]),
        ({"q": "npq"}, ["NPQ: Headship"]),
        ({"kind": "npq"}, ["NPQ: Headship"]),
        ({"level": 2}, ["Property maintenance operative"]),
        ({"family": "Leadership"}, ["Team leader", "NPQ: Headship"]),
        ({"funding": "withdrawn"}, ["Team leader"]),
        ({"q": "leader", "kind": "masters"}, []),
        (
            {"q": "(.*"},
            ["Teaching assistant", "Property maintenance operative", "Team leader", "NPQ: Headship"],
        ),
    ],
)
def test_routes_are_found(routes, choice, titles):
    assert sorted(_titles(**choice)) == sorted(titles)


def test_nearly_spelt_words_find_what_was_meant(routes):
    found = find_routes(RouteChoice(q="maintanance"))

    assert [row.route.title for row in found.rows] == ["Property maintenance operative"]
    assert found.did_you_mean == "maintenance"


def test_letters_that_changed_places_are_forgiven(routes):
    found = find_routes(RouteChoice(q="maintneance"))

    assert [row.route.title for row in found.rows] == ["Property maintenance operative"]
    assert found.did_you_mean == "maintenance"


def test_nothing_like_any_word_finds_nothing(routes):
    assert find_routes(RouteChoice(q="zzzzz")).rows == []


def test_closed_routes_are_neither_listed_nor_shown(client, teacher):
    closed = RouteFactory(code="ST9", is_open=False)
    client.force_login(teacher)

    assert find_routes(RouteChoice()).rows == []
    assert client.get(reverse("pathways:route-detail", args=[closed.slug])).status_code == 404


def test_choices_that_make_no_sense_narrow_nothing(client, teacher, routes):
    client.force_login(teacher)
    page = client.get(LIST, {"kind": "nonsense", "level": "ten", "family": "x"})

    assert "4 routes" in page.content.decode()


def test_htmx_gets_the_results_alone(client, teacher, routes):
    client.force_login(teacher)
    headers = {"HX-Request": "true", "HX-Target": "results"}
    words = client.get(LIST, {"q": "team"}, headers=headers).content.decode()

    assert "Team leader" in words
    assert "<h1" not in words


def test_page_of_a_withdrawn_standard_says_who_pays_and_the_other_ways(client, teacher, routes):
    routes[2].alternatives.add(routes[0])
    client.force_login(teacher)
    words = client.get(reverse("pathways:route-detail", args=[routes[2].slug])).content.decode()

    assert no_start_after(date(2026, 8, 31)) in words
    assert reverse("pathways:route-detail", args=[routes[0].slug]) in words
    assert "The Leadership Academy" in words
    assert "Training plan, learner" in words
    assert reverse("pathways:request-start", args=[routes[2].slug]) in words


def test_whoever_has_asked_is_led_to_their_request(client, teacher, routes):
    asked = a_request_in("manager", person=teacher.person, route=routes[0])
    client.force_login(teacher)
    words = client.get(reverse("pathways:route-detail", args=[routes[0].slug])).content.decode()

    assert reverse("pathways:request-detail", args=[asked.pk]) in words
    assert reverse("pathways:request-start", args=[routes[0].slug]) not in words


def test_own_job_comes_first_and_the_others_on_pages(client, teaching_assistant, routes):
    for number in range(24):
        RouteFactory(code=f"ST{number}", title=f"Accountant {number}", job_family="Finance")
    family = teaching_assistant.person.contracts.get().job_role.job_family
    RouteFactory(code="OWN", title="Zebra keeper", job_family=family)
    client.force_login(teaching_assistant)

    words = client.get(LIST).content.decode()
    assert words.index(CLOSE_TO_YOUR_JOB) < words.index("Zebra keeper") < words.index(ALL_OTHERS)
    assert "Showing 1–25 of 29" in words
    assert CLOSE_TO_YOUR_JOB not in client.get(LIST, {"page": 2}).content.decode()
    assert CLOSE_TO_YOUR_JOB not in client.get(LIST, {"family": family}).content.decode()


def test_list_asks_as_much_for_many_routes_as_for_one(client, teacher):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    client.force_login(teacher)
    RouteFactory()
    client.get(LIST)
    one = asked()
    for code in ("ST1", "ST2", "ST3"):
        RouteFactory(code=code)

    assert asked() == one
