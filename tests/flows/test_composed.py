"""Home, inbox, team and search as the demo people use them: decided on a phone in two taps, found with a typo."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from staff import clock
from tests.browser import find_barriers
from tests.flows.conftest import NewPage
from tests.flows.test_requests import _a_route, _ask, _support

pytestmark = pytest.mark.browser


def _claim(page: Page, title: str, days_ago: int) -> None:
    """A plain claim: under a day, nothing else on that date."""
    page.goto("/entitlements/claims/new/")
    page.get_by_label("What kind of CPD was it?").select_option(label="Live webinar")
    page.get_by_label("What was it?").fill(title)
    page.get_by_label("When?").fill((clock.today() - timedelta(days=days_ago)).isoformat())
    page.get_by_label("Hours").fill("0")
    page.get_by_label("Minutes").fill("35")
    page.get_by_label("What did you take from it?").fill("Pre-teach three words before each lesson.")
    page.get_by_role("button", name="Send the claim").click()
    expect(page.get_by_text("Waiting for a decision").first).to_be_visible()


def _item(page: Page, words: str) -> Locator:
    return page.locator(".inbox-list a", has_text=words)


def test_a_claim_and_a_request_are_decided_on_a_phone_in_two_taps_each(
    new_page: NewPage, manage: Callable[..., str]
):
    _a_route(manage, "flow-taps", "apprenticeship", "Two taps practitioner")
    assistant, manager, head = (new_page(who, phone=True) for who in ("ta", "manager", "head"))
    _claim(assistant, "Webinar: two taps", 61)
    _ask(assistant, "flow-taps")
    _support(manager, "Two taps practitioner")
    manager.goto("/inbox/")
    head.goto("/inbox/")

    _item(manager, "Webinar: two taps").click()
    manager.get_by_role("button", name="Verify", exact=True).click()
    _item(head, "Two taps practitioner").click()
    assert find_barriers(head) == []
    head.get_by_role("button", name="Agree the budget").click()

    expect(manager.get_by_text("Verified: ").first).to_be_visible()
    expect(_item(manager, "Webinar: two taps")).to_have_count(0)
    head.goto("/inbox/?show=decided")
    expect(head.get_by_text("Request: Two taps practitioner").first).to_be_visible()


def test_three_plain_claims_are_verified_at_once(new_page: NewPage):
    assistant, manager = new_page("ta", phone=True), new_page("manager", phone=True)
    titles = [f"Webinar: together {number}" for number in (1, 2, 3)]
    for number, title in enumerate(titles):
        _claim(assistant, title, 64 + 2 * number)
    manager.goto("/inbox/")
    manager.get_by_role("link", name="Verify several claims at once").click()
    manager.get_by_role("button", name="Verify the ticked claims").click()
    expect(manager.get_by_text("Tick the claims that you verify.")).to_be_visible()
    assert find_barriers(manager) == []

    for title in titles:
        manager.get_by_label(title).check()
    manager.get_by_role("button", name="Verify the ticked claims").click()

    expect(manager.get_by_text("3 claims verified: ").first).to_be_visible()
    for title in titles:
        expect(_item(manager, title)).to_have_count(0)
        assistant.goto("/entitlements/")
        expect(assistant.locator("tr", has_text=title).get_by_text("35 minutes").first).to_be_visible()


@pytest.mark.parametrize("who", ["ta", "teacher", "manager", "people"])
def test_home_tells_each_where_they_stand_and_what_is_next(new_page: NewPage, who: str):
    page = new_page(who, phone=True)
    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Good ")
    expect(page.get_by_text("Counted", exact=True).first).to_be_visible()
    suggestion = page.get_by_role("heading", name="Where could your role lead?")
    booked = page.get_by_role("heading", name="Next up")
    expect(
        booked.or_(suggestion).or_(page.get_by_role("heading", name="Close the gap")).first
    ).to_be_visible()
    assert page.locator(".empty").count() <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert find_barriers(page) == []


@pytest.mark.parametrize("who", ["manager", "head"])
def test_a_team_shows_what_goes_on_and_leads_there(new_page: NewPage, who: str):
    page = new_page(who, phone=True)
    page.goto("/team/")

    expect(page.get_by_text("Under way").first).to_be_visible()
    page.get_by_role("link", name="Learning needs:").first.click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/team/")
    assert find_barriers(page) == []


def test_search_finds_a_course_a_pathway_and_a_route_with_a_typo_by_keyboard(new_page: NewPage):
    page = new_page("ta")
    page.goto("/search/")

    page.get_by_label("Search", exact=True).last.fill("teching assistent")
    page.get_by_label("Search", exact=True).last.press("Enter")

    expect(page.get_by_role("link", name="teaching assistant", exact=True)).to_be_visible()
    for name in ("Courses", "Pathways", "Funded routes"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    jump = page.get_by_role("navigation", name="What was found").get_by_role("link", name="Funded routes")
    jump.focus()
    jump.press("Enter")
    assert page.url.endswith("#routes")
    assert find_barriers(page) == []
