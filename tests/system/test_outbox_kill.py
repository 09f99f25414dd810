"""kill -9 of the poller in the middle of its work (RELIABILITY row 9).

None is lost; a repeat only where the server had the mail and our commit had not come, under the
same Message-ID and marked uncertain.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from staff.models import Message
from tests import smtp_sink
from tests.factories.messages import MessageFactory
from tests.factories.staff import UserFactory
from tests.smtp_sink import Sink

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
# The same poller with its guard off: it says sent before the server has answered.
MARKS_BEFORE_SENDING = """
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bwt_cpd.settings")
django.setup()
from django.utils import timezone
from staff.actions import outbox
from staff.models import Message
usual = outbox._send
def marks_first(message, backend, clock):
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=timezone.now(), leased_until=None)
    backend.send_messages([outbox._mail(message, outbox._address(message), backend)])
    return True
outbox._send = marks_first
outbox.send_due_messages()
"""


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    handler = Sink(seconds=0.03)
    controller = smtp_sink.start(handler)
    yield handler, controller.port
    controller.stop()


def _poller(database, port: int, *program: str) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        **database.environment,
        "SENDS_MAIL": "1",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen([sys.executable, *(program or ("manage.py", "send_messages"))], env=environment)


def _kill_while_sending(process: "subprocess.Popen[bytes]", handler: Sink, after: int) -> None:
    deadline = time.monotonic() + 30
    while len(handler.mails) < after and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def _let_leases_run_out() -> None:
    Message.objects.filter(leased_until__isnull=False).update(leased_until=LONG_AGO)


def _write(count: int) -> None:
    person = UserFactory().person
    MessageFactory.create_batch(count, person=person, not_before=timezone.now())


def _kill_and_go_on(database, sink, *, messages: int, kills: int) -> None:
    handler, port = sink
    _write(messages)
    for kill in range(kills):
        _kill_while_sending(_poller(database, port), handler, after=(kill + 1) * messages // (kills + 2))
        _let_leases_run_out()
    assert _poller(database, port).wait(120) == 0

    arrived = Counter(mail["Message-ID"] for mail in handler.mails)
    uncertain = set(Message.objects.filter(is_uncertain=True).values_list("message_id", flat=True))
    assert set(arrived) == set(Message.objects.values_list("message_id", flat=True))
    assert {key for key, times in arrived.items() if times > 1} <= uncertain
    assert len(uncertain) <= kills


def test_killed_poller_loses_nothing(cloned_database, sink):
    _kill_and_go_on(cloned_database, sink, messages=60, kills=2)


@pytest.mark.full
def test_poller_killed_ten_times_in_a_thousand_messages_loses_nothing(cloned_database, sink):
    sink[0].seconds = 0.005
    _kill_and_go_on(cloned_database, sink, messages=1000, kills=10)


def test_poller_that_marks_before_sending_loses_mail(cloned_database, sink):
    """The control."""
    handler, port = sink
    handler.seconds = 0.5
    _write(3)

    process = _poller(cloned_database, port, "-c", MARKS_BEFORE_SENDING)
    deadline = time.monotonic() + 30
    while not Message.objects.filter(state="sent").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    _let_leases_run_out()
    _poller(cloned_database, port).wait(60)

    assert len({mail["Message-ID"] for mail in handler.mails}) == 2
