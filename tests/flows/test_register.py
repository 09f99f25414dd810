"""The trainer marks a register on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from staff import clock
from tests.flows.conftest import NewPage
from tests.flows.sessions import a_weekday, bring_in

pytestmark = pytest.mark.browser

TITLE = "TA deployment: scaffolding and stepping back"


def _payroll(manage: Callable[..., str], who: str) -> str:
    code = f"from staff.models import User; print(User.objects.get(email='{who}@demo.example').staff_number)"
    return manage("shell", "-v", "0", "-c", code).strip()


def test_trainer_marks_everyone_then_corrects_and_undoes(
    manage: Callable[..., str], new_page: NewPage, tmp_path: Path
):
    trainer = _payroll(manage, "trainer")
    bring_in(manage, tmp_path, course="PS-007", code="FLOW-REG", on=a_weekday(25), trainer=trainer)
    for who in ("ta", "teacher"):
        attendee = new_page(who)
        attendee.goto("/courses/?q=TA+deployment")
        attendee.get_by_role("link", name=TITLE).first.click()
        attendee.locator(".session", has_text="18:30").get_by_role("button", name=re.compile("^Book")).click()
        expect(attendee.get_by_text("Booked").first).to_be_visible()
    yesterday = clock.today() - timedelta(days=1)
    bring_in(manage, tmp_path, course="PS-007", code="FLOW-REG", on=yesterday, trainer=trainer)

    page = new_page("trainer", phone=True)
    page.goto("/courses/registers/")
    page.locator("li", has_text="2 booked").get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="Everyone is here").click()
    expect(page.get_by_text("2 here, 0 part, 0 absent").first).to_be_visible()

    marta = page.locator(".reg > li", has_text="Marta Kowalczyk")
    marta.get_by_text("Part", exact=True).click()
    marta.get_by_label(re.compile("Minutes there")).fill("20")
    page.locator(".reg > li", has_text="Tom Ashby").get_by_text("Absent", exact=True).click()
    page.get_by_role("button", name=re.compile("^Save")).last.click()
    expect(page.get_by_text("0 here, 1 part, 1 absent").first).to_be_visible()
    page.get_by_role("button", name="Undo this save").click()

    expect(page.get_by_text("2 here, 0 part, 0 absent").first).to_be_visible()
