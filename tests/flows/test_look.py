"""What scripts and styles do in a real browser, on the gallery of components and on the sign-in page."""

import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import NewPage
from tests.flows.sessions import person_of

pytestmark = pytest.mark.browser


def test_gallery_dialog_opens_and_closes_and_mark_the_rest_leaves_what_is_marked(new_page: NewPage):
    page = new_page("teacher")
    page.goto("/components/")

    page.locator("[data-dialog]").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[data-dialog-close]").first.click()
    expect(dialog).to_be_hidden()

    page.locator("[data-mark-rest]").first.click()
    for marked in ("#r1p", "#r2n", "#r3y"):
        expect(page.locator(marked)).to_be_checked()


@pytest.mark.full
def test_demo_person_is_signed_in_by_one_press_without_javascript(new_page: NewPage):
    marta = person_of("ta")
    page = new_page(javascript=False)
    page.goto("/accounts/login/")

    page.get_by_role("button", name=marta.full_name).click()

    expect(page.locator("h1")).to_contain_text(marta.first_name)


@pytest.mark.full
def test_icons_come_in_the_small_sprite(page: Page):
    page.goto("/accounts/login/")

    asked = set(
        page.eval_on_selector_all(
            "svg use", "uses => uses.map(use => use.getAttribute('href').split('#')[0])"
        )
    )
    assert len(asked) == 1
    assert "/static/img/icons." in asked.pop()


@pytest.mark.full
def test_skip_link_leads_to_the_content(new_page: NewPage):
    page = new_page("teacher")
    page.goto("/more/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
