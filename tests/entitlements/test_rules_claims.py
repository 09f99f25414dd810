"""The whole table of states and steps of a claim."""

import pytest

from entitlements.models import Claim, ClaimDecision
from entitlements.rules.claims import (
    ANSWER_NEEDED,
    QUESTION_NEEDED,
    REASON_NEEDED,
    ClaimState,
    ClaimStep,
    is_for_decider,
    leads_to,
    why_not,
    words_missing,
)

TABLE = {
    # state:      sent   asked         answered   verified    declined    withdrawn
    "waiting": (None, "questioned", None, "verified", "declined", "withdrawn"),
    "questioned": (None, None, "waiting", None, None, "withdrawn"),
    "verified": (None, None, None, None, None, None),
    "declined": (None, None, None, None, None, None),
    "withdrawn": (None, None, None, None, None, None),
}
STEPS = ("sent", "asked", "answered", "verified", "declined", "withdrawn")


def test_states_and_steps_are_those_of_the_tables():
    assert set(ClaimState) == set(Claim.State.values) == set(TABLE)
    assert set(ClaimStep) == set(ClaimDecision.Decision.values) == set(STEPS)


@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state(state, step):
    assert leads_to(ClaimState(state), ClaimStep(step)) == TABLE[state][STEPS.index(step)]


def test_asking_verifying_and_declining_belong_to_somebody_else():
    assert {step for step in STEPS if is_for_decider(ClaimStep(step))} == {"asked", "verified", "declined"}


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ("asked", QUESTION_NEEDED),
        ("answered", ANSWER_NEEDED),
        ("declined", REASON_NEEDED),
        ("verified", ""),
        ("withdrawn", ""),
    ],
)
def test_a_question_an_answer_and_a_no_need_words(step, missing):
    assert words_missing(ClaimStep(step), "  ") == missing
    assert words_missing(ClaimStep(step), "Because.") == ""


def test_a_refusal_names_who_was_first():
    said = why_not(ClaimState.VERIFIED, ClaimStep.DECLINED, decided_by="Helen Head")

    nameless = why_not(ClaimState.VERIFIED, ClaimStep.DECLINED)
    assert said == f"{nameless.removesuffix('.')} by Helen Head."
