"""The entitlement report of the people team."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from entitlements.models import Statement
from entitlements.queries.reports import Scope, groups, people, total, trend
from entitlements.rules.statement import shown_percent
from entitlements.views.report_drawing import AS_REPORTED, cells, year_ended, year_words
from tests.factories.entitlements import (
    AcademicYearFactory,
    ActivityKindFactory,
    ClosedStatementFactory,
    EntitlementPolicyFactory,
)
from tests.factories.staff import ContractFactory, JobRoleFactory, PersonFactory

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/entitlement/"


@pytest.fixture
def year():
    year = AcademicYearFactory(name="2026/27")
    EntitlementPolicyFactory(year=year)
    return year


def _statement(
    year, *, expected=1950, counted=0, planned=0, status="behind", is_in_contract=True, **contract
):
    contract = ContractFactory(**contract)
    return Statement.objects.create(
        year=year,
        person=contract.person,
        main_contract=contract,
        entitlement_minutes=expected,
        expected_minutes=expected,
        expected_to_date_minutes=None if expected is None else expected * 85 // 365,
        recorded_minutes=None if expected is None else counted,
        counted_minutes=None if expected is None else counted,
        planned_minutes=None if expected is None else planned,
        shortfall_minutes=None if expected is None else max(0, expected - counted),
        own_time_minutes=None if expected is None else 0,
        status=status,
        is_in_contract=is_in_contract,
        computed_on=date(2026, 11, 24),
    )


@pytest.fixture
def figures(year, beanfield, kettering, teacher_role, assistant_role):
    casual = JobRoleFactory(code="CAS", title="Casual", staff_group="casual", job_family="Casual")
    return {
        "full": _statement(year, counted=1950, status="met", school=beanfield, job_role=teacher_role),
        "apprentice": _statement(
            year, expected=1500, counted=11700, status="met", school=beanfield, job_role=assistant_role
        ),
        "half": _statement(
            year, counted=975, planned=300, status="on_track", school=beanfield, job_role=teacher_role
        ),
        "nothing": _statement(year, school=kettering, job_role=teacher_role),
        "casual": _statement(year, expected=None, status="not_applicable", school=kettering, job_role=casual),
        "leaver": _statement(
            year, expected=500, counted=100, school=kettering, job_role=teacher_role, is_in_contract=False
        ),
    }


def test_the_figures_are_sums_and_the_average_of_stopped_percentages(year, figures):
    found = total(Scope(year=year))

    assert (found.people, found.not_owed) == (4, 1)
    assert (found.expected, found.counted, found.planned) == (1950 * 3 + 1500, 1950 + 11700 + 975, 300)
    assert found.shortfall == 975 + 1950
    assert found.percent == (100 + 100 + 50 + 0) // 4
    assert (found.met, found.on_track, found.behind, found.paused) == (2, 1, 1, 0)


def test_the_percentage_of_a_person_is_the_one_of_the_rules(year):
    for counted, expected in [(0, 0), (5, 0), (0, 7), (6, 7), (7, 7), (9, 7), (1949, 1950), (1, 1950)]:
        _statement(year, expected=expected, counted=counted)

    assert [(row.percent) for row in people(Scope(year=year)).order_by("pk")] == [
        shown_percent(row.counted_minutes, row.expected_minutes) for row in Statement.objects.order_by("pk")
    ]


def test_leavers_come_on_request(year, figures):
    assert total(Scope(year=year, includes_leavers=True)).people == 5


@pytest.mark.parametrize(
    ("group_by", "expected"),
    [
        ("school", [("Beanfield Primary School", 3, 83), ("Kettering Science Academy", 1, 0)]),
        ("staff_group", [("Casual", 0, None), ("Support staff", 1, 100), ("Teachers", 3, 50)]),
        ("status", [("Behind", 1, 0), ("Met", 2, 100), ("On request", 0, None), ("On track", 1, 50)]),
        ("manager", [("Nobody named", 4, 62)]),
        ("job_family", [("Casual", 0, None), ("Classroom support", 1, 100), ("Teaching", 3, 50)]),
    ],
)
def test_groups_say_each_group_once(year, figures, group_by, expected):
    found = groups(Scope(year=year, group_by=group_by))

    assert sorted((row.name, row.people, row.percent) for row in found) == expected


def test_two_managers_of_one_name_are_two_groups(year):
    for _ in range(2):
        _statement(year, line_manager=PersonFactory(first_name="Ann", last_name="Ash"))

    assert [(row.name, row.people) for row in groups(Scope(year=year, group_by="manager"))] == [
        ("Ash, Ann", 1)
    ] * 2


def test_filters_narrow_and_lead_to_the_people_behind_a_number(year, figures, beanfield):
    scope = Scope(year=year, school="BPS", status="met_or_planned", sort="percent")

    assert {row.person for row in people(scope)} == {figures["full"].person, figures["apprentice"].person}


def test_a_closed_year_shows_its_frozen_figures(year, figures):
    full = figures["full"]
    ClosedStatementFactory(year=year, main_contract=full.main_contract, expected_minutes=1)
    year.closed_at = "2027-09-30T00:00Z"
    year.save()

    assert total(Scope(year=year)).expected == 1


def test_the_trend_adds_up_month_by_month(year, figures):
    from entitlements.models import LedgerEntry

    kind = ActivityKindFactory(code="course")
    for number, (who, minutes, on) in enumerate(
        [
            ("full", 400, date(2026, 9, 10)),
            ("half", 200, date(2026, 11, 2)),
            ("leaver", 999, date(2026, 9, 9)),
        ]
    ):
        LedgerEntry.objects.create(
            person=figures[who].person, year=year, kind=kind, minutes=minutes, occurred_on=on, title="x",
            source_key=f"test:{number}:1",
        )  # fmt: skip
    scope = Scope(year=year)

    found = trend(scope, total(scope), date(2026, 11, 24))

    assert found.labels[:4] == ["Sep", "Oct", "Nov", "Dec"]
    assert found.recorded == [100, 100, 150, *[None] * 9]
    assert found.expected[-1] == (1950 * 3 + 1500) // 4


@pytest.mark.parametrize(
    "path", [REPORT, f"{REPORT}people/", "/admin/reports/entitlement.csv", "/admin/reports/entitlement.xlsx"]
)
def test_only_the_people_team_may_read_it(client, path, year, figures, teacher, headteacher, people_team):
    for user, status in ((None, 302), (teacher, 302), (headteacher, 302), (people_team, 200)):
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(path).status_code == status, user
        assert client.post(path).status_code == (302 if status == 302 else 405)


def test_the_page_shows_figures_that_lead_to_people(client, people_team, year, figures):
    client.force_login(people_team)

    response = client.get(f"{REPORT}?year=2026/27&group_by=school")

    page = response.content.decode()
    assert "Beanfield Primary School" in page
    assert (
        "/admin/reports/entitlement/people/?year=2026%2F27&amp;group_by=school&amp;school=BPS&amp;status=behind"
        in page
    )
    assert (response.context["total"].people, response.context["total"].not_owed) == (4, 1)
    assert response.context["tiles"][0]["note"] in page


def test_a_filter_that_is_not_offered_is_an_error_and_exports_nothing(client, people_team, year, figures):
    client.force_login(people_team)

    assert client.get(f"{REPORT}?school=XXX").status_code == 400
    assert client.get("/admin/reports/entitlement.csv?school=XXX").status_code == 404
    assert client.get(f"{REPORT}?year=1999/00").status_code == 404


def test_a_person_leads_to_their_entries(client, people_team, year, figures):
    client.force_login(people_team)

    page = client.get(f"{REPORT}people/?school=BPS&sort=shortfall").content.decode()

    link = f"{reverse('admin:entitlements_ledgerentry_changelist')}?person__id__exact={figures['half'].person_id}"
    assert link in page
    assert client.get(link).status_code == 200
    assert figures["nothing"].person.full_name not in page


def test_csv_and_xlsx_have_exactly_what_is_filtered_and_no_live_formula(client, people_team, year, figures):
    person = figures["half"].person
    person.last_name = '=HYPERLINK("x")'
    person.save()
    client.force_login(people_team)

    text = b"".join(client.get("/admin/reports/entitlement.csv?school=BPS").streaming_content).decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(StringIO(text)))
    book = load_workbook(BytesIO(client.get("/admin/reports/entitlement.xlsx?school=BPS").content))

    assert len(rows) == 3
    assert {row["Last name"] for row in rows if "HYPERLINK" in row["Last name"]} == {'\'=HYPERLINK("x")'}
    assert sum(int(row["Shortfall minutes"]) for row in rows) == 975
    sheet = [list(row) for row in book["People"].iter_rows(min_row=2)]
    assert len(sheet) == 3
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    assert [cell.value for cell in next(book["By school"].iter_rows(min_row=2))][:2] == [
        "Beanfield Primary School",
        3,
    ]


def test_1500_people_take_fewer_than_15_queries(client, people_team, year, beanfield, teacher_role):
    client.force_login(people_team)
    _statement(year, school=beanfield, job_role=teacher_role)
    with CaptureQueriesContext(connection) as few:
        client.get(REPORT)
    for number in range(30):
        _statement(
            year, school=beanfield, job_role=teacher_role, counted=number, line_manager=PersonFactory()
        )
    for path in (REPORT, f"{REPORT}?group_by=manager", f"{REPORT}people/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= len(few) < 15


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (
            date(2026, 8, 31),
            "2026/27, which begins on Tue 1 Sep 2026: what will be owed by today's contracts.",
        ),
        (date(2026, 11, 24), "2026/27, as of Tue 24 Nov 2026."),
        (
            date(2027, 9, 1),
            "2026/27, which ended on Tue 31 Aug 2027. It is not closed: late entries still count.",
        ),
    ],
)
def test_the_page_says_how_far_a_years_figures_go(year, today, said):
    assert year_words(year, date(2026, 11, 24), today) == said


def test_a_closed_year_says_that_its_figures_stand(year):
    year.closed_at = datetime(2027, 9, 20, 9, tzinfo=UTC)

    words = year_words(year, year.ends_on, date(2027, 11, 24))

    assert words == year_ended(year, AS_REPORTED)


def test_statuses_and_staff_groups_stand_in_their_own_order(year, figures):
    by_status = [group.name for group in groups(Scope(year=year, group_by="status"))]
    by_group = [group.name for group in groups(Scope(year=year, group_by="staff_group"))]

    assert by_status == ["Met", "On track", "Behind", "On request"]
    assert by_group == ["Teachers", "Support staff", "Casual"]


def test_a_number_without_casual_staff_leads_to_people_without_casual_staff(year, figures):
    everybody = total(Scope(year=year))
    url = cells(everybody, {"year": "2026/27"})[0]["url"]

    assert everybody.not_owed == 1
    assert url.endswith("?year=2026%2F27&status=owed")
    assert people(Scope(year=year, status="owed")).count() == everybody.people


def test_before_the_figures_are_there_the_page_says_so(client, people_team, year):
    client.force_login(people_team)

    page = client.get(REPORT)

    assert (page.status_code, page.context["on"], page.context["total"].people) == (200, None, 0)
    assert page.content.decode().count('<section class="panel"') == 1
