"""`./portal check`: everything that can be said about the code without running the tests."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .places import ROOT, socket_directory
from .servers import servers
from .stages import PYTHON, environment, manage
from .telling import say

# The settings as on a server: nothing is connected to, so nobody listens at these addresses.
AS_IN_PRODUCTION = {
    "DATABASE_URL": "postgres://bwt_app@database.invalid/bwt_cpd",
    "REDIS_URL": "redis://queue.invalid:6379/0",
    "ALLOWED_HOSTS": "cpd.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://cpd.example.org",
    "PUBLIC_URL": "https://cpd.example.org",
    "EMAIL_URL": "smtp+tls://user:password@mail.invalid:587",
    "DEFAULT_FROM_EMAIL": "BWT CPD <cpd@example.org>",
}

AT_ONCE = max(2, os.cpu_count() or 2) + 1  # one for each core, and one that waits for the network


def check() -> int:
    """Run every check, say which failed and why, and return 1 when one did.

    Each is a process of its own, so several run at once: the longest begin first, and what they found is
    said in the order of the list.
    """
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    python = str(PYTHON)
    plain: list[tuple[str, list[str]]] = [
        ("types", [python, "-m", "mypy"]),
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "--quiet", "."]),
        ("templates", [python, "-m", "djlint", "--lint", "--quiet", "templates"]),
        ("their format", [str(PYTHON.with_name("djangofmt")), "--quiet", "--check", "templates"]),
        (
            "architecture",
            [python, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
        ),
    ]
    checks: list[tuple[str, Callable[[], str | None]]] = [
        ("known holes", _known_holes),  # waits for the network most of the time
        ("migrations", _migrations),
        *((name, lambda command=command: _complaint(command)) for name, command in plain),
        ("deployment", _deployment),
        ("containers", _containers),
    ]
    failed = []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for result in pool.map(lambda check: _result_of(*check), checks):
            say(result.words)
            if not result.is_passed:
                failed.append(result.name)
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


class Skipped(Exception):
    """A check that could not be made here; the reason is said, and does not fail the run."""


@dataclass(frozen=True)
class CheckResult:
    """How a check ended, and what is said of it."""

    name: str
    is_passed: bool
    words: str


def _result_of(name: str, run: Callable[[], str | None]) -> CheckResult:
    began = time.monotonic()
    try:
        complaint = run()
    except Skipped as reason:
        return CheckResult(name, True, f"{name:<14}NOT CHECKED: {reason}")
    seconds = f"({time.monotonic() - began:.0f} s)"
    if complaint is None:
        return CheckResult(name, True, f"{name:<14}ok {seconds}")
    return CheckResult(name, False, f"{name:<14}FAILED {seconds}\n{complaint}")


def _complaint(command: list[str], env: dict[str, str] | None = None) -> str | None:
    """What a command has to say against us; None when it ends well."""
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL
    )
    return (done.stdout + done.stderr).strip() if done.returncode else None


def _migrations() -> str | None:
    """On servers of our own: complete, linear, named, running from nothing, and safe on a live table."""
    data = Path(tempfile.mkdtemp(prefix="bwt-cpd-check-"))
    env = environment(data, PORTAL_DATABASE_ROLE="owner")
    for outside in ("DATABASE_URL", "REDIS_URL"):
        env.pop(outside, None)
    try:
        with servers(data):
            for arguments in (
                ("makemigrations", "--check", "--dry-run"),
                ("migrate", "--no-input", "--verbosity=0"),
                ("lint_migrations",),
            ):
                if complaint := _complaint(manage(*arguments), env):
                    return complaint
    finally:
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(socket_directory(data), ignore_errors=True)
    return None


def _deployment() -> str | None:
    """Django's own list for a server, with nothing to say."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = {**inherited, **AS_IN_PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(60)}
    return _complaint(manage("check", "--deploy", "--fail-level", "WARNING"), env)


def _containers() -> str | None:
    """docker-compose.yml as Compose itself reads it, with every secret given."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        raise Skipped("docker compose is not installed (docker-compose.yml)")
    given = ("SITE", "SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD")
    env = {**os.environ, **AS_IN_PRODUCTION, **dict.fromkeys(given, "given")}
    return _complaint(
        [docker, "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"], env
    )


def _known_holes() -> str | None:
    """pip-audit on the lock of what runs, where its database can be reached."""
    lock = str(ROOT / "requirements" / "run.txt")
    audit = [
        str(PYTHON),
        "-m",
        "pip_audit",
        "--requirement",
        lock,
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(
            [*audit, "--timeout", "5"], capture_output=True, text=True, cwd=ROOT, timeout=120
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Skipped("the database of known holes cannot be reached from here (pip-audit)") from None
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no release'}"
        for package in found["dependencies"]
        for hole in package.get("vulns", [])
    ]
    return "\n".join(holes) or None
