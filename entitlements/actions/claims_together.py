"""Verifying several claims with one press: each by itself, as if it had been opened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from entitlements.actions.claims import verify_claim
from entitlements.models import Claim
from staff.models import Person
from staff.queries.deciders import people_decided_by
from staff.refusals import ActionRefused


@dataclass(frozen=True)
class Together:
    """What came of it: the claims that are verified now, and those that are not, each with its sentence."""

    verified: list[Claim]
    refused: list[tuple[Claim, str]]


def verify_claims(*, claim_ids: Collection[int], by: Person, now: datetime) -> Together:
    """Verify the ones possible of these claims, each in a transaction of its own.

    Each goes through all the checks of `verify_claim`, since it may have changed since the list was made.
    Claims of people about whom `by` does not decide are passed over in silence, as if they did not exist.
    """
    verified, refused = [], []
    mine = people_decided_by(by, timezone.localdate(now))
    claims = Claim.objects.select_related("person").filter(pk__in=set(claim_ids), person__in=mine)
    for claim in claims.order_by("pk"):
        try:
            verified.append(verify_claim(claim_id=claim.pk, by=by, now=now))
        except ActionRefused as refusal:
            refused.append((claim, refusal.sentence))
    return Together(verified, refused)
