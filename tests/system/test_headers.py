"""What every answer of a real portal says to the browser (RELIABILITY row 25)."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.system.addresses import addresses
from tests.system.permission_matrix import TABLES
from tests.system.permission_matrix_admin import ADMIN
from tests.system.test_permission_matrix import path_of
from tests.system.world import World

ROOT = Path(__file__).resolve().parents[2]
AS_IN_PRODUCTION = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}
PRODUCTION_ENVIRONMENT = {
    "DATABASE_URL": "postgres://app:secret@localhost/cpd",
    "REDIS_URL": "redis://localhost/0",
    "SECRET_KEY": "not-a-real-one-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "cpd.trust.example",
    "PUBLIC_URL": "https://cpd.trust.example",
}
# The one frame of the portal: a mail as it arrives, inside the page of that mail.
FRAMED = {"message-body", "admin:staff_message_body"}


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    for name, value in AS_IN_PRODUCTION.items():
        setattr(settings, name, value)
    # As in test_permission_matrix.py: a number beside Inbox that takes half the time of each page.
    monkeypatch.setattr("bwt_cpd.context_processors.count_waiting", lambda *args, **kwargs: 0)
    return World(request.getfixturevalue)


def pages(world: World, tables: dict[str, dict]) -> Iterator[tuple[str, str, HttpResponse]]:
    """Every address as three readers, with the answer over HTTPS."""
    named = {address.key: address for address in addresses()}
    for table in tables.values():
        for key, entry in table.items():
            for scope in entry.scopes:
                for role in ("staff", "people", "anonymous"):
                    path = path_of(world, named[key], entry.thing, role, scope)
                    response = world.clients[role].get(path, secure=True)
                    if response.streaming:
                        b"".join(response.streaming_content)  # to its end, which closes the file
                    yield key, role, response


class Inline(HTMLParser):
    """Finds what a strict policy would refuse: inline style, inline script, handlers, javascript: links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.in_script = tag == "script" and "src" not in names and names.get("type") != "application/json"
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        self.found += [
            f"<{tag} {value}>" for value in names.values() if (value or "").startswith("javascript:")
        ]
        if tag == "style":
            self.found.append("<style>")

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.found.append(f"<script>{data.strip()[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = False


def faults(key: str, response: HttpResponse, *, is_admin: bool) -> list[str]:
    """What is missing from an answer, or too much."""
    headers = response.headers
    policy = {
        words[0]: words[1:]
        for words in (part.split() for part in headers.get("Content-Security-Policy", "").split(";"))
        if words
    }
    ancestors, frame = (
        (["'self'"], "SAMEORIGIN") if key in FRAMED and response.status_code == 200 else (["'none'"], "DENY")
    )
    wanted = {
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == "same-origin",
        "frame": headers.get("X-Frame-Options") == frame,
        "frame-ancestors": policy.get("frame-ancestors") == ancestors,
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "hsts": headers.get("Strict-Transport-Security") == "max-age=31536000; includeSubDomains; preload",
        "default-src": policy.get("default-src") == ["'none'"],
        "base-uri": policy.get("base-uri") == ["'none'"],
        "cookies": all(
            cookie["secure"] and cookie["samesite"] == "Lax" for cookie in response.cookies.values()
        ),
        "httponly": all(
            cookie["httponly"]
            for name, cookie in response.cookies.items()
            if name in ("sessionid", "csrftoken")
        ),
    }
    if not is_admin:
        loose = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"}
        for directive in ("script-src", "style-src", "form-action", "connect-src", "object-src"):
            wanted[f"strict {directive}"] = not loose & set(policy.get(directive, []))
    return [name for name, is_there in wanted.items() if not is_there]


def inline(key: str, page: HttpResponse) -> list[str]:
    """What the strict policy would refuse on a page of the portal's own."""
    if page.streaming or key in FRAMED or not page.headers.get("Content-Type", "").startswith("text/html"):
        return []
    parser = Inline()
    parser.feed(page.content.decode())
    return parser.found


def test_every_portal_page_has_the_strict_policy_and_nothing_that_it_would_refuse(world):
    found = {
        f"{key} as {role}: {wrong}"
        for key, role, page in pages(world, TABLES)
        if (wrong := faults(key, page, is_admin=False) + inline(key, page))
    }

    assert not found, "\n".join(sorted(found))


def test_every_admin_page_has_its_own_policy_and_the_other_headers(world):
    found = {
        f"{key} as {role}: {wrong}"
        for key, role, page in pages(world, {"admin": ADMIN})
        if (wrong := faults(key, page, is_admin=True))
    }

    assert not found, "\n".join(sorted(found))


def test_a_mail_is_shown_under_hashes_of_its_own_styles(world):
    from tests.factories.messages import MessageFactory

    reader = world.users["staff"]
    message = MessageFactory(
        person=reader.person, body_html='<p style="color:red">Hi</p><script>alert(1)</script>'
    )

    page = world.clients["staff"].get(f"/messages/{message.pk}/body/", secure=True)

    policy = page.headers["Content-Security-Policy"]
    its_style = base64.b64encode(hashlib.sha256(b"color:red").digest()).decode()
    assert f"style-src 'unsafe-hashes' 'sha256-{its_style}'" in policy
    assert "script-src" not in policy  # default-src 'none' stands for it
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy


def test_plain_http_is_sent_to_https(world):
    answer = Client().get("/courses/")

    assert (answer.status_code, answer.url) == (301, "https://testserver/courses/")


def test_control_a_page_without_a_policy_is_caught():
    bare = HttpResponse("<p style='color:red'>")

    assert faults("home", bare, is_admin=False)[:3] == ["nosniff", "referrer", "frame"]
    parser = Inline()
    parser.feed(bare.content.decode())
    assert parser.found == ["<p style>"]


def test_check_deploy_has_nothing_to_say():
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        cwd=ROOT,
        env=environment | PRODUCTION_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )


def test_a_form_may_be_answered_by_the_identity_provider_and_by_nobody_else():
    """Chromium holds the redirect after a form to `form-action`, which would stop single sign-on."""
    identity = {
        "ENTRA_TENANT": "11111111-2222-3333-4444-555555555555",
        "ENTRA_CLIENT_ID": "portal",
        "ENTRA_CLIENT_SECRET": "secret",
    }
    script = "from django.conf import settings; print(*settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'])"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))
    }

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment | PRODUCTION_ENVIRONMENT | identity | {"DJANGO_SETTINGS_MODULE": "bwt_cpd.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "'self' https://login.microsoftonline.com\n"
