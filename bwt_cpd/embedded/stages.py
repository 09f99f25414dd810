"""Django's part of the platform, each as a process of its own: manage.py and its environment."""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from .children import StartFailed
from .places import ROOT
from .programs import VIRTUAL_ENVIRONMENT
from .servers import lock

PYTHON = VIRTUAL_ENVIRONMENT / "bin" / "python"
# Commands that make, inspect or need no schema: the database is not brought up to date before them.
SCHEMA_COMMANDS = {
    "migrate", "makemigrations", "showmigrations", "sqlmigrate", "prepare", "check", "help", "--help", "--version",
    "version", "squashmigrations", "diffsettings", "collectstatic", "startapp",
}  # fmt: skip

NEEDS_BOTH_SERVERS = "DATABASE_URL is set, REDIS_URL is not: outside servers need both."


def uses_outside_servers() -> bool:
    """DATABASE_URL switches to outside servers, and then REDIS_URL has to be there, too."""
    if not os.environ.get("DATABASE_URL"):
        return False
    if not os.environ.get("REDIS_URL"):
        raise StartFailed(NEEDS_BOTH_SERVERS)
    return True


def environment(data: Path, **more: str) -> dict[str, str]:
    """What every Django process of this portal is given."""
    base = {name: value for name, value in os.environ.items() if name != "PORTAL_DATABASE_ROLE"}
    return {**base, "PORTAL_DATA": str(data), "PYTHONUNBUFFERED": "1", **more}


def manage(*arguments: str) -> list[str]:
    """The command line of a manage.py command."""
    return [str(PYTHON), str(ROOT / "manage.py"), *arguments]


def bring_schema_up_to_date(data: Path, arguments: list[str]) -> None:
    """Migrate before a command when the code's migrations are not those the database last had."""
    if not arguments or arguments[0] in SCHEMA_COMMANDS or schema_is_current(data):
        return
    with lock(data / "migrate.lock", fcntl.LOCK_EX):
        if schema_is_current(data):
            return
        print("Bringing the database up to date …", file=sys.stderr, flush=True)
        done = subprocess.run(
            manage("migrate", "--no-input", "--skip-checks", "--verbosity=0"),
            env=environment(data, PORTAL_DATABASE_ROLE="owner"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StartFailed(f"The migrations failed:\n{(done.stdout + done.stderr).strip()}")
        note_schema(data)


def schema_is_current(data: Path) -> bool:
    """Whether the embedded database was last migrated by exactly these migration files."""
    try:
        return _note(data).read_text(encoding="ascii") == _fingerprint()
    except OSError:
        return False


def note_schema(data: Path) -> None:
    """Remember that the embedded database has these migrations."""
    _note(data).write_text(_fingerprint(), encoding="ascii")


def _note(data: Path) -> Path:
    return data / "postgres" / "portal-schema"  # goes when the cluster goes


def _fingerprint() -> str:
    digest = hashlib.sha256((ROOT / "requirements" / "run.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
