"""The rules one by one: units, main contract, own time, plausibility, policy switches."""

from datetime import date
from fractions import Fraction

import pytest

from entitlements.rules.accrual import target
from entitlements.rules.contracts import (
    ContractFacts,
    distinct,
    last_day_of,
    main_contract,
    own_day,
    speaking_contract,
)
from entitlements.rules.credits import (
    CreditRefused,
    credit_minutes,
    exceeds_daily_limit,
    needs_evidence,
)
from entitlements.rules.policy import CountsAs, EntitlementPolicy, Unit
from entitlements.rules.rounding import half_up
from entitlements.rules.statement import (
    CreditFacts,
    alerts_own_time,
    counted_by_group,
    own_time_minutes,
    shown_percent,
)
from tests.entitlements.acceptance import SEP, TA, TEACHER, YEAR, contract

POLICY = EntitlementPolicy()


@pytest.mark.parametrize(
    ("exact", "whole"),
    [
        ("0", 0),
        ("1/2", 1),
        ("3/2", 2),
        ("5/2", 3),
        ("2.4999999999", 2),
        ("-1/2", -1),
        ("-7", -7),
    ],
)
def test_half_up_rounds_an_exact_half_away_from_zero(exact: str, whole: int) -> None:
    assert half_up(Fraction(exact)) == whole


@pytest.mark.parametrize(
    ("unit", "amount", "post", "minutes"),
    [
        (Unit.MINUTES, 50, None, 50),
        (Unit.DAY, 1, TEACHER[0], 390),
        (Unit.DAY, 1, TA[0], 300),
        (Unit.DAY, 2, contract(fte="0.6", days="3"), 780),
        (Unit.DAY, 1, contract("support", "1/3"), 148),
        (Unit.HALF_DAY, 1, TEACHER[0], 195),
        (Unit.HALF_DAY, 1, contract(fte="0.6"), 117),
        (Unit.NOMINAL_0_25, 1, TEACHER[0], 98),
        (Unit.NOMINAL_0_50, 1, TA[0], 150),
        # A nominal day is day_value × fte, however many days the week has.
        (Unit.NOMINAL_1_00, 1, contract(fte="0.6", days="3"), 234),
    ],
)
def test_credit_is_worth_the_persons_own_time(
    unit: Unit, amount: int, post: ContractFacts | None, minutes: int
) -> None:
    assert credit_minutes(unit, amount, post, POLICY) == minutes


def test_share_that_is_cpd_is_applied_before_rounding() -> None:
    # A quarter of 390 is 97.5, a half of that 48.75; rounding first would give 49 as well,
    # but a third of 97.5 is 32.5 and goes up, where 98 ÷ 3 would not.
    assert credit_minutes(Unit.NOMINAL_0_25, 1, TEACHER[0], POLICY, Fraction(1, 3)) == 33


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.MINUTES])
@pytest.mark.parametrize("post", [None, contract("casual", "0.5")], ids=["none", "casual"])
def test_days_without_a_contract_are_refused(unit: Unit, post: ContractFacts | None) -> None:
    with pytest.raises(CreditRefused):
        credit_minutes(unit, 1, post, POLICY)


@pytest.mark.parametrize(("amount", "share"), [(0, 1), (-30, 1), (60, 2), (60, -1)])
def test_senseless_amounts_are_refused(amount: int, share: int) -> None:
    with pytest.raises(CreditRefused):
        credit_minutes(Unit.MINUTES, amount, None, POLICY, share)


def test_main_contract_is_the_marked_one() -> None:
    small = contract(fte="0.2", contract_id="C9", is_main=True)

    assert main_contract([contract(), small], SEP) == small


def test_main_contract_is_the_bigger_one_where_none_is_marked() -> None:
    bigger = contract(fte="0.5", contract_id="C9")

    assert main_contract([contract(fte="0.4"), bigger], SEP) == bigger


def test_main_contract_is_the_lowest_id_where_all_else_is_equal() -> None:
    assert main_contract([contract(contract_id="C9"), contract()], SEP) == contract()


def test_main_contract_is_in_force_on_the_date() -> None:
    ended = contract(ends_on=date(2026, 9, 1), contract_id="C0", is_main=True)

    assert main_contract([ended, contract()], SEP) == contract()
    assert main_contract([ended], SEP) is None


def test_leaver_is_spoken_for_by_the_contract_they_left() -> None:
    first = contract(ends_on=date(2026, 10, 31))
    last = contract("support", ends_on=date(2027, 1, 31), contract_id="C2")

    assert speaking_contract([first, last], YEAR, date(2027, 3, 1)) == last


