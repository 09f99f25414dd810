"""Who gets in, who is refused and with which words; over HTTP, as a browser does it."""

import logging
from datetime import date

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from bwt_cpd.logging import TokenFilter
from staff.adapters import AccountAdapter
from staff.models import Contract, User
from staff.queries.sign_in import NO_STAFF_RECORD
from tests.factories.staff import ContractFactory, PersonFactory, UserFactory

LOGIN = "/accounts/login/"
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def no_attempts_yet():
    cache.clear()


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def test_email_and_password_let_in(client, teacher):
    with_password(teacher)

    answer = sign_in(client, teacher.email.upper())

    assert answer.url == "/"
    assert is_signed_in(client)


def test_staff_number_and_password_let_in_through_the_same_field(client, teaching_assistant):
    teaching_assistant.email, teaching_assistant.staff_number = None, "K0815"
    with_password(teaching_assistant)

    answer = sign_in(client, "k0815")

    assert answer.url == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("login", "password"), [("nobody@trust.example", PASSWORD), ("T1", "wrong"), ("", "")]
)
def test_wrong_words_are_refused_and_say_nothing_of_who_exists(client, teacher, login, password):
    teacher.staff_number = "T1"
    with_password(teacher)

    answer = sign_in(client, login, password)

    assert answer.status_code == 200
    assert not is_signed_in(client)


def test_unknown_and_known_get_the_same_sentence(client, teacher):
    with_password(teacher)

    known = sign_in(client, teacher.email, "wrong").context["form"].non_field_errors()
    unknown = sign_in(client, "nobody@trust.example", "wrong").context["form"].non_field_errors()

    assert known == unknown == [AccountAdapter.error_messages["email_password_mismatch"]]


def test_eleven_wrong_passwords_in_a_minute_stop_the_right_one_too(client, teacher):
    with_password(teacher)
    for _ in range(10):
        sign_in(client, teacher.email, "wrong")

    answer = sign_in(client, teacher.email)

    assert answer.context["form"].non_field_errors() == [
        AccountAdapter.error_messages["too_many_login_attempts"]
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda user: User.objects.filter(pk=user.pk).update(is_active=False), "switched off"),
        (
            lambda user: Contract.objects.filter(person=user.person).update(ends_on=date(2021, 1, 1)),
            "no contract in",
        ),
        (
            lambda user: Contract.objects.filter(person=user.person).update(starts_on=date(2199, 1, 1)),
            "begins on 1 Jan",
        ),
    ],
    ids=["disabled", "left", "not yet here"],
)
def test_whoever_may_not_come_in_is_told_why_after_the_right_password(client, teacher, change, sentence):
    with_password(teacher)
    change(teacher)

    answer = client.post(LOGIN, {"login": teacher.email, "password": PASSWORD}, follow=True)

    assert [sentence in str(message) for message in answer.context["messages"]] == [True]
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "change",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: Contract.objects.filter(person=user.person).update(ends_on=date(2021, 1, 1)),
    ],
    ids=["disabled", "left"],
)
def test_the_next_request_of_a_closed_account_is_refused(client, teacher, change):
    client.force_login(teacher)
    before = is_signed_in(client)

    change(teacher)

    assert (before, is_signed_in(client)) == (True, False)


def test_control_without_the_look_at_every_request_a_leaver_stays_in(client, teacher, monkeypatch):
    monkeypatch.setattr("staff.backends.SignInBackend.get_user", AuthenticationBackend.get_user)
    client.force_login(teacher)

    Contract.objects.filter(person=teacher.person).update(ends_on=date(2021, 1, 1))

    assert is_signed_in(client)


def test_the_look_at_every_request_is_one_query(client, teacher, django_assert_num_queries):
    from staff.backends import SignInBackend

    with django_assert_num_queries(1):
        user = SignInBackend().get_user(teacher.pk)
        assert user.person.full_name == "Tessa Teacher"


def test_partner_delegate_and_administrator_need_no_contract(client, partner):
    client.force_login(partner)
    administrator = Client()
    administrator.force_login(User.objects.create_superuser("root@trust.example"))

    assert (is_signed_in(client), is_signed_in(administrator)) == (True, True)


