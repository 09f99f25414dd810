"""A claim from the phone of a teaching assistant to the inbox of her manager and back."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from staff import clock
from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _claim(page: Page, folder: Path, title: str) -> None:
    evidence = folder / "certificate.pdf"
    evidence.write_bytes(PDF)
    page.goto("/entitlements/claims/new/")
    page.get_by_label("What kind of CPD was it?").select_option(label="Live webinar")
    page.get_by_label("What was it?").fill(title)
    page.get_by_label("When?").fill((clock.today() - timedelta(days=6)).isoformat())
    page.get_by_label("Hours").fill("1")
    page.get_by_label("Minutes").fill("15")
    page.get_by_label("What did you take from it?").fill("Pre-teach three words before each lesson.")
    page.locator("input[type=file]").set_input_files(evidence)
    page.get_by_role("button", name="Send the claim").click()
    expect(page.get_by_text("Waiting for a decision").first).to_be_visible()


def test_manager_verifies_a_claim_in_two_taps_and_it_counts(new_page: NewPage, tmp_path: Path):
    title = "Webinar: words before reading"
    assistant, manager = new_page("ta", phone=True), new_page("manager", phone=True)
    _claim(assistant, tmp_path, title)

    manager.goto("/inbox/")
    manager.get_by_role("link").filter(has_text=title).first.click()
    manager.get_by_role("button", name="Verify").click()
    assistant.goto("/entitlements/")

    line = assistant.locator("tr", has_text=title)
    expect(line.get_by_text("1 hour 15 minutes").first).to_be_visible()


def test_question_goes_back_and_its_answer_comes_again(new_page: NewPage, tmp_path: Path):
    title = "Webinar: questions for thinking"
    assistant, manager = new_page("ta", phone=True), new_page("manager", phone=True)
    _claim(assistant, tmp_path, title)

    manager.goto("/inbox/")
    manager.get_by_role("link").filter(has_text=title).first.click()
    manager.locator("textarea").first.fill("What will you do with your own group?")
    manager.get_by_role("button", name="Ask Marta a question").click()
    assistant.goto("/entitlements/claims/")
    assistant.get_by_role("link", name=title).click()
    expect(assistant.get_by_text("What will you do with your own group?").first).to_be_visible()
    assistant.locator("textarea").first.fill("Two questions a day on Mondays.")
    assistant.get_by_role("button", name="Send").first.click()
    manager.goto("/inbox/")

    expect(manager.get_by_role("link").filter(has_text=title).first).to_be_visible()


def test_decision_without_a_question_says_what_is_missing(new_page: NewPage, tmp_path: Path):
    title = "Webinar: a short one"
    assistant, manager = new_page("ta"), new_page("manager")
    _claim(assistant, tmp_path, title)

    manager.goto("/inbox/")
    manager.get_by_role("link").filter(has_text=title).first.click()
    manager.get_by_role("button", name="Decline").click()

    expect(manager.locator(".err, [role=alert], .error-summary").first).to_be_visible()


def test_manager_does_not_find_her_own_claim_in_her_inbox(new_page: NewPage, tmp_path: Path):
    title = "Webinar: my own"
    manager = new_page("manager")
    _claim(manager, tmp_path, title)

    manager.goto("/inbox/")

    expect(manager.get_by_role("link").filter(has_text=title)).to_have_count(0)
