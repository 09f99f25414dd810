"""The people team filters the entitlement report, opens what is behind a number, and takes it away."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

SCHOOL = "Beanfield Primary School"


def _download(page: Page, name: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).first.click()
    return Path(download.value.path())


def test_report_is_filtered_opened_and_exported(new_page: NewPage):
    page = new_page("people")
    page.goto("/admin/reports/entitlement/")
    page.locator("select[name=school]").select_option(label=SCHOOL)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row", name=SCHOOL).first).to_be_visible()

    rows = list(csv.reader(io.StringIO(_download(page, "CSV").read_text(encoding="utf-8-sig"))))
    workbook = _download(page, "Excel")
    sheet = load_workbook(workbook.rename(workbook.with_suffix(".xlsx"))).active
    assert {SCHOOL} <= {cell for row in rows[1:] for cell in row}
    assert sheet.max_row == len(rows)

    page.get_by_role("row", name=SCHOOL).get_by_role("link").nth(1).click()
    expect(page.get_by_role("link", name="Marta Kowalczyk").first).to_be_visible()
    page.get_by_role("link", name="Marta Kowalczyk").first.click()
    expect(page.get_by_text("Marta Kowalczyk").first).to_be_visible()
