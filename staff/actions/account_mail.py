"""Notes about a sign-in: that its password changed, that a second factor was added."""

from __future__ import annotations

import uuid
from datetime import datetime

from staff.actions.messages import post_message
from staff.models import Person


def post_account_note(*, person: Person, subject: str, body: str, now: datetime) -> None:
    """Write one letter with allauth's own words; each event is a letter of its own."""
    post_message(
        person=person,
        kind="account",
        subject=subject,
        template="notice",
        context={"title": subject, "intro": [line for line in body.splitlines() if line.strip()]},
        dedupe_key=f"account:{uuid.uuid4()}",
        now=now,
    )
