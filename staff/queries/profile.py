"""What the profile page shows of somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator

from staff.models import Contract, Delegation, MessagePreference, SsoIdentity, User
from staff.queries.main_contract import MAIN_FIRST


@dataclass(frozen=True)
class Profile:
    """One person's own settings. `posts` are today's contracts, the main one first."""

    user: User
    posts: list[Contract]
    duties: list[str]
    delegations: list[Delegation]
    stood_in_for: list[Delegation]
    linked: list[SsoIdentity]
    preference: MessagePreference | None
    has_second_factor: bool
    passkeys: int


def profile_of(user: User, on: date) -> Profile:
    """Everything on the profile page; at most 6 queries, and the responsibilities of the request."""
    person = user.person
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    linked = list(user.sso_identities.filter(confirmed_at__isnull=False))
    if person is None:
        return Profile(user, [], [], [], [], linked, None, bool(kinds), kinds.count("webauthn"))
    posts = (
        Contract.objects.in_force(on)
        .filter(person=person)
        .select_related("school", "job_role", "line_manager")
    )
    given = Delegation.objects.filter(from_person=person, ends_on__gte=on).select_related("to_person")
    received = Delegation.objects.filter(to_person=person, ends_on__gte=on).select_related("from_person")
    preference = MessagePreference.objects.filter(person=person).first() or MessagePreference(person=person)
    return Profile(
        user=user,
        posts=list(posts.order_by(*MAIN_FIRST)),
        duties=[str(held) for held in user.responsibilities],
        delegations=list(given.order_by("starts_on")),
        stood_in_for=list(received.order_by("starts_on")),
        linked=linked,
        preference=preference,
        has_second_factor=any(kind != Authenticator.Type.RECOVERY_CODES for kind in kinds),
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
    )
