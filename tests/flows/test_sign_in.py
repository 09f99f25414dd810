"""The door of the portal, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.flows.conftest import NewPage


def test_demo_person_signs_in_and_sees_home(new_page: NewPage):
    page = new_page("teacher")

    page.goto("/")

    expect(page.locator("h1")).to_be_visible()
    assert page.url.rstrip("/").count("/") == 2


def test_sign_in_has_no_barrier(page: Page, barriers: Callable[[Page], list[str]]):
    page.goto("/accounts/login/")

    assert barriers(page) == []


def test_stranger_is_sent_to_sign_in(phone_page: Page):
    phone_page.goto("/courses/")

    assert "/accounts/login/" in phone_page.url
