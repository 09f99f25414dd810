"""The poller against a real SMTP server on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from staff.actions import outbox
from tests import smtp_sink
from tests.factories.messages import MessageFactory
from tests.factories.staff import PersonFactory
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


@pytest.mark.django_db
def test_due_message_is_sent_once_with_its_own_message_id(sink):
    message = MessageFactory()

    first, second = outbox.send_due_messages(clock=lambda: NOW), outbox.send_due_messages(clock=lambda: NOW)

    message.refresh_from_db()
    assert (first, second, message.state) == (1, 0, "sent")
    assert [mail["Message-ID"] for mail in sink.mails] == [message.message_id]


@pytest.mark.django_db
def test_calendar_travels_with_its_method(sink):
    MessageFactory(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", calendar_method="CANCEL")

    outbox.send_due_messages(clock=lambda: NOW)

    types = [part.get_content_type() for part in sink.mails[0].walk()]
    assert "text/calendar" in types


@pytest.mark.django_db
def test_stale_message_is_dropped_and_not_sent(sink):
    message = MessageFactory(not_after=NOW - timedelta(minutes=1))

    outbox.send_due_messages(clock=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, sink.mails) == ("dropped", [])


@pytest.mark.django_db
def test_mail_in_the_servers_hands_when_the_worker_died_is_repeated_and_marked(sink):
    message = MessageFactory(state="sending", leased_until=NOW - timedelta(seconds=1), attempts=1)

    outbox.send_due_messages(clock=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.is_uncertain, sink.mails[0]["Message-ID"]) == (
        "sent",
        True,
        message.message_id,
    )


@pytest.mark.django_db
def test_leased_mail_that_was_never_handed_over_is_sent_without_doubt(sink):
    message = MessageFactory(state="due", leased_until=NOW - timedelta(seconds=1))

    outbox.send_due_messages(clock=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.is_uncertain) == ("sent", False)


@pytest.mark.django_db
def test_refused_address_fails_at_once_and_others_go_out(sink):
    refused, other = MessageFactory(), MessageFactory()
    sink.refused.add(refused.person.user.email)

    outbox.send_due_messages(clock=lambda: NOW)

    refused.refresh_from_db()
    other.refresh_from_db()
    assert (refused.state, other.state) == ("failed", "sent")


@pytest.mark.django_db
def test_unreachable_server_is_tried_again_later(settings):
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", 1, False
    message = MessageFactory()

    outbox.send_due_messages(clock=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.not_before) == ("due", 1, NOW + timedelta(minutes=2))


@pytest.mark.django_db
def test_person_without_a_mailbox_reads_it_in_the_portal(sink):
    message = MessageFactory(person=PersonFactory())

    outbox.send_due_messages(clock=lambda: NOW)

    message.refresh_from_db()
    assert (message.state, sink.mails) == ("shown", [])


@pytest.mark.django_db
def test_demo_mode_shows_and_sends_nothing(settings, sink):
    settings.SENDS_MAIL = False
    message = MessageFactory()

    shown = outbox.send_due_messages(clock=lambda: NOW)

    message.refresh_from_db()
    assert (shown, message.state, sink.mails) == (1, "shown", [])
