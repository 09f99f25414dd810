"""A claim from the phone of a teaching assistant to the inbox of her manager and back."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bwt_cpd.templatetags.look import duration
from entitlements.models import Claim
from tests.flows.claims import a_claim, claim_on_the_page
from tests.flows.conftest import NewPage
from tests.flows.locators import MISTAKE, button_to, expect_said, fill_in, link_to

pytestmark = pytest.mark.browser


def _open(page: Page, claim: Claim) -> None:
    page.goto("/inbox/")
    link_to(page, "inbox-claim", claim.pk).click()


def _decide(page: Page, claim: Claim, decision: str) -> None:
    button_to(page, "inbox-claim", claim.pk).and_(page.locator(f"[value={decision}]")).click()


def _account_line(page: Page, claim: Claim) -> Locator:
    page.goto("/entitlements/")
    return page.locator("tr", has=link_to(page, "entitlements:claim-detail", claim.pk))


def test_manager_verifies_a_claim_in_two_taps_and_it_counts(new_page: NewPage, tmp_path: Path):
    assistant, manager = new_page("ta", phone=True), new_page("manager", phone=True)
    claim = claim_on_the_page(assistant, tmp_path, "Webinar: words before reading")

    _open(manager, claim)
    _decide(manager, claim, "verified")
    expect_said(manager)

    expect(_account_line(assistant, claim).locator("td.num").last).to_have_text(duration(75))


@pytest.mark.full
def test_question_goes_back_and_its_answer_comes_again(new_page: NewPage):
    assistant, manager = new_page("ta", phone=True), new_page("manager", phone=True)
    claim = a_claim("ta", "Webinar: questions for thinking", days_ago=7)
    question = "What will you do with your own group?"

    _open(manager, claim)
    fill_in(manager, words=question)
    _decide(manager, claim, "asked")
    expect_said(manager)
    assistant.goto("/entitlements/claims/")
    link_to(assistant, "entitlements:claim-detail", claim.pk).click()
    expect(assistant.get_by_text(question).first).to_be_visible()
    fill_in(assistant, words="Two questions a day on Mondays.")
    button_to(assistant, "entitlements:claim-answer", claim.pk).click()
    expect_said(assistant)
    manager.goto("/inbox/")

    expect(link_to(manager, "inbox-claim", claim.pk)).to_be_visible()


@pytest.mark.full
def test_decision_without_a_question_says_what_is_missing(new_page: NewPage):
    claim = a_claim("ta", "Webinar: a short one", days_ago=8)
    manager = new_page("manager")

    _open(manager, claim)
    _decide(manager, claim, "declined")

    expect(manager.locator(MISTAKE).first).to_be_visible()


@pytest.mark.full
def test_manager_does_not_find_her_own_claim_in_her_inbox(new_page: NewPage):
    claim = a_claim("manager", "Webinar: my own", days_ago=9)
    manager = new_page("manager")

    manager.goto("/inbox/")

    expect(manager.get_by_role("heading", level=1)).to_be_visible()
    expect(link_to(manager, "inbox-claim", claim.pk)).to_have_count(0)
