"""Who gets which answer at every address: the reviewed table (RELIABILITY row 12).

Every address of the URLconf stands here; one that does not fails the suite. To add yours:

    "courses:session-cancel": of("session", led=row(get="xxxyxyxL", post="xxxyxyxL"), other=row(…)),

One letter for each role in the order of ROLES (tests/system/world.py):

    staff, manager, head, hub lead, trainer, people team, partner, anonymous

    y  let in: a page, or after a POST any answer of the page itself (done, or the form with its mistakes)
    >  sent on to another page of the portal (GET only)
    n  404: there is no such thing for this reader       x  403: known, but not theirs
    -  405: not this method                              L  to the sign-in page

Two letters stand for somebody signed in (the first role) and somebody anonymous, where roles make no
difference. A method that is left out answers 405, and the sign-in page to somebody anonymous. For an address
with parameters name the thing (THINGS in tests/system/world.py makes it; add yours there) and state
each scope: own, school, other; led and other; or the thing's own words.
"""

from __future__ import annotations

from tests.system.expectations import ALL, NEVER, OPEN, Entry, of, page, row
from tests.system.permission_matrix_pathways import PATHWAYS

#                       smhltpna
PORTAL: dict[str, Entry] = {
    "home": page(ALL),
    "more": page(ALL),
    "search": page(ALL),
    # Words only, and wanted most by somebody who cannot get in.
    "help": page(OPEN, NEVER),
    "accessibility": page(OPEN, NEVER),
    "privacy": page(OPEN, NEVER),
    "components": page(ALL),
    "health-live": page(OPEN, NEVER),
    "health-ready": page(OPEN, NEVER),
    # One's own pages
    "profile": page(ALL),
    "profile-colours": page(post=ALL),
    "profile-reminders": page(post=ALL),
    "delegation-new": page(ALL, ALL),
    "delegation-end": of(
        "delegation", own=row(post=ALL), school=row(post="nnnnnnnL"), other=row(post="nnnnnnnL")
    ),
    "messages": page(ALL),
    "message-detail": of("message", own=row(ALL), school=row("nnnnnnnL"), other=row("nnnnnnnL")),
    "message-body": of("message", own=row(ALL), school=row("nnnnnnnL"), other=row("nnnnnnnL")),
    "message-calendar": of("message", own=row(ALL), school=row("nnnnnnnL"), other=row("nnnnnnnL")),
    # Getting in. Without an account that waits to be linked the page sends on to the profile.
    "first-password": page(OPEN, OPEN),
    "sso-link": page(">>>>>>>L", ALL),
    "sso-unlink": of("linked account", own=row(post=ALL), school=row(post=ALL), other=row(post=ALL)),
}

