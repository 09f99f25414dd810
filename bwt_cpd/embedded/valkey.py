"""The embedded Valkey: wakes Celery and caches. It keeps nothing: the database holds what counts."""

import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .children import (
    StartFailed,
    server_user,
    start,
    stop,
    stop_leftover,
    tail,
    wait_until,
)
from .postgres import own


@dataclass(frozen=True)
class Valkey:
    """A server without persistence, reached by `sockets/valkey.sock` alone."""

    program: Path
    data: Path
    sockets: Path

    @property
    def name(self) -> str:
        return "valkey"

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.data / "logs" / "valkey.log"

    def start(self) -> "subprocess.Popen[bytes]":
        """Stop a leftover, start, and wait until it answers."""
        user = server_user(self.program, self.data)
        # A leftover removes the socket's name as it goes, so it has to be gone first.
        stop_leftover(self.data / "run" / "valkey.pid")
        self.socket.unlink(missing_ok=True)
        folder = self.data / "valkey"
        folder.mkdir(mode=0o700, exist_ok=True)
        own(folder, user)
        own(self.sockets, user)
        child = start(
            "valkey",
            [
                self.program, "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700",
                "--dir", folder, "--save", "", "--appendonly", "no", "--databases", "64",
                "--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--daemonize", "no",
            ],
            run=self.data / "run",
            log=self.log,
            user=user,
        )  # fmt: skip

        def ready() -> bool:
            if child.poll() is not None:
                raise StartFailed(f"Valkey did not start ({self.log}):\n{tail(self.log)}")
            return self.answers()

        if not wait_until(ready, 30, every=0.03):
            self.stop(child)
            raise StartFailed(f"Valkey did not answer within 30 seconds ({self.log}).")
        return child

    def answers(self) -> bool:
        """Whether a PING comes back."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self, child: "subprocess.Popen[bytes]") -> None:
        """Stop the server; what it held is gone, by design."""
        stop({"valkey": child}, seconds=10, politely=signal.SIGTERM)
        (self.data / "run" / "valkey.pid").unlink(missing_ok=True)
        shutil.rmtree(self.data / "valkey", ignore_errors=True)
