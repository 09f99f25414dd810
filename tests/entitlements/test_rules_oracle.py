"""The rules against the day-by-day oracle (RELIABILITY rows 7 and 8), with their controls."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import floor

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from entitlements.academic_year import YearDates
from entitlements.rules import absences, accrual
from entitlements.rules.contracts import ContractFacts
from entitlements.rules.policy import EntitlementPolicy
from entitlements.rules.statement import statement
from tests.entitlements.acceptance import contract
from tests.entitlements.oracle import oracle
from tests.entitlements.people import RandomPerson, people

POLICY = EntitlementPolicy()


def by_rules(person: RandomPerson) -> dict[str, object] | None:
    """The figures of a random person in the oracle's shape."""
    found = statement(
        person.year,
        contracts=person.contracts,
        absences=person.absences,
        entries=person.credits,
        policy=POLICY,
        on=person.on,
    )
    if found is None:
        return None
    if found.target is None:
        return {"status": str(found.status)}
    return {
        "entitlement": found.target.entitlement_minutes,
        "expected": found.target.expected_minutes,
        "expected_to_date": found.target.expected_to_date_minutes,
        "recorded": found.recorded_minutes,
        "counted": found.counted_minutes,
        "planned": found.planned_minutes,
        "shortfall": found.shortfall_minutes,
        "own_time": found.own_time_minutes,
        "status": str(found.status),
    }


def agrees(person: RandomPerson) -> None:
    """Both ways of reckoning give the same figures."""
    assert by_rules(person) == oracle(
        person.year.start_year,
        person.contracts,
        person.absences,
        person.credits,
        person.on,
    )


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people())
def test_rules_agree_with_the_oracle_on_random_people(person: RandomPerson) -> None:
    agrees(person)


@pytest.mark.full
@settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people())
def test_rules_agree_with_the_oracle_on_very_many_people(person: RandomPerson) -> None:
    agrees(person)


def starts(step: int) -> Iterator[ContractFacts]:
    """Each fte in use × start days through a common and a leap year, the edges among them."""
    ftes = [Fraction(number, 20) for number in range(1, 21)]
    ftes += [Fraction(hours, 37) for hours in (10, 15, 20, 25, 30, 36)] + [Fraction(1, 10_000)]
    for year in (YearDates(2026), YearDates(2027)):
        edges = {0, 1, 180, 181, 182, year.days - 2, year.days - 1}
        for day in sorted(edges | set(range(0, year.days, step))):
            for fte in ftes:
                yield contract(fte=str(fte), starts_on=year.first_day + timedelta(days=day))


def check_table(step: int) -> None:
    """The table test: the target of every row in both years, on a date in the middle."""
    for row in starts(step):
        for start_year in (2026, 2027):
            on = date(start_year + 1, 3, 1)
            person = RandomPerson(YearDates(start_year), on, (row,), (), ())
            if YearDates.for_date(row.starts_on) == person.year:
                agrees(person)


def test_every_fte_and_start_day_agrees_with_the_oracle() -> None:
    check_table(step=40)


@pytest.mark.full
def test_every_fte_and_every_single_start_day_agrees_with_the_oracle() -> None:
    check_table(step=1)


def half_down(exact: Fraction | int) -> int:
    """The control's mistake: an exact half goes down."""
    return -floor(-Fraction(exact) + Fraction(1, 2))


@pytest.mark.parametrize(
    "mistake",
    [half_down, round, floor, lambda exact: floor(exact) + 1],
    ids=["half down", "half to even", "down", "off by one"],
)
def test_table_catches_a_wrong_rounding(
    monkeypatch: pytest.MonkeyPatch, mistake: Callable[[Fraction], int]
) -> None:
    monkeypatch.setattr(accrual, "half_up", mistake)

    with pytest.raises(AssertionError):
        check_table(step=40)


def whole_runs_apart(spans: object) -> list[object]:
    """The control's other mistake: sickness rows that touch are not joined."""
    return list(spans)  # type: ignore[call-overload]


def test_random_people_catch_runs_that_are_not_joined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(absences, "_runs", whole_runs_apart)

    @settings(
        max_examples=3_000, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(people())
    def check(person: RandomPerson) -> None:
        agrees(person)

    with pytest.raises(AssertionError):
        check()
