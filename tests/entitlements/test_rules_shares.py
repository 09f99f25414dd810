"""What each entry adds to what counts."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from entitlements.rules.policy import CountsAs, EntitlementPolicy
from entitlements.rules.shares import capped_groups, counted_shares
from entitlements.rules.statement import CreditFacts, counted_by_group

DAY = date(2026, 11, 2)


def entry(minutes, group=CountsAs.FULL, body=""):
    return CreditFacts(minutes=minutes, occurred_on=DAY, counts_as=group, body=body)


def test_what_is_beyond_the_cap_adds_a_part_and_then_nothing():
    entries = [
        entry(300, CountsAs.COMPLIANCE),
        entry(200, CountsAs.COMPLIANCE),
        entry(60),
        entry(30, CountsAs.COMPLIANCE),
    ]

    assert counted_shares(entries, 1950, EntitlementPolicy()) == [300, 90, 60, 0]


def test_of_two_for_one_body_the_higher_counts():
    entries = [
        entry(98, CountsAs.NOMINAL, "Chartered College"),
        entry(195, CountsAs.NOMINAL, " chartered college "),
        entry(98, CountsAs.NOMINAL, "chartered college"),
    ]

    assert counted_shares(entries, 1950, EntitlementPolicy()) == [98, 97, 0]


def test_without_a_cap_everything_counts():
    policy = EntitlementPolicy(giving_cap_percent=None)

    assert counted_shares([entry(1800, CountsAs.GIVING)], 1950, policy) == [1800]
    assert capped_groups([entry(1800, CountsAs.GIVING)], 1950, policy) == []


def test_a_group_says_recorded_counted_and_cap():
    (group,) = capped_groups(
        [entry(300, CountsAs.COMPLIANCE), entry(180, CountsAs.COMPLIANCE)], 1950, EntitlementPolicy()
    )

    assert (group.recorded_minutes, group.counted_minutes, group.cap_minutes, group.is_full) == (
        480,
        390,
        390,
        True,
    )


@given(
    st.lists(
        st.builds(
            entry,
            st.integers(0, 900),
            st.sampled_from(list(CountsAs)),
            st.sampled_from(["", "CCT", "cct", "CIPD"]),
        ),
        max_size=12,
    ),
    st.integers(0, 2220),
)
def test_the_shares_sum_to_what_counts(entries, entitlement):
    policy = EntitlementPolicy()

    assert sum(counted_shares(entries, entitlement, policy)) == sum(
        counted_by_group(entries, entitlement, policy).values()
    )
