"""Crediting, reversing and planning: what is written, how often, and in how many statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entitlements.actions import ledger
from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, LedgerEntry, PlannedCredit, Statement
from staff.models import Person
from staff.refusals import ActionRefused
from tests.factories.staff import ContractFactory, JobRoleFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)


@pytest.fixture
def person() -> Person:
    return ContractFactory().person


def a_credit(person: Person, key: str = "test:1:1", **other: object) -> ledger.Credit:
    """Two hours of a course, unless told otherwise."""
    facts = {"kind_code": "course", "occurred_on": date(2026, 11, 2), "title": "Phonics", "minutes": 120}
    return ledger.Credit(person_id=person.pk, source_key=key, **{**facts, **other})  # type: ignore[arg-type]


def statement_of(person: Person) -> Statement:
    return Statement.objects.get(person=person, year__name="2026/27")


# R9 ------------------------------------------------------------------------------------------
def test_the_same_credit_twice_is_one(person: Person) -> None:
    first = ledger.credit(a_credit(person), by=None, today=ON)
    again = ledger.credit(a_credit(person, minutes=300), by=None, today=ON)

    assert again == first
    assert statement_of(person).counted_minutes == 120


def test_a_reversal_is_an_entry_of_its_own_on_the_date_of_what_it_reverses(person: Person) -> None:
    entry = ledger.credit(a_credit(person), by=None, today=ON)

    reversal = ledger.reverse(entry, reason="Marked by mistake", by=person, today=ON)
    again = ledger.reverse(entry, reason="Once more", by=person, today=ON)

    assert again == reversal
    assert (reversal.minutes, reversal.occurred_on, reversal.year_id) == (
        -120,
        entry.occurred_on,
        entry.year_id,
    )
    assert (reversal.reason, reversal.created_by) == ("Marked by mistake", person)
    assert statement_of(person).recorded_minutes == 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reversal_needs_a_reason(person: Person, reason: str) -> None:
    entry = ledger.credit(a_credit(person), by=None, today=ON)

    with pytest.raises(ActionRefused, match="Say why"):
        ledger.reverse(entry, reason=reason, by=None, today=ON)


def test_a_reversal_is_not_reversed(person: Person) -> None:
    entry = ledger.credit(a_credit(person), by=None, today=ON)
    reversal = ledger.reverse(entry, reason="A mistake", by=None, today=ON)

    with pytest.raises(ActionRefused) as refusal:
        ledger.reverse(reversal, reason="A mistake", by=None, today=ON)

    assert refusal.value.sentence == ledger.IS_A_REVERSAL


def test_what_is_planned_is_replaced_and_taken_away(person: Person) -> None:
    ledger.plan_many([a_credit(person, "booking:1:1")], status="planned", today=ON)
    ledger.plan_many([a_credit(person, "booking:1:1", minutes=90)], status="attended", today=ON)
    (plan,) = PlannedCredit.objects.all()
    assert (plan.minutes, plan.status, statement_of(person).planned_minutes) == (90, "attended", 90)

    ledger.unplan_many(["booking:1:1", "booking:2:1"], today=ON)

    assert statement_of(person).planned_minutes == 0


# R8, R12, R14 --------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["inset_day", "inset_half", "membership", "chartered_maintained"])
def test_a_day_unit_or_nominal_credit_without_a_contract_is_refused_and_minutes_are_not(kind: str) -> None:
    contract = ContractFactory(ends_on=date(2026, 10, 31))
    in_days = a_credit(
        contract.person, kind_code=kind, minutes=None, amount=Decimal(1), body="Chartered College of Teaching"
    )

    with pytest.raises(ActionRefused, match="no contract"):
        ledger.credit(in_days, by=None, today=ON)
    ledger.credit(a_credit(contract.person), by=None, today=ON)

    assert statement_of(contract.person).recorded_minutes == 120


def test_a_nominal_credit_names_its_body(person: Person) -> None:
    with pytest.raises(ActionRefused, match="professional body"):
        ledger.credit(
            a_credit(person, kind_code="membership", minutes=None, amount=Decimal(1)), by=None, today=ON
        )


def test_a_day_credits_the_day_of_the_contract_attended_under(person: Person) -> None:
    """Main contract 1.0 teacher; told otherwise, the day of the other job (R8)."""
    support = JobRoleFactory(code="TA2", staff_group="support")
    other = ContractFactory(
        person=person,
        job_role=support,
        is_main=False,
        fte_numerator=2,
        fte_denominator=5,
        week_days_numerator=2,
        week_days_denominator=1,
    )
    day = {"kind_code": "inset_day", "minutes": None, "amount": Decimal(1)}

    main = ledger.credit(a_credit(person, **day), by=None, today=ON)
    told = ledger.credit(a_credit(person, "test:2:1", contract_id=other.pk, **day), by=None, today=ON)

    assert (main.minutes, told.minutes) == (390, 444)


def test_a_credit_belongs_to_the_year_of_its_date(person: Person) -> None:
    ledger.credit_many(
        [
            a_credit(person, "test:1:1", occurred_on=date(2026, 8, 31)),
            a_credit(person, "test:2:1", occurred_on=date(2026, 9, 1)),
        ],
        by=None,
        today=ON,
    )

    assert sorted(LedgerEntry.objects.values_list("year__name", "occurred_on")) == [
        ("2025/26", date(2026, 8, 31)),
        ("2026/27", date(2026, 9, 1)),
    ]


# R15 -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "is_flagged"), [([300, 300], False), ([300, 301], True)])
def test_more_than_600_minutes_on_a_date_is_accepted_and_flagged(
    person: Person, minutes: list[int], is_flagged: bool
) -> None:
    for number, each in enumerate(minutes):
        entry = ledger.credit(a_credit(person, f"test:{number}:1", minutes=each), by=None, today=ON)

    assert entry.is_flagged is is_flagged
    assert statement_of(person).counted_minutes == sum(minutes)


def test_what_is_reversed_and_what_takes_no_time_do_not_fill_the_date(person: Person) -> None:
    gone = ledger.credit(a_credit(person, minutes=400), by=None, today=ON)
    ledger.reverse(gone, reason="A mistake", by=None, today=ON)
    award = a_credit(
        person, "test:2:1", kind_code="accreditation", minutes=None, amount=Decimal(1), body="CIPD"
    )
    ledger.credit(award, by=None, today=ON)

    assert not ledger.credit(a_credit(person, "test:3:1", minutes=600), by=None, today=ON).is_flagged


# R17 -----------------------------------------------------------------------------------------
def test_a_closed_year_takes_nothing_more(person: Person) -> None:
    entry = ledger.credit(a_credit(person), by=None, today=ON)
    AcademicYear.objects.filter(name="2026/27").update(closed_at="2027-09-30T02:00Z")

    with pytest.raises(ActionRefused, match="2026/27 is closed"):
        ledger.credit(a_credit(person, "test:2:1"), by=None, today=ON)
    with pytest.raises(ActionRefused, match="2026/27 is closed"):
        ledger.reverse(entry, reason="A mistake", by=None, today=ON)
    assert LedgerEntry.objects.count() == 1


# Statements of SQL (issue, section 11) -------------------------------------------------------
def statements_for(work: object, *arguments: object, **options: object) -> int:
    """How many statements a call takes, transactions' own left out."""
    with CaptureQueriesContext(connection) as queries:
        work(*arguments, **options)  # type: ignore[operator]
    return len([one for one in queries if "SAVEPOINT" not in one["sql"]])


