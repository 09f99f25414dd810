"""The look in a real browser: every component, in both modes, on a phone and a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import NewPage


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_gallery_has_no_barrier_and_no_sideways_scroll(
    new_page: NewPage, barriers: Callable[[Page], list[str]], phone: bool, dark: bool
):
    page = new_page("teacher", phone=phone, dark=dark)

    page.goto("/components/")

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_gallery_fits_320_pixels(new_page: NewPage):
    page = new_page("teacher", width=320)

    page.goto("/components/")

    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_dialog_opens_and_closes(new_page: NewPage):
    page = new_page("teacher")
    page.goto("/components/")

    page.get_by_role("link", name="Cancel booking").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()

    page.get_by_role("button", name="Keep my place").click()
    expect(dialog).to_be_hidden()


def test_mark_the_rest_leaves_what_is_marked(new_page: NewPage):
    page = new_page("teacher")
    page.goto("/components/")

    page.get_by_role("button", name="Mark the rest as here").click()

    assert page.locator("#r1p").is_checked()
    assert page.locator("#r2n").is_checked()
    assert page.locator("#r3y").is_checked()


def test_demo_person_is_signed_in_by_one_press_without_javascript(new_page: NewPage):
    page = new_page(javascript=False)
    page.goto("/accounts/login/")

    page.get_by_role("button", name="Marta Kowalczyk").click()

    expect(page.locator("h1")).to_contain_text("Marta")


def test_icons_come_in_the_small_sprite(page: Page):
    page.goto("/accounts/login/")

    asked = set(
        page.eval_on_selector_all(
            "svg use", "uses => uses.map(use => use.getAttribute('href').split('#')[0])"
        )
    )
    assert len(asked) == 1
    assert "/static/img/icons." in asked.pop()


def test_skip_link_leads_to_the_content(new_page: NewPage):
    page = new_page("teacher")
    page.goto("/more/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
