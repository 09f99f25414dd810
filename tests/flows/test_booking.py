"""Getting a place, giving it up, and racing for the last one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.flows.conftest import NewPage
from tests.flows.sessions import a_weekday, bring_in

pytestmark = pytest.mark.browser

COURSE = "CO-001"
TITLE = "Coaching conversations for everyone"


def _open_course(page: Page, words: str, title: str) -> None:
    page.goto("/courses/")
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _session(page: Page, room: str) -> Locator:
    return page.locator(".session", has_text=room).first


def test_teaching_assistant_books_and_cancels_on_a_phone(
    manage: Callable[..., str], new_page: NewPage, tmp_path: Path
):
    bring_in(manage, tmp_path, course=COURSE, code="FLOW-BOOK", on=a_weekday(20), capacity=3)
    page = new_page("ta", phone=True)

    _open_course(page, "coaching conversatoins", TITLE)
    _session(page, "18:30").get_by_role("button", name=re.compile("^Book")).click()
    expect(page.get_by_text("Booked").first).to_be_visible()
    page.goto("/courses/bookings/")
    row = page.locator("li", has_text=TITLE).first
    expect(row.get_by_text("Booked")).to_be_visible()
    row.get_by_role("link", name=re.compile("Cancel")).click()
    page.get_by_role("button", name=re.compile("Cancel|Give up")).click()

    _open_course(page, "coaching conversations", TITLE)
    expect(_session(page, "18:30").get_by_role("button", name=re.compile("^Book"))).to_be_visible()
    expect(_session(page, "18:30").get_by_text("3 places left")).to_be_visible()


def test_booking_works_without_javascript(manage: Callable[..., str], new_page: NewPage, tmp_path: Path):
    bring_in(manage, tmp_path, course="DG-001", code="FLOW-NOJS", on=a_weekday(21))
    page = new_page("teacher", javascript=False)

    _open_course(page, "chatbots", "Copilot and chatbots: safe uses in school")
    _session(page, "18:30").get_by_role("button", name=re.compile("^Book")).click()

    expect(page.get_by_text("Booked").first).to_be_visible()


@pytest.mark.parametrize("who", ["ta", "cook", "teacher", "manager", "partner"])
def test_everybody_books_and_cancels_on_a_dark_phone_without_javascript(
    who: str,
    manage: Callable[..., str],
    new_page: NewPage,
    barriers: Callable[[Page], list[str]],
    tmp_path: Path,
):
    bring_in(manage, tmp_path, course=COURSE, code="FLOW-DARK", on=a_weekday(24), capacity=3)
    number = _cook(manage) if who == "cook" else who
    page = new_page(number, phone=True, javascript=False, dark=True)
    looked_at = new_page(number, phone=True, dark=True)

    def see() -> list[str]:
        """The page as it is, with the eyes of axe, which needs a script; once is enough."""
        if who != "cook":
            return []
        looked_at.goto(page.url)
        return barriers(looked_at)

    _open_course(page, "coaching conversations", TITLE)
    assert see() == []
    _session(page, "18:30").get_by_role("button", name=re.compile("^Book")).click()
    expect(page.get_by_text("You are booked").first).to_be_visible()
    assert see() == []
    page.goto("/courses/bookings/")
    assert see() == []
    page.locator("li", has_text=TITLE).get_by_role("link", name=re.compile("Cancel")).first.click()
    assert see() == []
    page.get_by_role("button", name=re.compile("Cancel|Give up")).click()

    expect(page.get_by_text(re.compile(f"cancelled: {TITLE}", re.IGNORECASE)).first).to_be_visible()
    _open_course(page, "coaching conversations", TITLE)
    expect(_session(page, "18:30").get_by_text("3 places left")).to_be_visible()


def _cook(manage: Callable[..., str]) -> str:
    """The staff number of somebody who works in a kitchen today."""
    return manage(
        "shell",
        "--no-imports",
        "--command",
        "from staff.models import Contract; print(Contract.objects.filter(job_role__code__in=('COOK', 'CATM'), "
        "ends_on=None, person__user__isnull=False).order_by('pk').first().person.payroll_number)",
    ).strip()


def test_booking_by_keyboard_alone(manage: Callable[..., str], new_page: NewPage, tmp_path: Path):
    bring_in(manage, tmp_path, course="DG-002", code="FLOW-KEYS", on=a_weekday(22))
    page = new_page("teacher")
    page.goto("/courses/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name=re.compile("Skip"))).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type("teams and sharepoint")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Teams and SharePoint without losing files").first).to_be_visible()
    _tab_to(page, page.get_by_role("link", name="Teams and SharePoint without losing files").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Teams and SharePoint without losing files")
    _tab_to(page, _session(page, "18:30").get_by_role("button", name=re.compile("^Book")))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Booked").first).to_be_visible()


def _tab_to(page: Page, wanted: Locator, most: int = 150) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if wanted.count() and wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached with the Tab key.")


def test_two_people_race_for_the_last_place(manage: Callable[..., str], new_page: NewPage, tmp_path: Path):
    """Both have the page open with one place left, and press the button in the same moment."""
    bring_in(manage, tmp_path, course="CO-003", code="FLOW-RACE", on=a_weekday(23), capacity=1)
    pages = [new_page("teacher", phone=True), new_page("ta", phone=True)]
    for page in pages:
        _open_course(page, "being coached", "Being coached: getting the most from six sessions")
        expect(_session(page, "18:30").get_by_role("button", name=re.compile("^Book"))).to_be_visible()

    # The click returns before the answer is there, so the second goes out while the first is under way.
    for page in pages:
        _session(page, "18:30").get_by_role("button", name=re.compile("^Book")).click(no_wait_after=True)
    for page in pages:
        page.wait_for_url(re.compile("/courses/bookings/"))

    outcomes = sorted(
        "booked"
        if page.get_by_text("You are booked").count() or page.locator(".state-booked").count()
        else "waiting"
        for page in pages
    )
    assert outcomes == ["booked", "waiting"]
