"""Child processes that never outlive us: started, watched, identified, stopped."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .places import SERVER_USER

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 4
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class StartFailed(RuntimeError):
    """A server did not come up; the message says why and where its log is."""


@dataclass(frozen=True)
class ServerUser:
    """Who root's servers run as, and the one capability that lets them reach our folders.

    `capability` is None where everybody may pass through the parents of checkout and data. Under
    a private parent (0700, as `mktemp -d` makes) the unprivileged user keeps a single capability:
    to read past folder permissions. docs/decisions/ says why not a user namespace or a copy.
    """

    uid: int
    gid: int
    capability: int | None

    def become(self) -> None:
        """Change this process into the server user, for good. Runs between fork and exec."""
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        if self.capability is None or _LIBC is None:
            os.setresuid(self.uid, self.uid, self.uid)
            return
        # PostgreSQL's programs look for themselves with access(2), which leaves capabilities out of account
        # but for this. Where root may not set it, the trial in `server_user` tells whether it mattered.
        _LIBC.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        _LIBC.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setresuid(self.uid, self.uid, self.uid)
        bit = 1 << self.capability
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
        sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable
        if _LIBC.capset(header, sets) or _LIBC.prctl(
            PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, self.capability, 0, 0
        ):
            raise PermissionError("this container does not let root pass a capability on")


def server_user(program: Path, data: Path) -> ServerUser | None:
    """Who runs the servers: None for ourselves, or for root an unprivileged user that can.

    Found by trying: each candidate runs `program --version`, asks whether it may read it, as the program
    itself will, and looks at the data folder.
    """
    if os.getuid() != 0:
        return None
    nobody = pwd.getpwnam(SERVER_USER)
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        user = ServerUser(nobody.pw_uid, nobody.pw_gid, capability)

        def become_and_look(user: ServerUser = user) -> None:
            user.become()
            os.stat(f"{data}/.")  # the folder itself has to be passable, too
            if not os.access(program, os.R_OK | os.X_OK):
                raise PermissionError(program)

        try:
            tried = subprocess.run(
                [program, "--version"],
                preexec_fn=become_and_look,
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=20,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        if tried.returncode == 0:
            return user
    raise StartFailed(
        f"PostgreSQL refuses to run as root, and the user {SERVER_USER} cannot reach {program} or "
        f"{data}. Run ./portal as an ordinary user, or move the checkout out of the private folder."
    )


def _when_born(user: ServerUser | None, death_signal: int) -> Callable[[], None]:
    def prepare() -> None:
        if user is not None:
            user.become()
        if _LIBC is not None:  # after the change of user, which clears it
            _LIBC.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)

    return prepare


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    run: Path,
    log: Path,
    user: ServerUser | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    death_signal: int = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own, its output in `log`, its identity in `run`.

    It is sent `death_signal` by the kernel when we die, however we die. Call from the main
    thread: Linux counts the death of the starting thread.
    """
    run.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
            preexec_fn=_when_born(user, death_signal),
        )
    write_identity(run / f"{name}.pid", child.pid)
    return child


def run_and_wait(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """A command's exit code. Ctrl-C reaches it by the terminal; a signal to us is passed on."""
    child = subprocess.Popen([str(part) for part in command], env=dict(environment))

    def pass_on(number: int, frame: object) -> None:
        child.send_signal(number)

    before = {signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    before |= {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGHUP)}
    code = child.wait()
    for number, handler in before.items():
        signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _birth(pid: int) -> str:
    """What tells this process from a later one with the same number; "" when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def write_identity(path: Path, pid: int) -> None:
    """Note number and birth of a process, so that a leftover is never mistaken for another."""
    path.write_text(f"{pid} {_birth(pid)}\n", encoding="ascii")


def living(path: Path) -> int | None:
    """The number of the process noted in this file if that very process still lives."""
    try:
        pid, _, birth = path.read_text(encoding="ascii").strip().partition(" ")
    except OSError:
        return None
    return int(pid) if birth and _birth(int(pid)) == birth else None


def stop(children: Mapping[str, "subprocess.Popen[bytes]"], *, seconds: float, politely: int) -> None:
    """Ask all children at once, wait together, then end what is left with all its own children."""
    for child in children.values():
        if child.poll() is None:
            child.send_signal(politely)
    deadline = time.monotonic() + seconds
    for child in children.values():
        try:
            child.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            end_group(child.pid)
            child.wait(5)


def end_group(pid: int) -> None:
    """Kill a child that leads its own session, and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def stop_leftover(path: Path, *, politely: int = signal.SIGTERM, seconds: float = 10) -> bool:
    """Stop the process of a killed run that is noted in this file; True when there was one."""
    pid = living(path)
    if pid is not None:
        os.kill(pid, politely)
        if not wait_until(lambda: living(path) is None, seconds):
            end_group(pid)
            wait_until(lambda: living(path) is None, 5)
    path.unlink(missing_ok=True)
    return pid is not None


def wait_until(done: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Poll until `done` or the deadline; says which."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
