"""The poller against a real SMTP server on loopback."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from staff.actions import outbox
from staff.models import Message
from tests import smtp_sink
from tests.factories.messages import MessageFactory
from tests.factories.staff import PersonFactory, UserFactory
from tests.smtp_sink import Sink

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    handler = Sink()
    controller = smtp_sink.start(handler)
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = False
    yield handler
    controller.stop()


class OutOfTime(BaseEmailBackend):
    """A mail server so slow that Celery ends the job."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SoftTimeLimitExceeded


@pytest.mark.django_db
def test_due_message_is_sent_once_with_its_own_message_id(sink):
    message = MessageFactory()

    first, second = (
        outbox.send_due_messages(time_now=lambda: NOW),
        outbox.send_due_messages(time_now=lambda: NOW),
    )

    message.refresh_from_db()
    assert (first, second, message.state) == (1, 0, "sent")
    assert [mail["Message-ID"] for mail in sink.mails] == [message.message_id]


@pytest.mark.django_db
def test_calendar_travels_with_its_method(sink):
    MessageFactory(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", calendar_method="CANCEL")

    outbox.send_due_messages(time_now=lambda: NOW)

    types = [part.get_content_type() for part in sink.mails[0].walk()]
    assert "text/calendar" in types


@pytest.mark.django_db
def test_stale_message_is_dropped_and_not_sent(sink):
    message = MessageFactory(not_after=NOW - timedelta(minutes=1))

    outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, sink.mails) == ("dropped", [])


@pytest.mark.django_db
def test_mail_in_the_servers_hands_when_the_worker_died_is_repeated_and_marked(sink):
    message = MessageFactory(state="sending", leased_until=NOW - timedelta(seconds=1), attempts=1)

    outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.is_uncertain, sink.mails[0]["Message-ID"]) == (
        "sent",
        True,
        message.message_id,
    )


@pytest.mark.django_db
def test_mail_in_the_servers_hands_when_the_worker_died_is_not_repeated_when_it_is_stale(sink, caplog):
    past = {"not_after": NOW - timedelta(minutes=1), "state": "sending", "attempts": 1}
    died = MessageFactory(**past, leased_until=NOW - timedelta(seconds=1))
    in_work = MessageFactory(**past, leased_until=NOW + timedelta(seconds=1))

    outbox.send_due_messages(time_now=lambda: NOW)

    died.refresh_from_db()
    in_work.refresh_from_db()
    assert (died.state, died.is_uncertain, died.leased_until) == ("dropped", True, None)
    assert (in_work.state, in_work.is_uncertain) == ("sending", False)
    assert sink.mails == []
    assert "Dropped 1 stale messages, 1 of which may have arrived." in caplog.messages


@pytest.mark.django_db
def test_mail_that_becomes_stale_while_the_poller_works_is_not_sent_any_more(sink):
    """Its last attempt is put off to the moment it is stale, which comes while the poller is still at work."""
    message = MessageFactory(not_after=NOW + timedelta(minutes=1))
    sink.greylisted.add(message.person.user.email)
    moments = (NOW + timedelta(seconds=seconds) for seconds in count(0, 20))

    outbox.send_due_messages(time_now=lambda: next(moments))

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("due", 1)
    assert message.not_before == message.not_after


@pytest.mark.django_db
def test_leased_mail_that_was_never_handed_over_is_sent_without_doubt(sink):
    message = MessageFactory(state="due", leased_until=NOW - timedelta(seconds=1))

    outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.is_uncertain) == ("sent", False)


@pytest.mark.django_db
def test_refused_address_fails_at_once_and_others_go_out(sink):
    refused, other = MessageFactory(), MessageFactory()
    sink.refused.add(refused.person.user.email)

    outbox.send_due_messages(time_now=lambda: NOW)

    refused.refresh_from_db()
    other.refresh_from_db()
    assert (refused.state, other.state) == ("failed", "sent")


@pytest.mark.django_db
def test_address_refused_for_now_is_tried_again_and_others_go_out(sink):
    greylisted, other = MessageFactory(), MessageFactory()
    sink.greylisted.add(greylisted.person.user.email)

    outbox.send_due_messages(time_now=lambda: NOW)

    greylisted.refresh_from_db()
    other.refresh_from_db()
    assert (greylisted.state, greylisted.attempts, other.state) == ("due", 1, "sent")
    assert (greylisted.not_before, greylisted.is_uncertain) == (NOW + timedelta(minutes=2), False)
    sink.greylisted.clear()
    outbox.send_due_messages(time_now=lambda: NOW + timedelta(minutes=2))
    greylisted.refresh_from_db()
    assert (greylisted.state, greylisted.attempts) == ("sent", 2)


