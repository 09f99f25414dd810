"""Who may do an NPQ, and whether it is paid for, in words (DOMAIN section 3, "NPQs", November 2026)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

TRN_ON_RECORD = "You need a teacher reference number (TRN). Yours is on record."
TRN_TO_ASK_FOR = (
    "You need a teacher reference number (TRN). Anybody can ask for one; you need not be a teacher."
)
FOR_ALL_STAFF = "For all staff of state schools, as long as there are places."


@dataclass(frozen=True)
class SchoolFacts:
    """What funding asks of a school; None where nobody has looked it up."""

    is_top_half: bool | None = None
    is_rise: bool | None = None


@dataclass(frozen=True)
class Learner:
    """What funding asks of a person."""

    has_trn: bool
    school: SchoolFacts
    is_lead_mentor: bool = False
    is_early_head: bool = False
    funded_before: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """Whether it is funded (None: not known yet), and why, in a sentence."""

    is_funded: bool | None
    words: str


ALL_SCHOOLS: Final = "all_publicly_funded"
EARLY_YEARS: Final = "publicly_funded_early_years_and_schools"
TOP_HALF: Final = "pp50_or_rise"
LEAD_MENTORS: Final = "pp50_or_rise_or_itt_lead_mentor"
EARLY_HEADS: Final = "first_5_years_of_headship_with_NPQH"
_TEACHING: Final = frozenset({"teacher", "leadership"})
_SELF_FUNDED: Final = "Ask the people team: the school or the trust may pay."


@dataclass(frozen=True)
class Npq:
    """What the people team's table says of an NPQ: its rule (one of those above), its status and its sentence."""

    code: str
    rule: str = ""
    status: str = "funded"
    words: str = ""


def funding_of(npq: Npq, learner: Learner) -> Answer:
    """Whether the Department for Education pays for this NPQ for this person, and why.

    One funded attempt of each NPQ. Qualified teacher status is never asked for: NPQs are for support staff with
    leadership roles too. Where no rule is given, the status decides: all schools, or some.
    """
    if npq.code in learner.funded_before:
        return Answer(False, f"You have had your one funded attempt of this. {_SELF_FUNDED}")
    if npq.status == "unconfirmed":
        return Answer(None, f"Not confirmed yet. {_SELF_FUNDED}")
    if npq.status not in ("funded", "school_rule"):
        return Answer(False, npq.words or f"Not paid for from public money now. {_SELF_FUNDED}")
    return _by_rule(npq.rule or (ALL_SCHOOLS if npq.status == "funded" else TOP_HALF), learner)


def _by_rule(rule: str, learner: Learner) -> Answer:
    if rule in (ALL_SCHOOLS, EARLY_YEARS):
        return Answer(True, FOR_ALL_STAFF)
    if rule == EARLY_HEADS:
        if learner.is_early_head:
            return Answer(
                None, "In your first five years as head, if you hold or are doing the NPQ in headship."
            )
        return Answer(False, "Only for heads in their first five years.")
    if rule == LEAD_MENTORS and learner.is_lead_mentor:
        return Answer(True, "You are a lead mentor in teacher training.")
    return _by_school(learner.school)


def is_npq_for(staff_groups: Collection[str], *, leads_people: bool) -> bool:
    """Whether an NPQ is offered to somebody without their asking: who teaches, leads a school, or leads people.

    Support staff who lead are meant too; qualified teacher status is never asked for.
    """
    return leads_people or not _TEACHING.isdisjoint(staff_groups)


def trn_words(learner: Learner) -> str:
    """Whether somebody can register at all."""
    if learner.has_trn:
        return TRN_ON_RECORD
    return TRN_TO_ASK_FOR


def _by_school(school: SchoolFacts) -> Answer:
    if school.is_top_half:
        return Answer(True, "Your school is in the half with most pupil premium. Places are limited.")
    if school.is_rise:
        return Answer(True, "Your school is in the RISE programme. Places are limited.")
    if school.is_top_half is None or school.is_rise is None:
        return Answer(None, "Paid only in some schools. Nobody has looked yours up yet: ask the people team.")
    return Answer(False, f"Not for your school this year. {_SELF_FUNDED}")
