"""Learning needs: a teaching assistant rates herself, her manager rates and agrees after a conversation, a plan follows."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pathways.models import NeedsRating, PlanItem
from staff import clock
from tests.browser import find_barriers
from tests.flows.conftest import NewPage
from tests.flows.locators import MISTAKE, button_to, expect_said, fill_in, link_to
from tests.flows.sessions import person_of

pytestmark = [pytest.mark.browser, pytest.mark.full]

NEEDS = "/pathways/needs/"
AWARE, WORKING, SKILLED = 1, 2, 3


def _rating(who: str, title: str) -> NeedsRating:
    return NeedsRating.objects.filter(person=person_of(who), competency__title=title).latest("pk")


def _choose(page: Page, rating: NeedsRating, level: int) -> None:
    page.locator(f"input[name=level-{rating.pk}][value='{level}'] + label").click()


def test_ta_rates_herself_manager_agrees_after_a_talk_and_a_plan_follows(new_page: NewPage):
    assistant, manager = new_page("ta", phone=True), new_page("manager")
    marta = person_of("ta")
    apart, alike = _rating("ta", "Runs interventions with fidelity"), _rating("ta", "Scaffolds independence")
    assistant.goto(NEEDS)
    _choose(assistant, apart, SKILLED)
    _choose(assistant, alike, WORKING)
    assistant.locator("#levels .save-bar [type=submit]").click()
    expect_said(assistant)

    manager.goto(f"{NEEDS}team/")
    link_to(manager, "pathways:needs-person", marta.pk).click()
    save = button_to(manager, "pathways:needs-person-rate", marta.pk)
    _choose(manager, apart, AWARE)
    _choose(manager, alike, WORKING)
    fill_in(manager, **{f"agreed-{apart.pk}": AWARE})
    save.click()
    expect(manager.locator(MISTAKE).first).to_be_visible()
    assert find_barriers(manager) == []
    fill_in(manager, conversation_on=clock.today())
    save.click()
    expect_said(manager)
    apart.refresh_from_db()
    assert apart.agreed_level == AWARE

    assistant.goto("/pathways/plan/")
    # Unfolded or folded: her other gaps, which are not the same every day, decide how pressing this one is.
    need = assistant.locator(".card", has=assistant.get_by_role("heading", name=apart.competency.title)).first
    if (fold := need.locator("summary")).count():
        fold.first.click()
    expect(need.get_by_text(apart.get_agreed_level_display(), exact=True).first).to_be_visible()
    todo = "Watch an intervention in Year 4"
    fill_in(assistant, title=todo)
    button_to(assistant, "pathways:plan-add").last.click()
    expect_said(assistant)
    item = PlanItem.objects.get(person=marta, title=todo)
    button_to(assistant, "pathways:plan-done", item.pk).click()
    expect_said(assistant)
    item.refresh_from_db()
    assert item.state == "done"


def test_what_is_tapped_is_kept_without_pressing_save(new_page: NewPage):
    page = new_page("ta", phone=True)
    page.goto(NEEDS)
    rated = page.locator("#saved .num")
    row = page.locator("details[open] .level-row:not(:has(input:checked))").first
    name, before = row.locator("input[type=radio]").first.get_attribute("name"), rated.inner_text()
    kept = page.locator(f"input[name={name}]:checked")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator(f"input[name={name}][value='{WORKING}'] + label").click()
    expect(rated).not_to_have_text(before)
    after = rated.inner_text()
    page.reload()

    assert int(after.split()[0]) == int(before.split()[0]) + 1
    expect(page.locator("#saved .num")).to_have_text(after)
    expect(kept).to_have_count(1)


def test_list_is_saved_without_javascript(new_page: NewPage):
    teacher = new_page("teacher", javascript=False)
    teacher.goto(NEEDS)
    teacher.locator(".level-row").first.locator(f"input[value='{WORKING}'] + label").click()
    teacher.locator("#levels .save-bar [type=submit]").click()

    expect_said(teacher)


def test_people_team_plans_for_an_unmet_need(new_page: NewPage):
    team = new_page("people")
    team.goto(f"{NEEDS}demand/")
    team.locator("main a[href$='#line']").first.click()
    fill_in(
        team,
        title="Two more dates in the spring",
        owner="people",
        due_on=clock.today() + timedelta(days=120),
    )
    button_to(team, "pathways:needs-line-add").click()

    expect(team.locator("td", has_text="Two more dates in the spring").first).to_be_visible()
