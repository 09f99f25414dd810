"""Where to click and what to fill in: by addresses and names of fields, never by the words on the page."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from bwt_cpd.states import STATES

HOME = re.compile(r"^http://[^/]+/$")  # for wait_for_url

# Locators of what a page shows wherever it is.
SAID = "#messages :is(.callout-ok, .note)"  # something was done
MISTAKE = ".error-summary, main .err-text, main [role=alert]"


def link_to(place: Page | Locator, name: str, *arguments: object) -> Locator:
    """The first link to this page of the portal that can be seen, whatever follows the address."""
    path = reverse(name, args=arguments)
    links = place.locator(f'a:is([href="{path}"], [href^="{path}?"], [href^="{path}#"])')
    return links.locator("visible=true").first


def form_to(place: Page | Locator, name: str, *arguments: object) -> Locator:
    """The forms that send to this address."""
    path = reverse(name, args=arguments)
    return place.locator(f'form:is([action="{path}"], [action^="{path}?"])')


def button_to(place: Page | Locator, name: str, *arguments: object) -> Locator:
    """The buttons that send to this address."""
    return form_to(place, name, *arguments).locator("button[type=submit]:visible")


def send_button(page: Page) -> Locator:
    """The main button of the page's own form, which sends to where it is."""
    return page.locator("main form[method=post]:not([action]) .actions button[type=submit]").first


def fill_in(place: Page | Locator, **fields: object) -> None:
    """Fill in fields by their names: text, a choice by its value, True for a box to tick."""
    for name, value in fields.items():
        field = place.locator(f'[name="{name}"]:not([type=hidden])')
        if value is True:
            field.first.check()
        elif field.first.evaluate("field => field.type") == "radio":
            place.locator(f'[name="{name}"][value="{value}"]').check()
        elif field.first.evaluate("field => field.localName") == "select":
            field.first.select_option(str(value))
        else:
            field.first.fill(str(value))


def expect_said(page: Page) -> None:
    """Wait for the words that say it was done."""
    expect(page.locator(SAID).first).to_be_visible()


def state(place: Page | Locator, kind: str) -> Locator:
    """The badges of that state, such as `booked` (bwt_cpd/states.py)."""
    return place.locator(f".state-{STATES[kind].tone}", has_text=STATES[kind].words)
