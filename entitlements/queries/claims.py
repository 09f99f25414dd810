"""Claims: mine, those that wait for me, and what a claim is worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet, Sum

from entitlements.durations import in_hours
from entitlements.models import AcademicYear, ActivityKind, Claim, ClaimDecision, LedgerEntry
from entitlements.queries.facts import facts_of, policy_of
from entitlements.rules.contracts import ContractFacts, main_contract, own_day
from entitlements.rules.credits import CreditRefused, credit_minutes, exceeds_daily_limit, needs_evidence
from entitlements.rules.policy import CountsAs, EntitlementPolicy, Unit
from entitlements.rules.rounding import half_up
from staff.models import Contract, Person
from staff.queries.deciders import Decider, deciders_for, people_decided_by
from staff.wording import counted

OPEN_STATES = (Claim.State.WAITING, Claim.State.QUESTIONED)


def claims_of(person: Person) -> QuerySet[Claim]:
    """The person's claims, newest first. One query when read."""
    return Claim.objects.filter(person=person).select_related("kind").order_by("-created_at", "-pk")


def claims_waiting_for(decider: Person, on: date) -> QuerySet[Claim]:
    """Claims that this person may decide about on that date, the longest waiting first. Three queries."""
    return (
        Claim.objects.filter(state=Claim.State.WAITING, person__in=people_decided_by(decider, on))
        .select_related("person", "kind")
        .order_by("waiting_since_at", "pk")
    )


def contract_on(person: Person, on: date) -> ContractFacts | None:
    """The contract a claim of that day is reckoned under (R6, R8). One query."""
    contracts = Contract.objects.in_force(on).filter(person=person).select_related("job_role")
    return main_contract([facts_of(contract) for contract in contracts], on)


def minutes_of_claim(claim: Claim, contract: ContractFacts | None, policy: EntitlementPolicy) -> int:
    """What the claim is worth in whole minutes: as stated, or in the person's own day (R8, R12).

    CreditRefused where days are claimed on a date without a contract that has a working day.
    """
    unit = Unit(claim.kind.unit)
    stated = claim.minutes if unit is Unit.MINUTES else claim.amount
    return credit_minutes(unit, Fraction(stated or 0), contract, policy)


def minutes_on_date(person: Person, on: date, *, but: Claim | None = None) -> int:
    """Minutes credited or claimed for one date, nominal kinds left aside: they are not time spent (R15).

    Two queries.
    """
    timed = [ActivityKind.Unit.MINUTES, ActivityKind.Unit.DAY, ActivityKind.Unit.HALF_DAY]
    entries = LedgerEntry.objects.filter(person=person, occurred_on=on, kind__unit__in=timed)
    credited = entries.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    others = Claim.objects.filter(person=person, occurred_on=on, state__in=OPEN_STATES)
    if but is not None and but.pk is not None:
        others = others.exclude(pk=but.pk)
    claimed = others.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    return credited + claimed


def claim_amount(claim: Claim) -> str:
    """ "1 hour 30 minutes", "2 days", "1 membership or award", as it was claimed. Reads `kind`."""
    if claim.minutes is not None:
        return in_hours(claim.minutes)
    amount = claim.amount or Decimal(0)
    unit = Unit(claim.kind.unit)
    if unit.is_nominal:
        return counted(int(amount), "membership or award", "memberships or awards")
    noun = "half day" if unit is Unit.HALF_DAY else "day"
    return f"{amount.normalize():f} {noun}" + ("" if amount == 1 else "s")


@dataclass(frozen=True)
class ClaimPage:
    """One claim as its page and the inbox show it. `worth` is None where it could not be reckoned."""

    claim: Claim
    decisions: list[ClaimDecision]
    is_own: bool
    amount: str
    worth: int | None
    day_minutes: int | None
    deciders: list[Decider]
    checks: list[dict[str, str]]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.claim.state in OPEN_STATES

    @property
    def may_answer(self) -> bool:
        """Whether there is a question to its owner."""
        return self.is_own and self.claim.state == Claim.State.QUESTIONED

    @property
    def may_decide(self) -> bool:
        """Whether it waits for the reader, who is not its owner."""
        return not self.is_own and self.claim.state == Claim.State.WAITING

    @property
    def question(self) -> ClaimDecision | None:
        """The last question asked."""
        asked = [one for one in self.decisions if one.decision == ClaimDecision.Decision.ASKED]
        return asked[-1] if asked else None


def claim_page(claim: Claim, *, reader: Person | None, on: date) -> ClaimPage:
    """Everything about one claim: at most nine queries."""
    years = AcademicYear.objects.select_related("policy")
    year = years.filter(starts_on__lte=claim.occurred_on, ends_on__gte=claim.occurred_on).first()
    contract = contract_on(claim.person, claim.occurred_on)
    policy = policy_of(year) if year else EntitlementPolicy()
    day = own_day(contract, policy) if contract else None
    try:
        worth = minutes_of_claim(claim, contract, policy)
    except CreditRefused:
        worth = None
    is_own = reader is not None and claim.person_id == reader.pk
    is_open = claim.state in OPEN_STATES
    return ClaimPage(
        claim=claim,
        decisions=list(claim.decisions.select_related("actor")),
        is_own=is_own,
        amount=claim_amount(claim),
        worth=worth,
        day_minutes=half_up(day) if day else None,
        deciders=deciders_for([claim.person_id], on)[claim.person_id] if is_open else [],
        checks=_checks(claim, worth, day, policy) if is_open and not is_own else [],
    )


def _checks(
    claim: Claim, worth: int | None, day: Fraction | None, policy: EntitlementPolicy
) -> list[dict[str, str]]:
    """What the portal has looked at for whoever decides. Two queries."""
    if worth is None:
        return [{"words": "There is no contract with a working day on that date", "is": "no"}]
    found = []
    if not Unit(claim.kind.unit).is_nominal:
        others = minutes_on_date(claim.person, claim.occurred_on, but=claim)
        if exceeds_daily_limit(others + worth, policy):
            hours = policy.daily_minutes_limit // 60
            found.append(
                {"words": f"More than {hours} hours on that date with what is there already", "is": "no"}
            )
        elif others:
            found.append(
                {"words": f"{in_hours(others)} more recorded or claimed for that date", "is": "warn"}
            )
        else:
            found.append({"words": "Nothing else is recorded for that date", "is": "ok"})
    if claim.evidence:
        found.append({"words": "Evidence is attached", "is": "ok"})
    elif day and needs_evidence(worth, day, policy):
        found.append({"words": "A day or more needs evidence, and none is attached", "is": "no"})
    else:
        found.append({"words": "No evidence, which less than a day does not need", "is": "ok"})
    share = policy.cap_percent(CountsAs(claim.kind.counts_as))
    if share is not None:
        found.append({"words": f"This kind counts up to {share}% of the year’s entitlement", "is": "warn"})
    return found
