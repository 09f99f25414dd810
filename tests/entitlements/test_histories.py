"""Random histories through the actions: stored = rebuilt = oracle = page = report (RELIABILITY row 7).

A history credits, reverses, plans and cancels, then corrects contracts and absences, across two years. The
day-by-day oracle is told only what stands in the end, and prices day-unit credits on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bwt_cpd.actions.figures import refresh_figures
from entitlements.academic_year import YearDates
from entitlements.actions import ledger
from entitlements.actions.statements import recompute_statements
from entitlements.actions.years import ensure_years
from entitlements.models import AcademicYear, LedgerEntry, Statement
from entitlements.queries import reports
from entitlements.queries.shortfalls import shortfall_rows
from entitlements.queries.statement_sql import EVERYBODY, figures_sql
from entitlements.queries.statements import statements_on
from entitlements.queries.verification import differences
from entitlements.queries.year import year_for
from entitlements.rules.absences import AbsenceFacts
from entitlements.rules.contracts import ContractFacts
from staff.models import Contract, Person
from tests.entitlements.in_database import store_absences, store_people
from tests.entitlements.oracle import DAY_VALUE, nearest, oracle
from tests.entitlements.people import DAYS, FTES, absences, contracts

pytestmark = pytest.mark.django_db
SIZE, YEARS = 10, (2026, 2027)
COUNTS_AS = {
    "course": "full", "compliance": "capped_compliance", "coaching_given": "capped_giving",
    "inset_day": "full", "inset_half": "full", "membership": "capped_nominal", "accreditation": "capped_nominal",
}  # fmt: skip
QUARTER_DAYS = {"inset_day": 4, "inset_half": 2, "membership": 1, "accreditation": 4}


@dataclass(frozen=True)
class Happening:
    """One thing a person did or meant to do, and what became of it."""

    kind: str
    minutes: int
    occurred_on: date
    share: Decimal
    body: str
    own_time: bool
    fate: str


@dataclass(frozen=True)
class History:
    """One person: contracts as first imported, the corrected fte of each, absences that came later."""

    contracts: tuple[ContractFacts, ...]
    ftes: tuple[Fraction | None, ...]
    absences: tuple[AbsenceFacts, ...]
    happenings: tuple[Happening, ...]

    @property
    def corrected(self) -> tuple[ContractFacts, ...]:
        """The contracts in the end."""
        return tuple(
            replace(one, fte=fte or one.fte) for one, fte in zip(self.contracts, self.ftes, strict=True)
        )


@dataclass(frozen=True)
class Standing:
    """A credit as the oracle takes it."""

    minutes: int
    occurred_on: date
    counts_as: str
    is_verified: bool
    body: str
    own_time: bool


HAPPENINGS = st.builds(
    Happening,
    kind=st.sampled_from(list(COUNTS_AS)),
    minutes=st.integers(1, 700),
    occurred_on=DAYS,
    share=st.sampled_from([Decimal(1), Decimal(1), Decimal("0.5"), Decimal("0.33333")]),
    body=st.sampled_from(["CIPD", "cipd ", "AAT"]),
    own_time=st.booleans(),
    fate=st.sampled_from(["credited", "credited", "reversed", "planned", "cancelled"]),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A history in which a day-unit credit always falls on a day with a contract that has a working day."""
    held = draw(contracts())
    ftes = tuple(draw(st.none() | FTES) for _ in held)
    away = draw(absences())
    bare = History(held, ftes, away, ())
    happened = []
    for one in draw(st.lists(HAPPENINGS, max_size=8)):
        mains = [main_on(each, one.occurred_on) for each in (held, bare.corrected)]
        has_day = all(main is not None and main.staff_group in DAY_VALUE for main in mains)
        is_plan = one.fate in ("planned", "cancelled")
        in_days = one.kind in QUARTER_DAYS
        happened.append(replace(one, kind="course") if in_days and (is_plan or not has_day) else one)
    return replace(bare, happenings=tuple(happened))


def main_on(held: Sequence[ContractFacts], on: date) -> ContractFacts | None:
    """The main contract on a day, by looking at each (R6)."""
    best = None
    for each in held:
        if each.starts_on > on or (each.ends_on is not None and each.ends_on < on):
            continue
        if best is None or (each.is_main, each.fte, best.contract_id) > (
            best.is_main,
            best.fte,
            each.contract_id,
        ):
            best = each
    return best


