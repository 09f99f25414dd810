"""The virtual environment: made without pip or network tools, filled from the hashed lock."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .children import StartFailed
from .places import ROOT, make_data_directory
from .programs import VIRTUAL_ENVIRONMENT
from .servers import lock
from .telling import say

PYTHON = VIRTUAL_ENVIRONMENT / "bin" / "python"
NOTE = VIRTUAL_ENVIRONMENT / "installed.json"
REQUIREMENTS = ROOT / "requirements"


def install(which: str) -> Path:
    """Bring `.venv` up to a lock (`run` or `dev`) if that changed since; returns its Python.

    `dev` holds everything of `run`. Safe to call from several processes at once.
    """
    if _is_current(which):
        return PYTHON
    make_data_directory(ROOT / ".local")
    with lock(ROOT / ".local" / "install.lock", fcntl.LOCK_EX):
        if not _is_current(which):
            _install(which)
    return PYTHON


def _wanted(which: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{which}.txt").read_bytes()).hexdigest()


def _installed() -> dict[str, str]:
    try:
        note: dict[str, str] = json.loads(NOTE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    # A moved checkout or another Python: what is there cannot be trusted.
    return note if note.get("root") == str(ROOT) and os.access(PYTHON, os.X_OK) else {}


def _is_current(which: str) -> bool:
    return _installed().get(which) == _wanted(which)


def _install(which: str) -> None:
    began = time.monotonic()
    note = _installed()
    if not os.access(PYTHON, os.X_OK) or not _is_supported(PYTHON):
        say("Making the virtual environment .venv …")
        shutil.rmtree(VIRTUAL_ENVIRONMENT, ignore_errors=True)
        # Debian's python3 has no ensurepip; pip itself comes from requirements/ instead.
        _run(
            [sys.executable, "-m", "venv", "--without-pip", str(VIRTUAL_ENVIRONMENT)],
            "The virtual environment",
        )
    lines = (REQUIREMENTS / f"{which}.txt").read_text(encoding="utf-8").splitlines()
    packages = sum("==" in line for line in lines)
    say(f"Installing {packages} packages (only when the lock has changed) …")
    locked = ["--require-hashes", "--requirement", str(REQUIREMENTS / f"{which}.txt")]
    if not _with_uv(locked):
        _run(
            [str(PYTHON), str(_pip()), "install", "--quiet", "--no-input", "--no-compile", *locked],
            "Installing",
        )
    note = {**note, which: _wanted(which), "root": str(ROOT)}
    if which == "dev":
        note["run"] = _wanted("run")
    fresh = NOTE.with_suffix(".new")
    fresh.write_text(json.dumps(note), encoding="utf-8")
    fresh.replace(NOTE)
    say(f"Installed in {time.monotonic() - began:.0f} s.")


def _is_supported(python: Path) -> bool:
    answer = subprocess.run(
        [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], capture_output=True
    )
    return answer.returncode == 0


def _pip() -> Path:
    """pip, run from inside its wheel: nothing has to be installed to install."""
    return next(REQUIREMENTS.glob("pip-*.whl")) / "pip"


def _with_uv(locked: list[str]) -> bool:
    """Use uv where there is one, for speed; whatever it does not like is left to pip."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    done = subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", str(PYTHON), *locked],
        capture_output=True,
        env=_environment(),
    )
    return done.returncode == 0


def _environment() -> dict[str, str]:
    # An index of the machine's own settings is used as it is; installing elsewhere is not.
    return {
        **{
            name: value
            for name, value in os.environ.items()
            if name not in {"PIP_TARGET", "PIP_PREFIX", "PYTHONPATH"}
        },
        "PIP_USER": "0",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=_environment(), cwd=ROOT)
    if done.returncode:
        raise StartFailed(f"{what} failed:\n{(done.stdout + done.stderr).strip()[-3000:]}")


def refresh_locks() -> int:
    """`./portal lock`: write both locks anew from pyproject.toml; needs uv and a package index."""
    uv = shutil.which("uv")
    if uv is None:
        raise StartFailed("Locking needs uv (a developer's tool; running and testing do not).")
    for which, group in (("run", []), ("dev", ["--group", "dev"])):
        _run(
            [
                uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate",
                "--python-version", "3.11", "--upgrade", "pyproject.toml", *group, "-o", f"requirements/{which}.txt",
            ],
            "Locking",
        )  # fmt: skip
        say(f"requirements/{which}.txt is up to date.")
    return 0
