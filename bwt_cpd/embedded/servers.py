"""Both servers under one keeper process, which lives exactly as long as somebody uses them.

Whoever needs the servers holds a shared lock on `users.lock`; the keeper stops them once it can
have that lock alone. The kernel lets a lock go however its holder ends, so `kill -9` needs no
special case, and several commands can share the servers without one pulling them from another.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from .children import StartFailed, living, tail, write_identity
from .places import ROOT, make_data_directory, socket_directory
from .postgres import Postgres
from .programs import postgres_programs, valkey_program
from .valkey import Valkey

READY = "ready"
RESTARTS = 5  # of a server that keeps dying, before the keeper gives up


@contextlib.contextmanager
def lock(path: Path, how: int) -> Iterator[bool]:
    """Hold a file lock; yields whether it was given (always, unless LOCK_NB was asked for)."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextlib.contextmanager
def servers(data: Path) -> Iterator[bool]:
    """Use the embedded servers: start them when they are not up, let go afterwards.

    Yields whether this call started them. Raises StartFailed with the reason and the log.
    """
    make_data_directory(data)
    keeper = None
    try:
        with lock(data / "users.lock", fcntl.LOCK_SH):
            with lock(data / "start.lock", fcntl.LOCK_EX):
                if not keeper_is_up(data):
                    keeper = _start_keeper(data)
            yield keeper is not None
    finally:  # also when the user of the servers fails or is told to stop
        if keeper is not None:
            _wait_for_the_end(data, keeper)


def keeper_is_up(data: Path) -> bool:
    """Whether the keeper of this data folder, and so both servers, are there."""
    return living(data / "run" / "keeper.pid") is not None


def _start_keeper(data: Path) -> "subprocess.Popen[str]":
    log = data / "logs" / "keeper.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        keeper = subprocess.Popen(
            [sys.executable, str(ROOT / "portal"), "_keep"],
            env={**os.environ, "PORTAL_DATA": str(data)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            cwd="/",
            text=True,
            start_new_session=True,  # Ctrl-C is for the one who uses the servers
        )
    assert keeper.stdout is not None
    with keeper.stdout as answer:
        said = answer.read().strip()
    if said != READY:
        keeper.wait(60)
        raise StartFailed(said or f"The embedded servers did not start ({log}):\n{tail(log)}")
    return keeper


def _wait_for_the_end(data: Path, keeper: "subprocess.Popen[str]") -> None:
    """Stay until our servers are down, unless somebody else has come to use them meanwhile."""
    users = data / "users.lock"
    while keeper.poll() is None:
        with lock(users, fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
            pass
        if not alone:
            with lock(users, fcntl.LOCK_SH | fcntl.LOCK_NB) as shared:
                pass
            if shared:  # so it is not the keeper who has it, stopping the servers
                keeper.returncode = 0  # it goes on for them; it is not ours to wait for any more
                return
        time.sleep(0.05)


class Keeper:
    """Starts both servers, minds them, and stops them after their last user."""

    def __init__(self, data: Path) -> None:
        sockets = socket_directory(data)
        self.data = data
        self.servers = (
            Postgres(postgres_programs(), data, sockets),
            Valkey(valkey_program(), data, sockets),
        )
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts_left = RESTARTS
        self.told_to_end = False

    def run(self) -> int:
        """Until nobody uses the servers, or SIGTERM; says on stdout that they are ready."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        note = self.data / "run" / "keeper.pid"
        try:
            self._start_what_is_down()
            write_identity(note, os.getpid())
            _say(READY)
            self._mind(note)
        except StartFailed as problem:
            note.unlink(missing_ok=True)
            self._stop()
            print(problem, file=sys.stderr)
            _say(str(problem))
            return 1
        return 0

    def _mind(self, note: Path) -> None:
        while True:
            with lock(self.data / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as unused:
                if unused or self.told_to_end:
                    # Still under the lock: who comes now waits, and then starts a keeper of its own.
                    note.unlink(missing_ok=True)
                    self._stop()
                    return
            self._start_what_is_down()
            time.sleep(0.1)

    def _start_what_is_down(self) -> None:
        for server in self.servers:
            child = self.children.get(server.name)
            if child is not None and child.poll() is None:
                continue
            if child is not None:
                self.restarts_left -= 1
                print(f"{server.name} ended by itself and is started again", file=sys.stderr)
            if self.restarts_left < 0:
                raise StartFailed(f"{server.name} keeps ending: {server.log} says why.")
            self.children[server.name] = server.start()

    def _stop(self) -> None:
        for server in reversed(self.servers):
            if child := self.children.get(server.name):
                server.stop(child)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.told_to_end = True


def _say(text: str) -> None:
    """Answer the process that started us, once; afterwards it no longer listens."""
    if not sys.stdout.closed:
        print(text, flush=True)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
