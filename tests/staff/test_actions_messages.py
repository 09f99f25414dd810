"""Calling the poller, on the real broker."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from bwt_cpd.celery import app
from staff.actions import messages, outbox
from staff.tasks import send_messages


@pytest.fixture
def calls() -> Iterator["Calls"]:
    """The queue of the broker, empty, and nobody who listens."""
    counting = Calls()
    counting.empty()
    yield counting
    counting.empty()


class Calls:
    """What waits in the broker."""

    def count(self) -> int:
        with app.connection_for_write() as broker:
            return int(broker.default_channel.client.llen("celery"))

    def empty(self) -> None:
        cache.delete(messages.AWAITED)
        with app.connection_for_write() as broker:
            broker.default_channel.client.delete("celery")


def test_a_poller_that_was_called_is_not_called_again_until_it_begins(calls, db):
    for _ in range(5):
        messages.wake_the_poller()
    waiting = calls.count()

    outbox.send_due_messages()  # it begins: who writes from now on may have been missed
    messages.wake_the_poller()

    assert (waiting, calls.count()) == (1, 2)


def test_a_cache_that_is_away_does_not_keep_a_booking_from_being_made(settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere.sock",
        }
    }

    messages.wake_the_poller()
    messages.answer_the_call()

    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_the_poller_is_called_by_the_name_of_a_registered_task():
    assert app.tasks[messages.POLLER_TASK].run is send_messages.run
