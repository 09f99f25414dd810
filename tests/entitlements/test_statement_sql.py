"""The one statement of SQL against the rules, case by case and on random people (RELIABILITY row 7)."""

from collections.abc import Sequence

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from entitlements.academic_year import YearDates
from entitlements.models import AcademicYear, Statement
from entitlements.queries import statement_sql
from entitlements.queries.statements import statements_on
from entitlements.rules.accrual import carry_over_ceiling
from entitlements.rules.contracts import speaking_contract
from entitlements.rules.policy import EntitlementPolicy
from entitlements.rules.statement import shown_percent, statement
from tests.entitlements.acceptance import CASES, Case
from tests.entitlements.in_database import store_absences, store_credits, store_people
from tests.entitlements.people import CREDITS, DAYS, RandomPerson, absences, contracts
from tests.entitlements.test_rules_acceptance import credits_of
from tests.factories.entitlements import AcademicYearFactory, EntitlementPolicyFactory

pytestmark = pytest.mark.django_db


def year_of(dates: YearDates) -> AcademicYear:
    """The year as the database has it, with its policy."""
    year = AcademicYearFactory(name=dates.label)
    EntitlementPolicyFactory(year=year)
    return AcademicYear.objects.select_related("policy").get(pk=year.pk)


def figures_of(row: Statement) -> dict[str, object]:
    """The figures of a statement under the names of the rules."""
    return {
        "entitlement": row.entitlement_minutes,
        "expected": row.expected_minutes,
        "expected_to_date": row.expected_to_date_minutes,
        "recorded": row.recorded_minutes,
        "counted": row.counted_minutes,
        "planned": row.planned_minutes,
        "shortfall": row.shortfall_minutes,
        "own_time": row.own_time_minutes,
        "status": row.status,
    }


def by_rules(person: RandomPerson, policy: EntitlementPolicy) -> dict[str, object] | None:
    """The same figures by the rules, null where nothing is owed; None where nobody is listed."""
    found = statement(
        person.year,
        contracts=person.contracts,
        absences=person.absences,
        entries=person.credits,
        policy=policy,
        on=person.on,
    )
    if found is None:
        return None
    owed = found.target
    names = ("recorded", "counted", "planned", "shortfall", "own_time")
    return {
        "entitlement": owed.entitlement_minutes if owed else None,
        "expected": owed.expected_minutes if owed else None,
        "expected_to_date": owed.expected_to_date_minutes if owed else None,
        **{name: getattr(found, f"{name}_minutes") if owed else None for name in names},
        "status": str(found.status),
    }


def store(everybody: Sequence[RandomPerson]) -> list[int]:
    """Their rows; returns the people's keys in the same order."""
    people = store_people([each.contracts for each in everybody])
    store_absences(people, [each.absences for each in everybody])
    store_credits(people, [each.credits for each in everybody])
    return [person.pk for person in people]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_sql_gives_the_figures_of_the_table(case: Case) -> None:
    year = year_of(case.year)
    store([RandomPerson(case.year, case.on, case.contracts, case.absences, tuple(credits_of(case)))])

    (row,) = statements_on(year, case.on)

    found = figures_of(row)
    if row.expected_minutes is not None:
        found["carry_over_ceiling"] = carry_over_ceiling(row.entitlement_minutes, row.expected_minutes)
        found["shown_percent"] = shown_percent(row.counted_minutes, row.expected_minutes)
    assert {name: found[name] for name in case.expected} == case.expected


@st.composite
def crowds(draw: st.DrawFn, size: int = 10) -> list[RandomPerson]:
    """Random people who are all looked at in one year, on one date."""
    year, on = YearDates(draw(st.sampled_from([2026, 2027]))), draw(DAYS)
    each = st.builds(
        RandomPerson,
        year=st.just(year),
        on=st.just(on),
        contracts=contracts(),
        absences=absences(),
        credits=st.lists(CREDITS, max_size=8).map(tuple),
    )
    return draw(st.lists(each, min_size=size, max_size=size))


