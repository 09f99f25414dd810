"""The people team's side of sign-in, and what it may not do."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from staff import clock
from staff.actions.sign_in import SECOND_FACTOR_GONE, ask_to_link, set_first_password
from staff.models import OneTimeCode, SsoIdentity, User
from tests.factories.staff import ContractFactory, PersonFactory, ResponsibilityFactory, UserFactory

PEOPLE, USERS, LINKED = "/admin/staff/person/", "/admin/staff/user/", "/admin/staff/ssoidentity/"


@pytest.fixture
def adviser(client, people_team):
    client.force_login(people_team)
    return people_team


@pytest.fixture
def cook(beanfield):
    person = PersonFactory(payroll_number="K0815", first_name="Karin", last_name="Cook")
    ContractFactory(person=person, school=beanfield)
    return person


@pytest.fixture
def colleague(central):
    """Another member of the people team."""
    user = UserFactory(email="petra@trust.example")
    ContractFactory(person=user.person, school=central)
    ResponsibilityFactory(person=user.person, kind="people_team")
    return user


def act(client, page, action, *chosen):
    return client.post(page, {"action": action, "_selected_action": [row.pk for row in chosen]}, follow=True)


def test_the_printed_page_has_a_code_that_works(client, adviser, cook):
    page = act(client, PEOPLE, "print_codes", cook).content.decode()

    code = re.search(r'class="code">([^<]+)<', page)[1]
    user = set_first_password(staff_number="K0815", code=code, password="soup on mondays", now=clock.now())
    assert user.person == cook
    assert "http://127.0.0.1:8000/accounts/first-password/" in page


def test_the_printed_page_is_not_kept_by_the_browser(client, adviser, cook):
    page = act(client, PEOPLE, "print_codes", cook)

    assert "no-store" in page["Cache-Control"]


def test_codes_are_printed_from_sign_ins_too(client, adviser, cook):
    user = UserFactory(person=cook, email=None, staff_number="K0815")

    act(client, USERS, "print_codes", user)

    assert OneTimeCode.objects.get().created_by == adviser


def test_nobody_of_the_people_team_makes_an_administrator(client, adviser, teacher):
    client.post(
        f"{USERS}{teacher.pk}/change/",
        {"email": teacher.email, "staff_number": "", "is_active": "on", "is_superuser": "on"},
    )

    assert not User.objects.get(pk=teacher.pk).is_superuser


def test_control_an_administrator_does(client, teacher):
    client.force_login(User.objects.create_superuser("root@trust.example"))

    client.post(
        f"{USERS}{teacher.pk}/change/",
        {"email": teacher.email, "staff_number": "", "is_active": "on", "is_superuser": "on"},
    )

    assert User.objects.get(pk=teacher.pk).is_superuser


@pytest.mark.parametrize("whose", ["root", "colleague"])
def test_nobody_of_the_people_team_changes_a_privileged_email(client, adviser, colleague, whose):
    root = User.objects.create_superuser("root@trust.example")
    user = {"root": root, "colleague": colleague}[whose]

    answer = client.post(f"{USERS}{user.pk}/change/", {"email": "mine@trust.example", "is_active": "on"})

    assert answer.status_code == 403
    assert User.objects.get(pk=user.pk).email == user.email


def test_an_account_is_closed_here(client, adviser, teacher):
    client.post(f"{USERS}{teacher.pk}/change/", {"email": teacher.email, "staff_number": ""})

    assert not User.objects.get(pk=teacher.pk).is_active


def test_sign_ins_are_neither_added_nor_deleted(client, adviser, teacher):
    assert client.get(f"{USERS}add/").status_code == 403
    assert client.post(f"{USERS}{teacher.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_linked_account_is_confirmed_here(client, adviser, teacher):
    asked = ask_to_link(user=teacher, issuer="https://issuer.example", tenant="t", subject="s")

    act(client, LINKED, "confirm", asked)

    asked.refresh_from_db()
    assert (asked.confirmed_by, asked.confirmed_at is None) == (adviser, False)


def test_but_not_one_of_a_colleague_who_sees_every_record(client, adviser, colleague):
    asked = ask_to_link(user=colleague, issuer="https://issuer.example", tenant="t", subject="s")

    act(client, LINKED, "confirm", asked)

    assert SsoIdentity.objects.get().confirmed_at is None


def test_a_lost_second_factor_is_taken_away_and_its_owner_told(client, adviser, teacher, colleague):
    for user in (teacher, colleague, adviser):
        TOTP.activate(user, generate_totp_secret())

    act(client, USERS, "remove_second_factor", teacher, colleague, adviser)

    assert set(Authenticator.objects.values_list("user", flat=True)) == {colleague.pk, adviser.pk}
    assert [message.subject for message in teacher.person.messages.all()] == [SECOND_FACTOR_GONE]


@pytest.mark.parametrize(
    "model", ["account/emailaddress", "socialaccount/socialapp", "mfa/authenticator", "auth/group"]
)
def test_there_is_no_way_round_in_the_admin(client, model, db):
    client.force_login(User.objects.create_superuser("root@trust.example"))

    assert client.get(f"/admin/{model}/").status_code == 404
