"""`./portal run` as a person meets it: started, killed, stopped, and in places where it must refuse."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bwt_cpd.embedded.children import living, wait_until
from bwt_cpd.embedded.places import ROOT, socket_directory
from bwt_cpd.embedded.supervisor import RUNS_ALREADY, port_is_taken

pytestmark = pytest.mark.full
EVERYTHING = {"supervisor", "web", "worker", "beat", "keeper", "postgres", "valkey"}


class Portal:
    """A portal with a data folder of its own and no demo people."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = data / "said.txt"
        outside = ("PORTAL_", "DJANGO_", "STATICFILES_", "SECRET_KEY")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(outside)},
            "PORTAL_DATA": str(data),
        }

    def run(self) -> "subprocess.Popen[bytes]":
        with self.log.open("w") as said:
            return subprocess.Popen(
                [ROOT / "portal", "run", "--port", str(self.port), "--no-demo"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        return "is ready at" in self.log.read_text(encoding="utf-8") and self.living() == EVERYTHING

    def living(self) -> set[str]:
        notes = (self.data / "run").glob("*.pid")
        return {note.stem for note in notes if living(note) is not None}

    def status(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/live/")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [ROOT / "portal", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def portal() -> Iterator[Portal]:
    data = Path(tempfile.mkdtemp(prefix="bwt-cpd-run-"))
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    it = Portal(data, port)
    yield it
    it.command("stop")
    assert it.living() == set()
    shutil.rmtree(socket_directory(data), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


def started(portal: Portal) -> "subprocess.Popen[bytes]":
    process = portal.run()
    assert wait_until(portal.is_ready, 240), portal.log.read_text(encoding="utf-8")
    return process


def interrupt(process: "subprocess.Popen[bytes]", portal: Portal) -> None:
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0


def terminate(process: "subprocess.Popen[bytes]", portal: Portal) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def command_stop(process: "subprocess.Popen[bytes]", portal: Portal) -> None:
    assert portal.command("stop").stdout == "Stopping …\nStopped.\n"
    assert process.wait(60) == 0


@pytest.mark.parametrize("stop", [interrupt, terminate, command_stop])
def test_run_serves_and_stopping_leaves_nothing(
    portal: Portal, stop: Callable[["subprocess.Popen[bytes]", Portal], None]
):
    process = started(portal)
    assert portal.status() == 200

    stop(process, portal)

    assert portal.living() == set()
    assert portal.status() == 0


def test_run_cleans_up_after_a_killed_supervisor_and_starts(portal: Portal):
    process = started(portal)
    process.send_signal(signal.SIGKILL)
    process.wait()

    again = started(portal)  # at once, on the same port

    assert portal.status() == 200
    interrupt(again, portal)


def test_run_starts_after_every_process_was_killed(portal: Portal):
    process = started(portal)
    for note in (portal.data / "run").glob("*.pid"):
        if (pid := living(note)) is not None:
            os.kill(pid, signal.SIGKILL)
    process.wait()

    again = started(portal)

    assert portal.status() == 200
    interrupt(again, portal)


def test_run_starts_a_killed_part_again(portal: Portal):
    process = started(portal)
    first = living(portal.data / "run" / "worker.pid")
    assert first is not None
    os.kill(first, signal.SIGKILL)

    assert wait_until(lambda: living(portal.data / "run" / "worker.pid") not in {None, first}, 20)
    interrupt(process, portal)


def test_run_refuses_a_taken_port_before_it_starts_anything(portal: Portal):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", portal.port))
        taken.listen()

        answer = portal.command("run", "--port", str(portal.port), "--no-demo")

    assert answer.returncode == 1
    free = int(answer.stderr.split()[-1])
    assert free > portal.port
    assert answer.stderr == f"portal: {port_is_taken(portal.port, free)}\n"
    assert portal.living() == set()


def test_second_run_with_the_same_data_is_refused(portal: Portal):
    process = started(portal)

    answer = portal.command("run", "--port", str(portal.port + 1), "--no-demo")

    assert (answer.returncode, answer.stderr) == (
        1,
        f"portal: {RUNS_ALREADY}\n",
    )
    interrupt(process, portal)


def test_manage_shares_the_servers_of_a_run(portal: Portal):
    process = started(portal)

    answer = portal.command("manage", "shell", "--no-imports", "--command", "print(6 * 7)")

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "42\n", "")
    assert portal.status() == 200
    interrupt(process, portal)


def test_interrupt_during_the_start_stops_everything(portal: Portal):
    process = portal.run()
    assert wait_until(lambda: "postgres" in portal.living(), 60)
    time.sleep(0.5)

    interrupt(process, portal)

    assert portal.living() == set()


def test_second_start_takes_seconds(portal: Portal):
    interrupt(started(portal), portal)

    began = time.monotonic()
    process = started(portal)

    assert time.monotonic() - began < 10
    interrupt(process, portal)


def test_links_in_the_mails_of_the_demo_trust_lead_to_this_port(portal: Portal):
    with portal.log.open("w") as said:
        process = subprocess.Popen(
            [ROOT / "portal", "run", "--port", str(portal.port), "--people", "60"],
            env=portal.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
    assert wait_until(portal.is_ready, 240), portal.log.read_text(encoding="utf-8")

    here = f"http://127.0.0.1:{portal.port}/"
    count = (
        "from staff.models import Message; from django.conf import settings; written = Message.objects.exclude("
        f"body_html=''); here = written.filter(body_html__contains='{here}'); "
        "print(written.count() > 0, written.count() == here.count())"
    )
    answer = portal.command("manage", "shell", "--no-imports", "--command", count)

    assert answer.stdout == "True True\n", answer.stderr
    interrupt(process, portal)
