"""The people team filters the entitlement report, opens what is behind a number, and takes it away."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from staff.models import School
from tests.flows.conftest import NewPage
from tests.flows.locators import link_to
from tests.flows.sessions import person_of

pytestmark = pytest.mark.browser


def _download(page: Page, kind: str) -> Path:
    with page.expect_download() as download:
        link_to(page, f"admin-report-entitlement-{kind}").click()
    return Path(download.value.path())


def test_report_is_filtered_opened_and_exported(new_page: NewPage):
    school, person = School.objects.get(code="BPS"), person_of("ta")
    page = new_page("people")
    page.goto("/admin/reports/entitlement/")
    filters = page.locator("form", has=page.locator("select[name=school]"))
    filters.locator("select[name=school]").select_option(label=school.name)
    filters.locator("[type=submit]").first.click()
    page.wait_for_url("**school=**")
    expect(page.get_by_role("row", name=school.name).first).to_be_visible()

    rows = list(csv.reader(io.StringIO(_download(page, "csv").read_text(encoding="utf-8-sig"))))
    workbook = _download(page, "xlsx")
    sheet = load_workbook(workbook.rename(workbook.with_suffix(".xlsx"))).active
    assert {school.name} <= {cell for row in rows[1:] for cell in row}
    assert sheet.max_row == len(rows)

    page.get_by_role("row", name=school.name).get_by_role("link").nth(1).click()
    page.get_by_role("link", name=person.full_name).first.click()
    expect(page.get_by_text(person.full_name).first).to_be_visible()
