"""Why is my target what it is: the sentences, and that they never name a cause."""

from datetime import date
from fractions import Fraction

import pytest

from entitlements.rules.absences import AbsenceFacts
from entitlements.rules.contracts import ContractFacts
from entitlements.rules.explanation import Explanation, explain_target
from entitlements.rules.policy import EntitlementPolicy
from tests.entitlements.acceptance import TA, TEACHER, YEAR, absence, contract

ON = date(2026, 11, 24)


def explain(
    posts: tuple[ContractFacts, ...],
    absences: tuple[AbsenceFacts, ...] = (),
    policy: EntitlementPolicy | None = None,
) -> Explanation:
    return explain_target(YEAR, posts, absences, policy or EntitlementPolicy(), ON)


def test_full_timer_is_told_the_promise_and_the_sum() -> None:
    found = explain(TEACHER)

    assert found.in_words == "5 days"
    assert found.sentences == (
        (
            "Everyone is owed 5 CPD days a year. In your work a full-time day is 6 hours 30 minutes, "
            "so 32 hours 30 minutes in a full-time year."
        ),
        "That makes 32 hours 30 minutes, which is 5 days of your own working day (6 hours 30 minutes).",
    )


def test_part_timer_is_told_their_share_in_their_own_day() -> None:
    found = explain(TA)

    assert (found.target_minutes, found.day_minutes) == (1500, 300)
    assert found.sentences[1] == ("You work about 68% of full time, and the target follows your hours.")


def test_change_of_hours_is_told_with_its_date() -> None:
    posts = (
        contract(fte="0.6", ends_on=date(2026, 12, 31)),
        contract(starts_on=date(2027, 1, 1), contract_id="C2"),
    )

    assert explain(posts).sentences[1] == (
        "You work 60% of full time until 31 Dec 2026, then full time, and the target follows your hours."
    )


def test_starter_and_leaver_are_told_which_days_count() -> None:
    found = explain((contract(starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31)),))

    assert found.sentences[1] == (
        "Your contract starts on 1 Jan 2027 and ends on 31 Mar 2027, so 90 of the year’s 365 days count."
    )


def test_several_jobs_are_counted_together() -> None:
    posts = (contract(fte="0.8"), contract("support", "0.5", contract_id="C2"))

    assert explain(posts).sentences[1] == (
        "You work 2 jobs (80% of full time and 50% of full time), counted together as full time, "
        "and the target follows your hours."
    )


@pytest.mark.parametrize("absence_class", ["family", "sickness", "unpaid", "secondment"])
def test_absence_is_told_by_its_dates_and_never_by_its_cause(
    absence_class: str,
) -> None:
    away = (absence(absence_class, date(2026, 11, 1), date(2027, 4, 30)),)

    found = explain(TEACHER, away)

    assert found.sentences[1] == (
        "Your time away (1 Nov 2026 to 30 Apr 2027) takes 16 hours 7 minutes off what is expected of you."
    )
    said = " ".join(found.sentences).lower()
    assert [word for word in (absence_class, "sick", "maternity", "leave") if word in said] == []


def test_casual_worker_is_told_that_nothing_is_owed() -> None:
    found = explain((contract("casual"),))

    assert (found.target_minutes, len(found.sentences)) == (None, 1)


def test_policy_without_pro_rata_says_so() -> None:
    found = explain((contract(fte="0.5"),), policy=EntitlementPolicy(pro_rata_part_time=False))

    assert found.sentences[1] == ("You work 50% of full time; part-time staff are owed the full 5 days.")
    assert found.target_minutes == 1950


def test_sum_is_the_statements_expected() -> None:
    posts = (contract(fte=str(Fraction(7, 11)), starts_on=date(2026, 10, 3)),)

    assert explain(posts).target_minutes == 1132
