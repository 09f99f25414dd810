"""The trainer marks a register on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from courses.models import Session
from staff import clock
from tests.factories.courses import BookingFactory
from tests.flows.conftest import NewPage
from tests.flows.locators import button_to, link_to
from tests.flows.sessions import a_session, person_of

pytestmark = pytest.mark.browser


def _expect_marks(page: Page, **wanted: int) -> None:
    for mark, times in wanted.items():
        expect(page.locator(f".reg input[value={mark}]:checked")).to_have_count(times)


def test_trainer_marks_everyone_then_corrects_and_undoes(new_page: NewPage):
    session = a_session("PS-007", on=clock.today() - timedelta(days=1), trainer=person_of("trainer"))
    marta, tom = (BookingFactory(session=session, person=person_of(who)) for who in ("ta", "teacher"))
    Session.objects.filter(pk=session.pk).update(booked_count=2)
    page = new_page("trainer", phone=True)

    page.goto("/courses/registers/")
    link_to(page, "courses:session-register", session.pk).click()
    page.locator("button[name=rest]").click()
    expect(button_to(page, "courses:register-undo", session.pk)).to_be_visible()
    _expect_marks(page, present=2, part=0, absent=0)

    page.locator(f"label[for=m{marta.pk}p]").click()
    page.locator(".reg > li", has=page.locator(f"#n{marta.pk}")).locator(".reg-part input").fill("20")
    page.locator(f"label[for=m{tom.pk}n]").click()
    with page.expect_navigation():
        page.locator(".save-bar .btn-primary").click()
    _expect_marks(page, present=0, part=1, absent=1)
    with page.expect_navigation():
        button_to(page, "courses:register-undo", session.pk).click()

    _expect_marks(page, present=2, part=0, absent=0)
