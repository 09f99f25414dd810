"""axe finds nothing on any page of any persona, and nothing scrolls sideways (RELIABILITY row 24)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

EVERYBODY = [
    "/",
    "/courses/",
    "/courses/?q=phonics",
    "/courses/?q=zzzz",
    "/courses/month/2026-12/",
    "/courses/bookings/",
    "/entitlements/",
    "/entitlements/claims/",
    "/entitlements/claims/new/",
    "/pathways/",
    "/pathways/routes/",
    "/pathways/routes/?q=zzzz",
    "/pathways/routes/team-leader/",
    "/pathways/routes/team-leader/request/",
    "/pathways/requests/",
    "/pathways/finance/",
    "/pathways/goal/",
    "/pathways/needs/",
    "/pathways/plan/",
    "/pathways/induction/",
    "/pathways/coaching/",
    "/pathways/thread/",
    "/search/?q=zzzz",
    "/inbox/",
    "/search/?q=reading",
    "/messages/",
    "/profile/",
    "/more/",
    "/help/",
    "/accessibility/",
    "/privacy/",
]
PAGES = {
    "ta": [*EVERYBODY, "/components/"],
    "manager": ["/", "/inbox/", "/team/"],
    "head": ["/", "/inbox/", "/team/", "/pathways/needs/departments/", "/pathways/induction/team/"],
    "hublead": ["/", "/courses/manage/", "/courses/manage/new/", "/courses/registers/"],
    "trainer": ["/", "/courses/registers/"],
    "people": [
        "/",
        "/team/",
        "/inbox/",
        "/pathways/requests/board/",
        "/pathways/requests/panels/",
        "/admin/reports/entitlement/",
        "/admin/reports/requests/",
    ],
    "partner": ["/", "/courses/", "/entitlements/", "/courses/bookings/", "/profile/", "/pathways/needs/"],
}


@pytest.mark.parametrize("who", PAGES)
def test_no_page_has_a_barrier_or_scrolls_sideways(
    new_page: NewPage, barriers: Callable[[Page], list[str]], who: str
):
    page = new_page(who, phone=True)
    found = {}

    for path in PAGES[who]:
        answer = page.goto(path)
        assert answer is not None
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        # Unfold's own frame has parts outside landmarks: good practice, not WCAG, and not ours to mend.
        ours = [
            one for one in barriers(page) if not (path.startswith("/admin/") and one.startswith("region:"))
        ]
        complaints = [*ours, *(["scrolls sideways"] if wide else [])]
        if page.locator("h1:visible").count() != 1:
            complaints.append(f"{page.locator('h1:visible').count()} first headings")
        if answer.status != 200 or complaints:
            found[path] = [str(answer.status), *complaints]

    assert found == {}


@pytest.mark.parametrize("path", ["/", "/courses/", "/entitlements/", "/pathways/needs/", "/pathways/plan/"])
def test_dark_pages_have_no_barrier(new_page: NewPage, barriers: Callable[[Page], list[str]], path: str):
    page = new_page("ta", dark=True)

    page.goto(path)

    assert barriers(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/courses/",
        "/courses/bookings/",
        "/entitlements/",
        "/profile/",
        "/pathways/needs/",
        "/pathways/plan/",
        "/pathways/induction/",
    ],
)
def test_narrowest_phone_does_not_scroll_sideways(new_page: NewPage, path: str):
    page = new_page("ta", width=320)

    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


# A link within a sentence is exempt; a box that is drawn by its label is measured by that.
SMALL = """() => [...document.querySelectorAll("main a, main button, main select, main summary, main .opt label")]
  .filter((one) => !one.closest("p, dd, .meta, .fold-words") && getComputedStyle(one).display !== "inline")
  .filter((one) => one.offsetHeight && one.getBoundingClientRect().height < 24)
  .map((one) => one.textContent.trim())"""


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("ta", "/pathways/needs/"),
        ("ta", "/pathways/plan/"),
        ("ta", "/pathways/induction/"),
        ("head", "/pathways/induction/team/"),
        ("head", "/pathways/needs/departments/"),
        ("head", "/team/"),
    ],
)
def test_targets_are_large_enough(new_page: NewPage, who: str, path: str):
    page = new_page(who, phone=True)

    page.goto(path)

    assert page.evaluate(SMALL) == []
