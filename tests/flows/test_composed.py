"""Home, inbox, team and search as the demo people use them: decided on a phone in two taps, found with a typo."""

import pytest
from playwright.sync_api import expect

from bwt_cpd.templatetags.look import duration
from entitlements.models import Claim
from tests.browser import find_barriers
from tests.flows.claims import a_claim
from tests.flows.conftest import NewPage
from tests.flows.locators import MISTAKE, button_to, expect_said, fill_in, link_to
from tests.flows.requests import a_route, ask_for, support, take_step
from tests.flows.sessions import person_of

pytestmark = [pytest.mark.browser, pytest.mark.full]


def test_a_claim_and_a_request_are_decided_on_a_phone_in_two_taps_each(new_page: NewPage):
    route = a_route("flow-taps", "apprenticeship", "Two taps practitioner")
    assistant, manager, head = (new_page(who, phone=True) for who in ("ta", "manager", "head"))
    claim = a_claim("ta", "Webinar: two taps", days_ago=61)
    request = ask_for(assistant, route)
    support(manager, request)
    manager.goto("/inbox/")
    head.goto("/inbox/")

    link_to(manager, "inbox-claim", claim.pk).click()
    button_to(manager, "inbox-claim", claim.pk).and_(manager.locator("[value=verified]")).click()
    link_to(head, "inbox-request", request.pk).click()
    assert find_barriers(head) == []
    take_step(head, request, "funded")

    expect_said(manager)
    expect(link_to(manager, "inbox-claim", claim.pk)).to_have_count(0)
    expect_said(head)
    head.goto("/inbox/?show=decided")
    expect(head.locator("main").get_by_text(route.title).first).to_be_visible()


def test_three_plain_claims_are_verified_at_once(new_page: NewPage):
    assistant, manager = new_page("ta", phone=True), new_page("manager", phone=True)
    claims = [a_claim("ta", f"Webinar: together {number}", days_ago=64 + 2 * number) for number in (1, 2, 3)]
    manager.goto("/inbox/")
    link_to(manager, "inbox-claims").click()
    verify = button_to(manager, "inbox-claims")
    verify.click()
    expect(manager.locator(MISTAKE).first).to_be_visible()
    assert find_barriers(manager) == []

    for claim in claims:
        manager.locator(f"#claim-{claim.pk}").check()
    verify.click()

    expect_said(manager)
    assert set(
        Claim.objects.filter(pk__in=[claim.pk for claim in claims]).values_list("state", flat=True)
    ) == {"verified"}
    manager.goto("/inbox/")
    assistant.goto("/entitlements/")
    for claim in claims:
        expect(link_to(manager, "inbox-claim", claim.pk)).to_have_count(0)
        line = assistant.locator("tr", has=link_to(assistant, "entitlements:claim-detail", claim.pk))
        expect(line.locator("td.num").last).to_have_text(duration(35))


@pytest.mark.parametrize("who", ["ta", "teacher", "manager", "people"])
def test_home_tells_each_where_they_stand_and_what_is_next(new_page: NewPage, who: str):
    page = new_page(who, phone=True)
    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_contain_text(person_of(who).first_name)
    expect(page.locator(".masthead svg").first).to_be_visible()
    expect(page.locator("#next, #gap, #goal").first).to_be_visible()
    assert page.locator(".empty").count() <= 1


@pytest.mark.parametrize("who", ["manager", "head"])
def test_a_team_shows_what_goes_on_and_leads_there(new_page: NewPage, who: str):
    page = new_page(who, phone=True)
    page.goto("/team/")

    page.locator(".tbl-people a[href*='/pathways/needs/team/']").first.click()

    page.wait_for_url("**/pathways/needs/team/*/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_search_finds_a_course_a_pathway_and_a_route_with_a_typo_by_keyboard(new_page: NewPage):
    page = new_page("ta")
    page.goto("/search/")

    fill_in(page.locator("main"), q="teching assistent")
    page.locator("main [name=q]").press("Enter")

    expect(page.get_by_role("link", name="teaching assistant", exact=True)).to_be_visible()
    for part in ("courses", "pathways", "routes"):
        expect(page.locator(f"h2#{part}")).to_be_visible()
    jump = page.locator("main nav a[href='#routes']")
    jump.focus()
    jump.press("Enter")
    assert page.url.endswith("#routes")
    assert find_barriers(page) == []
