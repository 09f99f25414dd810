"""The embedded servers as commands meet them: shared, restarted, and gone with their last user."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from bwt_cpd.embedded.children import living, wait_until
from bwt_cpd.embedded.command_line import STARTED_SERVERS
from bwt_cpd.embedded.places import ROOT, socket_directory
from bwt_cpd.embedded.postgres import Postgres
from bwt_cpd.embedded.programs import postgres_programs, valkey_program
from bwt_cpd.embedded.servers import servers
from bwt_cpd.embedded.stages import NEEDS_BOTH_SERVERS
from bwt_cpd.embedded.valkey import Valkey

# A process of its own that uses the servers until it is told or killed.
HOLDER = """
import sys, pathlib
from bwt_cpd.embedded.servers import servers
with servers(pathlib.Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder of its own, under a private parent as mktemp makes it."""
    folder = Path(tempfile.mkdtemp(prefix="bwt-cpd-servers-"))
    yield folder
    assert wait_until(lambda: not running(folder), 30), "servers were left running"
    shutil.rmtree(socket_directory(folder), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def running(data: Path) -> set[str]:
    """Which of the three processes live."""
    return {name for name in ("keeper", "postgres", "valkey") if living(data / "run" / f"{name}.pid")}


@contextlib.contextmanager
def holder(data: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


def test_servers_are_up_inside_and_gone_after(data: Path):
    with servers(data) as started:
        assert started is True
        assert running(data) == {"keeper", "postgres", "valkey"}

    assert running(data) == set()


def test_second_user_shares_and_the_last_one_out_stops_them(data: Path):
    with holder(data) as other:
        with servers(data) as started:
            assert started is False
        assert running(data) == {"keeper", "postgres", "valkey"}

        with servers(data):
            other.communicate()  # the one who started them goes first
            time.sleep(0.5)
            assert running(data) == {"keeper", "postgres", "valkey"}

    assert wait_until(lambda: running(data) == set(), 20)


def test_servers_go_when_their_user_is_killed(data: Path):
    with holder(data) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()

        assert wait_until(lambda: running(data) == set(), 20)


def test_servers_start_again_after_everything_was_killed(data: Path):
    with holder(data) as other:
        for name in ("keeper", "postgres", "valkey"):
            pid = living(data / "run" / f"{name}.pid")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        other.kill()
    assert wait_until(lambda: not running(data), 10)

    with servers(data) as started:
        assert started is True
        assert Valkey(valkey_program(), data, socket_directory(data)).answers()


def test_killed_valkey_is_started_again(data: Path):
    with servers(data):
        first = living(data / "run" / "valkey.pid")
        assert first is not None
        os.kill(first, signal.SIGKILL)

        assert wait_until(lambda: living(data / "run" / "valkey.pid") not in {None, first}, 15)
        assert wait_until(Valkey(valkey_program(), data, socket_directory(data)).answers, 5)


def test_many_users_at_once_start_one_pair(data: Path):
    starts: list[bool] = []

    def use() -> None:
        with servers(data) as started:
            starts.append(started)
            time.sleep(0.3)

    users = [threading.Thread(target=use) for _ in range(5)]
    for user in users:
        user.start()
    for user in users:
        user.join(60)

    assert sorted(starts) == [False, False, False, False, True]


def test_manage_leaves_stdout_to_the_command(data: Path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    done = subprocess.run(
        [ROOT / "portal", "manage", "version"],
        env={**environment, "PORTAL_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert (done.returncode, done.stdout) == (0, f"{django.get_version()}\n")
    assert done.stderr == f"{STARTED_SERVERS}\n"


def test_portal_refuses_half_of_the_outside_servers(data: Path):
    environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    done = subprocess.run(
        [ROOT / "portal", "run", "--port", "0"],
        env={
            **environment,
            "PORTAL_DATA": str(data),
            "DATABASE_URL": "postgres://nobody@nowhere.invalid/none",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (
        1,
        f"portal: {NEEDS_BOTH_SERVERS}\n",
    )


def test_servers_start_where_the_checkout_is_under_a_private_folder(data: Path):
    """As root under `mktemp -d`: the servers' own user can neither pass the folder nor see itself in it."""
    private = data / "checkout"
    private.mkdir(mode=0o700)
    wheel = postgres_programs().parent.parent
    for part in (wheel, *wheel.parent.glob(f"{wheel.name}.libs")):
        shutil.copytree(part, private / part.name, symlinks=True)
    programs = private / postgres_programs().relative_to(wheel.parent)
    server = Postgres(programs, private, socket_directory(private), durable=False)
    (private / "run").mkdir()

    child = server.start()

    assert child.poll() is None
    server.stop(child)
    shutil.rmtree(socket_directory(private), ignore_errors=True)
