"""Notes about a sign-in: that its password changed, that a second factor was added."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from staff.actions.messages import post_message
from staff.models import Message, Person
from staff.wording import one_line

ONE_EVENT = timedelta(minutes=1)


def post_account_note(*, person: Person, subject: str, body: str, now: datetime) -> None:
    """Write one letter with allauth's own words; the same within a minute is the same event, of a form sent twice."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        lately = Message.objects.filter(person=person, kind="account", created_at__gt=now - ONE_EVENT)
        if lately.filter(subject=one_line(subject)[:200]).exists():
            return
        post_message(
            person=person,
            kind="account",
            subject=subject,
            template="notice",
            context={"title": subject, "intro": [line for line in body.splitlines() if line.strip()]},
            dedupe_key=f"account:{uuid.uuid4()}",
            now=now,
        )
