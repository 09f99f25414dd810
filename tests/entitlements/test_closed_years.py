"""A closed year says what it said, whatever becomes of contracts afterwards (R17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError
from django.test import Client

from entitlements.actions.statements import recompute_statements
from entitlements.actions.years import close_year
from entitlements.models import AcademicYear, ClosedStatement
from entitlements.queries.report_choices import choices_for
from entitlements.queries.reports import GROUPINGS, Scope, groups, people, promises, total
from entitlements.queries.shortfalls import shortfall_rows
from entitlements.queries.statement_sql import Scope as ShortfallScope
from entitlements.queries.year import year_for
from staff.models import Contract, JobRole, Person, School
from tests.factories.entitlements import ClosedStatementFactory
from tests.factories.staff import (
    ContractFactory,
    DepartmentFactory,
    JobRoleFactory,
    PersonFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db
LAST, CLOSES = date(2027, 8, 31), date(2027, 9, 30)
REPORT = "/admin/reports/entitlement"


@pytest.fixture
def contract() -> Contract:
    """A full-time teacher of a primary school, with a line manager."""
    return ContractFactory(line_manager=PersonFactory(first_name="Ann", last_name="Ash"))


@pytest.fixture
def leaver() -> Contract:
    """A half-time teacher who left in the spring."""
    return ContractFactory(fte_denominator=2, ends_on=date(2027, 3, 31))


def the_year() -> AcademicYear:
    return AcademicYear.objects.select_related("policy").get(name="2026/27")


def put_right(contract: Contract, leaver: Contract) -> None:
    """What HR may find out in November: another school, role and manager, and who left when."""
    Contract.objects.filter(pk=contract.pk).update(
        school=SchoolFactory(code="KSA", phase="secondary"),
        job_role=JobRoleFactory(code="TA", staff_group="support", job_family="Classroom support"),
        department=DepartmentFactory(name="Support"),
        line_manager=PersonFactory(first_name="Zoe", last_name="Zeal"),
        ends_on=date(2027, 7, 31),
    )
    Contract.objects.filter(pk=leaver.pk).update(school=SchoolFactory(code="KSA"), ends_on=None)


def rename(contract: Contract, leaver: Contract) -> None:
    """The same of the role and the school themselves."""
    JobRole.objects.update(title="Pedagogue", job_family="Pedagogy", staff_group="leadership")
    School.objects.update(phase="secondary")


def said(client: Client) -> dict[str, Any]:
    """Everything that reports of the year."""
    year = the_year()
    found: dict[str, Any] = {
        "total": total(Scope(year=year)),
        "with leavers": total(Scope(year=year, includes_leavers=True)),
        "promises": promises(Scope(year=year)),
        "choices": choices_for(year),
        "narrowed": [
            [row.person_id for row in people(Scope(year=year, **{name: value}))]
            for name, value in (("school", "BPS"), ("staff_group", "teacher"), ("manager", "none"))
        ],
        "people": b"".join(client.get(f"{REPORT}.csv?leavers=on&year=2026/27").streaming_content),  # type: ignore[attr-defined]
        "listed": [
            (row.person_id, str(row.school), row.role_title, str(row.line_manager))
            for row in client.get(f"{REPORT}/people/?leavers=on&year=2026/27").context["page"]
        ],
        "shortfalls": [
            list(shortfall_rows(year, LAST, scope=scope, source="closed" if year.closed_at else "stored"))
            for scope in (ShortfallScope(), ShortfallScope(school_id=School.objects.get(code="BPS").pk))
        ],
        "roles": [
            year_for(person, year, date(2027, 11, 24)).role_words
            for person in Person.objects.filter(contracts__isnull=False).order_by("pk")
        ],
    }
    return found | {name: groups(Scope(year=year, group_by=name)) for name in GROUPINGS}


@pytest.mark.parametrize("change", [put_right, rename])
def test_a_closed_year_reports_the_same_after_contracts_were_changed(
    client: Client,
    people_team: AbstractBaseUser,
    contract: Contract,
    leaver: Contract,
    change: Callable[[Contract, Contract], None],
) -> None:
    client.force_login(people_team)
    close_year(the_year(), today=CLOSES)
    before = said(client)

    change(contract, leaver)

    assert said(client) == before


@pytest.fixture
def opened(
    client: Client, people_team: AbstractBaseUser, contract: Contract, leaver: Contract
) -> dict[str, Any]:
    """What is said of the year on its last day, while it is open."""
    client.force_login(people_team)
    recompute_statements(the_year(), on=LAST)
    return said(client)


def test_closing_changes_nothing_of_what_was_said(client: Client, opened: dict[str, Any]) -> None:
    close_year(the_year(), today=CLOSES)

    assert said(client) == opened


def test_control_an_open_year_follows_its_contracts(
    client: Client, opened: dict[str, Any], contract: Contract, leaver: Contract
) -> None:
    put_right(contract, leaver)
    recompute_statements(the_year(), on=LAST)

    after = said(client)
    assert {name for name in opened if opened[name] == after[name]} == set()


def test_the_target_is_explained_while_what_is_known_explains_it(contract: Contract) -> None:
    close_year(the_year(), today=CLOSES)
    before = year_for(contract.person, the_year(), date(2027, 11, 24))
    Contract.objects.filter(pk=contract.pk).update(fte_numerator=3, fte_denominator=5)

    after = year_for(contract.person, the_year(), date(2027, 11, 24))

    assert before.explanation is not None
    assert after.explanation is None
    assert after.standing is not None
    assert after.standing.expected == 1950


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("staff_group", "", "closed_statement_staff_group_known"),
        ("school", None, "school_id"),
        ("department", None, "department_id"),
    ],
)
def test_nobody_is_kept_without_a_place_or_in_a_group_that_is_none(
    column: str, value: str | None, constraint: str
) -> None:
    kept = ClosedStatementFactory()

    with pytest.raises(IntegrityError, match=constraint):
        ClosedStatement.objects.filter(pk=kept.pk).update(**{column: value})
