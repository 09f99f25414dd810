"""The door of the portal, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from staff import clock
from staff.models import Contract, Person
from tests.flows.conftest import PASSWORD, NewPage
from tests.flows.locators import HOME, fill_in, link_to

pytestmark = pytest.mark.browser


def test_demo_person_signs_in_with_a_password_and_sees_home(page: Page):
    page.goto("/accounts/login/")
    form = page.locator("form", has=page.locator("#id_login"))
    fill_in(form, login="teacher@demo.example", password=PASSWORD)
    form.locator("#id_password").press("Enter")

    page.wait_for_url(HOME)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_stranger_is_sent_to_sign_in(phone_page: Page):
    phone_page.goto("/courses/")

    assert "/accounts/login/" in phone_page.url


def test_somebody_without_a_mailbox_signs_in_with_a_printed_code(new_page: NewPage):
    employed = Person.objects.filter(contracts__in=Contract.objects.in_force(clock.today()))
    person = employed.filter(work_email="", user__isnull=False).order_by("payroll_number")[0]
    password = "soup on mondays, pie on fridays"
    adviser = new_page("people")
    adviser.goto(f"/admin/staff/person/?q={person.payroll_number}")
    adviser.locator("input[name=_selected_action]").first.check()
    adviser.locator("select[name=action]").first.select_option("print_codes")
    adviser.locator("[type=submit][name=index]").first.click()
    code = adviser.locator(".slip .code").first.inner_text()

    phone = new_page(phone=True)
    phone.goto("/accounts/login/")
    link_to(phone, "first-password").click()
    form = phone.locator("main form")
    fill_in(form, staff_number=person.payroll_number, code=code)
    for field in form.locator("input[type=password]").all():
        field.fill(password)
    form.locator("[type=submit]").click()
    phone.wait_for_url(HOME)
    expect(phone.get_by_role("heading", level=1)).to_contain_text(person.first_name)

    phone.context.clear_cookies()
    phone.goto("/accounts/login/")
    fill_in(
        phone.locator("form", has=phone.locator("#id_login")), login=person.payroll_number, password=password
    )
    phone.locator("#id_password").press("Enter")
    phone.wait_for_url(HOME)
    expect(phone.get_by_role("heading", level=1)).to_contain_text(person.first_name)
