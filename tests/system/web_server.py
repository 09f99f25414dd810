"""The portal served by gunicorn for a test, and clients that speak HTTP to it."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from staff.models import User

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a" * 32


@dataclass(frozen=True)
class Answer:
    """What came back, and when it was asked and answered (seconds of one clock)."""

    status: int
    location: str
    asked_at: float
    answered_at: float


@contextmanager
def serving(
    database, *, application: str = "bwt_cpd.wsgi:application", workers: int = 2, threads: int = 8
) -> Iterator[int]:
    """Gunicorn on the test's database, in the role of the run-time; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            application,
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            str(workers),
        ),
        *("--threads", str(threads), "--timeout", "60", "--preload", "--no-control-socket"),
    ]
    environment = {
        **os.environ,
        **database.environment,
        "LOG_LEVEL": "ERROR",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",  # where the links and pictures of mails lead
        "PYTHONPATH": str(ROOT),
    }
    del environment["PORTAL_DATABASE_ROLE"]  # the tests' own: owner
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("gunicorn did not start.")


def cookie_of(user: User, browser: Client | None = None) -> str:
    """The cookies of a browser in which this person is signed in; or of one that has been used, or not yet."""
    client = browser or Client()
    if browser is None:
        client.force_login(user)
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    signed_in = f"{settings.SESSION_COOKIE_NAME}={session.value}; " if session else ""
    return f"{signed_in}csrftoken={TOKEN}"


def uploads(files: Mapping[str, tuple[str, bytes]]) -> dict[str, SimpleUploadedFile]:
    """By field, a name and its content, as Django's own test client takes them too."""
    return {field: SimpleUploadedFile(*file) for field, file in files.items()}


def post(
    port: int,
    cookie: str,
    path: str,
    data: Mapping[str, object] | None = None,
    files: Mapping[str, tuple[str, bytes]] | None = None,
) -> Answer:
    """Send one form; several values of a field as a list, files with their names."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    fields = {"csrfmiddlewaretoken": TOKEN, **(data or {})}
    body: str | bytes = urlencode(fields, doseq=True)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    if files:
        body = encode_multipart(BOUNDARY, {**fields, **uploads(files)})
        headers["Content-Type"] = MULTIPART_CONTENT
    asked_at = time.monotonic()
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        return Answer(response.status, response.getheader("Location") or "", asked_at, time.monotonic())
    finally:
        connection.close()


def all_at_once(calls: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Release every call at the same moment, each in a thread of its own; their answers in order."""
    barrier = threading.Barrier(len(calls))
    answers: list[Answer | None] = [None] * len(calls)

    def run(number: int) -> None:
        barrier.wait(30)
        answers[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert None not in answers
    return [answer for answer in answers if answer is not None]
