"""Getting a place, giving it up, and racing for the last one."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from courses.models import Booking, Session
from tests.browser import find_barriers
from tests.flows.conftest import NewPage
from tests.flows.locators import button_to, expect_said, link_to, send_button, state
from tests.flows.sessions import a_cook, a_session, a_weekday

pytestmark = pytest.mark.browser

A_BOOKING = re.compile(r"/courses/bookings/\d+/")


def _open_course(page: Page, words: str, session: Session) -> None:
    page.goto("/courses/")
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=session.course.title, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(session.course.title)


def _part(page: Page, session: Session) -> Locator:
    """The part of the course page that is about this session."""
    return page.locator(f"#session-{session.pk}")


def _book_button(page: Page, session: Session) -> Locator:
    return button_to(page, "courses:session-book", session.pk)


def _cancel(page: Page, session: Session) -> None:
    """From the list of bookings, with the question that is asked first."""
    booking = Booking.objects.get(session=session, state=Booking.State.BOOKED)
    page.goto("/courses/bookings/")
    expect(
        state(page.locator("main li", has=link_to(page, "courses:booking-cancel", booking.pk)), "booked")
    ).to_be_visible()
    link_to(page, "courses:booking-cancel", booking.pk).click()
    send_button(page).click()
    expect_said(page)


def _expect_free(page: Page, session: Session) -> None:
    expect(_book_button(page, session)).to_be_visible()
    expect(_part(page, session).locator(".places")).to_contain_text(str(session.capacity))


def test_teaching_assistant_books_and_cancels_on_a_phone(new_page: NewPage):
    session = a_session("CO-001", on=a_weekday(20), capacity=3)
    page = new_page("ta", phone=True)

    _open_course(page, "coaching conversatoins", session)
    _book_button(page, session).click()
    page.wait_for_url(A_BOOKING)
    expect(state(page, "booked").first).to_be_visible()
    _cancel(page, session)

    page.goto(session.course.get_absolute_url())
    _expect_free(page, session)


@pytest.mark.parametrize(
    "who",
    [
        "cook",
        "partner",
        *(pytest.param(who, marks=pytest.mark.full) for who in ("ta", "teacher", "manager")),
    ],
)
def test_everybody_books_and_cancels_on_a_dark_phone_without_javascript(who: str, new_page: NewPage):
    session = a_session("CO-001", on=a_weekday(24), capacity=3)
    name = a_cook() if who == "cook" else who
    page = new_page(name, phone=True, javascript=False, dark=True)
    looked_at = new_page(name, phone=True, dark=True)

    def see() -> list[str]:
        """The page as it is, with the eyes of axe, which needs a script; once is enough."""
        if who != "cook":
            return []
        looked_at.goto(page.url)
        return find_barriers(looked_at)

    _open_course(page, "coaching conversations", session)
    assert see() == []
    _book_button(page, session).click()
    page.wait_for_url(A_BOOKING)
    expect(state(page, "booked").first).to_be_visible()
    assert see() == []
    booking = Booking.objects.get(session=session)
    page.goto("/courses/bookings/")
    link_to(page, "courses:booking-cancel", booking.pk).click()
    assert see() == []
    send_button(page).click()

    expect_said(page)
    page.goto(session.course.get_absolute_url())
    _expect_free(page, session)


def test_booking_by_keyboard_alone(new_page: NewPage):
    session = a_session("DG-002", on=a_weekday(22))
    title = session.course.title
    page = new_page("teacher")
    page.goto("/courses/")

    page.keyboard.press("Tab")
    expect(page.locator("a[href='#main']")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_role("searchbox"))
    page.keyboard.type("teams and sharepoint")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=title, exact=True).first).to_be_visible()
    _tab_to(page, page.get_by_role("link", name=title, exact=True).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    _tab_to(page, _book_button(page, session))
    page.keyboard.press("Enter")

    page.wait_for_url(A_BOOKING)
    expect(state(page, "booked").first).to_be_visible()


def _tab_to(page: Page, wanted: Locator, most: int = 150) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    element = wanted.element_handle()
    for _ in range(most):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached with the Tab key.")


@pytest.mark.full
def test_two_people_race_for_the_last_place(new_page: NewPage):
    """Both have the page open with one place left, and press the button in the same moment."""
    session = a_session("CO-003", on=a_weekday(23), capacity=1)
    pages = [new_page("teacher", phone=True), new_page("ta", phone=True)]
    for page in pages:
        page.goto(session.course.get_absolute_url())
        expect(_book_button(page, session)).to_be_visible()

    # The click returns before the answer is there, so the second goes out while the first is under way.
    for page in pages:
        _book_button(page, session).click(no_wait_after=True)
    for page in pages:
        page.wait_for_url(A_BOOKING)

    outcomes = sorted("booked" if state(page, "booked").count() else "waiting" for page in pages)
    assert outcomes == ["booked", "waiting"]
