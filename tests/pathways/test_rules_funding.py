"""What the funding rules refuse, at their boundaries (DOMAIN section 4)."""

from dataclasses import replace
from datetime import date

import pytest

from pathways.rules.funding import (
    LEVY_COSTS_NOTHING,
    UNCONFIRMED,
    FundingFacts,
    RouteFacts,
    ages_words,
    funding_short,
    hours_needed,
    is_open_to_levy,
    least_hours,
    levy_pays_up_to,
    no_start_after,
    payers_of,
    refusals,
    too_few_hours,
    trust_share_pence,
    what_is_refused,
    who_pays,
)
from staff.wording import date_words, listed

LAST = date(2026, 8, 31)
WITHDRAWN = RouteFacts(
    "apprenticeship",
    "Team leader",
    status="withdrawn",
    last_start_on=LAST,
    alternatives=("Data technician", "Associate project manager"),
    other_ways="the Leadership Academy",
)
SENIOR = RouteFacts(
    "apprenticeship",
    "Senior leader",
    status="age_limited",
    last_start_on=date(2025, 12, 31),
    youngest=16,
    oldest=21,
)
PLAIN = RouteFacts("apprenticeship", "Teaching assistant")


def _asked(route, **more):
    return FundingFacts(route, "levy", **{"starts_on": date(2027, 9, 1), **more})


def _fields(facts):
    return [one.field for one in refusals(facts)]


@pytest.mark.parametrize(
    ("starts_on", "is_refused"), [(date(2026, 8, 30), False), (LAST, False), (date(2026, 9, 1), True)]
)
def test_withdrawn_standard_is_paid_up_to_its_last_start(starts_on, is_refused):
    assert bool(refusals(_asked(WITHDRAWN, starts_on=starts_on))) is is_refused
    assert is_open_to_levy(WITHDRAWN, starts_on) is not is_refused


def test_refusal_says_why_and_names_every_other_way():
    sentence = refusals(_asked(WITHDRAWN))[0].sentence

    ways = listed([*WITHDRAWN.alternatives, WITHDRAWN.other_ways])
    for fact in (WITHDRAWN.title, date_words(LAST), date_words(date(2027, 9, 1)), ways):
        assert fact in sentence


def test_a_school_may_pay_privately_for_a_withdrawn_standard():
    assert refusals(replace(_asked(WITHDRAWN), funded_by="private")) == []


# Reviewed by hand: who may pay for what. Nobody else may.
MAY_PAY = {
    "apprenticeship": {"levy", "private"},
    "masters": {"trust"},
    "npq": {"dfe", "trust", "private"},
    "chartered": {"trust", "private"},
    "teacher_training": {"dfe", "trust", "private"},
}


@pytest.mark.parametrize("kind", list(MAY_PAY))
@pytest.mark.parametrize("payer", ["levy", "dfe", "trust", "private"])
def test_each_kind_has_its_payers(kind, payer):
    fields = _fields(replace(_asked(RouteFacts(kind, "Any")), funded_by=payer))

    assert fields == ([] if payer in MAY_PAY[kind] else ["funded_by"])
    assert set(payers_of(kind)) == MAY_PAY[kind]


@pytest.mark.parametrize("payer", ["levy", "private"])
def test_hours_and_length_hold_whoever_pays(payer):
    asked = replace(_asked(PLAIN, ends_on=date(2027, 12, 1)), funded_by=payer, is_checked=True, hours=186)

    assert _fields(asked) == ["planned_ends_on", "off_job_hours"]


@pytest.mark.parametrize(("months", "fields"), [(7, ["planned_ends_on"]), (8, []), (None, [])])
def test_without_an_end_the_usual_length_of_the_route_counts(months, fields):
    assert _fields(_asked(replace(PLAIN, typical_months=months))) == fields


def test_start_is_asked_about_with_the_day_itself():
    begun = _asked(WITHDRAWN, starts_on=date(2026, 9, 1), is_begun=True)

    assert refusals(begun)[0].field == "planned_starts_on"
    assert date_words(date(2026, 9, 1)) in refusals(begun)[0].sentence
    assert refusals(begun) != refusals(replace(begun, is_begun=False))
    assert refusals(replace(begun, starts_on=LAST)) == []


