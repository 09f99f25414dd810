"""Careers: a cook by keyboard and a teaching assistant on a phone look at the map and go for a goal."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from courses.models import Booking
from pathways.models import Goal, HeldCpd, Pathway
from staff import clock
from staff.models import Contract, Person
from tests.browser import find_barriers
from tests.flows.conftest import NewPage
from tests.flows.locators import button_to, expect_said, fill_in, link_to, send_button, state
from tests.flows.sessions import a_session, a_weekday, person_of

pytestmark = [pytest.mark.browser, pytest.mark.full]

STEP = "Cover supervisor"


def _tab_to(page: Page, wanted: Locator) -> None:
    """Go on with the Tab key until the link or button has the focus."""
    element = wanted.element_handle()
    for _ in range(90):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by keyboard")


def _without_a_goal(person: Person) -> None:
    HeldCpd.objects.filter(person=person).delete()
    Goal.objects.filter(person=person, ended_at=None).update(ended_at=clock.now())


def _a_lowest_step() -> Person:
    """A cook of the demo trust, or a midday supervisor where it has none: they share the first step."""
    there = Contract.objects.filter(job_role__code__in=["COOK", "MDS"], ends_on=None)
    return there.filter(person__user__is_active=True).order_by("person__user__pk")[0].person


def test_a_cook_finds_a_way_by_keyboard_alone(new_page: NewPage):
    cook = _a_lowest_step()
    _without_a_goal(cook)
    page = new_page(cook.user.email.partition("@")[0])
    page.goto("/pathways/")
    assert find_barriers(page) == []
    pathway = Pathway.objects.get(name="Catering and lunchtime")
    link_to(page, "pathways:pathway-detail", pathway.slug).focus()
    page.keyboard.press("Enter")
    expect(state(page, "here").first).to_be_visible()
    assert find_barriers(page) == []
    _tab_to(page, page.locator("main a[href$='as=list']").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**as=list")
    assert find_barriers(page) == []
    _tab_to(page, page.locator(".steps-list h2 a").last)
    page.keyboard.press("Enter")
    expect(page.locator("#needed")).to_be_visible()
    assert find_barriers(page) == []
    _tab_to(page, page.locator("form[action$='/goal/'] button[type=submit]"))
    page.keyboard.press("Enter")

    expect_said(page)
    assert find_barriers(page) == []
    _tab_to(page, page.locator("a[href*='/pathways/held/']").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pathways/held/**")
    assert find_barriers(page) == []
    fill_in(page, held_on=clock.today() - timedelta(days=547))
    _tab_to(page, send_button(page))
    page.keyboard.press("Enter")
    expect_said(page)
    expect(page.locator("form[action*='/take-back/']").first).to_be_visible()


def test_a_ta_books_from_the_list_and_shares_it(new_page: NewPage):
    marta = person_of("ta")
    _without_a_goal(marta)
    session = a_session("PTH-079", on=a_weekday(140))  # a thing the goal asks for
    page, manager = new_page("ta", phone=True), new_page("manager")
    page.goto("/pathways/ta-to-teacher/")
    assert find_barriers(page) == []
    page.locator(".climb-title a", has_text=STEP).first.click()
    page.locator("form[action$='/goal/'] button[type=submit]").click()
    button_to(page, "pathways:goal-share").click()
    expect_said(page)
    assert Goal.objects.get(person=marta, ended_at=None).is_shared
    assert find_barriers(page) == []
    link_to(page, "courses:course-detail", session.course.slug).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(session.course.title)
    button_to(page, "courses:session-book", session.pk).click()
    page.wait_for_url("**/courses/bookings/**")
    assert Booking.objects.filter(session=session, person=marta, state="booked").exists()

    page.goto("/pathways/goal/")
    button_to(page, "pathways:goal-drop").click()
    goal = Goal.objects.filter(person=marta).latest("pk")
    button_to(page, "pathways:goal-undo", goal.pk).click()
    expect_said(page)
    manager.goto("/pathways/goal/")
    expect(manager.get_by_role("heading", level=1)).to_be_visible()
    expect(manager.get_by_text(STEP)).to_have_count(0)
