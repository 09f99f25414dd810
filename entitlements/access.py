"""The only doors to a claim: 404 to outsiders, 403 to readers who try to write."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from entitlements.models import Claim
from staff.models import Person, User
from staff.queries.deciders import people_decided_by


def claims_seen_by(person: Person | None, on: date) -> QuerySet[Claim]:
    """One's own claims, and those of the people about whom one decides on that date. Two queries when called."""
    if person is None:
        return Claim.objects.none()
    decided = people_decided_by(person, on)
    return Claim.objects.filter(Q(person=person) | Q(person__in=decided)).select_related("person", "kind")


def get_claim_for(user: User, pk: int, on: date) -> Claim:
    """A claim to read: the claimant and whoever decides about them; everybody else gets 404."""
    claim = claims_seen_by(user.person, on).filter(pk=pk).first()
    if claim is None:
        raise Http404("There is no such claim.")
    return claim


def get_own_claim(user: User, pk: int, on: date) -> Claim:
    """A claim of one's own to answer or withdraw; 403 for who may only read it."""
    claim = get_claim_for(user, pk, on)
    if claim.person_id != user.person_id:
        raise PermissionDenied("Only the person who claimed it can change it.")
    return claim


def get_claim_to_decide(user: User, pk: int, on: date) -> Claim:
    """A claim about which one decides; 403 for its owner."""
    claim = get_claim_for(user, pk, on)
    if claim.person_id == user.person_id:
        raise PermissionDenied("Somebody else decides about your own claim.")
    return claim
