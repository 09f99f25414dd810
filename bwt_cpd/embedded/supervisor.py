"""`./portal run`: prepares, serves, minds and stops the whole portal."""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from .children import (
    StartFailed,
    end_group,
    living,
    start,
    stop,
    stop_leftover,
    tail,
    wait_until,
    write_identity,
)
from .installation import install
from .places import ROOT, data_directory, make_data_directory
from .servers import keeper_is_up, lock, servers
from .stages import PYTHON, environment, manage, note_schema, uses_outside_servers
from .telling import say

WEB, WORKER, BEAT = "web", "worker", "beat"
RUNS_ALREADY = "This portal is running already. To stop it: ./portal stop"
RESTARTS = 5
# Seconds in which the web server's workers see that it was killed, and let go of the port.
WORKERS_LEAVE = 10
SIGN_IN = """\
Sign in as one of these, with the password "demo":
  teacher@demo.example    a teacher               ta@demo.example         a teaching assistant
  manager@demo.example    a line manager          head@demo.example       a headteacher
  cpdlead@demo.example    a CPD lead              hublead@demo.example    a hub lead
  trainer@demo.example    a trainer               people@demo.example     the people team
  partner@demo.example    from a partner trust"""

FIRST_ADMINISTRATOR = """\
To sign in for the first time:  ./portal manage invite_admin name@example.org
prints a link that sets the administrator's password."""


class ToldToStop(Exception):
    """Ctrl-C, `./portal stop` or a closed terminal, before everything was up."""


