"""A person's private calendar address: made, shown again, revoked at once."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from courses.models import CalendarFeed
from staff.models import Person


def make_feed(*, person: Person, by: Person | None, now: datetime) -> CalendarFeed:
    """The person's feed; made if there is none, and the same one again if there is."""
    with transaction.atomic():
        feed, _ = CalendarFeed.objects.get_or_create(
            person=person, defaults={"created_at": now, "token_hash": hash_of(_token(person.pk, now))}
        )
    return feed


def revoke_feed(*, person: Person, by: Person | None) -> None:
    """Make the address stop working, now; a person without one is no matter."""
    CalendarFeed.objects.filter(person=person).delete()


def token_of(feed: CalendarFeed) -> str:
    """The secret part of the address, 256 bits; empty when it can no longer be told (another secret key)."""
    token = _token(feed.person_id, feed.created_at)
    return token if hash_of(token) == feed.token_hash else ""


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token(person_id: int, made_at: datetime) -> str:
    made = f"{person_id}:{made_at.timestamp():.6f}"
    digest = salted_hmac("courses.calendar_feed", made, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