def test_starter_is_spoken_for_by_the_contract_to_come() -> None:
    coming = contract(starts_on=date(2027, 1, 1))

    assert speaking_contract([coming], YEAR, SEP) == coming
    assert speaking_contract([contract(starts_on=date(2028, 1, 1))], YEAR, SEP) is None


@pytest.mark.parametrize(
    ("ends", "last"),
    [
        ([], YEAR.last_day),
        ([None], YEAR.last_day),
        ([date(2028, 1, 1)], YEAR.last_day),
        ([date(2027, 3, 31)], date(2027, 3, 31)),
        ([date(2027, 3, 31), date(2027, 1, 1)], date(2027, 3, 31)),
        ([date(2027, 3, 31), None], YEAR.last_day),
        ([date(2026, 8, 31)], YEAR.last_day),
    ],
)
def test_the_last_day_is_that_of_the_last_contract_of_the_year(ends, last):
    contracts = [contract(starts_on=date(2026, 1, 1), ends_on=end) for end in ends]

    assert last_day_of(contracts, YEAR) == last


def test_identical_rows_with_one_id_are_one_contract() -> None:
    assert distinct([contract(), contract()]) == [contract()]


def test_differing_rows_with_one_id_are_an_error() -> None:
    with pytest.raises(ValueError, match="C1 appears twice"):
        distinct([contract(), contract(fte="0.5")])


def test_own_day_follows_hours_and_days_per_week() -> None:
    assert own_day(contract(fte="0.6", days="3"), POLICY) == 390
    assert own_day(TA[0], POLICY) == 300
    assert own_day(contract("casual"), POLICY) is None


def test_part_timers_are_owed_all_of_it_where_the_policy_says_so() -> None:
    generous = EntitlementPolicy(pro_rata_part_time=False)
    posts = [contract(fte="0.2"), contract("support", "0.2", contract_id="C2")]

    found = target(YEAR, posts, (), generous, SEP)

    # Half of it at 390 and half at 444 a day.
    assert found.entitlement_minutes == 2085


def test_a_cap_of_none_is_no_cap_and_nought_counts_nothing() -> None:
    given = [
        CreditFacts(900, SEP, CountsAs.GIVING),
        CreditFacts(900, SEP, CountsAs.COMPLIANCE),
    ]
    policy = EntitlementPolicy(giving_cap_percent=None, compliance_cap_percent=0)

    counted = counted_by_group(given, 1950, policy)

    assert (counted[CountsAs.GIVING], counted[CountsAs.COMPLIANCE]) == (900, 0)


def test_cap_is_rounded_half_up() -> None:
    # 20% of 1,948 is 389.6; 25% of 1,950 is an exact 487.5.
    assert POLICY.cap_minutes(CountsAs.GIVING, 1948) == 390
    quarter = EntitlementPolicy(giving_cap_percent=25)
    assert quarter.cap_minutes(CountsAs.GIVING, 1950) == 488


@pytest.mark.parametrize(
    ("counted", "expected", "percent"),
    [
        (0, 1950, 0),
        (1949, 1950, 99),
        (1950, 1950, 100),
        (11700, 1500, 100),
        (0, 0, 100),
    ],
)
def test_percentage_stops_at_100(counted: int, expected: int, percent: int) -> None:
    assert shown_percent(counted, expected) == percent


def test_own_time_is_a_share_of_what_counts() -> None:
    given = [
        CreditFacts(300, SEP),
        CreditFacts(390, SEP, CountsAs.GIVING),
        CreditFacts(390, SEP, CountsAs.GIVING, own_time=True),
    ]

    own = own_time_minutes(given, 1950, POLICY)

    # 390 of giving count, half of them own time.
    assert own == 195
    assert not alerts_own_time(own, 690, POLICY)


def test_own_time_alerts_above_and_not_at_the_share() -> None:
    assert not alerts_own_time(400, 1000, POLICY)
    assert alerts_own_time(401, 1000, POLICY)
    assert own_time_minutes([], 1950, POLICY) == 0


def test_daily_limit_is_600_minutes_and_not_one_more() -> None:
    assert not exceeds_daily_limit(600, POLICY)
    assert exceeds_daily_limit(601, POLICY)


def test_claim_of_an_own_day_needs_evidence() -> None:
    assert needs_evidence(300, 300, POLICY)
    assert not needs_evidence(299, 300, POLICY)
