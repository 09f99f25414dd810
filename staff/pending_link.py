"""An outside account that waits in the session until its owner has proved the sign-in here."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from django.http import HttpRequest

from staff.models import User
from staff.sso import OutsideAccount

KEY = "pending_link"
GOOD_FOR_SECONDS = 15 * 60


@dataclass(frozen=True)
class PendingLink:
    """`user_id` is whose the account would become: nobody else can link it."""

    user_id: int
    provider: str
    issuer: str
    tenant: str
    subject: str
    email: str
    noted: float

    @classmethod
    def put(cls, request: HttpRequest, *, user: User, outside: OutsideAccount) -> None:
        """Remember it for a quarter of an hour."""
        pending = cls(
            user_id=user.pk,
            provider=outside.provider,
            issuer=outside.issuer,
            tenant=outside.tenant,
            subject=outside.subject,
            email=outside.email,
            noted=time.time(),
        )
        request.session[KEY] = asdict(pending)

    @classmethod
    def of(cls, request: HttpRequest) -> PendingLink | None:
        """What waits, or None when there is nothing or it has waited too long."""
        kept = request.session.get(KEY)
        if not kept:
            return None
        pending = cls(**kept)
        if time.time() - pending.noted > GOOD_FOR_SECONDS:
            cls.drop(request)
            return None
        return pending

    @classmethod
    def drop(cls, request: HttpRequest) -> None:
        """Forget it."""
        request.session.pop(KEY, None)