def worth(history: History, one: Happening) -> int:
    """What it is worth under the contracts in the end (R8, R12), in whole numbers."""
    if one.kind not in QUARTER_DAYS:
        return nearest([(one.minutes * int(one.share * 100_000), 100_000)])
    main = main_on(history.corrected, one.occurred_on)
    assert main is not None
    top = QUARTER_DAYS[one.kind] * DAY_VALUE[main.staff_group] * main.fte.numerator
    bottom = 4 * main.fte.denominator
    if one.kind.startswith("inset"):
        top, bottom = top * 5 * main.days_per_week.denominator, bottom * main.days_per_week.numerator
    return nearest([(top * int(one.share * 100_000), bottom * 100_000)])


def in_the_end(history: History) -> list[Standing]:
    """What stands and what is still planned."""
    return [
        Standing(
            minutes=worth(history, one),
            occurred_on=one.occurred_on,
            counts_as=COUNTS_AS[one.kind],
            is_verified=one.fate == "credited",
            body=one.body,
            own_time=one.own_time,
        )
        for one in history.happenings
        if one.fate in ("credited", "planned")
    ]


# Living it -----------------------------------------------------------------------------------
def live(crowd: Sequence[History], on: date) -> list[Person]:
    """Everything that happened, by the actions that the portal itself uses, seen from one day."""
    ensure_years([YearDates(year) for year in range(2025, 2029)])
    people = store_people([each.contracts for each in crowd])
    verified, plans, reversed_keys, cancelled = [], [], [], []
    for person, history in zip(people, crowd, strict=True):
        for number, one in enumerate(history.happenings):
            is_plan = one.fate in ("planned", "cancelled")
            made = credit_of(person, one, f"test:{person.pk}:{number}{'' if is_plan else ':1'}")
            (plans if is_plan else verified).append(made)
            if one.fate == "reversed":
                reversed_keys.append(made.source_key)
            if one.fate == "cancelled":
                cancelled.append(made.source_key)
    ledger.credit_many(verified, by=None, today=on)
    ledger.credit_many(verified[::2], by=None, today=on)  # the same twice is once
    ledger.plan_many(plans, status="planned", today=on)
    taken_back = list(LedgerEntry.objects.filter(source_key__in=reversed_keys))
    ledger.reverse_many(taken_back[::2], reason="A mistake", by=None, today=on)
    ledger.unplan_many(cancelled, today=on)
    correct(people, crowd)
    refresh_figures([person.pk for person in people], on=on, by=None)
    # The rest is reversed after the correction: what it was credited anew as goes with it.
    ledger.reverse_many(taken_back[1::2], reason="A mistake", by=None, today=on)
    return people


def credit_of(person: Person, one: Happening, key: str) -> ledger.Credit:
    in_days = one.kind in QUARTER_DAYS
    return ledger.Credit(
        person_id=person.pk, kind_code=one.kind, occurred_on=one.occurred_on, title="Something",
        source_key=key, minutes=None if in_days else one.minutes, amount=Decimal(1) if in_days else None,
        cpd_fraction=one.share, is_own_time=one.own_time,
        body=one.body if COUNTS_AS[one.kind] == "capped_nominal" else "",
    )  # fmt: skip


def correct(people: Sequence[Person], crowd: Sequence[History]) -> None:
    """The next HR file: other hours, and absences that nobody had told of."""
    for person, history in zip(people, crowd, strict=True):
        for each in history.corrected:
            Contract.objects.filter(contract_id=f"{person.payroll_number}-{each.contract_id}").update(
                fte_numerator=each.fte.numerator, fte_denominator=each.fte.denominator
            )
    store_absences(people, [each.absences for each in crowd])


# Looking at it -------------------------------------------------------------------------------
NAMES = (
    "entitlement", "expected", "expected_to_date", "recorded", "counted", "planned", "shortfall", "own_time"
)  # fmt: skip


def told(row: object) -> dict[str, object]:
    """The figures of a statement in the oracle's shape."""
    status = row.status  # type: ignore[attr-defined]
    if status == "not_applicable":
        return {"status": status}
    return {**{name: getattr(row, f"{name}_minutes") for name in NAMES}, "status": status}


def all_ways_agree(crowd: Sequence[History], on: date) -> None:
    """Live it, look at it in every way, and undo it."""
    with transaction.atomic():
        people = live(crowd, on)
        for start_year in YEARS:
            year = AcademicYear.objects.select_related("policy").get(starts_on=date(start_year, 9, 1))
            day = min(on, date(start_year + 1, 8, 31))  # a year that is over is shown as of its last day
            right = {
                person.pk: oracle(start_year, each.corrected, each.absences, in_the_end(each), day)
                for person, each in zip(people, crowd, strict=True)
            }
            listed = {pk: figures for pk, figures in right.items() if figures is not None}

            kept = {row.person_id: told(row) for row in Statement.objects.filter(year=year)}
            assert kept == {pk: listed[pk] for pk in kept}, "what the actions kept up to date"
            if date(start_year, 9, 1) <= on:
                assert kept.keys() == listed.keys()
            assert {row.person_id: told(row) for row in statements_on(year, day)} == listed, "rebuilt"

            recompute_statements(year, on=day)
            assert {row.person_id: told(row) for row in Statement.objects.filter(year=year)} == listed
            check_pages(people, year, on, listed)
            check_reports(people, year, day, listed)
            assert list(differences(year, on)) == []
        transaction.set_rollback(True)


