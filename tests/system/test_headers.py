"""The headers that no crawl shows (RELIABILITY row 25); tests/system/test_permission_matrix.py looks at every address."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.factories.messages import MessageFactory
from tests.system.answers import AS_IN_PRODUCTION, Inline, faults
from tests.system.world import World

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION_ENVIRONMENT = {
    "DATABASE_URL": "postgres://app:secret@localhost/cpd",
    "REDIS_URL": "redis://localhost/0",
    "SECRET_KEY": "not-a-real-one-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "cpd.trust.example",
    "PUBLIC_URL": "https://cpd.trust.example",
}


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, settings: Any) -> World:
    for name, value in AS_IN_PRODUCTION.items():
        setattr(settings, name, value)
    return World(request.getfixturevalue)


def test_a_mail_is_shown_under_hashes_of_its_own_styles(world):
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
