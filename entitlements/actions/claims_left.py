"""Claims that nobody has decided when their year is closed (R17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from entitlements.actions import claim_letters as letters
from entitlements.actions.claims import plan_key
from entitlements.models import AcademicYear, Claim, ClaimDecision, PlannedCredit
from entitlements.queries.claims import OPEN_STATES
from entitlements.rules.claims import ClaimState, ClaimStep


def lock_claims_left(year: AcademicYear) -> list[Claim]:
    """The claims of a year that wait for a decision or an answer, under their locks, in order.

    Before the lock of the year, as whoever decides takes them: decisions under way are waited for.
    """
    return list(
        Claim.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person", "kind")
        .filter(state__in=OPEN_STATES, occurred_on__gte=year.starts_on, occurred_on__lte=year.ends_on)
        .order_by("pk")
    )


def why_it_ended(year: str, state: ClaimState) -> str:
    """The reason of a claim that was still in this state when its year was closed."""
    return f"The year {year} was closed before {_WAS_MISSING[state]}."


def end_claims(claims: Sequence[Claim], year: AcademicYear, *, now: datetime) -> None:
    """End claims that are left, under their locks: declined by nobody, with the reason; their owners get a mail.

    Also one that is back with a question, which nobody else may decline. What was planned for them goes; the caller computes the figures anew. Five statements whatever the number.
    """
    decisions = [
        ClaimDecision(
            claim=claim,
            claimant=claim.person,
            decision=ClaimStep.DECLINED,
            words=why_it_ended(year.name, ClaimState(claim.state)),
            made_at=now,
        )
        for claim in claims
    ]
    for claim in claims:
        claim.state = ClaimState.DECLINED
    PlannedCredit.objects.filter(source_key__in=[plan_key(claim) for claim in claims]).delete()
    Claim.objects.bulk_update(claims, ["state"], batch_size=1000)
    ClaimDecision.objects.bulk_create(decisions, batch_size=1000)
    letters.tell_of_lapsed(decisions, year.name, now=now)


_WAS_MISSING = {
    ClaimState.WAITING: "this claim was decided",
    ClaimState.QUESTIONED: "the question about this claim was answered",
}