POLICIES = st.sampled_from(
    [
        EntitlementPolicy(),
        EntitlementPolicy(pro_rata_part_time=False, sickness_days=10, on_track_percent=50),
        EntitlementPolicy(
            compliance_cap_percent=None, giving_cap_percent=0, nominal_cap_percent=33, days_owed=3
        ),
    ]
)


def sql_agrees_with_rules(crowd: Sequence[RandomPerson], policy: EntitlementPolicy) -> None:
    """Everybody's figures in one statement, in a transaction that is undone."""
    with transaction.atomic():
        year = year_of(crowd[0].year)
        for name in ("days_owed", "pro_rata_part_time", "sickness_days", "on_track_percent"):
            setattr(year.policy, name, getattr(policy, name))
        for name in ("compliance_cap_percent", "giving_cap_percent", "nominal_cap_percent"):
            setattr(year.policy, name, getattr(policy, name))
        keys = store(crowd)

        rows = {row.person_id: row for row in statements_on(year, crowd[0].on)}

        for key, person in zip(keys, crowd, strict=True):
            row = rows.get(key)
            assert (figures_of(row) if row else None) == by_rules(person, policy)
            if row:
                speaking = speaking_contract(person.contracts, person.year, person.on)
                assert speaking is not None
                assert row.main_contract.contract_id.endswith(f"-{speaking.contract_id}")
                assert row.is_in_contract == any(each.is_in_force(person.on) for each in person.contracts)
        transaction.set_rollback(True)


RANDOM = settings(
    max_examples=15,
    phases=[Phase.reuse, Phase.generate],  # shrinking ten people by way of a database takes for ever
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@RANDOM
@given(crowds(), POLICIES)
def test_sql_agrees_with_the_rules_on_150_random_people(
    crowd: list[RandomPerson], policy: EntitlementPolicy
) -> None:
    sql_agrees_with_rules(crowd, policy)


@pytest.mark.full
@settings(RANDOM, max_examples=1_000)
@given(crowds(), POLICIES)
def test_sql_agrees_with_the_rules_on_10_000_random_people(
    crowd: list[RandomPerson], policy: EntitlementPolicy
) -> None:
    sql_agrees_with_rules(crowd, policy)


MISTAKES = {
    "straight rounds down": (
        "(s.doubled * s.days + s.divisor) / (2 * s.divisor)",
        "s.doubled * s.days / (2 * s.divisor)",
    ),
    "swept rounds down": ("round(round(coalesce(w.expected, 0)", "floor(round(coalesce(w.expected, 0)"),
    "no cap": ("least(all_giving, giving_cap)", "all_giving"),
    "sickness a day late": (">= %(sickness_days)s", "> %(sickness_days)s"),
    "rows that touch are apart": ("starts_on > 1 + max(", "starts_on > max("),
    "reversed credits stand": ("AND reversal.id IS NULL", ""),
}


def make_mistake(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Put one mistake into the SQL."""
    right, wrong = MISTAKES[name]
    correct = statement_sql.figures_sql
    assert right in correct()
    monkeypatch.setattr(
        "entitlements.queries.statements.figures_sql", lambda scope: correct(scope).replace(right, wrong)
    )


@pytest.mark.parametrize("name", ["straight rounds down", "swept rounds down", "no cap"])
def test_random_people_catch_a_mistake(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    make_mistake(monkeypatch, name)

    @settings(RANDOM, max_examples=100, derandomize=True, database=None, phases=[Phase.generate])
    @given(crowds())
    def check(crowd: list[RandomPerson]) -> None:
        sql_agrees_with_rules(crowd, EntitlementPolicy())

    with pytest.raises(AssertionError):
        check()


@pytest.mark.parametrize(
    "name", ["sickness a day late", "rows that touch are apart", "reversed credits stand"]
)
def test_cases_catch_a_mistake(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    make_mistake(monkeypatch, name)

    def check() -> None:
        for case in CASES:
            person = RandomPerson(case.year, case.on, case.contracts, case.absences, tuple(credits_of(case)))
            sql_agrees_with_rules([person], EntitlementPolicy())

    with pytest.raises(AssertionError):
        check()
