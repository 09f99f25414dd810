"""A request for a funded route from the idea to the start, across four people (issue 3, part 6)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from pathways.models import MastersPanel, Route
from staff import clock
from staff.models import Responsibility
from staff.wording import date_words
from tests.flows.conftest import NewPage
from tests.flows.locators import MISTAKE, button_to, expect_said, fill_in, link_to
from tests.flows.requests import (
    a_route,
    ask_for,
    check,
    expect_state,
    open_request,
    start,
    support,
    take_step,
    write_draft,
)

pytestmark = pytest.mark.browser


def test_apprenticeship_from_idea_to_start_across_four_people(new_page: NewPage):
    route = a_route("flow-app", "apprenticeship", "Reading support worker")
    assistant, manager, head, people = (
        new_page("ta", phone=True),
        new_page("manager", phone=True),
        new_page("head", phone=True),
        new_page("people"),
    )
    request = ask_for(assistant, route)
    support(manager, request)

    head.goto("/inbox/")  # two taps, the facts beside the button
    link_to(head, "inbox-request", request.pk).click()
    expect(head.get_by_text("Jo on Tuesday afternoons.").first).to_be_visible()
    take_step(head, request, "funded")
    expect_said(head)
    check(
        people,
        request,
        "levy",
        price=7000,
        off_job_hours=400,
        planned_ends_on=clock.today() + timedelta(days=900),
        levy_forecast=9000,
    )
    expect_state(people, request, "agreed")

    open_request(assistant, request)
    for page, signatures in ((assistant, 2), (people, 3)):
        for _ in range(signatures):
            open_request(page, request)
            with page.expect_navigation():
                button_to(page, "pathways:request-sign", request.pk).click()
    start(people, request)
    open_request(assistant, request)

    expect_state(assistant, request, "on_programme")
    expect(assistant.locator("#reviews")).to_be_visible()


@pytest.mark.full
def test_masters_from_idea_to_agreement_across_four_people(new_page: NewPage):
    route = a_route("flow-ma", "masters", "MA Reading and Language")
    teacher, manager, holder, people = (
        new_page("teacher"),
        new_page("manager", phone=True),
        new_page("head"),
        new_page("people"),
    )
    request = ask_for(teacher, route, university="University of Leicester")
    support(manager, request)
    open_request(holder, request)
    take_step(holder, request, "funded")
    expect_said(holder)
    open_request(people, request)
    link_to(people, "pathways:request-fees", request.pk).click()
    fill_in(people, fee_1=3200, fee_2=3200)
    button_to(people, "pathways:request-fees", request.pk).click()
    expect_said(people)
    check(people, request, "trust")
    expect_state(people, request, "panel")
    open_request(people, request)  # who has checked it does not award the place as well
    award = ("pathways:request-step", request.pk, "awarded")
    expect(button_to(people, *award)).to_have_count(0)
    colleague = new_page(_colleague())
    open_request(colleague, request)
    button_to(colleague, *award).click()
    expect_said(colleague)
    open_request(teacher, request)

    expect_state(teacher, request, "agreed")
    signed = teacher.locator("section[aria-labelledby=papers] li")
    expect(signed).to_have_count(2)
    button_to(teacher, "pathways:request-sign", request.pk).click()
    expect_said(teacher)
    open_request(people, request)
    button_to(people, "pathways:request-sign", request.pk).click()
    expect_said(people)
    link_to(people, "pathways:request-fees", request.pk).click()
    fill_in(people, paid=3200, paid_on=clock.today())
    button_to(people, "pathways:request-pay", request.pk).click()
    expect_said(people)
    start(people, request)
    open_request(teacher, request)

    expect(teacher.locator("#repay")).to_be_visible()
    balance = teacher.locator("section[aria-labelledby=repay] table").first
    for pounds in ("£3,200.00", "£2,400.00", "£0.00"):
        expect(balance.get_by_role("cell", name=pounds)).to_be_visible()


def _colleague() -> str:
    """The sign-in of another member of the people team."""
    team = Responsibility.objects.in_force(clock.today()).filter(kind="people_team")
    other = team.exclude(person__user__email="people@demo.example").order_by("pk")[0]
    return other.person.user.email.partition("@")[0]


@pytest.mark.full
def test_withdrawn_standard_is_found_and_refused_with_the_other_ways(new_page: NewPage):
    route = Route.objects.get(slug="team-leader")
    assistant = new_page("ta", phone=True)
    assistant.goto("/pathways/routes/?q=team+leadr")
    assistant.get_by_role("link", name="team leader", exact=True).click()
    link_to(assistant, "pathways:route-detail", route.slug).click()
    expect(assistant.locator("main")).to_contain_text(date_words(route.last_funded_start_on))
    link_to(assistant, "pathways:request-start", route.slug).click()
    write_draft(assistant, route)
    assistant.locator("button[name=send]").click()

    refusal = assistant.locator(MISTAKE).first
    for other in route.alternatives.all():
        expect(refusal).to_contain_text(other.title)
    expect(refusal).to_contain_text(route.alternative_words)


@pytest.mark.full
def test_people_team_works_from_the_board(new_page: NewPage):
    panel = MastersPanel.objects.filter(requests__state="panel").order_by("pk").first()
    people = new_page("people")
    people.goto("/pathways/requests/")
    link_to(people, "pathways:request-board").click()
    column = people.locator("section[aria-labelledby=stage-people]")
    expect(column).to_be_visible()
    fill_in(people, kind="apprenticeship")
    people.locator("form.filter-row [type=submit]").click()
    people.wait_for_url("**kind=apprenticeship**")
    column.get_by_role("link").first.click()
    expect(people.locator("#now")).to_be_visible()
    expect(people.locator("a[href$='/check/']").first).to_be_visible()
    assert panel is not None
    people.goto("/pathways/requests/panels/")
    link_to(people, "pathways:panel-detail", panel.pk).click()
    people.locator("[name^=rank_]").first.fill("1")
    people.locator("main form[method=post] [type=submit]").last.click()
    expect_said(people)
