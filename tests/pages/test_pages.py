"""No page of any persona has a barrier or scrolls sideways (RELIABILITY row 24)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests.pages.window import DESK, PHONE, Window
from tests.pages.window import window as open_window

ClientOf = Callable[[str], Client]
NO_BUSINESS = {"status 403", "status 404", "status 302"}

# Each page once, by the persona who uses it most; "" is someone who isn't signed in.
PAGES = {
    "": ["/accounts/login/", "/accounts/first-password/", "/accounts/password/reset/", "/help/"],
    "ta": [
        "/",
        "/accessibility/",
        "/components/",
        "/courses/",
        "/courses/?q=phonics",
        "/courses/?q=zzzz",
        "/courses/bookings/",
        "/courses/feed/",
        "/entitlements/",
        "/entitlements/claims/",
        "/entitlements/claims/new/",
        "/messages/",
        "/more/",
        "/pathways/",
        "/pathways/coaching/",
        "/pathways/coaching/find/",
        "/pathways/finance/",
        "/pathways/goal/",
        "/pathways/induction/",
        "/pathways/needs/",
        "/pathways/plan/",
        "/pathways/requests/",
        "/pathways/routes/",
        "/pathways/routes/?q=zzzz",
        "/pathways/routes/team-leader/",
        "/pathways/routes/team-leader/request/",
        "/pathways/ta-to-teacher/",
        "/pathways/teach/",
        "/pathways/thread/",
        "/privacy/",
        "/profile/",
        "/search/?q=reading",
        "/search/?q=zzzz",
    ],
    "manager": ["/inbox/", "/inbox/claims/", "/pathways/needs/team/", "/profile/delegations/new/", "/team/"],
    "head": ["/", "/pathways/induction/team/", "/pathways/needs/departments/", "/pathways/thread/ects/"],
    "hublead": ["/courses/manage/", "/courses/manage/new/", "/pathways/coaching/offer/"],
    "trainer": ["/courses/registers/"],
    "people": [
        "/admin/reports/entitlement/",
        "/admin/reports/requests/",
        "/pathways/coaching/figures/",
        "/pathways/needs/demand/",
        "/pathways/needs/departments/?show=table",
        "/pathways/needs/progress/",
        "/pathways/needs/themes/",
        "/pathways/needs/themes/import/",
        "/pathways/requests/board/",
        "/pathways/requests/panels/",
        "/pathways/teach/board/",
        "/pathways/thread/capacity/",
    ],
    "partner": ["/", "/entitlements/"],
}
EVERY_PAGE = sorted({path for paths in PAGES.values() for path in paths})


# What a loop repeats: axe takes its time for each piece of text, and the first ones show what is wrong with all.
REPEATED = """
tbody > tr:nth-child(n+4), tr > :is(td, th):nth-child(n+12), .board-column:nth-child(n+4),
main ul > li:nth-child(n+6), main article:nth-of-type(n+4)
"""


def complaints_about(
    window: Window, client: Client, path: str, *, width: int = PHONE, leave_out: str = ""
) -> list[str]:
    """Show the page at this address, and look at it."""
    response = client.get(path)
    window.show(response.content, path, width=width)
    found = window.complaints(leave_out=leave_out)
    if response.status_code != 200:
        found.append(f"status {response.status_code}")
    # Unfold's own frame has parts outside landmarks: good practice, not WCAG, and not ours to mend.
    return [one for one in found if not (path.startswith("/admin/") and one.startswith("region:"))]


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in PAGES.items() for path in paths])
def test_page_has_no_barrier(phone: Window, client_of: ClientOf, who: str, path: str):
    assert complaints_about(phone, client_of(who), path, leave_out=REPEATED) == []


def test_faults_of_a_page_are_found(phone: Window):
    """The control."""
    phone.show(FAULTY)

    found = phone.complaints()

    for fault in (
        "label:",
        "2 first headings",
        "h4 after h1",
        "less than 24 pixels high: Small",
        "scrolls sideways at 390 pixels",
        "scrolls sideways at 320 pixels",
    ):
        assert any(one.startswith(fault) for one in found), (fault, found)


FAULTY = b"""<!doctype html><html lang="en"><head><title>Faulty</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>One</h1><h1>Two</h1><h4>Four</h4><input name="unnamed">
<button style="height: 20px">Small</button><div style="width: 600px">Wide</div></main></body></html>"""


# All of it ---------------------------------------------------------------------------------
PERSONAS = [who for who in PAGES if who]


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Iterator[Window]:
    with open_window(browser, phone=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def dark_phone(browser: Browser) -> Iterator[Window]:
    with open_window(browser, dark=True) as opened:
        yield opened


@pytest.mark.full
@pytest.mark.parametrize("who", [*PERSONAS, "teacher", "cpdlead"])
def test_no_page_of_anyone_has_a_barrier(phone: Window, client_of: ClientOf, who: str):
    """A persona who isn't allowed a page gets the page that says so, and that one is checked."""
    found = {}
    for path in EVERY_PAGE:
        complaints = complaints_about(phone, client_of(who), path)
        if complaints := [one for one in complaints if one not in NO_BUSINESS]:
            found[path] = complaints

    assert found == {}


@pytest.mark.full
@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in PAGES.items() for path in paths])
def test_page_has_no_barrier_on_a_desk_nor_in_the_dark(
    desk: Window, dark_phone: Window, client_of: ClientOf, who: str, path: str
):
    client = client_of(who)

    assert complaints_about(desk, client, path, width=DESK) == []
    assert complaints_about(dark_phone, client, path) == []


@pytest.mark.full
@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in PAGES.items() for path in paths])
def test_page_does_not_scroll_sideways_with_text_of_twice_the_size(
    desk: Window, client_of: ClientOf, who: str, path: str
):
    desk.show(client_of(who).get(path).content, path, width=DESK)

    assert desk.complaints_at_twice_the_text() == []