COURSES: dict[str, Entry] = {
    "courses:course-list": page(ALL),
    "courses:course-month": of("month", this=row(ALL)),
    "courses:course-detail": of(
        "course", led=row(ALL), other=row(ALL), hidden=row("nnnynynL"), other_hidden=row("nnnnnynL")
    ),
    "courses:course-interest": of(
        "course",
        led=row(post=ALL),
        other=row(post=ALL),
        hidden=row(post="nnnynynL"),
        other_hidden=row(post="nnnnnynL"),
    ),
    # Places
    "courses:session-book": of(
        "session", led=row(post=ALL), other=row(post=ALL), closed=row(post="nnnnnynL")
    ),
    "courses:booking-list": page(ALL),
    "courses:booking-detail": of(
        "booking", own=row(ALL), school=row("nyynnynL"), other=row("nnnnnynL"), led=row("nnnyyynL")
    ),
    "courses:booking-calendar": of(
        "booking", own=row(ALL), school=row("nyynnynL"), other=row("nnnnnynL"), led=row("nnnyyynL")
    ),
    "courses:booking-cancel": of(
        "booking",
        own=row(ALL, ALL),
        school=row("nxxnnynL", "nxxnnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
        led=row("nnnyxynL", "nnnyxynL"),
    ),
    "courses:booking-accept": of(
        "booking",
        own=row(post=ALL),
        school=row(post="nxxnnxnL"),
        other=row(post="nnnnnxnL"),
        led=row(post="nnnxxxnL"),
    ),
    "courses:booking-decline": of(
        "booking",
        own=row(post=ALL),
        school=row(post="nxxnnxnL"),
        other=row(post="nnnnnxnL"),
        led=row(post="nnnxxxnL"),
    ),
    # Nobody decides about their own.
    "courses:booking-decide": of(
        "booking",
        own=row(post="xxxxxxxL"),
        school=row(post="nyynnynL"),
        other=row(post="nnnnnynL"),
        led=row(post="nnnxxynL"),
    ),
    # Registers
    "courses:register-list": page(ALL),
    "courses:session-register": of(
        "session",
        led=row("xxxyyyxL", "xxxyyyxL"),
        other=row("xxxxxyxL", "xxxxxyxL"),
        closed=row("nnnnnynL", "nnnnnynL"),
    ),
    "courses:register-undo": of(
        "session", led=row(post="xxxyyyxL"), other=row(post="xxxxxyxL"), closed=row(post="nnnnnynL")
    ),
    # An empty form names nobody to add, which finds nobody.
    "courses:register-add": of(
        "session",
        led=row("xxxyyyxL", "xxxnnnxL"),
        other=row("xxxxxyxL", "xxxxxnxL"),
        closed=row("nnnnnynL", "nnnnnnnL"),
    ),
    # The private calendar: its address is open, and a wrong token finds nothing.
    "courses:feed-page": page(ALL),
    "courses:feed-make": page(post=ALL),
    "courses:feed-revoke": page(post=ALL),
    "calendar-feed": of("wrong token", any=row("nnnnnnnn", NEVER)),
    # Running the catalogue
    "courses:manage-list": page("xxxyxyxL"),
    "courses:manage-new": page("xxxyxyxL", "xxxyxyxL"),
    "courses:manage-reach": page("xxxyxyxL"),
    "courses:manage-course": of(
        "course",
        led=row("xxxyxyxL"),
        other=row("xxxxxyxL"),
        hidden=row("nnnynynL"),
        other_hidden=row("nnnnnynL"),
    ),
    "courses:manage-edit": of(
        "course",
        led=row("xxxyxyxL", "xxxyxyxL"),
        other=row("xxxxxyxL", "xxxxxyxL"),
        hidden=row("nnnynynL", "nnnynynL"),
        other_hidden=row("nnnnnynL", "nnnnnynL"),
    ),
    "courses:manage-publish": of(
        "course",
        led=row(post="xxxyxyxL"),
        other=row(post="xxxxxyxL"),
        hidden=row(post="nnnynynL"),
        other_hidden=row(post="nnnnnynL"),
    ),
    "courses:manage-sessions-new": of(
        "course",
        led=row("xxxyxyxL", "xxxyxyxL"),
        other=row("xxxxxyxL", "xxxxxyxL"),
        hidden=row("nnnynynL", "nnnynynL"),
        other_hidden=row("nnnnnynL", "nnnnnynL"),
    ),
    # Names of who goes: whoever runs it, and nobody else.
    "courses:manage-session": of("session", led=row("xxxyxyxL"), other=row("xxxxxyxL")),
    "courses:manage-session-csv": of("session", led=row("xxxyxyxL"), other=row("xxxxxyxL")),
    "courses:manage-session-edit": of(
        "session", led=row("xxxyxyxL", "xxxyxyxL"), other=row("xxxxxyxL", "xxxxxyxL")
    ),
    "courses:manage-session-capacity": of("session", led=row(post="xxxyxyxL"), other=row(post="xxxxxyxL")),
    "courses:manage-session-cancel": of(
        "session", led=row("xxxyxyxL", "xxxyxyxL"), other=row("xxxxxyxL", "xxxxxyxL")
    ),
}

ENTITLEMENTS: dict[str, Entry] = {
    "entitlements:year": page(ALL),
    "entitlements:statement-pdf": page(ALL),
    "entitlements:claim-list": page(ALL),
    "entitlements:claim-new": page(ALL, ALL),
    "entitlements:claim-detail": of("claim", own=row(ALL), school=row("nyynnynL"), other=row("nnnnnynL")),
    # Its owner alone answers a question or withdraws it; whoever decides only reads it here.
    "entitlements:claim-answer": of(
        "claim", own=row(post=ALL), school=row(post="nxxnnxnL"), other=row(post="nnnnnxnL")
    ),
    "entitlements:claim-withdraw": of(
        "claim", own=row(post=ALL), school=row(post="nxxnnxnL"), other=row(post="nnnnnxnL")
    ),
    "entitlements:claim-evidence": of(
        "claim with evidence", own=row(ALL), school=row("nyynnynL"), other=row("nnnnnynL")
    ),
    # Deciding: never about one's own.
    "inbox": page(ALL),
    "inbox-claim": of(
        "claim",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nyynnynL", "nyynnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
    "inbox-booking": of(
        "booking", own=row("xxxxxxxL"), school=row("nyynnynL"), other=row("nnnnnynL"), led=row("nnnxxynL")
    ),
    # Several at once: claims of other people's people are passed over, so that the form lets everybody in.
    "inbox-claims": page(ALL, ALL),
    # Whoever may read it but is not asked is sent on to its page.
    "inbox-request": of(
        "request with the manager", own=row(">>>>>>>L"), school=row("ny>nn>nL"), other=row("nnnnnynL")
    ),
    "inbox-coaching": of(
        "coaching of mine", own=row(">>>>>>>L"), school=row("nnnnnnnL"), other=row("nnnnnnnL")
    ),
    "inbox-offer": of("offer", own=row(ALL), school=row("nnnnnnnL"), other=row("nnnnnnnL")),
    # The figures of one's people
    "team": page("xyyxxyxL"),
    "team-download": page("xyyxxyxL"),
    "team-person": of("person", own=row("nnnnnnnL"), school=row("nyynnynL"), other=row("nnnnnynL")),
}

# allauth's own, which tell no role from another: two letters, somebody signed in and somebody anonymous.
MEMBER = "yL"
ACCOUNTS: dict[str, Entry] = {
    "account_login": page(">y", ">y"),
    "account_logout": page("yL", "LL"),
    "account_inactive": page("yy", "--"),
    "account_signup": page(">y", ">y"),
    "account_reauthenticate": page(MEMBER, MEMBER),
    "account_email": page(">L", ">L"),
    "accounts/email/": page(">L", ">L"),
    "account_email_verification_sent": page("yy", "--"),
    "account_change_password": page(MEMBER, MEMBER),
    "account_set_password": page(">L", ">L"),  # who has a password changes it
    "account_reset_password": page("yy", "yy"),
    "account_reset_password_done": page("yy", "--"),
    "account_reset_password_from_key": of("wrong key", any=row("yy", "yy")),
    "account_reset_password_from_key_done": page("yy", "--"),
    "account_confirm_login_code": page(">L", ">L"),
    "account_confirm_email": of("wrong mail key", any=row("yy", "nn")),
    "mfa_index": page(MEMBER),
    "mfa_authenticate": page(">L", ">L"),
    "mfa_reauthenticate": page(">L", ">L"),
    # What changes a second factor asks for the password first.
    "mfa_activate_totp": page(">L", ">L"),
    "mfa_deactivate_totp": page("nL", "yL"),  # taken away already: to the list
    "mfa_view_recovery_codes": page("nL"),
    "mfa_generate_recovery_codes": page(">L", ">L"),
    "mfa_download_recovery_codes": page("nL", "nL"),
    "mfa_list_webauthn": page(MEMBER),
    "mfa_add_webauthn": page(">L", ">L"),
    "mfa_reauthenticate_webauthn": page(">L", ">L"),
    "mfa_remove_webauthn": of("nothing", any=row(">L", ">L")),
    "mfa_edit_webauthn": of("nothing", any=row(">L", ">L")),
    "mfa_login_webauthn": page(">L", ">L"),  # answers its own script alone
    "socialaccount_login_cancelled": page("yy", "--"),
    "socialaccount_login_error": page("xL"),
    "socialaccount_signup": page("LL", "LL"),
    "socialaccount_connections": page(">L", ">L"),
    "accounts/3rdparty/": page(">L", ">L"),
    "accounts/social/login/cancelled/": page(">L", ">L"),
    "accounts/social/login/error/": page(">L", ">L"),
    "accounts/social/signup/": page(">L", ">L"),
    "accounts/social/connections/": page(">L", ">L"),
    # No identity provider is set up in the tests of this table (see tests/system/test_oidc.py).
    "openid_connect_login": of("identity provider", any=row("nn", "nn")),
    "openid_connect_callback": of("identity provider", any=row("nn", "nn")),
}

TABLES: dict[str, dict[str, Entry]] = {
    "portal": PORTAL,
    "courses": COURSES,
    "entitlements": ENTITLEMENTS,
    "pathways": PATHWAYS,
    "accounts": ACCOUNTS,
}
