"""What has to be found out before a request goes on, by kind of route and payer (DOMAIN section 4, step 4)."""

from dataclasses import replace
from datetime import date

import pytest

from pathways.models import Route, RouteCheck
from pathways.rules.funding import payers_of
from pathways.rules.request_checks import MUST_BE_MET, Found, gaps, must_be_met

ALL_MET = dict.fromkeys(RouteCheck.Kind.values, ("met", ""))
LEVY = Found(
    "apprenticeship",
    "levy",
    is_payer_confirmed=True,
    outcomes=ALL_MET,
    price_pence=500_000,
    forecast_pence=0,
    ends_on=date(2028, 9, 1),
)
MASTERS = Found("masters", "trust", is_payer_confirmed=True, outcomes=ALL_MET, has_fees=True)


def _fields(found):
    return [one.field for one in gaps(found)]


@pytest.mark.parametrize("found", [LEVY, MASTERS])
def test_nothing_is_missing_where_all_is_found(found):
    assert gaps(found) == []


@pytest.mark.parametrize(
    ("found", "fields"),
    [
        (replace(LEVY, is_payer_confirmed=False), ["confirmed_payer"]),
        (replace(LEVY, price_pence=None), ["price"]),
        (replace(LEVY, forecast_pence=None), ["levy_forecast"]),
        (replace(LEVY, ends_on=None), ["planned_ends_on"]),
        (replace(LEVY, payer="private", forecast_pence=None), []),
        (replace(MASTERS, has_fees=False), [""]),
        (replace(MASTERS, kind="npq", payer="dfe", has_fees=False), []),
        (replace(MASTERS, kind="npq", payer="trust", has_fees=False), ["price"]),
    ],
)
def test_each_kind_has_its_content(found, fields):
    assert _fields(found) == fields


# Reviewed by hand: the checks that never "do not apply".
ALWAYS = {
    ("apprenticeship", "levy"): {
        "contract",
        "right_to_work",
        "hours",
        "provider",
        "funding",
        "programme",
        "levy",
    },
    ("apprenticeship", "private"): {"contract", "right_to_work", "hours", "provider"},
    ("masters", "trust"): {"contract"},
    ("npq", "dfe"): {"contract", "provider"},
    ("npq", "trust"): {"contract", "provider"},
    ("npq", "private"): {"contract", "provider"},
    ("chartered", "trust"): {"contract"},
    ("chartered", "private"): {"contract"},
    ("teacher_training", "dfe"): {"contract"},
    ("teacher_training", "trust"): {"contract"},
    ("teacher_training", "private"): {"contract"},
}


def test_every_kind_and_payer_is_stated():
    assert set(ALWAYS) == {(kind, payer) for kind in Route.Kind.values for payer in payers_of(kind)}
    assert set(MUST_BE_MET) == set(Route.Kind.values)


@pytest.mark.parametrize(("kind", "payer"), list(ALWAYS))
def test_some_checks_cannot_be_left_out_and_others_not_without_a_word(kind, payer):
    """Every check as "does not apply", without a word: which of them are refused, and how."""
    found = replace(LEVY, kind=kind, payer=payer, has_fees=True)
    silent = {"age"} | ({"hours"} if kind != "apprenticeship" else set())
    silent |= {"levy"} if payer != "levy" else set()
    for check in RouteCheck.Kind.values:
        bare = replace(found, outcomes={**ALL_MET, check: ("not_needed", " ")})
        told = replace(found, outcomes={**ALL_MET, check: ("not_needed", "Not at this school.")})
        always = check in ALWAYS[kind, payer]
        expected = [f"{check}_outcome"] if always else [] if check in silent else [f"{check}_words"]

        assert _fields(bare) == expected, check
        assert _fields(told) == ([f"{check}_outcome"] if always else []), check


def test_age_has_to_be_met_where_the_levy_pays_at_some_ages():
    assert "age" in must_be_met(replace(LEVY, has_ages=True))
    assert "age" not in must_be_met(replace(LEVY, has_ages=True, payer="private"))
