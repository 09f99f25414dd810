"""Claiming CPD done elsewhere, deciding about it, and what follows in the account (R9, R15).

Every step runs under the claim's row lock and leaves a decision row with who, when and why. A claim that
waits is planned; a verified one is credited.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from entitlements.actions import claim_letters as letters
from entitlements.actions.ledger import Credit, credit, plan_many, unplan_many
from entitlements.evidence import EvidenceRefused, inspect
from entitlements.models import AcademicYear, ActivityKind, Claim, ClaimDecision
from entitlements.queries.claims import OPEN_STATES, contract_on, minutes_of_claim, minutes_on_date
from entitlements.queries.facts import policy_of, years_for
from entitlements.queries.statements import counted_in
from entitlements.rules.claims import ClaimState, ClaimStep, is_for_decider, leads_to, why_not, words_missing
from entitlements.rules.contracts import own_day
from entitlements.rules.credits import CreditRefused, exceeds_daily_limit, needs_evidence
from entitlements.rules.policy import CountsAs, Unit
from entitlements.rules.sentences import what_it_adds
from staff.models import Person
from staff.queries.deciders import deciders_for, first_asked, may_decide_about
from staff.refusals import ActionRefused
from staff.wording import date_words, in_london

STILL_TO_COME = "This date is still to come. Claim what you have done already."
EVIDENCE_NEEDED = (
    "A claim of a day or more needs evidence, such as a certificate or a photo of the programme."
)


class ClaimRefused(ActionRefused):
    """A refusal that belongs to one field of the form."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def send_claim(
    *,
    person: Person,
    kind: ActivityKind,
    occurred_on: date,
    title: str,
    learned: str,
    by: Person,
    now: datetime,
    minutes: int | None = None,
    amount: Decimal | None = None,
    body: str = "",
    is_own_time: bool = False,
    evidence: UploadedFile | None = None,
) -> Claim:
    """Claim CPD done elsewhere; it waits for whoever decides, who gets a mail.

    The same claim sent again while it is open gives the one that is there. Raises ClaimRefused, which
    names the field: a date to come, in a closed or unknown year or without a contract where days are
    claimed; above the plausible minutes of a date (R15); a day or more without evidence (R9).
    """
    if by != person:
        raise ActionRefused("You can only claim for yourself.")
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    claim = Claim(
        person=person,
        kind=kind,
        occurred_on=occurred_on,
        minutes=minutes,
        amount=amount,
        title=title.strip(),
        body=body.strip(),
        learned=learned.strip(),
        is_own_time=is_own_time,
        created_at=now,
        waiting_since_at=now,
    )
    if there := _same_and_open(claim):
        return there
    worth = _check(claim, has_evidence=evidence is not None, today=_today(now))
    if evidence is not None:
        _attach(claim, evidence)
    claim.save()
    decision = _note(claim, ClaimStep.SENT, by, "", now)
    _plan(claim, worth, now)
    # The plan's row has waited for the closing of its year, where that was under way, and none begins now.
    _refuse_closed(AcademicYear.objects.get(starts_on__lte=claim.occurred_on, ends_on__gte=claim.occurred_on))
    _tell_decider(claim, decision, now)
    return claim


@transaction.atomic
def verify_claim(*, claim_id: int, by: Person, now: datetime, words: str = "") -> Claim:
    """Say that it happened: it is credited at once. Said twice by the same person it is the same.

    Raises ActionRefused for somebody who may not decide about the claimant, never oneself; where somebody
    else was first; where it no longer passes the checks of `send_claim`.
    """
    claim, is_done = _step(claim_id, ClaimStep.VERIFIED, by=by, words=words, now=now)
    if is_done:
        return claim
    today = _today(now)
    worth = _check(claim, has_evidence=bool(claim.evidence), today=today)
    year = years_for([claim.occurred_on])[claim.occurred_on]
    unplan_many([plan_key(claim)], today=today)
    before = counted_in(year, claim.person)
    entry = credit(_credit_of(claim, worth, f"{plan_key(claim)}:1"), by=by, today=today)
    after = counted_in(year, claim.person)
    added = None if before is None or after is None else after - before
    counts_as = CountsAs(claim.kind.counts_as)
    says = what_it_adds(entry.minutes, added, counts_as, policy_of(year), year=year.name)
    return _settle(claim, ClaimStep.VERIFIED, by, words, now, says=says)


