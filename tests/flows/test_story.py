"""The main job from first import to final report, on the running stack.

HR files come in; a lunchtime assistant without a mailbox sets a password from a printed slip, finds
a course on a phone and books it; another one is full and has a waiting list; the calendar entry comes;
the trainer marks the register; the account is credited; everybody's figures are computed; the manager
sees the team; the people team filters the entitlement report and exports it.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError
from playwright.sync_api import Page, expect

from courses.models import Session
from entitlements.models import AcademicYear, Statement
from entitlements.tasks import recompute_statements
from staff import clock
from staff.models import School
from tests.flows.conftest import NewPage, Portal
from tests.flows.locators import HOME, button_to, fill_in, form_to, link_to, state
from tests.flows.sessions import a_session, person_of
from tests.system.celery_worker import Worker, empty_broker, wait_until

PASSWORD = "seven green bicycles"
TODAY = clock.today()
SOON = TODAY + timedelta(days=9)
YESTERDAY = TODAY - timedelta(days=1)
NELA, QUEENIE = "900001", "900002"
CONTRACT_COLUMNS = (
    "contract_id,payroll_number,school_code,role_code,fte,days_per_week,weeks_per_year,starts_on,ends_on,"
    "manager_payroll_number,is_main"
)


@pytest.fixture
def worker(portal: Portal) -> Iterator[None]:
    """A Celery worker on the portal's database, and this test process's own broker."""
    empty_broker()
    process = Worker({**os.environ, **portal.environment, "LOG_LEVEL": "ERROR"})
    yield
    process.kill()
    empty_broker()


def _write(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def _import_staff(manage: Callable[..., str], folder: Path) -> None:
    """Two lunchtime assistants come with the nightly files of the HR system."""
    began, manager = f"{_year_of(TODAY).starts_on}", person_of("manager").payroll_number
    contract = f"BPS,MDS,5/37,5,38,{began},,{manager},1"
    people = _write(
        folder,
        "people.csv",
        "payroll_number,first_name,last_name,work_email,trn",
        f"{NELA},Nela,Wiśniewska,,",
        f"{QUEENIE},Queenie,Last,,",
    )
    contracts = _write(
        folder, "contracts.csv", CONTRACT_COLUMNS, f"N1,{NELA},{contract}", f"N2,{QUEENIE},{contract}"
    )
    manage("import_staff", "--people", people, "--contracts", contracts)


def _year_of(day: date) -> AcademicYear:
    return AcademicYear.objects.get(starts_on__lte=day, ends_on__gte=day)


def _move_to_yesterday(session: Session) -> None:
    """As time does."""
    earlier = SOON - YESTERDAY
    for row in (*session.parts.all(), session):
        row.starts_at, row.ends_at = row.starts_at - earlier, row.ends_at - earlier
        row.save()


def _printed_code(page: Page, payroll: str) -> str:
    """The people team picks the person in the admin and prints a slip."""
    page.goto(f"/admin/staff/person/?q={payroll}")
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").first.select_option("print_codes")
    page.locator("button[name=index]").first.click()
    return page.locator(".slip .code").inner_text()


def _set_first_password(page: Page, payroll: str, code: str) -> None:
    page.goto("/accounts/first-password/")
    form = form_to(page, "first-password")
    fill_in(form, staff_number=payroll, code=code)
    for field in form.locator("input[type=password]").all():
        field.fill(PASSWORD)
    form.locator("[type=submit]").click()
    page.wait_for_url(HOME)


def _find_and_book(page: Page, session: Session) -> None:
    page.goto("/courses/")
    page.get_by_role("searchbox").fill("playgruond langauge")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name=session.course.title).first.click()
    button_to(page, "courses:session-book", session.pk).click()
    page.wait_for_url("**/courses/bookings/**")


def _figures(manage: Callable[..., str], payroll: str) -> dict[str, int | str]:
    printed = manage("shortfalls", "--year", _year_of(TODAY).name, "--person", payroll, "--format", "json")
    return json.loads(printed)["people"][0]


def _is_verified(manage: Callable[..., str]) -> bool:
    """Whether `verify_ledger` finds every balance of this year as it rebuilds it."""
    try:
        manage("verify_ledger", "--year", _year_of(TODAY).name)
    except CommandError:
        return False
    return True


@pytest.mark.browser
@pytest.mark.full
def test_main_job_from_first_import_to_final_report(
    manage: Callable[..., str], new_page: NewPage, worker: None, tmp_path: Path
):
    _import_staff(manage, tmp_path)
    session = a_session("PTH-011", on=SOON, capacity=1, trainer=person_of("trainer"))
    title, people_team = session.course.title, new_page("people")
    codes = {payroll: _printed_code(people_team, payroll) for payroll in (NELA, QUEENIE)}

    # Nela has the only place, with a mail and a calendar entry; Queenie waits and is told where she stands.
    nela = new_page(phone=True)
    _set_first_password(nela, NELA, codes[NELA])
    _find_and_book(nela, session)
    expect(state(nela, "booked").first).to_be_visible()
    queenie = new_page(phone=True)
    _set_first_password(queenie, QUEENIE, codes[QUEENIE])
    _find_and_book(queenie, session)
    expect(queenie.locator(".state-waiting").first).to_contain_text("1st")
    nela.goto("/messages/")
    nela.get_by_role("link", name=title).first.click()
    with nela.expect_download() as calendar:
        nela.locator("a[href$='/calendar.ics']").first.click()
    assert "BEGIN:VEVENT" in Path(calendar.value.path()).read_text(encoding="utf-8")
    assert _figures(manage, NELA)["planned_minutes"] == 60

    # The session was yesterday; the trainer marks the register, and the time is there at once.
    _move_to_yesterday(session)
    desk = new_page("trainer", phone=True)
    desk.goto("/courses/registers/")
    link_to(desk, "courses:session-register", session.pk).click()
    desk.locator("button[name=rest]").click()
    expect(desk.locator(".reg input[value=present]:checked")).to_have_count(1)
    nela.goto("/entitlements/")
    expect(nela.locator("tbody tr", has_text=title).first).to_be_visible()
    counted = _figures(manage, NELA)
    assert (counted["counted_minutes"], counted["planned_minutes"]) == (60, 0)
    assert counted["shortfall_minutes"] == counted["expected_minutes"] - 60

    # Figures that somebody spoilt are put right by the night's job, in the worker that is running.
    hers = Statement.objects.filter(person__payroll_number=NELA, year=_year_of(TODAY))
    assert hers.update(counted_minutes=61) == 1
    assert not _is_verified(manage)
    recompute_statements.delay()
    wait_until(lambda: _is_verified(manage))

    # The manager sees her in the team; the people team filters the report and takes it away.
    team = new_page("manager")
    team.goto("/team/?q=Nela")
    # Her name stands above the table as well while she is behind, which the date decides.
    expect(team.get_by_role("table").get_by_role("link", name="Nela Wiśniewska")).to_be_visible()
    people_team.goto("/admin/reports/entitlement/")
    filters = people_team.locator("#filters")
    filters.locator("select[name=school]").select_option(label=School.objects.get(code="BPS").name)
    filters.locator("[type=submit]").click()
    people_team.wait_for_url("**school=**")
    with people_team.expect_download() as export:
        link_to(people_team, "admin-report-entitlement-csv").click()
    rows = list(csv.reader(io.StringIO(Path(export.value.path()).read_text(encoding="utf-8-sig"))))
    mine = [row for row in rows if "Nela" in " ".join(row)]
    assert len(mine) == 1
