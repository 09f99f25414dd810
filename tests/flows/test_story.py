"""The main job from first import to final report, on the running stack.

HR files come in; a lunchtime assistant without a mailbox sets a password from a printed slip, finds
a course on a phone and books it; another one is full and has a waiting list; the calendar entry comes;
the trainer marks the register; the account is credited; everybody's figures are computed; the manager
sees the team; the people team filters the entitlement report and exports it.
"""

import csv
import io
import json
import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from staff import clock
from tests.flows.conftest import NewPage

PASSWORD = "seven green bicycles"
TODAY = clock.today()
SOON = TODAY + timedelta(days=9)
YESTERDAY = TODAY - timedelta(days=1)
SESSION_COLUMNS = (
    "course_code,session_code,school,room,online_link,starts_at,ends_at,capacity,"
    "trainer_payroll_number,booking_opens_at,booking_closes_at,parts"
)


@pytest.fixture
def payroll_of(manage: Callable[..., str]) -> Callable[[str], str]:
    """The payroll number of a demo person."""

    def find(who: str) -> str:
        code = (
            f"from staff.models import User; print(User.objects.get(email='{who}@demo.example').staff_number)"
        )
        return manage("shell", "-v", "0", "-c", code).strip()

    return find


def _write(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def _import_staff(manage: Callable[..., str], folder: Path, manager: str) -> None:
    """Two lunchtime assistants come with the nightly files of the HR system."""
    manage(
        "import_staff",
        "--people",
        _write(
            folder,
            "people.csv",
            "payroll_number,first_name,last_name,work_email,trn",
            "900001,Nela,Wiśniewska,,",
            "900002,Queenie,Last,,",
        ),
        "--contracts",
        _write(
            folder,
            "contracts.csv",
            "contract_id,payroll_number,school_code,role_code,fte,days_per_week,weeks_per_year,starts_on,ends_on,"
            "manager_payroll_number,is_main",
            f"N1,900001,BPS,MDS,5/37,5,38,2025-09-01,,{manager},1",
            f"N2,900002,BPS,MDS,5/37,5,38,2025-09-01,,{manager},1",
        ),
    )


def _import_session(
    manage: Callable[..., str], folder: Path, trainer: str, on: date, *, capacity: int
) -> None:
    row = f"PTH-011,STORY-1,BPS,Main hall,,{on}T15:45,{on}T16:45,{capacity},{trainer},,,"
    manage("import_catalogue", _write(folder, "sessions.csv", SESSION_COLUMNS, row))


def _printed_code(page: Page, payroll: str) -> str:
    """The people team picks the person in the admin and prints a slip."""
    page.goto(f"/admin/staff/person/?q={payroll}")
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").first.select_option("print_codes")
    page.locator("button[name=index]").first.click()
    slip = page.locator("main, body").first.inner_text()
    return re.search(r"\b[A-Z0-9]{4}(?:[- ][A-Z0-9]{4})+\b", slip)[0]


def _set_first_password(page: Page, payroll: str, code: str) -> None:
    page.goto("/accounts/first-password/")
    page.get_by_label("Staff number").fill(payroll)
    page.get_by_label("Code from your slip").fill(code)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password once more").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good")


def _find_and_book(page: Page) -> None:
    page.goto("/courses/")
    page.get_by_role("searchbox").fill("playgruond langauge")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Playground language: active lunchtimes").first.click()
    day = f"{SOON:%a} {SOON.day} {SOON:%b} {SOON.year}"
    session = page.locator(".session", has_text=day).filter(has=page.get_by_role("button")).first
    session.get_by_role("button").first.click()


def _figures(manage: Callable[..., str], payroll: str) -> dict[str, int | str]:
    year = f"{TODAY.year if TODAY.month >= 9 else TODAY.year - 1}"
    label = f"{year}/{(int(year) + 1) % 100:02d}"
    printed = manage("shortfalls", "--year", label, "--person", payroll, "--format", "json")
    return json.loads(printed)["people"][0]


