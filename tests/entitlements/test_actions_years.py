"""The night's figures, contracts put right afterwards, and years that close (R12, R17)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bwt_cpd.actions.figures import refresh_figures
from bwt_cpd.schedule import BEAT_SCHEDULE
from entitlements.actions import corrections, ledger, years
from entitlements.actions.corrections import recredit
from entitlements.actions.nightly import bring_up_to_date
from entitlements.actions.years import close_year
from entitlements.models import AcademicYear, ClosedStatement, LedgerEntry, Statement
from entitlements.queries.statements import statements_on
from entitlements.tasks import recompute_statements
from staff import clock
from staff.models import Contract, JobRun
from staff.refusals import ActionRefused
from tests.factories.staff import ContractFactory

pytestmark = pytest.mark.django_db
LAST, CLOSES = date(2027, 8, 31), date(2027, 9, 30)


@pytest.fixture
def contract() -> Contract:
    """A full-time teacher."""
    return ContractFactory()


def credit(contract: Contract, key: str, on: date, **other: object) -> LedgerEntry:
    """A training day in their own working day, unless told otherwise."""
    facts = {"kind_code": "inset_day", "title": "Training day", "amount": Decimal(1), **other}
    one = ledger.Credit(person_id=contract.person_id, source_key=key, occurred_on=on, **facts)  # type: ignore[arg-type]
    return ledger.credit(one, by=None, today=on)


def year_named(name: str) -> AcademicYear:
    return AcademicYear.objects.select_related("policy").get(name=name)


def cut_hours(contract: Contract) -> None:
    """HR finds out that they have worked 0.6 over five days all along."""
    Contract.objects.filter(pk=contract.pk).update(fte_numerator=3, fte_denominator=5)


# The night -----------------------------------------------------------------------------------
def test_the_task_on_the_schedule_stores_figures_and_writes_a_run(contract: Contract) -> None:
    assert BEAT_SCHEDULE["recompute_statements"]["task"] == recompute_statements.name

    recompute_statements()
    recompute_statements()

    runs = JobRun.objects.filter(name="recompute_statements")
    assert [(run.is_successful, run.finished_at is not None) for run in runs] == [(True, True)] * 2
    year = AcademicYear.objects.get(starts_on__lte=clock.today(), ends_on__gte=clock.today())
    assert f"{year.name}: 1 statements changed" in runs.order_by("pk")[0].detail
    assert f"{year.name}: 0 statements changed" in runs.order_by("pk")[1].detail
    assert Statement.objects.filter(year=year, person=contract.person).count() == 1


def test_a_run_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> str:
        raise RuntimeError

    monkeypatch.setattr("entitlements.actions.nightly.recredit", fail)

    with pytest.raises(RuntimeError):
        recompute_statements()

    run = JobRun.objects.get(name="recompute_statements")
    assert (run.is_successful, run.detail) == (False, "RuntimeError")


def test_the_night_closes_what_is_due_and_not_a_day_earlier(contract: Contract) -> None:
    credit(contract, "test:1:1", date(2026, 11, 2))

    bring_up_to_date(today=date(2027, 9, 29))
    assert year_named("2026/27").closed_at is None
    said = bring_up_to_date(today=CLOSES)

    assert "2026/27 closed with 1 statements" in said
    assert year_named("2026/27").closed_at is not None
    assert ClosedStatement.objects.get(person=contract.person).counted_minutes == 390


def test_the_night_keeps_a_year_to_come_in_step_once_something_is_booked_in_it(contract: Contract) -> None:
    booked = ledger.Credit(
        person_id=contract.person_id, kind_code="course", occurred_on=date(2027, 10, 1), title="Phonics",
        source_key="booking:1:1", minutes=60,
    )  # fmt: skip
    ledger.plan_many([booked], status="planned", today=date(2027, 6, 1))
    cut_hours(contract)

    bring_up_to_date(today=date(2027, 6, 1))

    found = Statement.objects.get(person=contract.person, year__name="2027/28")
    assert (found.expected_minutes, found.planned_minutes) == (1170, 60)


# R12 -----------------------------------------------------------------------------------------
def test_a_corrected_contract_reverses_and_credits_anew_what_was_a_day_of_it(contract: Contract) -> None:
    day = credit(contract, "test:1:1", date(2026, 11, 2))
    award = credit(contract, "test:2:1", date(2026, 11, 3), kind_code="accreditation", body="CIPD")
    course = credit(
        contract, "test:3:1", date(2026, 11, 4), kind_code="course", amount=None, minutes=60, title="C"
    )
    cut_hours(contract)

    refresh_figures([contract.person_id], on=date(2026, 11, 24), by=None)

    for entry in (day, award):
        anew = LedgerEntry.objects.get(replaces=entry)
        assert (anew.minutes, anew.occurred_on, anew.title) == (234, entry.occurred_on, entry.title)
        assert LedgerEntry.objects.get(reverses=entry).reason == corrections.REASON
    assert not hasattr(LedgerEntry.objects.get(pk=course.pk), "reversed_by")
    found = Statement.objects.get(person=contract.person, year__name="2026/27")
    assert (found.expected_minutes, found.recorded_minutes) == (1170, 234 + 234 + 60)
    assert recredit(by=None, today=date(2026, 11, 24)) == 0


def test_the_register_reverses_what_stands_after_a_correction(contract: Contract) -> None:
    day = credit(contract, "test:1:1", date(2026, 11, 2))
    cut_hours(contract)
    recredit(by=None, today=date(2026, 11, 24))

    ledger.reverse(day, reason="The register was changed", by=None, today=date(2026, 11, 24))

    found = Statement.objects.get(person=contract.person, year__name="2026/27")
    assert found.recorded_minutes == 0


def test_an_entry_whose_day_has_lost_its_contract_is_left(contract: Contract) -> None:
    credit(contract, "test:1:1", date(2026, 11, 2))
    Contract.objects.filter(pk=contract.pk).update(ends_on=date(2026, 10, 31))

    assert recredit(by=None, today=date(2026, 11, 24)) == 0
    assert LedgerEntry.objects.count() == 1


# R17 -----------------------------------------------------------------------------------------
def test_a_year_closes_from_30_september_and_once(contract: Contract) -> None:
    year = year_named("2026/27")
    with pytest.raises(ActionRefused) as too_early:
        close_year(year, today=CLOSES - timedelta(days=1))

    assert year.dates.closes_on == CLOSES
    assert too_early.value.sentence == years.not_yet_over(year)

    assert close_year(year, today=CLOSES) == 1
    with pytest.raises(ActionRefused) as again:
        close_year(year, today=CLOSES)

    assert again.value.sentence == years.closed_already(year)


def test_a_retrospective_change_of_hours_recomputes_open_years_only(contract: Contract) -> None:
    """The acceptance table's note: 2026/27 is reported and stays, 2027/28 follows the contract."""
    credit(contract, "test:1:1", date(2026, 11, 2))
    credit(contract, "test:2:1", date(2027, 9, 2))
    close_year(year_named("2026/27"), today=CLOSES)
    cut_hours(contract)

    refresh_figures([contract.person_id], on=date(2027, 10, 1), by=None)
    bring_up_to_date(today=date(2027, 10, 1))

    closed = ClosedStatement.objects.get(person=contract.person)
    assert (closed.expected_minutes, closed.counted_minutes, closed.shortfall_minutes) == (1950, 390, 1560)
    kept = Statement.objects.get(person=contract.person, year__name="2026/27")
    assert (kept.expected_minutes, kept.counted_minutes) == (1950, 390)
    opened = Statement.objects.get(person=contract.person, year__name="2027/28")
    assert (opened.expected_minutes, opened.counted_minutes) == (1170, 234)