@transaction.atomic
def ask_about_claim(*, claim_id: int, by: Person, now: datetime, words: str) -> Claim:
    """Return it with a question. It stays planned and goes on waiting once it is answered.

    Raises ActionRefused as `verify_claim` does, and without a question.
    """
    claim, is_done = _step(claim_id, ClaimStep.ASKED, by=by, words=words, now=now)
    return claim if is_done else _settle(claim, ClaimStep.ASKED, by, words, now)


@transaction.atomic
def decline_claim(*, claim_id: int, by: Person, now: datetime, words: str) -> Claim:
    """Say that it does not count, and why. Raises ActionRefused as `verify_claim` does, and without a reason."""
    claim, is_done = _step(claim_id, ClaimStep.DECLINED, by=by, words=words, now=now)
    if is_done:
        return claim
    unplan_many([plan_key(claim)], today=_today(now))
    return _settle(claim, ClaimStep.DECLINED, by, words, now)


@transaction.atomic
def answer_question(
    *, claim_id: int, by: Person, now: datetime, words: str, evidence: UploadedFile | None = None
) -> Claim:
    """Answer the question, with a file where it asked for one: the claim waits again, from now on.

    Raises ActionRefused for anybody but the claimant, without words, and where nothing was asked.
    """
    claim, is_done = _step(claim_id, ClaimStep.ANSWERED, by=by, words=words, now=now)
    if is_done:
        return claim
    if evidence is not None:
        _attach(claim, evidence)
    claim.waiting_since_at = now
    decision = _settle_row(claim, ClaimStep.ANSWERED, by, words, now)
    _tell_decider(claim, decision, now)
    return claim


@transaction.atomic
def withdraw_claim(*, claim_id: int, by: Person, now: datetime) -> Claim:
    """Take it back. Raises ActionRefused for anybody but the claimant and once it is decided."""
    claim, is_done = _step(claim_id, ClaimStep.WITHDRAWN, by=by, words="", now=now)
    if is_done:
        return claim
    unplan_many([plan_key(claim)], today=_today(now))
    _settle_row(claim, ClaimStep.WITHDRAWN, by, "", now)
    return claim


# What every step does ---------------------------------------------------------------------
def _step(claim_id: int, step: ClaimStep, *, by: Person, words: str, now: datetime) -> tuple[Claim, bool]:
    """The claim under its lock, and whether this very step was taken by this person before."""
    claim = (
        Claim.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person", "kind")
        .get(pk=claim_id)
    )
    if is_for_decider(step):
        if not may_decide_about(by, claim.person, _today(now)):
            raise ActionRefused("Somebody else has to decide about this.")
    elif by != claim.person:
        raise ActionRefused("Only the person who claimed it can do this.")
    state = ClaimState(claim.state)
    if leads_to(state, step) is None:
        last = claim.decisions.select_related("actor").last()
        if last and last.decision == step and last.actor_id == by.pk and last.words == words.strip():
            return claim, True
        first = last.actor if last else None
        raise ActionRefused(why_not(state, step, decided_by=first.full_name if first else ""))
    if missing := words_missing(step, words):
        raise ClaimRefused("words", missing)
    return claim, False


def _settle(claim: Claim, step: ClaimStep, by: Person, words: str, now: datetime, *, says: str = "") -> Claim:
    """Write a decider's step and tell the claimant, with what follows from it."""
    decision = _settle_row(claim, step, by, words, now)
    letters.tell_claimant(claim, decision, now=now, says=says)
    return claim


def _settle_row(claim: Claim, step: ClaimStep, by: Person, words: str, now: datetime) -> ClaimDecision:
    after = leads_to(ClaimState(claim.state), step)
    if after is None:  # every caller has been through _step
        raise AssertionError(f"{step} in {claim.state}")
    claim.state = after
    claim.save()
    return _note(claim, step, by, words, now)


def _note(claim: Claim, step: ClaimStep, by: Person, words: str, now: datetime) -> ClaimDecision:
    return ClaimDecision.objects.create(
        claim=claim, claimant=claim.person, actor=by, decision=step, words=words.strip(), made_at=now
    )


def _tell_decider(claim: Claim, decision: ClaimDecision, now: datetime) -> None:
    """Mail to the nearest decider and whoever stands in for them; the others find it in the inbox."""
    for one in first_asked(deciders_for([claim.person_id], _today(now))[claim.person_id]):
        letters.tell_decider(claim, decision, one.person, now=now)