SPOIL = """
from entitlements.models import Statement
hers = Statement.objects.filter(person__payroll_number="900001", year__name="{year}")
assert hers.update(counted_minutes=61) == 1
"""
NIGHT = "from entitlements.tasks import recompute_statements; recompute_statements.delay()"
VERIFY = """
from django.core.management import CommandError, call_command
try:
    call_command("verify_ledger", "--year", "{year}")
except CommandError as found:
    print(found)
"""


@pytest.mark.browser
def test_main_job_from_first_import_to_final_report(
    manage: Callable[..., str], payroll_of: Callable[[str], str], new_page: NewPage, tmp_path: Path
):
    trainer, manager = payroll_of("trainer"), payroll_of("manager")
    _import_staff(manage, tmp_path, manager)
    _import_session(manage, tmp_path, trainer, SOON, capacity=1)
    people_team = new_page("people")
    codes = {payroll: _printed_code(people_team, payroll) for payroll in ("900001", "900002")}

    # Nela has the only place, with a mail and a calendar entry; Queenie waits and is told where she stands.
    nela = new_page(phone=True)
    _set_first_password(nela, "900001", codes["900001"])
    _find_and_book(nela)
    expect(nela.get_by_text("Booked").first).to_be_visible()
    queenie = new_page(phone=True)
    _set_first_password(queenie, "900002", codes["900002"])
    _find_and_book(queenie)
    expect(queenie.get_by_text(re.compile("1st|first")).first).to_be_visible()
    nela.goto("/messages/")
    nela.get_by_role("link", name=re.compile("Booked: Playground language")).click()
    with nela.expect_download() as calendar:
        nela.get_by_role("link", name=re.compile("calendar", re.IGNORECASE)).first.click()
    assert "BEGIN:VEVENT" in Path(calendar.value.path()).read_text(encoding="utf-8")
    assert _figures(manage, "900001")["planned_minutes"] == 60

    # The session was yesterday; the trainer marks the register, and the time is there at once.
    _import_session(manage, tmp_path, trainer, YESTERDAY, capacity=1)
    desk = new_page("trainer", phone=True)
    desk.goto("/courses/registers/")
    desk.get_by_role("link", name="Playground language: active lunchtimes").first.click()
    desk.get_by_role("button", name=re.compile("Everyone is here")).click()
    expect(desk.get_by_text("1 here, 0 part, 0 absent").first).to_be_visible()
    nela.goto("/entitlements/")
    expect(nela.get_by_text("Playground language: active lunchtimes").first).to_be_visible()
    counted = _figures(manage, "900001")
    assert (counted["counted_minutes"], counted["planned_minutes"]) == (60, 0)
    assert counted["shortfall_minutes"] == counted["expected_minutes"] - 60

    # Figures that somebody spoilt are put right by the night's job, in the worker that is running.
    manage("shell", "-c", SPOIL.format(year=_year_label()))
    assert "1 difference" in _verdict(manage)
    manage("shell", "-c", NIGHT)
    ends_at = time.monotonic() + 60
    while "every balance equals its rebuild" not in (said := _verdict(manage)):
        assert time.monotonic() < ends_at, said
        time.sleep(1)

    # The manager sees her in the team; the people team filters the report and takes it away.
    team = new_page("manager")
    team.goto("/team/?q=Nela")
    # Her name stands above the table as well while she is behind, which the date decides.
    expect(team.get_by_role("table").get_by_role("link", name="Nela Wiśniewska")).to_be_visible()
    people_team.goto("/admin/reports/entitlement/")
    people_team.locator("select[name=school]").select_option(label="Beanfield Primary School")
    people_team.get_by_role("button", name="Show").click()
    with people_team.expect_download() as export:
        people_team.get_by_role("link", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(export.value.path()).read_text(encoding="utf-8-sig"))))
    mine = [row for row in rows if "Nela" in " ".join(row)]
    assert len(mine) == 1


def _verdict(manage: Callable[..., str]) -> str:
    """What `verify_ledger` says of this year, whether or not it finds anything."""
    return manage("shell", "-c", VERIFY.format(year=_year_label()))


def _year_label() -> str:
    first = TODAY.year if TODAY.month >= 9 else TODAY.year - 1
    return f"{first}/{(first + 1) % 100:02d}"