@dataclass
class Supervisor:
    """One run of the portal on `port`; `people` and `demo` say what an empty database is filled with."""

    port: int
    people: int | None
    demo: bool

    def __post_init__(self) -> None:
        self.data = data_directory()
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts_left = RESTARTS
        self.told_to_stop = False
        self.outside = False

    def run(self) -> int:
        """From nothing to a served portal, until it is told to stop; 0 when that went well."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._be_told)
        began = time.monotonic()
        self.outside = uses_outside_servers()
        make_data_directory(self.data)
        with lock(self.data / "run.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
            if not alone:
                raise StartFailed(RUNS_ALREADY)
            was_killed = self._clear_leftovers()
            _check_port(self.port, patience=WORKERS_LEAVE if was_killed else 0)
            write_identity(self._run / "supervisor.pid", os.getpid())
            try:
                install("run")
                self._serve(began)
            except ToldToStop:
                pass
            finally:
                (self._run / "supervisor.pid").unlink(missing_ok=True)
        say("Stopped.")
        return 0

    @property
    def _run(self) -> Path:
        return self.data / "run"

    @property
    def _address(self) -> str:
        """Where links in mails lead."""
        return os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{self.port}")

    def _log(self, name: str) -> Path:
        return self.data / "logs" / f"{name}.log"

    def _be_told(self, number: int, frame: FrameType | None) -> None:
        if self.told_to_stop:  # a second Ctrl-C: no more patience
            for child in self.children.values():
                end_group(child.pid)
        self.told_to_stop = True

    def _clear_leftovers(self) -> bool:
        """Stop what a killed run left behind; True when there was one, even if nothing of it lives."""
        self._run.mkdir(exist_ok=True)
        notes = [self._run / f"{name}.pid" for name in (WEB, WORKER, BEAT, "step")]
        was_killed = any(note.exists() for note in notes)
        stopped = [stop_leftover(note, seconds=5) for note in notes]
        if any(stopped):
            say("Stopped what a killed run had left behind.")
        return was_killed

    def _serve(self, began: float) -> None:
        with self._servers():
            try:
                self._prepare()
                self._start(WEB)
                self._wait_for_first_answer()
                self._start(WORKER)
                self._start(BEAT)
                self._announce(began)
                self._mind()
            finally:
                say("Stopping …")
                stop(self.children, seconds=12, politely=signal.SIGTERM)
                for name in (*self.children, "step"):
                    (self._run / f"{name}.pid").unlink(missing_ok=True)

    @contextlib.contextmanager
    def _servers(self) -> Iterator[None]:
        if self.outside:
            say("Using the servers of DATABASE_URL and REDIS_URL.")
            yield
            return
        say("Starting PostgreSQL and Valkey …")
        with servers(self.data):
            if self.told_to_stop:
                raise ToldToStop
            yield

    # Before serving ---------------------------------------------------------------------
    def _prepare(self) -> None:
        say("Preparing the database and the static files …")
        self._step("prepare", manage("prepare"), PORTAL_DATABASE_ROLE="owner")
        if self.outside:
            return
        note_schema(self.data)
        prepared = self._log("prepare").read_text(encoding="utf-8")
        if self.demo and prepared.rstrip().endswith("people=0"):
            people = [] if self.people is None else ["--people", str(self.people)]
            say("Filling the empty database with a demo trust (once) …")
            self._step("demo", manage("demo", *people))

    def _step(self, name: str, command: list[str], **more: str) -> None:
        """Run a command to its end, its output in a log; interruptible."""
        log = self._log(name)
        log.parent.mkdir(exist_ok=True)
        log.write_bytes(b"")
        child = start(
            "step",
            command,
            run=self._run,
            log=log,
            environment=environment(self.data, PUBLIC_URL=self._address, **more),
            cwd=ROOT,
        )
        while child.poll() is None:
            if self.told_to_stop:
                stop({"step": child}, seconds=5, politely=signal.SIGTERM)
                raise ToldToStop
            time.sleep(0.03)
        if child.returncode:
            raise StartFailed(f"{name} failed ({log}):\n{tail(log, 25)}")

    # Serving ----------------------------------------------------------------------------
    def _start(self, name: str) -> None:
        log = self._log(name)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        self.children[name] = start(
            name,
            self._command(name),
            run=self._run,
            log=log,
            environment=environment(self.data, PUBLIC_URL=self._address),
            cwd=ROOT,
        )

    def _command(self, name: str) -> list[str]:
        celery = [str(PYTHON), "-m", "celery", "-A", "bwt_cpd"]
        quickly = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108 - gunicorn makes a private file in it
        return {
            WEB: [
                str(PYTHON), "-m", "gunicorn", "bwt_cpd.wsgi:application", "--bind", f"127.0.0.1:{self.port}",
                "--workers", "2", "--threads", "4", "--timeout", "60", "--graceful-timeout", "8", "--preload",
                "--no-control-socket", "--logger-class", "bwt_cpd.access_log.QuietLogger", *quickly,
            ],
            WORKER: [
                *celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--hostname",
                "portal@localhost",
            ],
            BEAT: [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""],
        }[name]  # fmt: skip

    def _wait_for_first_answer(self) -> None:
        def answers() -> bool:
            if self.told_to_stop:
                raise ToldToStop
            if self.children[WEB].poll() is not None:
                raise StartFailed(
                    f"The web server did not start ({self._log(WEB)}):\n{tail(self._log(WEB), 25)}"
                )
            return _status(self.port, "/health/live/") == 200

        say("Starting the web server …")
        if not wait_until(answers, 60, every=0.1):
            raise StartFailed(f"No answer from the web server within 60 seconds ({self._log(WEB)}).")

    def _announce(self, began: float) -> None:
        say(f"\nBWT CPD is ready at http://127.0.0.1:{self.port}/  ({time.monotonic() - began:.0f} s)\n")
        say(SIGN_IN if self.demo and not self.outside else FIRST_ADMINISTRATOR)
        say(f"\nCtrl-C stops everything. Logs: {self.data / 'logs'}")

    def _mind(self) -> None:
        """Until told to stop: start again what ended by itself, give up when it keeps ending."""
        while not self.told_to_stop:
            time.sleep(0.2)
            if not self.outside and not keeper_is_up(self.data):
                raise StartFailed(f"PostgreSQL and Valkey have gone ({self._log('keeper')}).")
            for name, child in list(self.children.items()):
                if child.poll() is None or self.told_to_stop:
                    continue
                if self.restarts_left == 0:
                    raise StartFailed(
                        f"The {name} keeps ending ({self._log(name)}):\n{tail(self._log(name))}"
                    )
                self.restarts_left -= 1
                say(f"The {name} ended by itself and is started again ({self._log(name)}).")
                time.sleep(1)
                self._start(name)


def _check_port(port: int, *, patience: float) -> None:
    """Refuse early, and name a port that is free; for so many seconds it may still become free."""
    if wait_until(lambda: _is_free(port), patience):
        return
    other = next((number for number in range(port + 1, port + 50) if _is_free(number)), None)
    raise StartFailed(port_is_taken(port, other))


def port_is_taken(port: int, free: int | None) -> str:
    """Why the portal does not start on a port; names one that is free, where there is one."""
    hint = f" Try: ./portal run --port {free}" if free else ""
    return f"Port {port} is taken by another program.{hint}"


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def stop_running(data: Path) -> int:
    """`./portal stop`: stop the run of this data folder, and whatever a killed one left; 0 always."""
    run = data / "run"
    running = living(run / "supervisor.pid")
    if running is not None:
        say("Stopping …")
        os.kill(running, signal.SIGTERM)
        if not wait_until(lambda: living(run / "supervisor.pid") is None, 60):
            os.kill(running, signal.SIGKILL)
    names = (WEB, WORKER, BEAT, "step", "keeper", "valkey", "postgres")
    left = [name for name in names if stop_leftover(run / f"{name}.pid", seconds=20)]
    say("Stopped." if running is not None or left else "Nothing is running.")
    return 0


def run(port: int, people: int | None, *, demo: bool) -> int:
    """Run the portal in the foreground."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return Supervisor(port, people, demo).run()
