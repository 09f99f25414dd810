"""A change to a contract, an absence or the policy in the admin moves the figures at once."""

from decimal import Decimal

import pytest
from django.urls import reverse

from bwt_cpd.actions.staff_imports import import_staff_files
from entitlements.academic_year import YearDates
from entitlements.actions.ledger import Credit, credit
from entitlements.actions.statements import recompute_statements
from entitlements.models import LedgerEntry, Statement
from entitlements.queries.standing import year_on
from staff import clock
from staff.models import Contract
from tests.factories.entitlements import AcademicYearFactory, EntitlementPolicyFactory
from tests.staff.hr_files import CONTRACTS, TRUST, bring_in, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(people_team):
    """Somebody with figures of the year that is on today."""
    today = clock.today()
    EntitlementPolicyFactory(year=AcademicYearFactory(name=YearDates.for_date(today).label))
    bring_in(on=today, **TRUST)
    contract = Contract.objects.get(contract_id="C001")
    recompute_statements(year_on(today), on=today)
    return contract.person


def _expected(person) -> int:
    return Statement.objects.get(person=person, year=year_on(clock.today())).expected_minutes


def _contract_fields(contract, **changes):
    return {
        "person": contract.person_id,
        "contract_id": contract.contract_id,
        "school": contract.school_id,
        "department": contract.department_id,
        "job_role": contract.job_role_id,
        "fte": "1",
        "days_per_week": "5",
        "starts_on": "2020-09-01",
        "is_main": "on",
        **changes,
    }


def test_a_contract_at_half_time_halves_the_target(client, people_team, ann):
    client.force_login(people_team)
    contract = ann.contracts.get()
    url = reverse("admin:staff_contract_change", args=[contract.pk])

    response = client.post(url, _contract_fields(contract, fte="1/2"))

    assert response.status_code == 302, response.context["adminform"].form.errors
    assert _expected(ann) == 975


def test_a_wrong_share_is_an_error_in_the_form(client, people_team, ann):
    client.force_login(people_team)
    contract = ann.contracts.get()
    url = reverse("admin:staff_contract_change", args=[contract.pk])

    page = client.post(url, _contract_fields(contract, fte="3"))

    assert "3 is out of range" in page.content.decode()
    assert _expected(ann) == 1950


def test_an_import_moves_them_too(ann):
    text = CONTRACTS + "C001,P001,BPS,TCH,0.6,3,52.143,2020-09-01,,,true\n"
    import_staff_files(files={"contracts": source("contracts", text)}, on=clock.today(), by=None)

    assert _expected(ann) == 1170


def test_a_new_staff_group_of_a_role_moves_them(client, people_team, ann):
    client.force_login(people_team)
    role = ann.contracts.get().job_role
    fields = {
        "code": role.code,
        "title": role.title,
        "department": role.department_id,
        "job_family": role.job_family,
        "staff_group": "support",
    }

    assert client.post(reverse("admin:staff_jobrole_change", args=[role.pk]), fields).status_code == 302
    assert _expected(ann) == 2220


def test_a_day_that_is_worth_less_now_is_credited_anew(ann):
    today = clock.today()
    credit(
        Credit(
            person_id=ann.pk, kind_code="inset_day", occurred_on=today, title="Trust day", source_key="register:9:9:1",
            amount=Decimal(1),
        ),
        by=None,
        today=today,
    )  # fmt: skip
    text = CONTRACTS + "C001,P001,BPS,TCH,0.5,5,52.143,2020-09-01,,,true\n"

    import_staff_files(files={"contracts": source("contracts", text)}, on=today, by=None)

    assert list(LedgerEntry.objects.order_by("pk").values_list("minutes", flat=True)) == [390, -390, 195]
    assert Statement.objects.get(person=ann, year=year_on(today)).counted_minutes == 195