def test_a_sign_in_without_a_staff_record_that_is_no_administrator_is_refused(client, db):
    with_password(UserFactory(person=None, email="nobody@trust.example"))

    answer = client.post(LOGIN, {"login": "nobody@trust.example", "password": PASSWORD}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [NO_STAFF_RECORD]


def test_nobody_can_sign_up(client, db):
    client.post("/accounts/signup/", {"email": "new@trust.example", "password1": PASSWORD})

    assert User.objects.count() == 0


def test_nobody_changes_the_email_that_comes_from_hr(client, teacher):
    client.force_login(teacher)

    answer = client.post("/accounts/email/", {"action_add": "", "email": "head@trust.example"})

    assert answer.url == reverse("profile")
    teacher.refresh_from_db()
    assert teacher.email == "tessa.teacher@trust.example"


# Demo mode ---------------------------------------------------------------------------------
def test_demo_mode_offers_the_demo_people_and_one_press_signs_in(client, beanfield, settings):
    settings.DEMO = True
    user = UserFactory(
        email="ta@demo.example", person=PersonFactory(first_name="Marta", last_name="Kowalczyk")
    )
    ContractFactory(person=user.person, school=beanfield)
    user.set_password("demo")
    user.save()

    page = client.get(LOGIN)
    offered = page.context["demo_people"][0]
    answer = client.post(LOGIN, {"login": offered["email"], "password": offered["password"]})

    assert {key: offered[key] for key in ("email", "name", "role")} == {
        "email": "ta@demo.example",
        "name": "Marta Kowalczyk",
        "role": "Teaching assistant",
    }
    assert "Marta Kowalczyk" in page.content.decode()
    assert answer.url == "/"


def test_a_real_portal_offers_nobody(client, db, settings):
    UserFactory(email="ta@demo.example")
    settings.DEMO = False

    page = client.get(LOGIN)

    assert "demo_people" not in page.context


# What is open ------------------------------------------------------------------------------
def test_an_expired_session_redirects_the_whole_window_of_htmx(client, db):
    answer = client.get(
        "/courses/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/courses/?q=maths"}
    )

    assert (answer.status_code, answer.content, answer["HX-Redirect"]) == (
        200,
        b"",
        "/accounts/login/?next=/courses/%3Fq%3Dmaths",
    )


def test_a_plain_request_without_a_session_goes_to_the_sign_in_page(client, db):
    answer = client.get("/courses/?q=maths")

    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/courses/%3Fq%3Dmaths")


# Forgotten and first passwords by mail ------------------------------------------------------
def test_somebody_the_import_knows_gets_a_first_password_by_work_email(
    client, beanfield, settings, mailoutbox
):
    settings.SENDS_MAIL = True
    person = PersonFactory(work_email="New.Starter@trust.example")
    ContractFactory(person=person, school=beanfield)

    client.post("/accounts/password/reset/", {"email": "new.starter@trust.example"})
    link = next(line for line in mailoutbox[0].body.splitlines() if "/accounts/password/reset/key/" in line)
    page = client.get(link.strip(), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})

    assert sign_in(client, "new.starter@trust.example").url == "/"
    assert client.session["_auth_user_id"] == str(User.objects.get(person=person).pk)


def test_an_address_nobody_has_gets_no_mail_and_the_same_answer(client, teacher, settings, mailoutbox):
    settings.SENDS_MAIL = True
    with_password(teacher)

    unknown = client.post("/accounts/password/reset/", {"email": "stranger@elsewhere.example"})
    sent_to_unknown = len(mailoutbox)
    known = client.post("/accounts/password/reset/", {"email": teacher.email})

    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert (sent_to_unknown, len(mailoutbox)) == (0, 1)


def test_a_token_of_a_password_mail_is_not_kept_in_the_outbox(client, teacher, settings, mailoutbox):
    settings.SENDS_MAIL = True
    with_password(teacher)

    client.post("/accounts/password/reset/", {"email": teacher.email})

    assert len(mailoutbox) == 1
    assert teacher.person.messages.count() == 0


def test_a_changed_password_is_noted_through_the_outbox(client, teacher):
    with_password(teacher)
    sign_in(client, teacher.email)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another fine password", "password2": "another fine password"},
    )

    assert [message.kind for message in teacher.person.messages.all()] == ["account"]


def test_no_log_line_holds_the_token_of_a_mail():
    record = logging.LogRecord(
        "django.request", 30, "", 0, "Not Found: %s", ("/accounts/password/reset/key/1-c0ffee/",), None
    )

    TokenFilter().filter(record)

    assert record.getMessage() == "Not Found: /accounts/password/reset/key/…/"
