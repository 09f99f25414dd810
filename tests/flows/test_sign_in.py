"""The door of the portal, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.flows.conftest import NewPage


def test_demo_person_signs_in_and_sees_home(new_page: NewPage):
    page = new_page("teacher")

    page.goto("/")

    expect(page.locator("h1")).to_be_visible()
    assert page.url.rstrip("/").count("/") == 2


def test_sign_in_has_no_barrier(page: Page, barriers: Callable[[Page], list[str]]):
    page.goto("/accounts/login/")

    assert barriers(page) == []


def test_stranger_is_sent_to_sign_in(phone_page: Page):
    phone_page.goto("/courses/")

    assert "/accounts/login/" in phone_page.url


def test_somebody_without_a_mailbox_signs_in_with_a_printed_code(
    new_page: NewPage, manage: Callable[..., str]
):
    number = manage(
        "shell",
        "--no-imports",
        "--command",
        "from staff.models import Person; print(Person.objects.filter(work_email='', user__isnull=False, "
        "contracts__ends_on__isnull=True).order_by('payroll_number').first().payroll_number)",
    ).strip()
    password = "soup on mondays, pie on fridays"
    adviser = new_page("people")
    adviser.goto(f"/admin/staff/person/?q={number}")
    adviser.locator("input[name=_selected_action]").first.check()
    adviser.locator("select[name=action]").first.select_option("print_codes")
    adviser.get_by_role("button", name="Run").first.click()
    code = adviser.locator(".slip .code").first.inner_text()

    phone = new_page(phone=True)
    phone.goto("/accounts/login/")
    phone.get_by_role("link", name=re.compile("code")).first.click()
    phone.get_by_label("Staff number").fill(number)
    phone.get_by_label("code", exact=False).first.fill(code)
    for field in phone.locator("input[type=password]").all():
        field.fill(password)
    phone.get_by_role("button", name="Set password and sign in").click()
    expect(phone.get_by_role("link", name="My CPD").first).to_be_visible()

    phone.context.clear_cookies()
    phone.goto("/accounts/login/")
    phone.locator("#id_login").fill(number)
    phone.locator("#id_password").fill(password)
    phone.locator("#id_password").press("Enter")
    expect(phone.get_by_role("link", name="My CPD").first).to_be_visible()
