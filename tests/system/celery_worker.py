"""A real Celery worker on the test's database and this test process's own broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from django.core.cache import cache

from bwt_cpd.celery import app

NODE = "kill@localhost"


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something to come about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not come about."
        time.sleep(0.005)


class Worker:
    """A Celery worker with one pool process, in a group of its own."""

    def __init__(self, environment: Mapping[str, str], application: str = "bwt_cpd") -> None:
        command = [
            *(sys.executable, "-m", "celery", "-A", application, "worker", "--loglevel", "CRITICAL"),
            *("--without-gossip", "--without-mingle", "--concurrency", "1", "--hostname", NODE),
        ]
        self.process = subprocess.Popen(command, env=dict(environment), start_new_session=True)
        self.pool: int = 0
        wait_until(self._is_ready)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, "The worker did not start."
        answer = app.control.inspect(destination=[NODE], timeout=1, limit=1).stats()
        self.pool = answer[NODE]["pool"]["processes"][0] if answer else 0
        return bool(answer)

    def kill(self) -> None:
        """All of it, as when a machine goes: whatever it had taken from the broker stays there."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def lose_its_pool(self, meanwhile: Callable[[], None]) -> None:
        """Kill the process that is at work, as when memory runs out; the rest sees it after `meanwhile`."""
        self.process.send_signal(signal.SIGSTOP)
        os.kill(self.pool, signal.SIGKILL)
        meanwhile()
        self.process.send_signal(signal.SIGCONT)


def empty_broker() -> None:
    """Forget what others have called for, so that nothing of it runs here."""
    cache.clear()
    with app.connection_for_write() as called:
        called.default_channel.client.flushdb()
