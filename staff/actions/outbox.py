"""The poller: sends what is due, each mail as nearly once as mail allows (RELIABILITY rows 9 to 11)."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from staff import clock
from staff.actions.messages import answer_the_call
from staff.calendars import one_by_one
from staff.models import Message

logger = logging.getLogger(__name__)
NOT_SENT = "Message %s was not sent (attempt %s): %s"
DROPPED = "Dropped %s stale messages, %s of which may have arrived."

LEASE = timedelta(minutes=3)
BATCH = 50
RETRY_AFTER = timedelta(minutes=2)  # doubled with each attempt, up to 64 minutes
MOST_DOUBLINGS = 5
MOST_ATTEMPTS = 72  # three days, as long as other mail servers try
MOST_VAIN_CONNECTIONS = 3  # one after the other; then the server is left alone until the next pass

# Leased rows stay `due` until their own turn: only the one mail in the server's hands is `sending`,
# so only that one can be uncertain after a crash.
LEASE_SQL = """
    UPDATE staff_message SET leased_until = %(until)s, is_uncertain = is_uncertain OR state = 'sending'
     WHERE id IN (
        SELECT id FROM staff_message
         WHERE state IN ('due', 'sending') AND not_before <= %(now)s
           AND (not_after IS NULL OR not_after >= %(now)s)
           AND (leased_until IS NULL OR leased_until < %(now)s)
         ORDER BY not_before, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


class _HungUp(Exception):
    """The connection is of no more use, or in no known state; `failure` befell the mail whose turn it was."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self.failure = failure


def send_due_messages(*, time_now: Callable[[], datetime] = clock.now) -> int:
    """Send everything that is due and return how many left; safe to run many times at once.

    A server that hangs up gets the rest over a new connection: many of them take a few mails on each.
    A mail whose worker died while the server had it is sent again under the same Message-ID and
    marked uncertain, unless it is stale by then. In demo mode nothing leaves: the rows are shown in
    the portal instead.
    """
    answer_the_call()
    drop_stale_messages(now=time_now())
    if not settings.SENDS_MAIL:
        return _show_due_messages(now=time_now())
    sent = vain = 0
    while vain < MOST_VAIN_CONNECTIONS and (leased := _lease(time_now())):
        backend = get_connection()
        try:
            backend.open()
        except OSError as failure:  # which smtplib's own are too
            if sent:
                _release(leased)  # it has taken as many as it will for now
            else:
                for message in leased:
                    _try_later(message, failure, now=time_now(), is_servers=True)
            return sent
        try:
            carried, is_hung_up = _send_over(backend, leased, time_now)
        finally:
            backend.close()
        sent += carried
        vain = vain + 1 if is_hung_up and not carried else 0
    return sent


def drop_stale_messages(*, now: datetime) -> int:
    """Drop what is no longer of use to anybody, and log it; two statements.

    A mail whose worker died while the server had it is not sent again either: it is marked uncertain.
    """
    stale = Message.objects.filter(not_after__lt=now)
    dropped = stale.filter(state=Message.State.DUE).update(
        state=Message.State.DROPPED, last_error="Too late to be of use."
    )
    uncertain = stale.filter(state=Message.State.SENDING, leased_until__lt=now).update(
        state=Message.State.DROPPED,
        is_uncertain=True,
        leased_until=None,
        last_error="Too late to be sent again; it may have arrived.",
    )
    if dropped or uncertain:
        logger.warning(DROPPED, dropped + uncertain, uncertain)
    return dropped + uncertain


def _show_due_messages(*, now: datetime) -> int:
    return Message.objects.filter(state=Message.State.DUE, not_before__lte=now).update(
        state=Message.State.SHOWN, sent_at=now
    )


def _lease(now: datetime) -> list[Message]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LEASE_SQL, {"until": now + LEASE, "now": now, "batch": BATCH})
        leased = [row[0] for row in cursor.fetchall()]
    return list(
        Message.objects.filter(pk__in=leased).select_related("person__user").order_by("not_before", "pk")
    )


def _send_over(
    backend: BaseEmailBackend, leased: list[Message], time_now: Callable[[], datetime]
) -> tuple[int, bool]:
    """Send over one connection until it ends: how many left, and whether the server hung up.

    The mails behind are due again at once: nothing was said of them. So is the one whose turn it was
    where the server had taken others and then said 421, that it takes no more for now. A mail that
    cannot be written ends the connection too, and is no fault of the server's.
    """
    sent = 0
    for place, message in enumerate(leased):
        try:
            sent += _send(message, backend, time_now)
        except _HungUp as end:
            has_had_enough = sent > 0 and 421 in _codes(end.failure)
            if not has_had_enough:
                _try_later(message, end.failure, now=time_now())
            _release(leased[place if has_had_enough else place + 1 :])
            return sent, isinstance(end.failure, OSError)
    return sent, False


def _send(message: Message, backend: BaseEmailBackend, time_now: Callable[[], datetime]) -> bool:
    """Send one leased mail; each step is committed before the next. _HungUp where the connection ends."""
    address = _address(message)
    if not address:
        _close(
            message,
            state=Message.State.SHOWN,
            sent_at=time_now(),
            last_error="No mailbox: shown in the portal.",
        )
        return False
    now = time_now()
    taken = Message.objects.filter(
        pk=message.pk, state__in=["due", "sending"], leased_until=message.leased_until
    )
    if not taken.update(state=Message.State.SENDING, leased_until=now + LEASE):
        return False  # the lease ran out and another worker has it
    message.leased_until = now + LEASE
    try:
        backend.send_messages([_mail(message, address, backend)])
    except SoftTimeLimitExceeded:
        raise  # the job's time is over, whichever mail it was at
    except Exception as failure:  # one mail's trouble, whatever it is, is not that of those behind
        codes = _codes(failure)
        if not codes or 421 in codes:
            raise _HungUp(failure) from failure
        _try_later(message, failure, now=time_now())
        return False
    _close(
        message, state=Message.State.SENT, sent_at=time_now(), attempts=message.attempts + 1, last_error=""
    )
    return True


def _address(message: Message) -> str:
    """Where the person reads mail; empty for those without a mailbox."""
    user = getattr(message.person, "user", None)
    return message.person.work_email or (user.email if user and user.email else "")


def _mail(message: Message, address: str, backend: BaseEmailBackend) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        to=[address],
        connection=backend,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    if message.calendar:
        _attach_calendar(mail, one_by_one(message.calendar), message.calendar_method or "REQUEST")
    return mail


def _attach_calendar(mail: EmailMultiAlternatives, entries: list[str], method: str) -> None:
    """The first entry as what calendars take in by themselves, and each as a file to open."""
    mail.attach_alternative(entries[0], f"text/calendar; method={method}; charset=utf-8")
    for number, entry in enumerate(entries, start=1):
        name = "invite.ics" if len(entries) == 1 else f"part-{number}-of-{len(entries)}.ics"
        mail.attach(name, entry, "application/ics")


def _codes(failure: Exception) -> list[int]:
    """What the server answered; nothing where it gave no answer."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in failure.recipients.values()]
    return [failure.smtp_code] if isinstance(failure, smtplib.SMTPResponseException) else []


def _release(leased: list[Message]) -> None:
    """Due again at once, with no attempt counted; those that another worker has leased since stay its own."""
    Message.objects.filter(
        pk__in=[message.pk for message in leased],
        leased_until__in={message.leased_until for message in leased},
    ).update(state=Message.State.DUE, leased_until=None)


def _try_later(message: Message, failure: Exception, *, now: datetime, is_servers: bool = False) -> None:
    """Back off, twice as long each time, up to an hour.

    An address refused for good and the last attempt are final; that the server is away (`is_servers`)
    ends nothing. Where it gave no answer it may have taken the mail, which is uncertain then.
    """
    attempts = message.attempts + 1
    codes = _codes(failure)
    is_refused = isinstance(failure, smtplib.SMTPRecipientsRefused) and all(code >= 500 for code in codes)
    is_final = not is_servers and (is_refused or attempts >= MOST_ATTEMPTS)
    is_unanswered = isinstance(failure, OSError) and not codes and not is_servers
    words = " ".join([type(failure).__name__, *map(str, codes)])
    logger.warning(NOT_SENT, message.pk, attempts, words)
    Message.objects.filter(pk=message.pk, leased_until=message.leased_until).update(
        state=Message.State.FAILED if is_final else Message.State.DUE,
        is_uncertain=message.is_uncertain or is_unanswered,
        attempts=attempts,
        leased_until=None,
        not_before=_next_attempt(message, attempts, now),
        last_error=words,
    )


def _next_attempt(message: Message, attempts: int, now: datetime) -> datetime:
    """Later and later, but never past the moment when the mail is stale and will be dropped."""
    later = now + RETRY_AFTER * 2 ** min(attempts - 1, MOST_DOUBLINGS)
    return later if message.not_after is None else min(later, message.not_after)


def _close(message: Message, **fields: object) -> None:
    Message.objects.filter(pk=message.pk).update(leased_until=None, **fields)
