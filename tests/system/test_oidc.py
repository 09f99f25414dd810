"""Sign-in through the trust's identity provider, against a fake one (RELIABILITY row 16)."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client

from staff import clock
from staff.actions.sign_in import NOT_YOURS_TO_LINK, hand_out_codes, link_identity
from staff.checks import one_tenant_alone
from staff.models import Person, SsoIdentity, User
from staff.refusals import ActionRefused
from tests.factories.staff import PersonFactory
from tests.system.fake_oidc import FakeProvider, serving

OURS = "11111111-2222-3333-4444-555555555555"
OTHER = "99999999-8888-7777-6666-555555555555"
CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"  # where Microsoft keeps private accounts
PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def provider():
    with serving(FakeProvider(OURS)) as provider:
        yield provider


@pytest.fixture(autouse=True)
def one_tenant(provider, settings, some_database):
    cache.clear()
    provider.codes.clear()
    settings.LOGIN_REDIRECT_URL = "profile"
    configure(settings, provider)


def configure(settings, provider, tenant=OURS):
    app = {
        "provider_id": "entra",
        "name": "Microsoft",
        "client_id": "portal",
        "secret": "secret",
        "settings": {
            "server_url": f"{provider.base}/{tenant}/v2.0",
            "tenant_claim": "tid",
            "tenant": OURS,
            "fetch_userinfo": False,
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture
def marta(teaching_assistant):
    """Somebody of the import, with a password, whose outside account nobody has linked."""
    teaching_assistant.person.work_email = teaching_assistant.email
    teaching_assistant.person.payroll_number = "K1"
    teaching_assistant.person.save()
    teaching_assistant.set_password(PASSWORD)
    teaching_assistant.save()
    return teaching_assistant


@pytest.fixture
def linked(marta, provider):
    link_identity(
        user=marta, issuer=provider.issuer(), tenant=OURS, subject="subject-1", by=marta, now=clock.now()
    )
    return marta


def start(client: Client, query: str = "") -> str:
    """Press the button; the address that the browser is sent to."""
    return client.post(f"/accounts/oidc/entra/login/{query}").url


def come_back(client: Client, answer: dict[str, str]):
    return client.get("/accounts/oidc/entra/login/callback/", answer, follow=True)


def sign_in(client: Client, provider: FakeProvider, **claims):
    return come_back(client, provider.authorise(start(client), **claims))


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def said(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_linked_account_gets_in(client, linked, provider):
    sign_in(client, provider)

    assert who(client) == str(linked.pk)


def test_nothing_of_what_the_provider_says_is_kept(client, linked, provider):
    sign_in(client, provider)

    assert SocialAccount.objects.count() == 0
    assert User.objects.count() == Person.objects.count()


def test_the_address_carries_state_nonce_and_a_hashed_verifier(client, provider):
    address = start(client)

    assert all(f"{name}=" in address for name in ("state", "nonce", "code_challenge"))
    assert "code_challenge_method=S256" in address


# Refused ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"tid": OTHER}, id="other tenant"),
        pytest.param({"tid": CONSUMERS}, id="consumer account"),
        pytest.param({"tid": None}, id="no tenant"),
        pytest.param({"iss": "https://elsewhere.example/v2.0"}, id="wrong issuer"),
        pytest.param({"aud": "another application"}, id="wrong audience"),
        pytest.param({"nonce": "of another sign-in"}, id="wrong nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"sub": "subject-2"}, id="same e-mail with another subject"),
        pytest.param({"sub": "subject-3", "email": "stranger@trust.example"}, id="unknown e-mail"),
    ],
)
def test_refused(client, linked, provider, claims):
    answer = sign_in(client, provider, **claims)

    assert who(client) is None
    assert answer.status_code in (200, 401)
    assert SsoIdentity.objects.count() == 1


def test_an_unverified_email_is_nobody(client, marta, provider):
    answer = sign_in(client, provider, email_verified=False)

    assert "does not know that Microsoft account" in said(answer)
    assert SsoIdentity.objects.count() == 0


def test_the_right_issuer_of_another_tenant_is_refused(client, linked, provider):
    sign_in(client, provider, iss=provider.issuer(OTHER), tid=OTHER)

    assert who(client) is None


def test_wrong_state(client, linked, provider):
    answer = provider.authorise(start(client))

    come_back(client, answer | {"state": "of-another-sign-in"})

    assert who(client) is None


def test_the_state_of_another_browser(client, linked, provider):
    answer = provider.authorise(start(Client()))

    come_back(client, answer)

    assert who(client) is None


def test_a_code_and_state_used_already(client, linked, provider):
    answer = provider.authorise(start(client))
    come_back(client, answer)
    client.post("/accounts/logout/")

    come_back(client, answer)

    assert who(client) is None


def test_a_stolen_code_under_a_state_of_ones_own_fails_at_the_verifier(client, linked, provider):
    stolen = provider.authorise(start(Client()))["code"]
    own = provider.authorise(start(client))["state"]

    come_back(client, {"code": stolen, "state": own})

    assert who(client) is None


def test_a_disabled_person(client, linked, provider):
    User.objects.filter(pk=linked.pk).update(is_active=False)

    answer = sign_in(client, provider)

    assert who(client) is None
    assert "switched off" in said(answer)


def test_a_disabled_account_is_out_at_its_next_request(client, linked, provider):
    sign_in(client, provider)
    before = client.get("/profile/").status_code

    User.objects.filter(pk=linked.pk).update(is_active=False)

    assert (before, client.get("/profile/").status_code) == (200, 302)


def test_a_second_factor_is_asked_for_here_too(client, linked, provider):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(linked, generate_totp_secret())

    answer = sign_in(client, provider)

    assert who(client) is None
    assert answer.request["PATH_INFO"] == "/accounts/2fa/authenticate/"


def test_an_address_cannot_change_what_we_ask_for(client, linked, provider):
    address = start(
        client, "?auth_params=nonce%3Dmine%26redirect_uri%3Dhttps%3A%2F%2Felsewhere.example&scope=Mail.Read"
    )

    assert "elsewhere.example" not in address
    assert "Mail.Read" not in address
    assert "nonce=mine" not in address


# Controls -----------------------------------------------------------------------------------
def test_control_tenant_common_without_our_check_lets_another_tenant_in(
    client, marta, provider, settings, monkeypatch
):
    """What a multi-tenant endpoint would mean: an administrator elsewhere makes up any account."""
    provider.issuer_of_common = provider.issuer(OTHER)
    configure(settings, provider, "common")
    link_identity(
        user=marta, issuer=provider.issuer(OTHER), tenant=OTHER, subject="x", by=marta, now=clock.now()
    )
    monkeypatch.setattr("staff.sso.is_our_tenant", lambda claimed, ours: True)

    sign_in(client, provider, iss=provider.issuer(OTHER), tid=OTHER, sub="x")

    assert who(client) == str(marta.pk)


def test_with_tenant_common_our_check_still_refuses(client, marta, provider, settings):
    provider.issuer_of_common = provider.issuer(OTHER)
    configure(settings, provider, "common")
    link_identity(
        user=marta, issuer=provider.issuer(OTHER), tenant=OTHER, subject="x", by=marta, now=clock.now()
    )

    sign_in(client, provider, iss=provider.issuer(OTHER), tid=OTHER, sub="x")

    assert who(client) is None


def test_control_without_the_nonce_a_token_of_another_sign_in_lets_in(client, linked, provider, monkeypatch):
    monkeypatch.setattr("staff.sso.is_same_nonce", lambda asked, answered: True)

    sign_in(client, provider, nonce="of another sign-in")

    assert who(client) == str(linked.pk)


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "trust.example"])
def test_the_portal_does_not_start_with_everybodys_tenant(settings, tenant):
    settings.ENTRA_TENANT = tenant

    assert [found.id for found in one_tenant_alone(None)] == ["staff.E001"]


def test_one_tenant_is_fine(settings):
    settings.ENTRA_TENANT = OURS

    assert one_tenant_alone(None) == []


# Linking ------------------------------------------------------------------------------------
def test_an_unknown_subject_proves_the_sign_in_once_and_is_linked(client, marta, provider):
    asked = sign_in(client, provider)
    nobody_yet = who(client)
    client.post("/accounts/login/", {"login": marta.email, "password": PASSWORD})
    page = client.get("/profile/link/")
    client.post("/profile/link/", {"answer": "link"})
    another = Client()
    sign_in(another, provider)

    assert [message.level_tag for message in asked.context["messages"]] == ["info"]
    assert asked.redirect_chain[-1][0] == "/accounts/login/"
    assert nobody_yet is None
    assert page.status_code == 200
    assert who(another) == str(marta.pk)


def test_until_then_it_only_asks(client, marta, provider):
    sign_in(client, provider)
    sign_in(client, provider)

    assert [identity.confirmed_at for identity in SsoIdentity.objects.all()] == [None]
    assert who(client) is None


def test_a_printed_code_is_proof_too(client, marta, provider, people_team):
    slip = hand_out_codes(people=[marta.person], by=people_team, now=clock.now())[0][0]
    sign_in(client, provider)

    answer = client.post(
        "/accounts/first-password/",
        {"staff_number": "K1", "code": slip.code, "password": "soup on mondays", "again": "soup on mondays"},
    )
    client.post("/profile/link/", {"answer": "link"})

    assert answer.url == "/profile/link/"
    assert SsoIdentity.objects.get().confirmed_by == marta


def test_somebody_else_cannot_link_it_to_themselves(client, marta, teacher, provider):
    sign_in(client, provider)
    teacher.set_password(PASSWORD)
    teacher.save()
    client.post("/accounts/login/", {"login": teacher.email, "password": PASSWORD})

    client.post("/profile/link/", {"answer": "link"})

    assert SsoIdentity.objects.filter(confirmed_at__isnull=False).count() == 0


def test_an_administrator_confirms_instead(client, marta, provider):
    root = User.objects.create_superuser("root@trust.example")
    sign_in(client, provider)
    asked = SsoIdentity.objects.get()

    link_identity(
        user=asked.user,
        issuer=asked.issuer,
        tenant=asked.tenant,
        subject=asked.subject,
        by=root,
        now=clock.now(),
    )
    sign_in(client, provider)

    assert who(client) == str(marta.pk)


def test_a_colleague_does_not_confirm(marta, teacher):
    with pytest.raises(ActionRefused) as refusal:
        link_identity(user=marta, issuer="i", tenant="t", subject="s", by=teacher, now=clock.now())

    assert refusal.value.sentence == NOT_YOURS_TO_LINK


def test_two_people_with_one_address_are_nobody(client, marta, provider):
    PersonFactory(work_email=marta.email)

    sign_in(client, provider)

    assert SsoIdentity.objects.count() == 0


def test_linking_from_the_profile_takes_the_password_again(client, marta, provider):
    client.force_login(marta)
    answer = come_back(
        client, provider.authorise(start(client, "?process=connect"), sub="subject-9", email="x@y.example")
    )
    client.post("/accounts/reauthenticate/?next=/profile/link/", {"password": PASSWORD})
    client.post("/profile/link/", {"answer": "link"})

    assert answer.request["PATH_INFO"] == "/accounts/reauthenticate/"
    assert SsoIdentity.objects.get(confirmed_at__isnull=False).subject == "subject-9"


def test_the_profile_names_linked_accounts_and_offers_the_others(client, linked, teacher):
    client.force_login(linked)
    with_one = client.get("/profile/").content.decode()
    client.force_login(teacher)
    without = client.get("/profile/").content.decode()

    button = 'action="/accounts/oidc/entra/login/?process=connect"'
    assert ('<div class="strong">Microsoft</div>' in with_one, button in with_one) == (True, False)
    assert ('<div class="strong">Microsoft</div>' in without, button in without) == (False, True)


def test_a_linked_account_can_be_taken_away(client, linked, provider):
    client.post("/accounts/login/", {"login": linked.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post(f"/profile/linked/{SsoIdentity.objects.get().pk}/remove/")
    client.logout()
    sign_in(client, provider)

    assert who(client) is None
