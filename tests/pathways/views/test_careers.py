"""Career pathways."""

import pytest

from pathways.actions.reference import load_pathways
from pathways.models import Pathway, Rung


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


def test_a_rung_the_table_no_longer_has_is_taken_away(loaded):
    Rung.objects.create(pathway=Pathway.objects.get(name="Finance"), number=9)

    load_pathways()

    assert not Rung.objects.filter(number=9).exists()


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

    assert "No pathways yet" in client.get("/pathways/").content.decode()
