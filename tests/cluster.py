"""One temporary PostgreSQL and Valkey for a test run; a pytest plugin (`-p tests.cluster`).

It has to be loaded before Django's settings, which read where the servers are. The controller
starts the servers and migrates one template; workers inherit the folder and clone the template.
A cluster with the template in it is kept in `.local/test-template`, keyed by the migrations, and
copied for each run: a run never touches the running portal, nor another run.

`PORTAL_TEST_POSTGRES=/usr/lib/postgresql/15/bin` runs the tests on that PostgreSQL in place of the wheel's.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from bwt_cpd.embedded.places import ROOT, make_data_directory, socket_directory
from bwt_cpd.embedded.postgres import DATABASE, MAJOR, OWNER, Postgres
from bwt_cpd.embedded.programs import major_version, postgres_programs, valkey_program
from bwt_cpd.embedded.servers import lock
from bwt_cpd.embedded.valkey import Valkey

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_numbers = itertools.count(1)


def _prepare_environment() -> Path:
    """Point the settings at this run's servers, before anything loads them."""
    if WORKER:
        data = Path(os.environ["PORTAL_DATA"])
        os.environ["PORTAL_VALKEY_DATABASE"] = str(2 * (int(WORKER.removeprefix("gw")) + 1) % 64)
        return data
    for outside in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_DATABASE_NAME"):
        os.environ.pop(outside, None)
    data = Path(tempfile.mkdtemp(prefix="bwt-cpd-tests-"))
    os.environ["PORTAL_DATA"] = str(data)
    os.environ["PORTAL_DATABASE_ROLE"] = "owner"
    os.environ["PORTAL_UNDER_TEST"] = "1"
    # Pages under test link to plain files: nothing has been collected.
    os.environ["STATICFILES_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    (data / "static").mkdir()
    os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 50)
    return data


DATA = _prepare_environment()


class Cluster:
    """The two servers of this run, in the controller."""

    def __init__(self, data: Path) -> None:
        self.data = make_data_directory(data)
        self.sockets = socket_directory(data)
        given = os.environ.get("PORTAL_TEST_POSTGRES")
        programs, major = (Path(given), major_version(Path(given))) if given else (postgres_programs(), MAJOR)
        if not major:
            pytest.exit(f"PORTAL_TEST_POSTGRES: there is no PostgreSQL in {given}", returncode=3)
        self.postgres = Postgres(programs, data, self.sockets, durable=False, connections=300, major=major)
        self.valkey = Valkey(valkey_program(), data, self.sockets)

    def start(self) -> None:
        """Start both, with a migrated template: copied when there is one for these migrations."""
        kept = ROOT / ".local" / "test-template" / _fingerprint(self.postgres.major)
        if kept.is_dir():
            _copy(kept / "postgres", self.data / "postgres")
            self.postgres_child = self.postgres.start()
        else:
            self.postgres_child = self.postgres.start()
            self._migrate()
            self.postgres.stop(self.postgres_child)
            _keep(self.data / "postgres", kept)
            self.postgres_child = self.postgres.start()
        self.valkey_child = self.valkey.start()

    def _migrate(self) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks", "--verbosity=0"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            self.stop()
            pytest.exit(f"The migrations do not run:\n{done.stdout}{done.stderr}", returncode=3)

    def stop(self) -> None:
        """Stop both and leave nothing behind."""
        if child := getattr(self, "valkey_child", None):
            self.valkey.stop(child)
        if child := getattr(self, "postgres_child", None):  # none where it did not start, which says more
            self.postgres.stop(child)
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)


def _fingerprint(major: str = MAJOR) -> str:
    """Changes whenever the migrated template would, and with the PostgreSQL that it is for."""
    parts = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("*/migrations/sql/*.sql"),
        *ROOT.glob("*/data/activity_kinds.csv"),
        ROOT / "staff" / "migration_operations.py",
        ROOT / "requirements" / "dev.txt",
        ROOT / "bwt_cpd" / "embedded" / "postgres.py",
    ]
    digest = hashlib.sha256(f"{os.getuid()} {major}".encode())
    for part in sorted(parts):
        digest.update(f"{part.relative_to(ROOT)}\0".encode() + part.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _copy(source: Path, target: Path) -> None:
    """Copy a stopped cluster with its owner and modes."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


def _keep(cluster: Path, kept: Path) -> None:
    """Keep a copy of the migrated cluster for the next runs, and at most two older ones."""
    try:
        make_data_directory(ROOT / ".local")
        kept.parent.mkdir(exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=kept.parent, prefix="new-"))
        _copy(cluster, fresh / "postgres")
        fresh.chmod(0o755)
        fresh.rename(kept)
    except OSError:
        return  # a read-only checkout, or another run was first: only slower
    older = sorted(kept.parent.glob("[0-9a-f]*"), key=lambda path: path.stat().st_mtime)
    for folder in older[:-3]:
        shutil.rmtree(folder, ignore_errors=True)


def create_database(template: str = DATABASE) -> str:
    """A database of its own, a copy of the migrated, empty one unless told (0.1 s); returns its name."""
    name = f"test_{WORKER or 'main'}_{next(_numbers)}"
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def made_once(what: str, make: Callable[[str], None]) -> str:
    """The name of a database that the first test process to ask fills with `make`, and all others copy."""
    note = DATA / f"{what}.made"
    with lock(DATA / f"{what}.lock", fcntl.LOCK_EX):
        if not note.exists():
            name = create_database()
            make(name)
            note.write_text(name, encoding="ascii")
    return note.read_text(encoding="ascii")


def drop_database(name: str) -> None:
    """Remove it, whoever is still connected."""
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    connection = psycopg2.connect(host=str(socket_directory(DATA)), user=OWNER, dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


_running: list[Cluster] = []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the servers before xdist starts its workers."""
    if not WORKER and not session.config.option.collectonly:
        cluster = Cluster(DATA)
        _running.append(cluster)
        cluster.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them last, after every worker has gone."""
    while _running:
        _running.pop().stop()
    if not WORKER:
        shutil.rmtree(DATA, ignore_errors=True)
        shutil.rmtree(socket_directory(DATA), ignore_errors=True)