def year_is_closed(year: AcademicYear, closed_at: datetime) -> str:
    """Why nothing of that year can be claimed any more."""
    return f"The year {year} was closed on {date_words(closed_at)}, so nothing can be added to it."


def _refuse_closed(year: AcademicYear) -> None:
    if year.closed_at is not None:
        raise ClaimRefused("occurred_on", year_is_closed(year, year.closed_at))


# The checks of R9 and R15 -----------------------------------------------------------------
def _check(claim: Claim, *, has_evidence: bool, today: date) -> int:
    """What the claim is worth in whole minutes. Raises ClaimRefused."""
    if claim.occurred_on > today:
        raise ClaimRefused("occurred_on", STILL_TO_COME)
    year = (
        AcademicYear.objects.select_related("policy")
        .filter(starts_on__lte=claim.occurred_on, ends_on__gte=claim.occurred_on)
        .first()
    )
    if year is None:
        raise ClaimRefused("occurred_on", "The portal keeps no account of that year.")
    _refuse_closed(year)
    if not claim.kind.may_be_claimed:
        raise ClaimRefused("kind", "This is recorded by a register, so it cannot be claimed.")
    contract = contract_on(claim.person, claim.occurred_on)
    policy = policy_of(year)
    try:
        worth = minutes_of_claim(claim, contract, policy)
    except CreditRefused as refused:
        raise ClaimRefused("occurred_on", str(refused)) from refused
    if not Unit(claim.kind.unit).is_nominal:
        others = minutes_on_date(claim.person, claim.occurred_on, but=claim)
        if exceeds_daily_limit(others + worth, policy):
            raise ClaimRefused("duration", _too_much(claim, others, policy.daily_minutes_limit))
    day = own_day(contract, policy) if contract else None
    if not has_evidence and day and needs_evidence(worth, day, policy):
        raise ClaimRefused("evidence", EVIDENCE_NEEDED)
    return worth


def _too_much(claim: Claim, others: int, limit: int) -> str:
    hours = limit // 60
    if others:
        return (
            f"With what is recorded or claimed for {date_words(claim.occurred_on)} already, this comes to more "
            f"than {hours} hours on one date. If it went on for several days, claim each day."
        )
    return most_on_one_date(hours)


def most_on_one_date(hours: int) -> str:
    """Why so long is not claimed for one date (R15)."""
    return (
        f"At most {hours} hours can be claimed for one date. If it went on for several days, claim each day."
    )


def _same_and_open(claim: Claim) -> Claim | None:
    """The claim that is there already: the form was sent twice."""
    return Claim.objects.filter(
        person=claim.person,
        kind=claim.kind,
        occurred_on=claim.occurred_on,
        minutes=claim.minutes,
        amount=claim.amount,
        title=claim.title,
        state__in=OPEN_STATES,
    ).first()


def _attach(claim: Claim, evidence: UploadedFile) -> None:
    """Keep the file under a random name, with the type that its content shows."""
    try:
        found = inspect(evidence, name=evidence.name or "", size=evidence.size or 0)
    except EvidenceRefused as refused:
        raise ClaimRefused("evidence", str(refused)) from refused
    claim.evidence, claim.evidence_name, claim.evidence_type = evidence, found.name, found.content_type


# What it means for the account ------------------------------------------------------------
def _plan(claim: Claim, worth: int, now: datetime) -> None:
    plan_many([_credit_of(claim, worth, plan_key(claim))], status="claimed", today=_today(now))


def plan_key(claim: Claim) -> str:
    """Under which key it is planned while it is open."""
    return f"claim:{claim.pk}"


def _credit_of(claim: Claim, worth: int, source_key: str) -> Credit:
    """The credit of a claim: minutes as stated, else the amount, which the ledger turns into minutes."""
    is_timed = claim.minutes is not None
    return Credit(
        person_id=claim.person_id,
        kind_code=claim.kind.code,
        occurred_on=claim.occurred_on,
        title=claim.title,
        source_key=source_key,
        is_own_time=claim.is_own_time,
        body=claim.body,
        minutes=worth if is_timed else None,
        amount=None if is_timed else claim.amount,
    )


def _today(now: datetime) -> date:
    local = in_london(now)
    return date(local.year, local.month, local.day)