@pytest.mark.django_db
def test_address_refused_for_now_is_tried_for_three_days_and_then_given_up(sink):
    message = MessageFactory()
    sink.greylisted.add(message.person.user.email)

    while message.state == "due":
        given_up_at = max(message.not_before, NOW)
        outbox.send_due_messages(time_now=lambda moment=given_up_at: moment)
        message.refresh_from_db()

    assert message.state == "failed"
    assert timedelta(days=2.5) < given_up_at - NOW < timedelta(days=3.5)


@pytest.mark.django_db
def test_server_that_takes_two_mails_a_connection_gets_forty_over_twenty(sink):
    MessageFactory.create_batch(40, person=UserFactory().person)
    sink.mails_a_connection = 2

    sent = outbox.send_due_messages(time_now=lambda: NOW)

    assert sent == 40
    assert set(Message.objects.values_list("state", "attempts", "is_uncertain")) == {("sent", 1, False)}
    assert len(sink.mails) == 40


@pytest.mark.django_db
def test_server_that_hangs_up_without_a_word_loses_nothing_and_that_mail_is_uncertain(sink):
    MessageFactory.create_batch(40, person=UserFactory().person)
    sink.mails_a_connection, sink.is_rude = 2, True

    outbox.send_due_messages(time_now=lambda: NOW)
    first = set(Message.objects.values_list("state", "attempts", "is_uncertain"))
    for minutes in (2, 6, 14):
        outbox.send_due_messages(time_now=lambda later=NOW + timedelta(minutes=minutes): later)

    assert first == {("sent", 1, False), ("due", 1, True)}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert len(sink.mails) == 40


@pytest.mark.django_db
def test_server_that_takes_nothing_is_left_alone_after_three_connections(sink):
    MessageFactory.create_batch(40, person=UserFactory().person)
    sink.mails_a_connection = 0

    outbox.send_due_messages(time_now=lambda: NOW)

    waiting = Message.objects.filter(state="due", leased_until=None)
    assert sink.connections == 3
    assert [waiting.filter(attempts=attempts).count() for attempts in (0, 1)] == [37, 3]


@pytest.mark.django_db
def test_address_nobody_can_write_to_does_not_stop_the_queue(sink, caplog):
    wrong, other = MessageFactory(person=PersonFactory(work_email=f"a@{'x' * 70}.example")), MessageFactory()

    outbox.send_due_messages(time_now=lambda: NOW)

    wrong.refresh_from_db()
    other.refresh_from_db()
    assert (wrong.state, wrong.attempts, other.state) == ("due", 1, "sent")
    said = "".join(record.getMessage() for record in caplog.records if record.name.startswith("staff"))
    assert said == f"Message {wrong.pk} was not sent (attempt 1): UnicodeError"
    assert wrong.last_error == "UnicodeError"


@pytest.mark.django_db
def test_fifty_addresses_nobody_can_write_to_do_not_stop_the_queue(sink):
    MessageFactory.create_batch(60, person=PersonFactory(work_email=f"a@{'x' * 70}.example"))
    other = MessageFactory()

    outbox.send_due_messages(time_now=lambda: NOW)

    other.refresh_from_db()
    assert other.state == "sent"


@pytest.mark.django_db
def test_time_limit_of_the_job_is_no_fault_of_the_mail_in_hand(settings):
    """It goes out again as one whose worker died."""
    settings.SENDS_MAIL, settings.EMAIL_BACKEND = True, f"{__name__}.OutOfTime"
    message = MessageFactory()

    with pytest.raises(SoftTimeLimitExceeded):
        outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.leased_until) == ("sending", 0, NOW + outbox.LEASE)


@pytest.mark.django_db
def test_unreachable_server_ends_nothing_however_long_it_is_away(settings):
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    message = MessageFactory(attempts=1000)

    outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.not_before) == ("due", NOW + timedelta(minutes=64))


@pytest.mark.django_db
def test_unreachable_server_is_tried_again_later(settings):
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    message = MessageFactory()

    outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.not_before) == ("due", 1, NOW + timedelta(minutes=2))


@pytest.mark.django_db
def test_person_without_a_mailbox_reads_it_in_the_portal(sink):
    message = MessageFactory(person=PersonFactory())

    outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, sink.mails) == ("shown", [])


@pytest.mark.django_db
def test_demo_mode_shows_and_sends_nothing(settings, sink):
    settings.SENDS_MAIL = False
    message = MessageFactory()

    shown = outbox.send_due_messages(time_now=lambda: NOW)

    message.refresh_from_db()
    assert (shown, message.state, sink.mails) == (1, "shown", [])
