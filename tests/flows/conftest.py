"""A real browser on the real stack: gunicorn, worker, beat and the embedded servers.

    def test_ta_books(portal_stack, new_page):
        page = new_page("ta", phone=True)
        page.goto("/courses/")

`page` and `phone_page` are signed out. A script error or a breach of the content security policy
fails the test that saw it. `find_barriers(page)` is axe's list of what WCAG 2.2 AA forbids.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from bwt_cpd.embedded.places import ROOT, socket_directory
from tests.cluster import start_from_template

PASSWORD = "demo"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Set by tests/cluster.py for the tests themselves; the stack is a portal like any other.
OF_THE_TESTS = {
    "DATABASE_URL",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "DJANGO_SETTINGS_MODULE",
    "PORTAL_DATABASE_NAME",
    "PORTAL_DATABASE_ROLE",
    "PORTAL_VALKEY_DATABASE",
    "REDIS_URL",
    "SECRET_KEY",
    "STATICFILES_STORAGE",
}


class NewPage(Protocol):
    """Opens a page of its own window, signed in as `<who>@demo.example` where somebody is named."""

    def __call__(
        self,
        who: str = "",
        *,
        phone: bool = False,
        javascript: bool = True,
        dark: bool = False,
        width: int = 1280,
    ) -> Page: ...


# The stack ---------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def portal_data() -> Path:
    """The data folder of the stack of these tests."""
    return Path(tempfile.mkdtemp(prefix="bwt-cpd-stack-"))


@pytest.fixture(scope="session")
def manage(portal_stack: str, portal_data: Path) -> Callable[..., str]:
    """Run a manage.py command on the stack, as `./portal manage` does; gives its standard output."""
    mine = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    environment = {**mine, "PORTAL_DATA": str(portal_data)}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *command],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    return run


@pytest.fixture(scope="session")
def portal_stack(portal_data: Path) -> Iterator[str]:
    """The address of a portal of its own, as `./portal run` serves it, with 150 demo people."""
    data = portal_data
    start_from_template(data)
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    log = data / "run.log"
    with log.open("w") as output:
        portal = subprocess.Popen(
            [ROOT / "portal", "run", "--port", str(port), "--people", "150"],
            env={**environment, "PORTAL_DATA": str(data)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for_portal(portal, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        portal.send_signal(signal.SIGINT)
        try:
            portal.wait(60)
        finally:
            portal.kill()
            shutil.rmtree(data, ignore_errors=True)
            shutil.rmtree(socket_directory(data), ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _wait_for_portal(portal: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 180
    while "is ready at" not in log.read_text(encoding="utf-8"):
        if portal.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"The portal did not start:\n{log.read_text(encoding='utf-8')}")
        time.sleep(0.2)


# The browser -------------------------------------------------------------------------------
def chromium() -> str | None:
    """Where the system's Chromium is, if it has one."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(os.environ.get("PORTAL_CHROMIUM", name)):
            return found
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; windows are cheap."""
    program = chromium()
    if program is None:
        message = "no Chromium on this machine: this journey through the portal was not tried"
        if os.environ.get("PORTAL_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's loop runs in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def _signed_in() -> dict[str, Any]:
    """The cookies of people who have signed in, so that each does so once."""
    return {}


@pytest.fixture
def new_page(browser: Browser, portal_stack: str, _signed_in: dict[str, Any]) -> Iterator[NewPage]:
    """Opens pages; fails the test when one of them met a script error or broke the policy."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(
        who: str = "", *, phone: bool = False, javascript: bool = True, dark: bool = False, width: int = 1280
    ) -> Page:
        context = browser.new_context(
            base_url=portal_stack,
            viewport={"width": 390, "height": 844} if phone else {"width": width, "height": 900},
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
            storage_state=_signed_in.get(who),
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", hear)
        if who and who not in _signed_in:
            sign_in(page, who)
            _signed_in[who] = context.storage_state()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A signed-out window of a desk."""
    return new_page()


@pytest.fixture
def phone_page(new_page: NewPage) -> Page:
    """A signed-out window of a phone."""
    return new_page(phone=True)


def sign_in(page: Page, who: str) -> None:
    """Sign in by the form, as `<who>@demo.example`."""
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(f"{who}@demo.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


# Accessibility -----------------------------------------------------------------------------
def find_barriers(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page as it is: rule, what it asks, and where."""
    found = Axe().run(page, options={"runOnly": TAGS})
    return [
        f"{violation['id']}: {violation['help']} at {' | '.join(str(node['target']) for node in violation['nodes'])}"
        for violation in found.response["violations"]
    ]


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """`assert barriers(page) == []`."""
    return find_barriers
