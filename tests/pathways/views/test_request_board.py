"""The people team's board, panel and report pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entitlements.academic_year import YearDates
from pathways.actions.panel_budget import above_the_budget
from pathways.forms.request_money import PanelForm
from pathways.models import MastersPanel, RouteRequest
from pathways.queries.request_board import NOBODY_LEFT
from pathways.queries.request_reports import requests_report
from pathways.rules.panels import PanelBudget
from staff import clock
from staff.models import Contract, Person
from staff.wording import money
from tests.factories.entitlements import AcademicYearFactory
from tests.factories.pathways_requests import RouteFactory, a_request_in
from tests.factories.staff import ContractFactory, ResponsibilityFactory
from tests.markup import without_layout

pytestmark = pytest.mark.django_db
BOARD = reverse("pathways:request-board")


def _words(client, user, address, **query):
    client.force_login(user)
    page = client.get(address, query)
    assert page.status_code == 200
    return without_layout(page.content.decode())


def test_board_shows_who_what_and_what_is_overdue(client, people_team, teaching_assistant):
    late = a_request_in("people", person=teaching_assistant.person)
    RouteRequest.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=1))
    a_request_in("draft", person=teaching_assistant.person, route=RouteFactory(code="ST7"))
    words = _words(client, people_team, BOARD)

    assert "1 request, 1 overdue" in words
    assert teaching_assistant.person.full_name in words
    assert reverse("pathways:request-detail", args=[late.pk]) in words


def test_board_is_narrowed_by_school_kind_and_lateness(
    client, people_team, teaching_assistant, beanfield, kettering
):
    a_request_in("people", person=teaching_assistant.person)
    elsewhere = ContractFactory(school=kettering).person
    a_request_in("manager", person=elsewhere, route=RouteFactory(code="N", kind="npq"))

    assert "2 requests, 0 overdue" in _words(client, people_team, BOARD)
    assert "1 request, 0 overdue" in _words(client, people_team, BOARD, school=beanfield.code)
    assert "1 request, 0 overdue" in _words(client, people_team, BOARD, kind="npq")
    assert "0 requests, 0 overdue" in _words(client, people_team, BOARD, is_late="on")
    assert "2 requests, 0 overdue" in _words(client, people_team, BOARD, kind="nonsense", school="x")


def test_board_says_what_nobody_can_decide(client, people_team, teaching_assistant):
    """The only one of the people team has supported it as line manager."""
    a_request_in("people", person=teaching_assistant.person, decider=people_team.person)
    words = _words(client, people_team, BOARD)
    assert words.count(NOBODY_LEFT) == 1

    ResponsibilityFactory(kind="people_team")
    assert NOBODY_LEFT not in _words(client, people_team, BOARD)


def test_board_asks_as_much_for_three_as_for_one(client, people_team):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(BOARD).status_code == 200
        return len(found)

    client.force_login(people_team)
    a_request_in("people", person=ContractFactory().person)
    client.get(BOARD)
    one = asked()
    for _ in range(2):
        a_request_in("budget", person=ContractFactory().person)

    assert asked() == one


def test_panel_page_ranks_and_decides(client, people_team, teacher):
    on = clock.today()
    panel = MastersPanel.objects.create(name="Next", deadline_on=on, meets_on=on)
    route = RouteFactory(code="MA", kind="masters")
    asked = a_request_in("panel", person=teacher.person, route=route, funded_by="trust", panel=panel)
    address = reverse("pathways:panel-detail", args=[panel.pk])
    client.force_login(people_team)
    assert client.post(address, {"decide": "1"}).status_code == 422
    decided = {f"rank_{asked.pk}": "1", f"decision_{asked.pk}": "award", "decide": "1"}
    client.post(address, decided)

    asked.refresh_from_db()
    assert (asked.panel_rank, asked.state) == (1, "agreed")
    assert client.post(address, decided).url == address
    assert (
        client.post(address, {**decided, f"decision_{asked.pk}": "decline", "words": "No."}).status_code
        == 422
    )


@pytest.fixture
def panel():
    on = clock.today()
    return MastersPanel.objects.create(name="Next", deadline_on=on, meets_on=on, budget_pence=1_000_000)


def _waits_for(panel, fee_pence, person=None):
    route = RouteFactory(code="MA", kind="masters")
    request = a_request_in("panel", person=person, route=route, funded_by="trust", panel=panel)
    request.fees.create(year_number=1, fee_pence=fee_pence)
    return request


def test_panel_page_says_allocated_awarded_and_left_and_why_it_overspends(
    client, people_team, teacher, panel
):
    address = reverse("pathways:panel-detail", args=[panel.pk])
    asked = _waits_for(panel, 1_200_000, teacher.person)
    client.force_login(people_team)
    choice = {f"decision_{asked.pk}": "award", "decide": "1"}
    refused = client.post(address, choice)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"overspend_reason": [above_the_budget(1_000_000, 1_200_000)]}
    assert f"<dd>{money(1_000_000)}</dd>" in _words(client, people_team, address)
    client.post(address, choice | {"overspend_reason": "The trustees agreed to it."})
    page = client.get(address)
    after = without_layout(page.content.decode())

    assert page.context["view"].budget == PanelBudget(1_000_000, 1_200_000)
    for pence in (1_000_000, 1_200_000, 200_000):  # allocated, awarded, above the budget
        assert f"<dd>{money(pence)}</dd>" in after
    case = reverse("pathways:request-detail", args=[asked.pk])
    for words in (after, _words(client, people_team, case), _words(client, teacher, case)):
        assert "The trustees agreed to it." in words
        assert people_team.person.full_name in words
        assert "£2,000.00" in words


def test_award_from_the_case_page_asks_why_the_budget_is_overspent(client, people_team, panel):
    asked = _waits_for(panel, 1_200_000, ContractFactory().person)
    address = reverse("pathways:request-step", args=[asked.pk, "awarded"])
    client.force_login(people_team)
    refused = client.post(address)
    assert refused.status_code == 422
    assert 'name="overspend_reason"' in refused.content.decode()
    client.post(address, {"overspend_reason": "Agreed."})

    assert asked.overspends.get().made_by == people_team.person


def test_higher_fees_of_an_award_ask_why_the_budget_is_overspent(client, people_team, panel):
    asked = _waits_for(panel, 900_000, ContractFactory().person)
    client.force_login(people_team)
    client.post(reverse("pathways:request-step", args=[asked.pk, "awarded"]))
    fees = reverse("pathways:request-fees", args=[asked.pk])
    assert client.post(fees, {"fee_1": "12000"}).status_code == 422
    client.post(fees, {"fee_1": "12000", "overspend_reason": "The university raised it."})

    assert asked.fees.get().fee_pence == 1_200_000
    assert asked.overspends.get().over_pence == 200_000


def test_who_has_applied_reads_the_panel_and_judges_nobody(client, people_team, panel):
    own = _waits_for(panel, 1, people_team.person)
    other = _waits_for(panel, 1, ContractFactory().person)
    address = reverse("pathways:panel-detail", args=[panel.pk])
    words = _words(client, people_team, address)
    assert client.get(address).context["view"].has_applied
    assert other.person.full_name in words
    assert f'name="rank_{other.pk}"' not in words
    assert 'method="post"' not in words.split("<main")[1].split("</main")[0]
    for one in (own, other):
        fields = {f"rank_{one.pk}": "1", f"decision_{one.pk}": "award", "decide": "1"}
        assert client.post(address, fields).status_code == 403


def test_panel_page_asks_as_much_for_three_as_for_one(client, people_team, panel):
    address = reverse("pathways:panel-detail", args=[panel.pk])

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    client.force_login(people_team)
    _waits_for(panel, 1, ContractFactory().person)
    client.get(address)
    one = asked()
    for _ in range(2):
        _waits_for(panel, 1, ContractFactory().person)

    assert asked() == one


def test_fees_are_written_and_shown_to_their_learner(client, people_team, teacher):
    route = RouteFactory(code="MA", kind="masters")
    asked = a_request_in("agreed", person=teacher.person, route=route, funded_by="trust")
    client.force_login(people_team)
    fees = reverse("pathways:request-fees", args=[asked.pk])
    assert client.post(fees, {"fee_1": "3200", "fee_3": "1"}).status_code == 422
    client.post(fees, {"fee_1": "3200.00", "percent_1": "75", "fee_2": "3200", "percent_2": ""})
    words = _words(client, teacher, reverse("pathways:request-detail", args=[asked.pk]))

    assert list(asked.fees.values_list("fee_pence", "trust_percent")) == [(320_000, 75), (320_000, 100)]
    assert "£2,400.00" in words
    assert "£5,600.00" in words


class TestReport:
    @pytest.fixture
    def year(self):
        return AcademicYearFactory(name=YearDates.for_date(clock.today()).label)

    def _asked(self, state, many, role, **fields):
        for _ in range(many):
            person = ContractFactory(job_role=role, starts_on="2020-09-01").person
            a_request_in(state, person=person, **fields)

    def test_small_groups_are_hidden_and_not_given_away(
        self, teacher_role, leader_role, assistant_role, year
    ):
        self._asked("agreed", 12, teacher_role)
        self._asked("declined", 6, teacher_role)
        self._asked("agreed", 2, leader_role)
        self._asked("agreed", 9, assistant_role)
        self._asked("declined", 8, assistant_role)
        on = clock.today()
        report = requests_report(on - timedelta(days=400), on)
        by_name = {row.name: row.cells for row in report.rows}

        assert by_name["Leadership"][0] == "hidden"
        assert (
            sum(cells[0] == "hidden" for cells in by_name.values()) > 1 or report.total.cells[0] == "hidden"
        )
        assert all(cells[6] == "hidden" for cells in by_name.values() if cells[0] == "hidden")

    def test_one_kind_taken_from_all_gives_no_small_group_away(self, teacher_role, assistant_role, year):
        npq = RouteFactory(code="N1", kind="npq")
        for role in (teacher_role, assistant_role):
            self._asked("agreed", 8, role)
            self._asked("declined", 6, role)
        self._asked("declined", 2, assistant_role, route=npq)
        on = clock.today()
        declined = {
            kind: {
                row.name: row.cells[2]
                for row in requests_report(on - timedelta(days=400), on, kind=kind).rows
            }
            for kind in ("", "apprenticeship", "npq")
        }

        # 8 of all less 6 of apprenticeships are the 2 of NPQs: one of the two is hidden too.
        assert declined["npq"]["Support staff"] == "hidden"
        assert "hidden" in (
            declined[""]["Support staff"],
            declined["apprenticeship"]["Support staff"],
        )
        assert declined["npq"].keys() == declined[""].keys()

    def test_rate_is_of_those_decided_and_each_person_counts_once(self, teacher_role, year):
        self._asked("agreed", 9, teacher_role)
        self._asked("declined", 6, teacher_role)
        self._asked("manager", 5, teacher_role)
        twice = RouteRequest.objects.filter(state="agreed").first()
        a_request_in("declined", person=twice.person, route=RouteFactory(code="ST8"))
        on = clock.today()
        cells = requests_report(on - timedelta(days=400), on).rows[0].cells

        assert cells[:5] == ("20", "8", "7", "5", "47%")

    def test_cost_is_the_fees_of_a_masters_and_the_price_of_everything_else(self, assistant_role, year):
        masters = RouteFactory(code="MA", kind="masters")
        self._asked("agreed", 6, assistant_role, route=masters, funded_by="trust", price_pence=640_000)
        for request in RouteRequest.objects.all():
            for number in (1, 2):
                request.fees.create(year_number=number, fee_pence=320_000, trust_percent=50)
        self._asked("agreed", 5, assistant_role, price_pence=100_000)
        on = clock.today()

        assert requests_report(on - timedelta(days=400), on, kind="masters").total.cells[6] == "£19,200.00"
        assert requests_report(on - timedelta(days=400), on).total.cells[6] == "£24,200.00"

    def test_each_counts_in_the_group_of_their_main_contract(self, teacher_role, assistant_role, year):
        self._asked("agreed", 6, assistant_role)
        Contract.objects.update(is_main=False, fte_numerator=2, fte_denominator=5)
        for person in Person.objects.filter(contracts__isnull=False):
            ContractFactory(
                person=person,
                job_role=teacher_role,
                starts_on="2021-09-01",
                is_main=False,
                fte_numerator=3,
                fte_denominator=5,
            )
        on = clock.today()

        rows = requests_report(on - timedelta(days=400), on).rows

        assert [(row.name, row.cells[0]) for row in rows] == [("Teachers", "6")]

    def test_page_and_files_say_the_same(self, client, people_team, teacher_role, year):
        self._asked("agreed", 6, teacher_role)
        client.force_login(people_team)
        query = {"year": year.name}
        words = client.get(reverse("admin-report-requests"), query).content.decode()
        lines = (
            b"".join(client.get(reverse("admin-report-requests-csv"), query))
            .decode("utf-8-sig")
            .split("\r\n")
        )
        sheet = client.get(reverse("admin-report-requests-xlsx"), query)

        assert "Everybody" in words
        assert lines[0].startswith("Staff group,People,Agreed")
        assert sheet.content[:2] == b"PK"


def test_decisions_about_what_can_be_no_request_are_passed_over():
    form = PanelForm(
        {f"decision_{key}": "award" for key in ("7", "x", "9" * 30, "9" * 5000, "")} | {"decision_8": ""},
        ranked=[],
        decided=[],
    )

    assert form.pressed == {7: "award"}
