"""My learning needs, those of my team, and my plan."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pathways.actions.needs_ratings import STILL_TO_COME, talk_first, why_not_at
from pathways.models import NeedsLevel
from pathways.rules.needs import Stage
from staff import clock
from staff.models import Delegation
from tests.factories.pathways_needs import CompetencyFactory, NeedsCycleFactory, NeedsRatingFactory
from tests.factories.staff import ContractFactory
from tests.markup import without_layout

TODAY = clock.today()


@pytest.fixture
def rating(cycle, teaching_assistant):
    return NeedsRatingFactory(cycle=cycle, person=teaching_assistant.person)


def close(cycle):
    cycle.closes_on = TODAY - timedelta(days=1)
    cycle.save()


# Mine ----------------------------------------------------------------------------------------
def test_nobody_is_lost_without_a_round(client, teacher):
    client.force_login(teacher)

    response = client.get("/pathways/needs/")

    assert "sheet" not in response.context
    assert 'href="/courses/"' in response.content.decode().split("<main")[1]


def test_i_rate_myself_and_can_go_on_another_day(client, rating, cycle, teaching_assistant):
    other = NeedsRatingFactory(cycle=cycle, person=teaching_assistant.person)
    client.force_login(teaching_assistant)

    response = client.post(
        "/pathways/needs/",
        {f"level-{rating.pk}": "2", f"asked-{rating.pk}": "on", f"words-{rating.pk}": "With help"},
    )

    rating.refresh_from_db()
    other.refresh_from_db()
    assert response.status_code == 302
    assert (rating.self_level, rating.is_asked_for, rating.self_words) == (2, True, "With help")
    assert rating.self_rated_at is not None
    assert (other.self_level, other.self_rated_at) == (None, None)


def test_a_round_that_is_over_asks_for_nothing(client, rating, cycle, teaching_assistant):
    client.force_login(teaching_assistant)
    assert 'type="radio"' in client.get("/pathways/needs/").content.decode()
    close(cycle)

    page = client.get("/pathways/needs/").content.decode()

    assert rating.competency.title in page
    assert ('type="radio"' in page, "Save</button>" in page) == (False, False)


def test_nothing_is_saved_where_all_is_agreed(client, cycle, teaching_assistant, line_manager):
    NeedsRatingFactory(
        cycle=cycle,
        person=teaching_assistant.person,
        self_level=3,
        manager_level=3,
        agreed_level=3,
        agreed_by=line_manager.person,
        agreed_at=clock.now(),
    )
    client.force_login(teaching_assistant)

    assert "Save</button>" not in client.get("/pathways/needs/").content.decode()


def test_level_that_is_not_one_comes_back_with_its_mistake(client, rating, teaching_assistant):
    client.force_login(teaching_assistant)

    response = client.post("/pathways/needs/", {f"level-{rating.pk}": "9"})

    assert response.status_code == 422
    rating.refresh_from_db()
    assert rating.self_level is None


def test_rating_of_somebody_else_is_not_touched_by_its_number(client, rating, cycle, teacher):
    NeedsRatingFactory(cycle=cycle, person=teacher.person)
    client.force_login(teacher)

    client.post("/pathways/needs/", {f"level-{rating.pk}": "4"})

    rating.refresh_from_db()
    assert rating.self_level is None


def test_managers_view_shows_only_once_i_have_given_mine(client, rating, line_manager, teaching_assistant):
    rating.manager_level, rating.manager = 1, line_manager.person
    rating.manager_words = "Seen twice"
    rating.save()
    client.force_login(teaching_assistant)

    before = client.get("/pathways/needs/").content.decode()
    rating.self_level = 3
    rating.save()
    after = client.get("/pathways/needs/").content.decode()

    assert ("Seen twice" in before, "Seen twice" in after) == (False, True)
    [line] = client.get("/pathways/needs/").context["sheet"].to_talk_over
    assert line.rating == rating
    assert after.count(f"{line.title}:") == 1  # named to be talked over


def test_after_closing_it_is_to_read(client, rating, cycle, teaching_assistant):
    close(cycle)
    client.force_login(teaching_assistant)

    page = client.get("/pathways/needs/")
    client.post("/pathways/needs/", {f"level-{rating.pk}": "2"})

    rating.refresh_from_db()
    assert 'type="submit">Save<' not in page.content.decode()
    assert rating.self_level is None


def test_mine_asks_the_same_number_of_queries_for_one_and_three_lines(
    client, rating, cycle, teaching_assistant
):
    client.force_login(teaching_assistant)
    one = count(client, "/pathways/needs/")
    for _ in range(2):
        NeedsRatingFactory(cycle=cycle, person=teaching_assistant.person)

    assert count(client, "/pathways/needs/") == one


def test_the_list_is_folded_and_opens_where_one_goes_on(client, cycle, teaching_assistant):
    done, todo = (
        NeedsRatingFactory(
            cycle=cycle,
            person=teaching_assistant.person,
            competency=CompetencyFactory(domain=domain),
            self_level=level,
        )
        for domain, level in (("Catering", 2), ("Digital", None))
    )
    client.force_login(teaching_assistant)

    parts = client.get("/pathways/needs/").context["parts"]
    wrong = client.post("/pathways/needs/", {f"level-{done.pk}": "9"})

    assert [(part["section"].name, part["is_open"]) for part in parts] == [
        ("Catering", False),
        ("Digital", True),
    ]
    assert [part["section"].self_rated for part in parts] == [1, 0]
    assert [part["is_open"] for part in wrong.context["parts"]] == [True, True]
    assert todo.self_level is None


def test_what_is_chosen_is_kept_at_once(client, rating, teaching_assistant):
    client.force_login(teaching_assistant)

    answer = client.post("/pathways/needs/", {f"level-{rating.pk}": "2"}, headers={"HX-Request": "true"})

    rating.refresh_from_db()
    part = without_layout(answer.content.decode())
    assert (answer.status_code, rating.self_level) == (200, 2)
    assert "<html" not in part
    assert '<progress class="goal-bar" max="1" value="1"' in part
    assert "exclamation-circle" not in part
    assert 'id="rated1" hx-swap-oob="true">1 of 1 rated' in part


def test_what_cannot_be_kept_is_said_at_once(client, rating, teaching_assistant):
    client.force_login(teaching_assistant)

    answer = client.post("/pathways/needs/", {f"level-{rating.pk}": "9"}, headers={"HX-Request": "true"})

    rating.refresh_from_db()
    assert (answer.status_code, rating.self_level) == (422, None)
    part = answer.content.decode()
    assert "<html" not in part
    assert '<progress class="goal-bar" max="1" value="0"' in part
    assert "exclamation-circle" in part


def test_a_round_that_closes_meanwhile_takes_the_reader_to_the_whole_page(
    client, rating, cycle, teaching_assistant
):
    close(cycle)
    client.force_login(teaching_assistant)

    answer = client.post("/pathways/needs/", {f"level-{rating.pk}": "2"}, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == "/pathways/needs/"


def test_delegate_of_a_partner_is_not_told_of_a_job_here(client, partner, teacher):
    client.force_login(partner)

    theirs = client.get("/pathways/needs/").content.decode()
    client.force_login(teacher)
    ours = client.get("/pathways/needs/").content.decode()

    pages = [page.split("<main")[1] for page in (theirs, ours)]
    assert ["your job" in page for page in pages] == [False, True]
    assert ['href="/courses/"' in page for page in pages] == [True, True]


# A colleague ---------------------------------------------------------------------------------
def test_team_shows_what_i_do_next(client, rating, line_manager):
    rating.self_level = 2
    rating.save()
    client.force_login(line_manager)

    [member] = client.get("/pathways/needs/team/").context["members"]

    assert (member.name, member.self_rated, member.next_step) == ("Marta Kowalczyk", 1, "Rate 1")


def test_team_asks_the_same_number_of_queries_for_one_and_three_people(
    client, rating, cycle, line_manager, beanfield
):
    client.force_login(line_manager)
    one = count(client, "/pathways/needs/team/")
    for _ in range(2):
        contract = ContractFactory(school=beanfield, line_manager=line_manager.person)
        NeedsRatingFactory(cycle=cycle, person=contract.person)

    assert count(client, "/pathways/needs/team/") == one


def test_team_of_a_large_school_comes_in_pages_and_by_what_is_to_do(
    client, rating, cycle, headteacher, beanfield
):
    for _ in range(40):
        NeedsRatingFactory(cycle=cycle, person=ContractFactory(school=beanfield).person, manager_level=2)
    rating.self_level, rating.manager_level = 4, 1
    rating.save()
    client.force_login(headteacher)

    def of(**choice):
        context = client.get("/pathways/needs/team/", choice).context
        return len(context["members"]), context["page"].paginator.count

    assert of() == (40, 41)
    assert of(page=2) == (1, 41)
    assert of(show="talk") == (1, 1)
    assert of(show="rate") == (0, 0)


def test_levels_of_one_round_are_checked_while_the_next_is_open(client, rating, cycle, cpd_lead):
    before = NeedsCycleFactory(
        opens_on=cycle.opens_on - timedelta(days=90),
        closes_on=TODAY - timedelta(days=5),
        moderated_on=TODAY + timedelta(days=5),
        planned_on=TODAY + timedelta(days=5),
    )
    there = NeedsRatingFactory(
        cycle=before, person=rating.person, competency=rating.competency, self_level=2, manager_level=3
    )
    client.force_login(cpd_lead)
    page = f"/pathways/needs/team/{rating.person_id}/"

    assert client.get(page).context["sheet"].cycle == cycle
    assert client.get(page, {"cycle": before.pk}).context["is_moderation"]
    client.post(f"{page}levels/", {"cycle": before.pk, f"agreed-{there.pk}": "3"})

    there.refresh_from_db()
    assert there.agreed_level == 3


def test_levels_are_called_what_the_people_team_calls_them(client, rating, teaching_assistant, line_manager):
    NeedsLevel.objects.create(level=3, words="Confident", about="I do it well.")
    rating.self_level = 3
    rating.save()
    client.force_login(teaching_assistant)
    mine = client.get("/pathways/needs/").content.decode()
    client.force_login(line_manager)
    theirs = client.get(f"/pathways/needs/team/{rating.person_id}/").content.decode()

    for page in (mine, theirs):
        assert "Confident" in page
        assert "Skilled" not in page
        assert "Working" in page  # has no row: the words of the rules


def test_day_of_a_conversation_stands_only_where_they_were_far_apart(client, rating, cycle, line_manager):
    near = NeedsRatingFactory(cycle=cycle, person=rating.person, self_level=2)
    rating.self_level = 4
    rating.save()
    client.force_login(line_manager)

    client.post(
        rate_url(rating),
        {f"level-{rating.pk}": "1", f"level-{near.pk}": "1", "conversation_on": TODAY.isoformat()},
    )

    rating.refresh_from_db()
    near.refresh_from_db()
    assert (rating.conversation_on, near.conversation_on) == (TODAY, None)


def test_same_level_is_agreed_by_saving(client, rating, line_manager, teaching_assistant):
    rating.self_level = 2
    rating.save()
    client.force_login(line_manager)

    client.post(rate_url(rating), {f"level-{rating.pk}": "2"})

    rating.refresh_from_db()
    assert (rating.manager_level, rating.manager, rating.agreed_level, rating.agreed_by) == (
        2,
        line_manager.person,
        2,
        line_manager.person,
    )


def test_different_levels_are_never_averaged(client, rating, line_manager):
    rating.self_level = 3
    rating.save()
    client.force_login(line_manager)

    client.post(rate_url(rating), {f"level-{rating.pk}": "1"})

    rating.refresh_from_db()
    assert (rating.self_level, rating.manager_level, rating.agreed_level) == (3, 1, None)


def test_far_apart_is_refused_until_they_have_talked(client, rating, line_manager):
    rating.self_level = 4
    rating.save()
    client.force_login(line_manager)
    data = {f"level-{rating.pk}": "2", f"agreed-{rating.pk}": "3"}

    refused = client.post(rate_url(rating), data)
    rating.refresh_from_db()
    before = rating.agreed_level, rating.manager_level
    agreed = client.post(rate_url(rating), {**data, "conversation_on": TODAY.isoformat()})
    rating.refresh_from_db()

    assert (refused.status_code, before, agreed.status_code) == (422, (None, None), 302)
    assert refused.context["form"].non_field_errors() == [talk_first(rating.competency.title)]
    assert (rating.agreed_level, rating.conversation_on) == (3, TODAY)


def test_conversation_still_to_come_is_refused(client, rating, line_manager):
    client.force_login(line_manager)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()

    response = client.post(rate_url(rating), {f"level-{rating.pk}": "2", "conversation_on": tomorrow})

    assert response.context["form"].non_field_errors() == [STILL_TO_COME]


def test_headteacher_and_delegate_may_rate(client, rating, headteacher, trainer, line_manager):
    Delegation.objects.create(
        from_person=line_manager.person, to_person=trainer.person, starts_on=TODAY, ends_on=TODAY
    )
    for user, level in ((headteacher, 1), (trainer, 3)):
        client.force_login(user)
        client.post(rate_url(rating), {f"level-{rating.pk}": str(level)})
        rating.refresh_from_db()
        assert (rating.manager_level, rating.manager) == (level, user.person)


@pytest.mark.parametrize("who", ["outsider", "teaching_assistant", "partner"])
def test_outsiders_and_oneself_find_nobody_there(client, rating, who, request):
    client.force_login(request.getfixturevalue(who))

    assert client.get(f"/pathways/needs/team/{rating.person_id}/").status_code == 404
    assert client.post(rate_url(rating), {f"level-{rating.pk}": "4"}).status_code == 404


def test_cpd_lead_reads_while_it_is_open_and_corrects_after_closing(
    client, rating, cycle, cpd_lead, line_manager
):
    rating.self_level, rating.manager_level, rating.manager = 2, 3, line_manager.person
    rating.save()
    client.force_login(cpd_lead)
    url = f"/pathways/needs/team/{rating.person_id}/"

    assert client.get(url).status_code == 200
    assert client.post(f"{url}rate/", {}).status_code == 403
    assert client.post(f"{url}levels/", {f"agreed-{rating.pk}": "2"}).status_code == 422
    close(cycle)
    assert client.post(f"{url}levels/", {f"agreed-{rating.pk}": "2"}).status_code == 302
    rating.refresh_from_db()
    assert (rating.agreed_level, rating.agreed_by) == (2, cpd_lead.person)


def test_after_moderation_nothing_changes(client, rating, cycle, people_team, line_manager):
    rating.self_level, rating.manager_level, rating.manager = 2, 3, line_manager.person
    rating.save()
    cycle.closes_on, cycle.moderated_on = TODAY - timedelta(days=2), TODAY - timedelta(days=1)
    cycle.save()
    client.force_login(people_team)

    response = client.post(f"/pathways/needs/team/{rating.person_id}/levels/", {f"agreed-{rating.pk}": "2"})

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [why_not_at(Stage.CLOSED, cycle.closes_on)]


def test_manager_cannot_correct_levels_after_closing(client, rating, cycle, line_manager):
    close(cycle)
    client.force_login(line_manager)

    assert client.post(f"/pathways/needs/team/{rating.person_id}/levels/", {}).status_code == 403


def rate_url(rating):
    return f"/pathways/needs/team/{rating.person_id}/rate/"


def count(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