def check_pages(
    people: Sequence[Person], year: AcademicYear, on: date, listed: dict[int, dict[str, object]]
) -> None:
    """My year of everybody: the ring, the lines with what counts of each, and the sentence of the target."""
    for person in people:
        page = year_for(person, year, on)
        figures = listed.get(person.pk)
        if figures is None:
            assert page.standing is None
            continue
        assert page.standing is not None
        assert page.standing.status == figures["status"]
        if not page.standing.is_owed:
            continue
        assert {name: getattr(page.standing, name) for name in NAMES} == {
            name: figures[name] for name in NAMES
        }
        lines = [line for line in page.lines if not line.is_to_come and line.occurred_on <= on]
        assert sum(line.counted for line in lines) == figures["counted"]
        assert sum(line.recorded for line in lines) == figures["recorded"]
        assert page.explanation is not None
        assert (page.explanation.target_minutes or 0) == figures["expected"]


def check_reports(
    people: Sequence[Person], year: AcademicYear, on: date, listed: dict[int, dict[str, object]]
) -> None:
    """The people behind the report, its total, and the rows of `shortfalls`."""
    scope = reports.Scope(year=year, includes_leavers=True)
    assert {row.person_id: told(row) for row in reports.people(scope)} == listed
    owed = [figures for figures in listed.values() if figures["status"] != "not_applicable"]
    total = reports.total(scope)
    assert (total.people, total.not_owed) == (len(owed), len(listed) - len(owed))
    for name in ("expected", "counted", "planned", "shortfall", "own_time"):
        assert getattr(total, name) == sum(int(str(figures[name])) for figures in owed)
    numbers = {person.payroll_number: person.pk for person in people}
    for source in ("stored", "computed"):
        rows = {
            numbers[row["payroll_number"]]: row
            for row in shortfall_rows(year, on, scope=EVERYBODY, source=source)
        }
        assert rows.keys() == listed.keys()
        for pk, figures in listed.items():
            assert rows[pk]["status"] == figures["status"]
            if figures["status"] != "not_applicable":
                assert all(rows[pk][f"{name}_minutes"] == figures[name] for name in NAMES[:-1])


CROWDS = st.lists(histories(), min_size=SIZE, max_size=SIZE)
RANDOM = settings(
    max_examples=15,
    phases=[Phase.reuse, Phase.generate],  # shrinking ten lives by way of a database takes for ever
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@RANDOM
@given(CROWDS, DAYS)
def test_150_random_histories_look_the_same_from_everywhere(crowd: list[History], on: date) -> None:
    all_ways_agree(crowd, on)


@pytest.mark.full
@settings(RANDOM, max_examples=1_000)
@given(CROWDS, DAYS)
def test_10_000_random_histories_look_the_same_from_everywhere(crowd: list[History], on: date) -> None:
    all_ways_agree(crowd, on)


MISTAKES = {
    "rounding off by one": ("(s.doubled * s.days + s.divisor)", "(s.doubled * s.days + 3 * s.divisor)"),
    "reversed credits stand": ("AND reversal.id IS NULL", ""),
    "plans counted": ("in_full + least(compliance", "all_in_full + least(compliance"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_control_a_mistake_in_the_figures_is_seen(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    right, wrong = MISTAKES[name]
    assert right in figures_sql()
    monkeypatch.setattr(
        "entitlements.actions.statements.figures_sql", lambda scope: figures_sql(scope).replace(right, wrong)
    )

    @settings(RANDOM, max_examples=100, derandomize=True, database=None, phases=[Phase.generate])
    @given(CROWDS, DAYS)
    def check(crowd: list[History], on: date) -> None:
        all_ways_agree(crowd, on)

    with pytest.raises(AssertionError):
        check()


def test_control_a_contract_corrected_without_its_credits_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bwt_cpd.actions.figures.recredit", lambda **_: 0)

    @settings(RANDOM, max_examples=100, derandomize=True, database=None, phases=[Phase.generate])
    @given(CROWDS, DAYS)
    def check(crowd: list[History], on: date) -> None:
        all_ways_agree(crowd, on)

    with pytest.raises(AssertionError):
        check()
