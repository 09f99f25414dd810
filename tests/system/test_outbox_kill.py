"""kill -9 of the poller, and of the worker that runs it, in the middle of its work (RELIABILITY row 9).

None is lost; a repeat only where the server had the mail and our commit had not come, under the
same Message-ID and marked uncertain.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from staff import clock
from staff.models import Message
from staff.tasks import send_messages
from tests import smtp_sink
from tests.factories.messages import MessageFactory
from tests.factories.staff import UserFactory
from tests.smtp_sink import Sink
from tests.system.celery_worker import Worker, empty_broker, wait_until

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MARKS_BEFORE_SENDING = "from tests.system import marks_before_sending as m; m.outbox.send_due_messages()"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    handler = Sink(seconds=0.03)
    controller = smtp_sink.start(handler)
    yield handler, controller.port
    controller.stop()


def _environment(database, port: int) -> dict[str, str]:
    return {
        **os.environ,
        **database.environment,
        "SENDS_MAIL": "1",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "LOG_LEVEL": "ERROR",
    }


def _poller(database, port: int, *program: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, *(program or ("manage.py", "send_messages"))]
    return subprocess.Popen(command, env=_environment(database, port))


def _kill_while_sending(process: "subprocess.Popen[bytes]", handler: Sink, after: int) -> None:
    wait_until(lambda: len(handler.mails) >= after or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) = 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return bool(cursor.fetchone()[0])


def _let_leases_run_out() -> None:
    """Three minutes later: what the killed process had begun to write is written, and no lease is left."""
    wait_until(_is_alone)
    Message.objects.filter(leased_until__isnull=False).update(leased_until=LONG_AGO)


def _write(count: int) -> None:
    person = UserFactory().person
    MessageFactory.create_batch(count, person=person, not_before=clock.now())


def _kill_and_go_on(database, sink, *, messages: int, kills: int) -> None:
    handler, port = sink
    _write(messages)
    for kill in range(kills):
        _kill_while_sending(_poller(database, port), handler, after=(kill + 1) * messages // (kills + 2))
        _let_leases_run_out()
    assert _poller(database, port).wait(120) == 0
    _assert_nothing_is_lost(handler, kills)


def _assert_nothing_is_lost(handler: Sink, kills: int) -> None:
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
    wait_until(lambda: Message.objects.filter(state="sent").exists())
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    _let_leases_run_out()
    _poller(cloned_database, port).wait(60)

    assert len({mail["Message-ID"] for mail in handler.mails}) == 2


# The worker -------------------------------------------------------------------------------
@pytest.fixture
def broker() -> Iterator[None]:
    """This test process's own, empty: nothing that others have called for runs here."""
    empty_broker()
    yield
    empty_broker()


def _kill_worker_and_go_on(database, sink, *, messages: int, kills: int) -> None:
    """Every other time the pool process alone, after which nobody calls again: the call it had comes back."""
    handler, port = sink
    _write(messages)
    worker = Worker(_environment(database, port))
    try:
        send_messages.delay()
        for kill in range(kills):
            after = (kill + 1) * messages // (kills + 2)
            wait_until(lambda after=after: len(handler.mails) >= after)
            if kill % 2 == 0:
                worker.lose_its_pool(meanwhile=_let_leases_run_out)
                continue
            worker.kill()
            _let_leases_run_out()
            worker = Worker(_environment(database, port))
            send_messages.delay()  # as beat does every 15 seconds
        wait_until(lambda: not Message.objects.exclude(state="sent").exists())
    finally:
        worker.kill()

    _assert_nothing_is_lost(handler, kills)


def test_killed_worker_loses_nothing(cloned_database, sink, broker):
    _kill_worker_and_go_on(cloned_database, sink, messages=60, kills=2)


@pytest.mark.full
def test_worker_killed_ten_times_in_a_thousand_messages_loses_nothing(cloned_database, sink, broker):
    sink[0].seconds = 0.005
    _kill_worker_and_go_on(cloned_database, sink, messages=1000, kills=10)


def test_worker_that_marks_before_sending_loses_mail(cloned_database, sink, broker):
    """The control."""
    handler, port = sink
    handler.seconds = 0.5
    _write(3)

    worker = Worker(_environment(cloned_database, port), "tests.system.marks_before_sending")
    try:
        send_messages.delay()
        wait_until(lambda: Message.objects.filter(state="sent").exists())
        worker.lose_its_pool(meanwhile=_let_leases_run_out)
        wait_until(lambda: not Message.objects.exclude(state="sent").exists())
        wait_until(lambda: len(handler.mails) >= 2)
    finally:
        worker.kill()

    assert len({mail["Message-ID"] for mail in handler.mails}) == 2
