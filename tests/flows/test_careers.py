"""Careers: a cook by keyboard and a teaching assistant on a phone look at the map and go for a goal."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

# A cook of the demo trust, or a midday supervisor where it has none (they share the first step), and a date to book for a thing the goal of each asks.
PREPARE = """
from datetime import timedelta
from courses.models import Course, Session, SessionPart
from pathways.models import Goal, HeldCpd
from staff.models import Contract, User
cook = User.objects.filter(person__contracts__job_role__code__in=["COOK", "MDS"], person__contracts__ends_on=None,
    is_active=True).order_by("pk").first()
people = [cook.person, User.objects.get(email="ta@demo.example").person]
HeldCpd.objects.filter(person__in=people).delete()
Goal.objects.filter(person__in=people, ended_at=None).update(ended_at=clock.now())
for number, code in enumerate(("PS-009", "PTH-079")):
    course = Course.objects.get(code=code)
    starts_at = clock.now() + timedelta(days=200 + number, hours=1)
    if Session.objects.filter(code=f"FLOW-{code}").exists():
        continue
    session = Session.objects.create(course=course, code=f"FLOW-{code}", capacity=30, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=course.minutes))
    SessionPart.objects.create(session=session, starts_at=session.starts_at, ends_at=session.ends_at,
        minutes=course.minutes)
print("COOK", cook.email)
"""


def tab_to(page: Page, name: str) -> None:
    """Go on with the Tab key until the link or button of that name has the focus."""
    for _ in range(90):
        page.keyboard.press("Tab")
        words = page.evaluate("document.activeElement ? document.activeElement.innerText : ''")
        if name in words:
            return
    raise AssertionError(f"{name} is not reached by keyboard")


@pytest.fixture
def cook(manage: Callable[..., str]) -> str:
    said = manage("shell", "-c", PREPARE)
    return said.split("COOK ")[1].split("@")[0].strip()


def test_a_cook_finds_a_way_by_keyboard_alone(new_page: NewPage, cook: str, barriers):
    page = new_page(cook)
    page.goto("/pathways/")
    assert barriers(page) == []
    page.get_by_role("link", name="Catering and lunchtime").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are here").first).to_be_visible()
    assert barriers(page) == []
    tab_to(page, "List")
    page.keyboard.press("Enter")
    page.wait_for_url("**as=list")
    assert barriers(page) == []
    tab_to(page, "Catering manager")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Needed")).to_be_visible()
    assert barriers(page) == []
    tab_to(page, "Set as my goal")
    page.keyboard.press("Enter")

    expect(page.get_by_text("This is your goal now. Only you see it.").first).to_be_visible()
    assert barriers(page) == []
    tab_to(page, "I have this already")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pathways/held/**")
    assert barriers(page) == []
    page.get_by_label("Since when?").fill("2025-06-02")
    tab_to(page, "I have it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have had this since").first).to_be_visible()


def test_a_ta_books_from_the_list_and_shares_it(new_page: NewPage, cook: str, barriers):
    page, manager = new_page("ta", phone=True), new_page("manager")
    page.goto("/pathways/ta-to-teacher/")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Cover supervisor").first.click()
    page.get_by_role("button", name="Set as my goal").click()
    page.get_by_role("button", name="Share with my manager").click()
    expect(page.get_by_text("Your line manager sees your goal now.").first).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="Towards HLTA").filter(has_text="Book").first.click()
    expect(page.get_by_role("heading", name="Towards HLTA").first).to_be_visible()
    page.locator("form[action*='/book/'] button").first.click()
    page.wait_for_url("**/courses/bookings/**")

    page.goto("/pathways/goal/")
    page.get_by_role("button", name="Let this goal go").click()
    page.get_by_role("button", name="Take it up again").click()
    expect(page.get_by_text("It is your goal again.").first).to_be_visible()
    manager.goto("/pathways/goal/")
    expect(manager.get_by_text("Cover supervisor")).to_have_count(0)
