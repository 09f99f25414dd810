"""Learning needs: a teaching assistant rates herself, her manager rates and agrees after a conversation, a plan follows."""

import pytest
from playwright.sync_api import Page, expect

from staff import clock
from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

NEEDS = "/pathways/needs/"


def _choose(page: Page, title: str, level: str) -> None:
    row = page.locator(".level-row", has=page.get_by_role("heading", name=title, exact=True))
    row.locator("label", has_text=level).first.click()


def test_ta_rates_herself_manager_agrees_after_a_talk_and_a_plan_follows(new_page: NewPage, barriers):
    assistant, manager = new_page("ta", phone=True), new_page("manager")
    title = "Runs interventions with fidelity"
    assistant.goto(NEEDS)
    assert barriers(assistant) == []
    _choose(assistant, title, "Skilled")
    _choose(assistant, "Scaffolds independence", "Working")
    assistant.get_by_role("button", name="Save").click()
    expect(assistant.get_by_text("to go.").first).to_be_visible()

    manager.goto(f"{NEEDS}team/")
    assert barriers(manager) == []
    manager.get_by_role("link", name="Marta Kowalczyk").click()
    _choose(manager, title, "Aware")
    _choose(manager, "Scaffolds independence", "Working")
    manager.get_by_label(f"Agreed level: {title}").select_option("Aware")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_text("enter the day, then agree a level").first).to_be_visible()
    assert barriers(manager) == []
    manager.get_by_label("When did you talk about it?").fill(clock.today().isoformat())
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_text("2 of").first).to_be_visible()

    assistant.goto("/pathways/plan/")
    assert barriers(assistant) == []
    # Unfolded or folded: her other gaps, which are not the same every day, decide how pressing this one is.
    need = assistant.locator(".card", has=assistant.get_by_role("heading", name=title)).first
    if (fold := need.locator("summary")).count():
        fold.first.click()
    expect(need.get_by_text("Agreed level: Aware").first).to_be_visible()
    assistant.get_by_label("What will you do?").fill("Watch an intervention in Year 4")
    assistant.get_by_role("button", name="Add to my plan", exact=True).last.click()
    expect(assistant.get_by_text("In your plan: Watch an intervention in Year 4").first).to_be_visible()
    line = assistant.locator("li", has_text="Watch an intervention in Year 4").first
    line.get_by_role("button", name="Mark done").click()
    expect(assistant.get_by_text("Done. Well on your way.").first).to_be_visible()


def test_what_is_tapped_is_kept_without_pressing_save(new_page: NewPage):
    page = new_page("ta", phone=True)
    page.goto(NEEDS)
    rated = page.locator("#saved .num")
    row = page.locator("details[open] .level-row:not(:has(input:checked))").first
    title, before = row.get_by_role("heading").inner_text(), rated.inner_text()
    row.locator("label", has_text="Working").first.click()
    expect(page.get_by_text("all kept")).to_be_visible()
    after = rated.inner_text()
    page.reload()

    assert int(after.split()[0]) == int(before.split()[0]) + 1
    expect(page.locator("#saved .num")).to_have_text(after)
    kept = page.locator(".level-row", has=page.get_by_role("heading", name=title, exact=True))
    expect(kept.locator("input:checked")).to_have_count(1)


def test_list_is_saved_without_javascript(new_page: NewPage):
    teacher = new_page("teacher", javascript=False)
    teacher.goto(NEEDS)
    teacher.locator(".level-row").first.locator("label", has_text="Working").first.click()
    teacher.get_by_role("button", name="Save").click()

    expect(teacher.get_by_text("Saved.").first).to_be_visible()


def test_people_team_reads_the_heatmap_and_plans_for_an_unmet_need(new_page: NewPage, barriers):
    team = new_page("people")
    for page in ("departments", "departments/?show=table", "progress", "themes", "themes/import"):
        team.goto(f"{NEEDS}{page}")
        assert barriers(team) == [], page
    team.goto(f"{NEEDS}demand/")
    assert barriers(team) == []
    team.get_by_role("link", name="Add to the plan").first.click()
    team.get_by_label("What will be done?").fill("Two more dates in the spring")
    team.get_by_label("Who sees to it?").select_option("people")
    team.get_by_label("By when?").fill("2027-03-01")
    team.get_by_role("button", name="Add to the CPD plan").click()

    expect(team.get_by_text("Two more dates in the spring").first).to_be_visible()