def test_one_persons_recomputation_after_a_credit_takes_at_most_five_statements(person: Person) -> None:
    ledger.credit(a_credit(person), by=None, today=ON)
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")

    taken = statements_for(recompute_statements, year, on=date(2026, 11, 25), person_ids=[person.pk])

    assert 1 <= taken <= 5


def test_statements_do_not_depend_on_the_number_of_people() -> None:
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")
    few, many = [ContractFactory().person for _ in range(2)], [ContractFactory().person for _ in range(40)]

    def both(people: list[Person], key: str) -> tuple[int, int]:
        credits = [a_credit(one, f"{key}:{one.pk}:1") for one in people]
        credited = statements_for(ledger.credit_many, credits, by=None, today=ON)
        entries = list(LedgerEntry.objects.filter(person__in=people))
        return credited, statements_for(ledger.reverse_many, entries, reason="A mistake", by=None, today=ON)

    assert both(few, "few") == both(many, "many")
    # The lock and the statement; for everybody one more, for the rows of people who have left.
    for some in (few[:1], many):
        ids = [person.pk for person in some]
        assert statements_for(recompute_statements, year, on=ON, person_ids=ids) == 2
    assert statements_for(recompute_statements, year, on=ON) == 3


def test_figures_that_are_the_same_are_not_written_again(person: Person) -> None:
    ledger.credit(a_credit(person), by=None, today=ON)
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")

    assert recompute_statements(year, on=ON) == 0


def test_somebody_without_a_contract_in_the_year_any_more_leaves_the_list(person: Person) -> None:
    ledger.credit(a_credit(person), by=None, today=ON)
    year = AcademicYear.objects.select_related("policy").get(name="2026/27")
    person.contracts.update(ends_on=date(2026, 8, 31))

    recompute_statements(year, on=ON)

    assert not Statement.objects.filter(person=person, year=year).exists()
