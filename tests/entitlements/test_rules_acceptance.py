"""Every acceptance case of DOMAIN section 2 through the rules and through the oracle."""

import csv
from pathlib import Path

import pytest

from entitlements.rules.accrual import carry_over_ceiling
from entitlements.rules.contracts import main_contract
from entitlements.rules.credits import credit_minutes
from entitlements.rules.policy import CountsAs, EntitlementPolicy, Unit
from entitlements.rules.statement import CreditFacts, shown_percent, statement
from tests.entitlements.acceptance import CASES, Case
from tests.entitlements.oracle import oracle

POLICY = EntitlementPolicy()
KINDS_FILE = Path(__file__).parents[2] / "entitlements" / "data" / "activity_kinds.csv"
KINDS = {row["code"]: row for row in csv.DictReader(KINDS_FILE.read_text(encoding="utf-8").splitlines())}


def credits_of(case: Case) -> list[CreditFacts]:
    """What the ledger would hold after the case's activities were imported."""
    return [
        CreditFacts(
            minutes=credit_minutes(
                Unit(KINDS[each.kind]["unit"]),
                each.amount,
                main_contract(case.contracts, each.occurred_on),
                POLICY,
                each.cpd_fraction,
            ),
            occurred_on=each.occurred_on,
            counts_as=CountsAs(KINDS[each.kind]["counts_as"]),
            is_verified=each.status == "verified",
            body=each.body,
            own_time=each.own_time,
        )
        for each in case.activities
    ]


def figures_of(case: Case) -> dict[str, object]:
    """All figures of a case as the rules see them, under the names of the table."""
    found = statement(
        case.year,
        contracts=case.contracts,
        absences=case.absences,
        entries=credits_of(case),
        policy=POLICY,
        on=case.on,
    )
    assert found is not None
    if found.target is None:
        return {"status": str(found.status)}
    return {
        "entitlement": found.target.entitlement_minutes,
        "expected": found.target.expected_minutes,
        "expected_to_date": found.target.expected_to_date_minutes,
        "carry_over_ceiling": carry_over_ceiling(
            found.target.entitlement_minutes, found.target.expected_minutes
        ),
        "recorded": found.recorded_minutes,
        "counted": found.counted_minutes,
        "planned": found.planned_minutes,
        "shortfall": found.shortfall_minutes,
        "shown_percent": shown_percent(found.counted_minutes, found.target.expected_minutes),
        "status": str(found.status),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules_give_the_figures_of_the_table(case: Case) -> None:
    found = figures_of(case)

    assert {name: found.get(name) for name in case.expected} == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_oracle_gives_the_figures_of_the_table(case: Case) -> None:
    found = oracle(case.year.start_year, case.contracts, case.absences, credits_of(case), case.on)

    told = {
        name: value
        for name, value in case.expected.items()
        if name not in {"carry_over_ceiling", "shown_percent"}
    }
    assert {name: found.get(name) for name in told} == told
