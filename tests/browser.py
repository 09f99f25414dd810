"""One Chromium for each test process, and what axe finds on a page; a pytest plugin (tests/conftest.py)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Violations alone: axe needs not say where everything was fine.
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # no rule that is run reads the style sheets
    "iframes": False,
}


def chromium() -> str | None:
    """Where the system's Chromium is, if it has one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(os.environ.get("PORTAL_CHROMIUM", name)):
            return found
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; windows are cheap."""
    program = chromium()
    if program is None:
        message = "no Chromium on this machine: this journey through the portal was not tried"
        if os.environ.get("PORTAL_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's loop runs in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@cache
def _axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def find_barriers(page: Page, *, leave_out: str = "") -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page as it is: rule, what it asks, and where.

    `leave_out` is a selector of elements not to look at.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_axe_source())
    violations = page.evaluate(
        "([where, options]) => axe.run(where, options).then(found => found.violations)",
        [{"exclude": [leave_out] if leave_out else []}, AXE_OPTIONS],
    )
    return [
        f"{violation['id']}: {violation['help']} at {' | '.join(str(node['target']) for node in violation['nodes'])}"
        for violation in violations
    ]


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """`assert barriers(page) == []`."""
    return find_barriers