@pytest.mark.parametrize(
    ("starts_on", "declared", "is_refused"),
    [
        (date(2025, 12, 31), False, False),
        (date(2026, 1, 1), False, True),
        (date(2026, 1, 1), True, False),
        (None, False, True),
    ],
)
def test_level_seven_needs_the_age_from_january_2026(starts_on, declared, is_refused):
    fields = _fields(_asked(SENIOR, starts_on=starts_on, is_age_declared=declared))

    assert fields == (["is_age_declared"] if is_refused else [])


def test_age_limit_without_a_date_holds_always():
    route = RouteFacts(
        "apprenticeship", "Administration assistant", status="age_limited", oldest=24, youngest=16
    )

    assert _fields(_asked(route)) == ["is_age_declared"]
    assert ages_words(route) in refusals(_asked(route))[0].sentence


@pytest.mark.parametrize(
    ("ends_on", "is_refused"),
    [(date(2028, 4, 30), True), (date(2028, 5, 1), False), (None, False)],
)
def test_apprenticeship_takes_eight_months_at_least(ends_on, is_refused):
    assert bool(_fields(_asked(PLAIN, ends_on=ends_on))) is is_refused


def test_second_funded_programme_is_refused():
    assert _fields(_asked(PLAIN, is_on_other_programme=True)) == ["is_on_other_funded_programme"]


@pytest.mark.parametrize(
    ("of_standard", "hours", "sentence"),
    [
        (None, 187, ""),
        (None, 186, too_few_hours(186, 187)),
        (None, None, hours_needed(187)),
        (487, 486, too_few_hours(486, 487)),
        (487, 487, ""),
        (100, 186, too_few_hours(186, 187)),
    ],
)
def test_off_job_hours_reach_the_least_of_the_standard_and_of_all(of_standard, hours, sentence):
    asked = _asked(replace(PLAIN, least_hours=of_standard), is_checked=True, hours=hours)

    assert [one.sentence for one in refusals(asked)] == ([sentence] if sentence else [])
    assert refusals(replace(asked, is_checked=False)) == []


def test_unconfirmed_funding_may_be_asked_for_and_waits_for_who_confirmed_it():
    route = replace(PLAIN, status="unconfirmed")
    checked = _asked(route, is_checked=True, hours=300)

    assert refusals(_asked(route)) == []
    assert [one.sentence for one in refusals(checked)] == [UNCONFIRMED]
    assert refusals(replace(checked, confirmed="Provider, by phone on 3 December")) == []


def test_levy_pays_for_apprenticeships_only():
    assert _fields(_asked(RouteFacts("masters", "MBA", status="trust"))) == ["funded_by"]


def test_only_apprenticeships_have_least_hours():
    assert least_hours(RouteFacts("npq", "NPQ: Headship")) is None
    assert least_hours(PLAIN) == 187


def test_trust_share_is_rounded_down():
    assert trust_share_pence(320_001, 75) == 240_000
    assert trust_share_pence(320_000, 0) == 0
    assert trust_share_pence(320_000, 100) == 320_000


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (WITHDRAWN, "No longer funded for new starts"),
        (SENIOR, "Funded at ages 16 to 21"),
        (PLAIN, "Paid by the apprenticeship levy"),
        (RouteFacts("npq", "NPQ", status="school_rule"), "Funded in some schools"),
    ],
)
def test_list_says_the_funding_in_few_words(route, words):
    assert funding_short(route) == words


def test_page_says_that_nobody_repays_an_apprenticeship_and_what_the_levy_refuses():
    assert who_pays(PLAIN)[0] == LEVY_COSTS_NOTHING
    assert no_start_after(LAST) in what_is_refused(WITHDRAWN)
    assert no_start_after(LAST) not in what_is_refused(replace(PLAIN, last_start_on=LAST))
    assert levy_pays_up_to(500_000) not in who_pays(replace(WITHDRAWN, most_pence=500_000))
    assert levy_pays_up_to(700_000) in who_pays(replace(PLAIN, most_pence=700_000))
    assert what_is_refused(RouteFacts("npq", "NPQ: Headship")) == []
