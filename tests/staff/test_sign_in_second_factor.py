"""A second factor for those who see everybody's records; passkeys for anybody; one door to the admin."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from staff.models import User

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def a_real_portal(settings):
    settings.MFA_REQUIRED_FOR_PRIVILEGED = True
    cache.clear()


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("path", ["/profile/", "/messages/", "/admin/", "/"])
def test_the_people_team_sets_up_a_second_factor_first(client, people_team, path):
    client.force_login(people_team)

    answer = client.get(path)

    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")


def test_so_does_an_administrator(client, db):
    client.force_login(User.objects.create_superuser("root@trust.example"))

    assert client.get("/admin/").url == "/accounts/2fa/"


def test_a_part_of_a_page_redirects_the_whole_window(client, people_team):
    client.force_login(people_team)

    answer = client.get("/messages/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (200, "/accounts/2fa/", b"")


def test_the_pages_to_set_it_up_are_reachable(client, people_team):
    client.force_login(people_team)

    assert client.get("/accounts/2fa/").status_code == 200


@pytest.mark.parametrize("who", ["teacher", "headteacher", "hub_lead", "partner"])
def test_nobody_else_needs_one(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/profile/").status_code == 200


def test_demo_mode_asks_nobody(client, people_team, settings):
    settings.MFA_REQUIRED_FOR_PRIVILEGED = False
    client.force_login(people_team)

    assert client.get("/profile/").status_code == 200


def test_with_one_the_people_team_gets_in(client, people_team):
    TOTP.activate(people_team, generate_totp_secret())
    client.force_login(people_team)

    assert client.get("/profile/").status_code == 200


def test_a_password_alone_does_not_sign_in_who_has_a_second_factor(client, teacher):
    secret = generate_totp_secret()
    TOTP.activate(teacher, secret)
    teacher.set_password(PASSWORD)
    teacher.save()

    half = client.post("/accounts/login/", {"login": teacher.email, "password": PASSWORD})
    between = client.get("/profile/").status_code
    whole = client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})

    assert (half.url, between, whole.url) == ("/accounts/2fa/authenticate/", 302, "/")
    assert client.get("/profile/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor_to_begin_with(client, people_team):
    RecoveryCodes.activate(people_team)
    Authenticator.objects.exclude(type="recovery_codes").delete()
    client.force_login(people_team)

    assert client.get("/messages/").url == "/accounts/2fa/"


def test_the_admin_has_no_sign_in_page_of_its_own(client, db):
    answer = client.get("/admin/login/?next=/admin/")

    assert answer.url == "/accounts/login/?next=%2Fadmin%2F"


@pytest.mark.parametrize("who", ["teacher", "headteacher", "hub_lead", "partner"])
def test_the_admin_is_closed_to_everybody_else(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/admin/", follow=True).status_code == 403


def test_the_admin_opens_through_the_responsibility_and_closes_with_it(people_team, settings):
    settings.MFA_REQUIRED_FOR_PRIVILEGED = False
    client = Client()
    client.force_login(people_team)
    before = client.get("/admin/").status_code

    people_team.person.responsibilities.update(ends_on="2021-01-01")

    assert (before, client.get("/admin/", follow=True).status_code) == (200, 403)


def test_anybody_can_add_a_passkey(client, teacher):
    teacher.set_password(PASSWORD)
    teacher.save()
    client.post("/accounts/login/", {"login": teacher.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    page = client.get("/accounts/2fa/webauthn/add/")

    assert page.status_code == 200
    assert page.context["js_data"]["creation_options"]["publicKey"]["rp"]["id"] == "testserver"
