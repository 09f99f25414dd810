"""The pages of a request: each reader finds just the buttons they may press, and reading changes nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pathways.actions.request_drafts import SENT_ALREADY, change_draft
from pathways.actions.requests import WHY_NEEDED, send_request
from pathways.models import RouteDecision, RouteRequest
from staff import clock
from staff.models import Contract
from staff.refusals import ActionRefused
from tests.factories.pathways_requests import WAYS, RouteFactory, a_request_in

pytestmark = pytest.mark.django_db


def _url(request, name="detail", **more):
    return reverse(f"pathways:request-{name}", kwargs={"pk": request.pk, **more})


def _page(client, user, address):
    client.force_login(user)
    return client.get(address)


def test_list_without_requests_says_what_to_do(client, teacher):
    page = _page(client, teacher, reverse("pathways:request-list"))
    assert list(page.context["rows"]) == []
    assert f'href="{reverse("pathways:route-list")}"' in page.content.decode().split('class="card-body"')[1]


def test_draft_is_begun_kept_and_sent(client, teaching_assistant, line_manager):
    route = RouteFactory()
    client.force_login(teaching_assistant)
    client.post(reverse("pathways:request-start", args=[route.slug]))
    draft = RouteRequest.objects.get()
    content = {
        "why": "I want to.",
        "planned_starts_on": (clock.today() + timedelta(days=270)).isoformat(),
        "funded_by": "levy",
    }
    client.post(_url(draft, "edit"), content)
    draft.refresh_from_db()
    assert (draft.state, draft.why) == ("draft", "I want to.")
    client.post(_url(draft, "edit"), {**content, "send": "1"})
    draft.refresh_from_db()
    assert draft.state == "manager"


def test_sending_without_a_reason_shows_the_form_with_its_mistake(client, teaching_assistant):
    draft = a_request_in("draft", person=teaching_assistant.person)
    client.force_login(teaching_assistant)
    page = client.post(_url(draft, "edit"), {"send": "1", "why": ""})
    assert page.status_code == 422
    assert page.context["form"].errors["why"] == [WHY_NEEDED]


@pytest.mark.parametrize("state", list(WAYS))
def test_reading_changes_nothing_in_any_state(
    client, state, teaching_assistant, line_manager, headteacher, people_team
):
    request = a_request_in(state, person=teaching_assistant.person)
    before = RouteRequest.objects.values().get()
    for user in (teaching_assistant, line_manager, headteacher, people_team):
        page = _page(client, user, _url(request))
        is_hidden = state == "draft" and user != teaching_assistant
        assert page.status_code == (404 if is_hidden else 200)
        for step in ("supported", "funded", "awarded", "declined", "withdrawn", "answered"):
            client.get(_url(request, "step", step=step))
    assert RouteRequest.objects.values().get() == before
    assert RouteDecision.objects.count() == request.decision_count


def test_manager_reads_that_a_discussion_comes_first(client, teaching_assistant, line_manager):
    request = a_request_in("manager", person=teaching_assistant.person)
    words = _page(client, line_manager, _url(request)).content.decode()
    assert _url(request, "discussion") in words
    assert _url(request, "step", step="supported") not in words


def test_manager_records_and_supports_in_one_go(client, teaching_assistant, line_manager):
    request = a_request_in("manager", person=teaching_assistant.person)
    client.force_login(line_manager)
    client.post(
        _url(request, "discussion"),
        {
            "held_on": clock.today().isoformat(),
            "outcome": "Yes.",
            "cover_plan": "Ann.",
            "cover_days": "1.5",
            "cover_pounds": "330.00",
            "off_job_timetable": "Tuesdays.",
            "support": "1",
        },
    )
    request.refresh_from_db()
    assert request.state == "budget"
    assert request.discussions.get().cover_pence == 33_000


def _discussed(**change):
    talked = {"held_on": clock.today().isoformat(), "outcome": "Yes.", "cover_plan": "Ann."}
    rest = {"cover_days": "1", "cover_pounds": "0", "off_job_timetable": "Tuesdays.", "support": "1"}
    return {**talked, **rest, **change}


def test_manager_who_supports_twice_has_the_same_answer_and_nobody_else(
    client, teaching_assistant, line_manager, headteacher
):
    request = a_request_in("manager", person=teaching_assistant.person)
    client.force_login(line_manager)
    first = client.post(_url(request, "discussion"), _discussed())

    second = client.post(_url(request, "discussion"), _discussed())

    assert (first.url, second.url) == (_url(request), _url(request))
    assert RouteDecision.objects.filter(request=request, step="supported").count() == 1
    assert client.get(_url(request, "discussion")).status_code == 403
    client.force_login(teaching_assistant)
    assert client.post(_url(request, "discussion"), _discussed()).status_code == 403


def test_manager_who_supports_again_in_other_words_is_refused(client, teaching_assistant, line_manager):
    request = a_request_in("manager", person=teaching_assistant.person)
    client.force_login(line_manager)
    client.post(_url(request, "discussion"), _discussed())

    client.post(_url(request, "discussion"), _discussed(outcome="No."))

    assert [one.outcome for one in request.discussions.all()] == ["Yes."]


def test_draft_sent_twice_has_the_same_answer_and_other_words_come_too_late(client, teaching_assistant):
    request = a_request_in("draft", person=teaching_assistant.person)
    request_of = {"by": teaching_assistant.person, "request_id": request.pk}
    change_draft(fields={"why": "For the school."}, **request_of)
    send_request(now=clock.now(), **request_of)

    assert change_draft(fields={"why": "For the school.", "panel": None}, **request_of).state == "manager"
    with pytest.raises(ActionRefused) as refusal:
        change_draft(fields={"why": "For me."}, **request_of)
    assert refusal.value.sentence == SENT_ALREADY


def test_requester_has_no_button_to_decide(client, teaching_assistant):
    request = a_request_in("people", person=teaching_assistant.person)
    words = _page(client, teaching_assistant, _url(request)).content.decode()
    assert _url(request, "step", step="withdrawn") in words
    for step in ("checked", "asked", "declined"):
        assert _url(request, "step", step=step) not in words


def test_inbox_lists_the_request_and_counts_it(client, teaching_assistant, line_manager):
    request = a_request_in("manager", person=teaching_assistant.person)
    page = _page(client, line_manager, reverse("inbox"))
    assert f"Request: {request.route.title}" in page.content.decode()
    assert [(item.what, item.pk) for item in page.context["items"]] == [("requests", request.pk)]


def test_decided_requests_are_listed(client, teaching_assistant, line_manager):
    request = a_request_in("budget", person=teaching_assistant.person, decider=line_manager.person)
    words = _page(client, line_manager, reverse("inbox") + "?show=decided").content.decode()
    assert f"Request: {request.route.title}" in words
    assert f'href="{_url(request)}"' in words


def test_who_has_left_the_post_keeps_the_line_and_reads_no_case(client, teaching_assistant, line_manager):
    request = a_request_in("budget", person=teaching_assistant.person, decider=line_manager.person)
    Contract.objects.filter(person=teaching_assistant.person).update(line_manager=None)
    words = _page(client, line_manager, reverse("inbox") + "?show=decided").content.decode()
    assert f"Request: {request.route.title}" in words
    assert _url(request) not in words
    assert client.get(_url(request)).status_code == 404
    assert client.get(_url(request, "step", step="asked")).status_code == 404


def test_what_i_decided_asks_as_much_for_three_as_for_one(client, teaching_assistant, line_manager):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("inbox") + "?show=decided").status_code == 200
        return len(found)

    def decided(code):
        route = RouteFactory(code=code)
        a_request_in("budget", person=teaching_assistant.person, route=route, decider=line_manager.person)

    decided("ST9101")
    client.force_login(line_manager)
    client.get(reverse("inbox"))
    one = asked()
    decided("ST9102")
    decided("ST9103")
    assert asked() == one


def test_inbox_asks_as_much_for_three_as_for_one(client, teaching_assistant, line_manager):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("inbox")).status_code == 200
        return len(found)

    a_request_in("manager", person=teaching_assistant.person)
    client.force_login(line_manager)
    client.get(reverse("inbox"))
    one = asked()
    for code in ("ST9101", "ST9102"):
        a_request_in("manager", person=teaching_assistant.person, route=RouteFactory(code=code))
    assert asked() == one


def test_second_decider_reads_who_was_first(client, teaching_assistant, people_team):
    request = a_request_in("panel", person=teaching_assistant.person)
    client.force_login(people_team)
    client.post(_url(request, "step", step="awarded"))
    client.post(_url(request, "step", step="awarded"), {"words": "Again"}, follow=True)
    assert request.decisions.filter(step="awarded").count() == 1
