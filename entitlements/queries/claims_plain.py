"""The claims that hold nothing to think over, which may be verified several at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, Sum

from entitlements.models import AcademicYear, ActivityKind, Claim, LedgerEntry
from entitlements.queries.claims import OPEN_STATES
from entitlements.queries.facts import facts_of, policy_of
from entitlements.rules.contracts import ContractFacts, main_contract, own_day
from entitlements.rules.credits import exceeds_daily_limit, needs_evidence
from staff.models import Contract


def plain_among(claims: Sequence[Claim]) -> list[Claim]:
    """Of these claims, with their `kind`, the plain ones in their order. Four queries at most.

    Plain is: minutes, of a kind that counts in full, in an open year, with its evidence where it needs
    any (R9), and nothing else recorded or claimed for that date (R15). The action checks again.
    """
    timed = [
        claim
        for claim in claims
        if claim.kind.unit == ActivityKind.Unit.MINUTES
        and claim.kind.counts_as == ActivityKind.CountsAs.FULL
        and claim.minutes
    ]
    if not timed:
        return []
    years = list(AcademicYear.objects.filter(closed_at__isnull=True).select_related("policy"))
    contracts = _contracts({claim.person_id for claim in timed})
    others = _other_minutes(timed)
    return [
        claim
        for claim in timed
        if _is_plain(claim, years, contracts, others[claim.person_id, claim.occurred_on])
    ]


def _is_plain(
    claim: Claim, years: list[AcademicYear], contracts: dict[int, list[ContractFacts]], on_the_day: int
) -> bool:
    year = next((one for one in years if one.starts_on <= claim.occurred_on <= one.ends_on), None)
    minutes = claim.minutes or 0
    if year is None or on_the_day > minutes:
        return False
    policy = policy_of(year)
    contract = main_contract(contracts.get(claim.person_id, []), claim.occurred_on)
    day = own_day(contract, policy) if contract else None
    lacks_evidence = bool(not claim.evidence and day and needs_evidence(minutes, day, policy))
    return not lacks_evidence and not exceeds_daily_limit(minutes, policy)


def _contracts(person_ids: set[int]) -> dict[int, list[ContractFacts]]:
    found: dict[int, list[ContractFacts]] = {}
    for contract in Contract.objects.filter(person__in=person_ids).select_related("job_role"):
        found.setdefault(contract.person_id, []).append(facts_of(contract))
    return found


def _other_minutes(claims: Sequence[Claim]) -> Counter[tuple[int, date]]:
    """Minutes credited or claimed for each person and date, these claims among them. Two queries."""
    timed = [ActivityKind.Unit.MINUTES, ActivityKind.Unit.DAY, ActivityKind.Unit.HALF_DAY]
    about = Q(
        person__in={one.person_id for one in claims}, occurred_on__in={one.occurred_on for one in claims}
    )
    found: Counter[tuple[int, date]] = Counter()
    credited = LedgerEntry.objects.filter(about, kind__unit__in=timed)
    # A day that is claimed has no minutes yet, and is something to think over: one minute says so.
    claimed = Claim.objects.filter(about, state__in=OPEN_STATES, kind__unit__in=timed)
    for person_id, on, minutes in credited.values_list("person_id", "occurred_on").annotate(Sum("minutes")):
        found[person_id, on] += minutes
    for person_id, on, minutes in claimed.values_list("person_id", "occurred_on", "minutes"):
        found[person_id, on] += 1 if minutes is None else minutes
    return found
