"""Every address that takes a POST: those with a case, and why the others need none. The reviewed table."""

from __future__ import annotations

from tests.system.addresses import addresses
from tests.system.expectations import Row
from tests.system.permission_matrix import TABLES
from tests.system.permission_matrix_admin import ADMIN, MODELS
from tests.system.repeats import (
    admin,
    careers,
    claims,
    coaching,
    courses,
    golden_thread,
    house,
    induction,
    needs,
    requests,
)
from tests.system.repeats.cases import Cases, address_of

# Each part has a database of its own: what one leaves behind would count in another.
PARTS: dict[str, Cases] = {
    "catalogue": courses.CASES | claims.CASES,
    "growing": careers.CASES | coaching.CASES | induction.CASES | needs.CASES | golden_thread.CASES,
    "requests": requests.CASES,
    "house": house.CASES,
    "admin": admin.CASES,
}
CASES: Cases = {case: made for cases in PARTS.values() for case, made in cases.items()}
# One form of each kind of guard (docs/decisions/repeated-forms.md), each under as many presses as it can get.
EACH_KIND_OF_GUARD = {
    "the person's lock and a unique index": "courses:session-book",
    "the lock of the row that is decided": "inbox-claim, verified",
    "a turn with a name": "mfa_generate_recovery_codes",
    "the trail of a row that is gone": "delegation-end, to come",
    "the password that a code has set": "first-password",
    "what is in an upload": "admin-import-activities",
    "the page's own token, in the admin": "admin:staff_school_change",
}


def takes_post(row: Row) -> bool:
    """Whether a view behind the address looks at a POST: not one that is refused whoever sends it."""
    signed_in = row.post[:-1]
    return bool(set(signed_in) - set("-x")) or "L" in signed_in


def posted_to() -> set[str]:
    """The addresses of the whole URLconf that take a POST, by the letters of the permission matrix.

    That one has a row for every address and sends a POST to each (tests/system/test_permission_matrix.py).
    """
    stated = ADMIN | {key: entry for table in TABLES.values() for key, entry in table.items()}
    return {
        address.key
        for address in addresses()
        if any(takes_post(row) for row in stated[address.key].scopes.values())
    }


def with_a_case() -> set[str]:
    """The addresses that have one, some of them several."""
    return {address_of(case) for case in CASES}


# Why an address that takes a POST has no case.
_PROVES = "proves who somebody is and changes nothing; allauth's, which counts the tries of each account"
_NOT_HERE = "not in use: there is no such way in or through in this portal, so that a POST is sent on"
_READS = "shows a page: a POST is answered as if it were read"
_MOVED = "sends on to the page of the row"
_OLD_PASSWORD = (
    "asks for the password, or a key in a mail, that is used up by it; allauth's, five or twenty a minute"
)
_AS_OTHERS = (
    "the same code as for a school and a person, staff/admin/once.py (tests/staff/admin/test_once.py)"
)
_NO_ACTIONS = "its actions are none, or those that another list has a case for"

NEEDS_NONE: dict[str, str] = {
    "account_login": _PROVES,
    "account_reauthenticate": _PROVES,
    "mfa_authenticate": _PROVES,
    "mfa_reauthenticate": _PROVES,
    "mfa_reauthenticate_webauthn": _PROVES,
    "mfa_login_webauthn": _PROVES,
    "admin:login": _PROVES,
    "account_change_password": _OLD_PASSWORD,
    "account_set_password": _OLD_PASSWORD,
    "account_reset_password": _OLD_PASSWORD,
    "account_reset_password_from_key": _OLD_PASSWORD,
    "admin/password_change/": _NOT_HERE,
    "admin:password_change": _NOT_HERE,
    "account_confirm_email": _NOT_HERE,
    "account_confirm_login_code": _NOT_HERE,
    "account_email": _NOT_HERE,
    "account_signup": _NOT_HERE,
    "accounts/email/": _NOT_HERE,
    "accounts/3rdparty/": _NOT_HERE,
    "accounts/social/connections/": _NOT_HERE,
    "accounts/social/login/cancelled/": _NOT_HERE,
    "accounts/social/login/error/": _NOT_HERE,
    "accounts/social/signup/": _NOT_HERE,
    "socialaccount_connections": _NOT_HERE,
    "socialaccount_signup": _NOT_HERE,
    "openid_connect_login": "leads to the identity provider and writes nothing; see tests/system/test_oidc.py",
    "openid_connect_callback": "a code is taken once, by its state and nonce; see tests/system/test_oidc.py",
    "mfa_add_webauthn": "the device answers one challenge, which is good for once; allauth's",
    "mfa_download_recovery_codes": _READS,
    "admin/logout/": "the same view as account_logout",
    "admin:logout": "the same view as account_logout, which stands before it",
    "admin:index": _READS,
    "admin:app_list": _READS,
    "admin:search": "finds pages and rows",
    "admin:view_on_site": "sends on to the page of a row",
    "admin/(?P<url>.*)$": "there is no such page",
    "admin:staff_message_body": _READS,
    "admin:staff_person_show_entries": "sends on to the person's entries",
    "admin:entitlements_ledgerentry_reverse_this": "asks for the reason; the reversal is an action of the list",
    **{
        f"admin:{label.replace('.', '_')}_history": "shows what was changed and changes nothing"
        for label in MODELS
    },
    **{f"admin/{label.replace('.', '/')}/<path:object_id>/": _MOVED for label in MODELS},
}
NEEDS_NONE |= {
    key: reason
    for label, allowed in MODELS.items()
    for verb, reason in (
        *((verb, _AS_OTHERS) for verb in allowed.do & {"add", "change", "delete"}),
        ("changelist", _NO_ACTIONS),
    )
    if (key := f"admin:{label.replace('.', '_')}_{verb}") not in with_a_case()
}
