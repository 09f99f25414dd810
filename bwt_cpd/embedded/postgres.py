"""The embedded PostgreSQL: one cluster in a data folder, reached by a Unix socket alone."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .children import (
    ServerUser,
    StartFailed,
    living,
    server_user,
    start,
    stop,
    stop_leftover,
    tail,
    wait_until,
)

DATABASE, OWNER, RUN_TIME = "bwt_cpd", "bwt_owner", "bwt_app"

# The owner has the tables; the run-time role may use rows and numbers, never the structure.
ROLES = f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB;
CREATE ROLE {RUN_TIME} LOGIN;
GRANT {RUN_TIME} TO {OWNER};
"""
GRANTS = f"""\
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {RUN_TIME};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {RUN_TIME};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT EXECUTE ON FUNCTIONS TO {RUN_TIME};
"""
CREATE = f"CREATE DATABASE {DATABASE} OWNER {OWNER};\n"
MAJOR = "18"
"""Of the wheel's programs."""


@dataclass(frozen=True)
class Postgres:
    """A cluster: `data/postgres` on disk, its socket in `sockets`.

    `durable=False` is for tests: faster, and a power cut may lose everything.
    """

    programs: Path
    data: Path
    sockets: Path
    durable: bool = True
    connections: int = 100
    major: str = MAJOR

    @property
    def name(self) -> str:
        return "postgres"

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def log(self) -> Path:
        return self.data / "logs" / "postgres.log"

    @property
    def run(self) -> Path:
        return self.data / "run"

    def start(self) -> "subprocess.Popen[bytes]":
        """Make the cluster when it is missing, stop a leftover, start, and wait until it answers."""
        user = server_user(self.programs / "postgres", self.data)
        self._clear_leftovers()
        if not (self.cluster / "PG_VERSION").exists():
            self._make(user)
        self._check_version()
        own(self.sockets, user)
        self._write_access()
        deadline = time.monotonic() + 15
        while True:
            child = self._launch(user)
            try:
                self._wait(child)
            except _StillInUse as problem:
                # Processes of a killed server end by themselves within moments.
                if time.monotonic() > deadline:
                    raise StartFailed(str(problem)) from None
                time.sleep(0.3)
            else:
                return child

    def _launch(self, user: ServerUser | None) -> "subprocess.Popen[bytes]":
        return start(
            "postgres",
            [self.programs / "postgres", "-D", self.cluster, *self._settings()],
            run=self.run,
            log=self.log,
            user=user,
            environment=_environment(),
            death_signal=signal.SIGINT,  # a fast, clean shutdown
        )

    def stop(self, child: "subprocess.Popen[bytes]") -> None:
        """A fast, clean shutdown: open transactions are rolled back."""
        stop({"postgres": child}, seconds=30, politely=signal.SIGINT)
        (self.run / "postgres.pid").unlink(missing_ok=True)

    def _clear_leftovers(self) -> None:
        stop_leftover(self.run / "postgres.pid", politely=signal.SIGINT, seconds=20)
        shutil.rmtree(self.data / "postgres.new", ignore_errors=True)
        # Only we use this folder. PostgreSQL takes a zombie or a reused number for a live server;
        # a real one that still has the cluster open is found by its shared memory all the same.
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)
        note = self.cluster / "postmaster.pid"
        try:
            pid = int(note.read_text(encoding="ascii").split("\n")[0])
        except (OSError, ValueError):
            return
        if b"postgres" not in _command_line(pid):
            note.unlink(missing_ok=True)

    def _make(self, user: ServerUser | None) -> None:
        """A new cluster with its roles and database, put in place by one rename when it is whole."""
        new = self.data / "postgres.new"
        new.mkdir(mode=0o700)
        own(new, user)
        options = ["--no-sync"] if not self.durable else []
        self._program(
            [
                "initdb", "-D", new, "-U", "postgres", "-E", "UTF8", *_locale(self.major), "--auth=reject",
                "--no-instructions", *options,
            ],
            user,
        )  # fmt: skip
        for database, statements in (("postgres", ROLES), ("template1", GRANTS), ("postgres", CREATE)):
            # The server in single-user mode: nobody else can connect while there is no access file.
            quick = [] if self.durable else ["-F"]
            said = self._program(
                ["postgres", "--single", "-j", *quick, "-D", new, database], user, statements
            )
            if "ERROR" in said or "FATAL" in said:
                raise StartFailed(f"The new database could not be set up:\n{said}")
        new.rename(self.cluster)

    def _program(self, command: list[str | Path], user: ServerUser | None, given: str = "") -> str:
        # Single-user mode reads a statement up to an empty line (-j).
        done = subprocess.run(
            [str(self.programs / command[0]), *map(str, command[1:])],
            input=given.replace(";\n", ";\n\n"),
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
            preexec_fn=user.become if user else None,
            timeout=120,
        )
        if done.returncode:
            raise StartFailed(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != self.major:
            raise StartFailed(
                f"{self.cluster} was made by PostgreSQL {found}, this is {self.major}. Dump it with the old "
                "release and restore it here (docs/production.md), or move the folder away."
            )

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": str(self.connections),
            "shared_preload_libraries": "pg_stat_statements",
            "shared_buffers": "128MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_checkpoints": "off",
            "log_min_messages": "warning",
        }
        if _shared_memory_bytes() < 256 * 1024 * 1024:  # a container's default is 64 MB
            settings["dynamic_shared_memory_type"] = "mmap"
        if not self.durable:
            settings |= {
                "fsync": "off",
                "full_page_writes": "off",
                "synchronous_commit": "off",
                "autovacuum": "off",
            }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _write_access(self) -> None:
        """Who may connect: our own operating-system user, checked by the kernel; nobody by password."""
        me = pwd.getpwuid(os.getuid()).pw_name.replace('"', '""')
        roles = (OWNER, RUN_TIME, "postgres")
        rewrite(self.cluster / "pg_hba.conf", "local all all peer map=portal\n")
        rewrite(self.cluster / "pg_ident.conf", "".join(f'portal "{me}" {role}\n' for role in roles))

    def _wait(self, child: "subprocess.Popen[bytes]") -> None:
        note = self.cluster / "postmaster.pid"

        def ready() -> bool:
            if child.poll() is not None:
                said = tail(self.log)
                problem = _StillInUse if "shared memory block" in said else StartFailed
                raise problem(f"PostgreSQL did not start ({self.log}):\n{said}")
            try:
                lines = note.read_text(encoding="ascii", errors="replace").split("\n")
            except OSError:
                return False
            return lines[0] == str(child.pid) and len(lines) > 7 and lines[7].strip() == "ready"

        if not wait_until(ready, 90, every=0.03):
            self.stop(child)
            raise StartFailed(f"PostgreSQL did not answer within 90 seconds ({self.log}).")

    def is_up(self) -> bool:
        """Whether the server of this data folder is running."""
        return living(self.run / "postgres.pid") is not None


class _StillInUse(StartFailed):
    """Processes of a killed server have not all gone yet."""


def _locale(major: str) -> list[str]:
    """For initdb: sorted by code point, with the letters of Unicode. Before 17 the system's C.UTF-8 stands in."""
    if int(major) < 17:
        return ["--locale=C.UTF-8"]
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]


def own(path: Path, user: ServerUser | None) -> None:
    """Give a folder to the servers' user, where that is not ourselves."""
    if user is not None:
        os.chown(path, user.uid, user.gid)


def rewrite(path: Path, text: str) -> None:
    """Write a file in place, so that its owner and mode stay."""
    with path.open("r+", encoding="utf-8") as file:
        file.truncate()
        file.write(text)


def _environment() -> dict[str, str]:
    """A server's environment: nothing of ours but where to find programs, and plain messages."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _shared_memory_bytes() -> int:
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108 - only measured
    except OSError:
        return 0
    return found.f_bavail * found.f_frsize
