"""Mail, as rows first: written with what causes it, sent by a poller afterwards (DESIGN invariant 3)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string

from staff.models import Message, Person
from staff.wording import one_line

# Whether the poller was called and has yet to begin: it takes this away before it looks, so that whoever
# writes after its look calls it anew. Ends by itself as soon as the poller would come round anyway.
AWAITED = "outbox-awaited"
AWAITED_SECONDS = 15
# By name: the task imports the poller, which imports this module.
POLLER_TASK = "staff.tasks.send_messages"

logger = logging.getLogger(__name__)

# Pasted from a document they come along unseen. Where Django looks for lines too long for mail they end
# a line, in the mail they do not: the server would refuse it.
LINE_ENDS_OF_DOCUMENTS = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail to be written: `template` names `templates/mail/<template>.txt` and `.html`.

    The same `dedupe_key` is written once, whoever asks again; after `not_after` it is dropped.
    """

    person: Person
    kind: str
    subject: str
    template: str
    dedupe_key: str
    context: Mapping[str, object] = field(default_factory=dict)
    not_before: datetime | None = None
    not_after: datetime | None = None
    calendar: str = ""
    calendar_method: str = ""


def post_messages(letters: Iterable[Letter], *, now: datetime) -> None:
    """Write the letters in the caller's transaction and wake the poller once it commits.

    One statement for a thousand of them; one already there under its `dedupe_key` is left as it is.
    """
    rows = [_row(letter, now) for letter in letters]
    if not rows:
        return
    Message.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    transaction.on_commit(wake_the_poller, robust=True)


def post_message(
    *,
    person: Person,
    kind: str,
    subject: str,
    template: str,
    dedupe_key: str,
    now: datetime,
    context: Mapping[str, object] | None = None,
    not_after: datetime | None = None,
    calendar: str = "",
    calendar_method: str = "",
) -> None:
    """Write one letter; see post_messages."""
    letter = Letter(
        person=person,
        kind=kind,
        subject=subject,
        template=template,
        dedupe_key=dedupe_key,
        context=context or {},
        not_after=not_after,
        calendar=calendar,
        calendar_method=calendar_method,
    )
    post_messages([letter], now=now)


def wake_the_poller() -> None:
    """Ask Celery to send what is due, unless it was asked and has not begun.

    Losing this call loses nothing: the poller comes round anyway.
    """
    try:
        if cache.add(AWAITED, 1, timeout=AWAITED_SECONDS):
            current_app.send_task(POLLER_TASK, retry=False, ignore_result=True)
    except Exception as failure:  # noqa: BLE001 - whatever the broker's trouble, the row is written
        logger.warning("The poller was not woken: %s", failure)


def answer_the_call() -> None:
    """The poller begins: what is written from now on calls it again."""
    try:
        cache.delete(AWAITED)
    except Exception as failure:  # noqa: BLE001 - as above; the mark ends by itself
        logger.warning("The poller's mark was not taken away: %s", failure)


def mark_read(*, message: Message, now: datetime) -> None:
    """Remember that the person has opened it here; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now)


def _row(letter: Letter, now: datetime) -> Message:
    """The outbox row of a letter. Line breaks in a subject would be header lines: they become spaces."""
    context = {
        "person": letter.person,
        "subject": letter.subject,
        "public_url": settings.PUBLIC_URL,
        **letter.context,
    }
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return Message(
        person=letter.person,
        kind=letter.kind,
        subject=one_line(letter.subject)[:200],
        body_text=_render(f"mail/{letter.template}.txt", context),
        body_html=_render(f"mail/{letter.template}.html", context),
        calendar=letter.calendar,
        calendar_method=letter.calendar_method,
        dedupe_key=letter.dedupe_key,
        message_id=f"<{uuid.uuid4().hex}@{domain}>",
        not_before=letter.not_before or now,
        not_after=letter.not_after,
    )


def _render(template: str, context: Mapping[str, object]) -> str:
    return render_to_string(template, context).translate(LINE_ENDS_OF_DOCUMENTS)
