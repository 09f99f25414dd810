"""What may happen to a claim, and who may do it (R9; DESIGN invariant 4). Facts in, answers out."""

from __future__ import annotations

from enum import StrEnum


class ClaimState(StrEnum):
    """Where a claim is."""

    WAITING = "waiting"
    QUESTIONED = "questioned"
    VERIFIED = "verified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ClaimStep(StrEnum):
    """What somebody does with it."""

    SENT = "sent"
    ASKED = "asked"
    ANSWERED = "answered"
    VERIFIED = "verified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_BY_DECIDER = frozenset({ClaimStep.ASKED, ClaimStep.VERIFIED, ClaimStep.DECLINED})
_NEEDS_WORDS = frozenset({ClaimStep.ASKED, ClaimStep.ANSWERED, ClaimStep.DECLINED})
_LEADS_TO: dict[tuple[ClaimState, ClaimStep], ClaimState] = {
    (ClaimState.WAITING, ClaimStep.ASKED): ClaimState.QUESTIONED,
    (ClaimState.WAITING, ClaimStep.VERIFIED): ClaimState.VERIFIED,
    (ClaimState.WAITING, ClaimStep.DECLINED): ClaimState.DECLINED,
    (ClaimState.WAITING, ClaimStep.WITHDRAWN): ClaimState.WITHDRAWN,
    (ClaimState.QUESTIONED, ClaimStep.ANSWERED): ClaimState.WAITING,
    (ClaimState.QUESTIONED, ClaimStep.WITHDRAWN): ClaimState.WITHDRAWN,
}
QUESTION_NEEDED = "Write your question: the person reads it."
ANSWER_NEEDED = "Write an answer to the question."
REASON_NEEDED = "Say why not: the person reads it."
_MISSING_WORDS = {
    ClaimStep.ASKED: QUESTION_NEEDED,
    ClaimStep.ANSWERED: ANSWER_NEEDED,
    ClaimStep.DECLINED: REASON_NEEDED,
}


def leads_to(state: ClaimState, step: ClaimStep) -> ClaimState | None:
    """The state after the step; None where the step is not possible."""
    return _LEADS_TO.get((state, step))


def is_for_decider(step: ClaimStep) -> bool:
    """Whether the step belongs to somebody else than the claimant."""
    return step in _BY_DECIDER


def words_missing(step: ClaimStep, words: str) -> str:
    """The sentence to show where the step needs words and has none; else empty."""
    return _MISSING_WORDS[step] if step in _NEEDS_WORDS and not words.strip() else ""


def why_not(state: ClaimState, step: ClaimStep, *, decided_by: str = "") -> str:
    """Why a step is refused in this state, in a sentence; `decided_by` names who was first."""
    by = f" by {decided_by}" if decided_by else ""
    return {
        ClaimState.VERIFIED: f"This claim has been verified{by}.",
        ClaimState.DECLINED: f"This claim has been declined{by}.",
        ClaimState.WITHDRAWN: "This claim was withdrawn.",
        ClaimState.QUESTIONED: f"This claim is back with its owner: a question was asked{by}.",
        ClaimState.WAITING: "There is no question to answer: the claim waits for a decision.",
    }[state]