def test_a_closed_year_keeps_the_policy_it_was_reckoned_with(contract: Contract) -> None:
    year = year_named("2026/27")
    year.policy.version = 3
    year.policy.save()
    close_year(year_named("2026/27"), today=CLOSES)

    type(year.policy).objects.filter(year=year).update(days_owed=6, version=4)
    bring_up_to_date(today=CLOSES)

    closed = ClosedStatement.objects.get(person=contract.person)
    assert (closed.policy_version, closed.expected_minutes) == (3, 1950)


def test_the_database_takes_no_entry_for_a_closed_year_nor_one_of_another(contract: Contract) -> None:
    entry = credit(contract, "test:1:1", date(2026, 11, 2))
    wrong = {
        field.attname: getattr(entry, field.attname)
        for field in LedgerEntry._meta.concrete_fields
        if field.attname != "id"
    }
    with pytest.raises(IntegrityError, match="not in its year"), transaction.atomic():
        LedgerEntry.objects.create(**{**wrong, "source_key": "x", "occurred_on": date(2027, 9, 1)})
    close_year(year_named("2026/27"), today=CLOSES)
    with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
        LedgerEntry.objects.create(**{**wrong, "source_key": "y"})


def test_control_without_the_guard_the_database_would_take_it(contract: Contract) -> None:
    from django.db import connection

    entry = credit(contract, "test:1:1", date(2026, 11, 2))
    close_year(year_named("2026/27"), today=CLOSES)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TRIGGER ledger_holds_to_its_year ON entitlements_ledgerentry")

    entry.pk, entry.source_key = None, "test:2:1"
    entry.save()

    assert LedgerEntry.objects.count() == 2


def test_september_does_not_move_the_figures_of_the_year_before(contract: Contract) -> None:
    """An absence of the new year neither pauses nor lowers the year that is over: it closes as it is shown."""
    credit(contract, "test:1:1", date(2026, 11, 2))
    contract.person.absences.create(absence_class="sickness", starts_on=date(2027, 8, 20))

    bring_up_to_date(today=date(2027, 9, 25))
    shown = Statement.objects.get(person=contract.person, year__name="2026/27")
    close_year(year_named("2026/27"), today=CLOSES)

    closed = ClosedStatement.objects.get(person=contract.person)
    assert (shown.computed_on, shown.status, shown.expected_minutes) == (LAST, "behind", 1950)
    assert (closed.status, closed.expected_minutes) == ("behind", 1950)
    (asked,) = statements_on(year_named("2027/28"), date(2027, 9, 25), person_ids=[contract.person_id])
    assert asked.status == "paused"
