"""One's own pages, getting in, and the imports of the admin."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.test import Client
from django.urls import reverse

from courses.import_rows import COURSE_COLUMNS
from entitlements.activity_rows import COLUMNS as ACTIVITY_COLUMNS
from staff import clock
from staff.actions.sign_in import hand_out_codes
from staff.models import Delegation, SsoIdentity, User
from staff.pending_link import KEY
from tests.courses.test_import_catalogue import COURSE, csv_of
from tests.factories.staff import ContractFactory
from tests.staff.hr_files import TRUST
from tests.system.repeats.cases import Cases, Form, Get
from tests.system.web_server import uploads

PASSWORD = "soup on mondays"


def a_browser(user: User) -> Client:
    """In which somebody has just proved that it is them."""
    browser = Client()
    browser.force_login(user)
    session, proof = browser.session, {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [proof]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


# The profile ----------------------------------------------------------------------------------
def to_choose_colours(get: Get) -> Form:
    return Form("teacher", reverse("profile-colours"), {"colour_mode": "dark"})


def to_choose_reminders(get: Get) -> Form:
    """For the first time, so that there is no row yet."""
    return Form("teacher", reverse("profile-reminders"), {"wants_session_reminders": "on"})


def _days(first: int, last: int) -> dict[str, object]:
    today = clock.today()
    return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}


def to_delegate(get: Get) -> Form:
    get("teacher")
    data = {"to_person": get("cpd_lead").person.pk, "reason": "At a conference", **_days(20, 27)}
    return Form("line_manager", reverse("delegation-new"), data)


def to_take_back(first: int, get: Get) -> Form:
    given = Delegation.objects.create(
        from_person=get("line_manager").person, to_person=get("headteacher").person, **_days(first, 3)
    )
    return Form("line_manager", reverse("delegation-end", args=[given.pk]))


# Getting in -----------------------------------------------------------------------------------
def to_link(answer: str, get: Get) -> Form:
    user = get("teacher")
    browser = a_browser(user)
    session = browser.session
    outside = {"issuer": "https://id.example", "tenant": "trust", "subject": f"tessa-{answer}"}
    about = {"user_id": user.pk, "provider": "Microsoft", "email": user.email, "noted": time.time() - 60}
    session[KEY] = {**outside, **about}
    session.save()
    return Form("teacher", reverse("sso-link"), {"answer": answer}, browser=browser, to=reverse("home"))


def to_unlink(get: Get) -> Form:
    user = get("headteacher")
    user.set_password(PASSWORD)
    user.save()
    linked = SsoIdentity.objects.create(user=user, issuer="i", subject="s", confirmed_at=clock.now())
    path = reverse("sso-unlink", args=[linked.pk])
    return Form("headteacher", path, browser=a_browser(user), to=reverse("profile"))


def to_set_first_password(get: Get) -> Form:
    """With a printed code; each press signs in, which notes when."""
    person = ContractFactory(school=get("beanfield"), job_role=get("assistant_role")).person
    (slip,), _ = hand_out_codes(people=[person], by=get("people_team"), now=clock.now())
    data = {"staff_number": slip.staff_number, "code": slip.code, "password": PASSWORD, "again": PASSWORD}
    path = reverse("first-password")
    return Form("people_team", path, data, browser=Client(), to=reverse("home"), again={"staff.user": 1})


def to_sign_out(get: Get) -> Form:
    return Form("teacher", reverse("account_logout"), to=reverse("account_login"))


# Second factors -------------------------------------------------------------------------------
def a_factor(user: User, kind: str, data: dict[str, Any], *, days_ago: int = 0) -> Authenticator:
    made = Authenticator.objects.create(user=user, type=kind, data=data)
    Authenticator.objects.filter(pk=made.pk).update(created_at=clock.now() - timedelta(days=days_ago))
    return made


def to_activate(get: Get) -> Form:
    """The first one, which brings recovery codes along."""
    browser = a_browser(get("outsider"))
    session, secret = browser.session, generate_totp_secret()
    session[SECRET_SESSION_KEY] = secret
    session.save()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    to = reverse("mfa_view_recovery_codes")
    return Form("outsider", reverse("mfa_activate_totp"), {"code": code}, browser=browser, to=to)


def to_generate(get: Get) -> Form:
    """In the place of codes of last week."""
    user = get("trainer")
    a_factor(user, Authenticator.Type.TOTP, {"secret": "x"}, days_ago=7)
    a_factor(user, Authenticator.Type.RECOVERY_CODES, {"seed": "x", "used_mask": 0}, days_ago=7)
    to = reverse("mfa_view_recovery_codes")
    return Form("trainer", reverse("mfa_generate_recovery_codes"), browser=a_browser(user), to=to)


def to_deactivate(get: Get) -> Form:
    user = get("cpd_lead")
    a_factor(user, Authenticator.Type.TOTP, {"secret": "x"}, days_ago=7)
    return Form("cpd_lead", reverse("mfa_deactivate_totp"), browser=a_browser(user), to=reverse("mfa_index"))


def to_keep_passkey(verb: str, data: dict[str, str], get: Get) -> Form:
    user = get("hub_lead")
    key = a_factor(user, Authenticator.Type.WEBAUTHN, {"name": "Phone", "credential": {}}, days_ago=7)
    path, to = reverse(f"mfa_{verb}_webauthn", args=[key.pk]), reverse("mfa_list_webauthn")
    return Form("hub_lead", path, data, browser=a_browser(user), to=to)


# The import -----------------------------------------------------------------------------------
def files_of(slug: str, get: Get) -> dict[str, tuple[str, bytes]]:
    """Small files that change something."""
    if slug == "staff":
        return {kind: (f"{kind}.csv", text.encode()) for kind, text in TRUST.items()}
    if slug == "activities":
        row = {
            "external_id": "REPEAT-1",
            "payroll_number": get("teacher").person.payroll_number,
            "kind": "course",
            "amount": "60",
            "occurred_on": "2026-11-03",
            "title": "Phonics",
            "status": "verified",
            "cpd_fraction": "",
            "body": "",
            "own_time": "",
        }
        return {"activities": ("activities.csv", csv_of(ACTIVITY_COLUMNS, row))}
    row = {**COURSE, "hub": get("primary_hub").code, "audience": "all"}
    return {"courses": ("courses.csv", csv_of(COURSE_COLUMNS, row))}


def to_upload(slug: str, get: Get) -> Form:
    return Form("people_team", reverse(f"admin-import-{slug}"), files=files_of(slug, get))


def _uploaded(slug: str, get: Get, name: str) -> tuple[Client, str]:
    """Kept for the people team under a name of its own."""
    browser = a_browser(get("people_team"))
    files = {kind: (f"{name} {file}", content) for kind, (file, content) in files_of(slug, get).items()}
    return browser, browser.post(reverse(f"admin-import-{slug}"), uploads(files)).url


def to_import(slug: str, get: Get) -> Form:
    browser, path = _uploaded(slug, get, "to import")
    return Form("people_team", path, browser=browser, to=reverse(f"admin-import-{slug}"))


def to_give_up(slug: str, get: Get) -> Form:
    browser, path = _uploaded(slug, get, "to give up")
    data = {"give_up": "yes"}
    return Form("people_team", path, data, browser=browser, to=reverse(f"admin-import-{slug}"))


CASES: Cases = {
    "profile-colours": (to_choose_colours, {"staff.user": 1}),
    "profile-reminders": (to_choose_reminders, {"+staff.messagepreference": 1}),
    "delegation-new": (to_delegate, {"+staff.delegation": 1}),
    "delegation-end, begun": (partial(to_take_back, -3), {"staff.delegation": 1}),
    "delegation-end, to come": (partial(to_take_back, 2), {"-staff.delegation": 1}),
    "sso-link": (partial(to_link, "link"), {"+staff.ssoidentity": 1}),
    "sso-link, not linked": (partial(to_link, "no"), {}),
    "sso-unlink": (to_unlink, {"-staff.ssoidentity": 1}),
    "first-password": (to_set_first_password, {"staff.onetimecode": 1, "staff.user": 1}),
    "account_logout": (to_sign_out, {}),
    "mfa_activate_totp": (to_activate, {"+mfa.authenticator": 2, "+staff.message": 1}),
    "mfa_generate_recovery_codes": (
        to_generate,
        {"+mfa.authenticator": 1, "+staff.message": 1, "-mfa.authenticator": 1},
    ),
    "mfa_deactivate_totp": (to_deactivate, {"+staff.message": 1, "-mfa.authenticator": 1}),
    "mfa_edit_webauthn": (partial(to_keep_passkey, "edit", {"name": "Old phone"}), {"mfa.authenticator": 1}),
    "mfa_remove_webauthn": (
        partial(to_keep_passkey, "remove", {}),
        {"+staff.message": 1, "-mfa.authenticator": 1},
    ),
    "admin-import-staff": (partial(to_upload, "staff"), {}),
    "admin-import-activities": (partial(to_upload, "activities"), {}),
    "admin-import-catalogue": (partial(to_upload, "catalogue"), {}),
    "admin-import-activities-difference": (
        partial(to_import, "activities"),
        {"+entitlements.ledgerentry": 1},
    ),
    "admin-import-catalogue-difference": (
        partial(to_import, "catalogue"),
        {"+courses.course": 1, "+courses.strand": 1},
    ),
    "admin-import-staff-difference": (
        partial(to_import, "staff"),
        {
            "+staff.absence": 1,
            "+staff.contract": 3,
            "+staff.department": 1,
            "+staff.person": 3,
            "+staff.user": 3,
            "staff.contract": 1,
            "staff.jobrole": 1,
            "staff.school": 2,
        },
    ),
    "admin-import-staff-difference, given up": (partial(to_give_up, "staff"), {}),
}
