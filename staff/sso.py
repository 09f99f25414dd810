"""What the trust's identity provider says about somebody, and whether we believe it.

Entra ID and Google both come in through OpenID Connect with a fixed issuer. allauth checks the
state, the code with its PKCE verifier, issuer, audience and expiry; here the nonce (which it does
not know), the tenant and the hosted domain are added.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from staff.refusals import ActionRefused


class TrustProvider(OpenIDConnectProvider):
    """OpenID Connect with a nonce: an identity token of another sign-in does not fit this one."""

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: object = None,
        **kwargs: object,
    ) -> HttpResponse:
        """To the identity provider; the nonce stays in the session beside the state."""
        nonce = secrets.token_urlsafe(32)
        # What a visitor's address asks for must not change whom we ask or what for.
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        kwargs["scope"] = self.get_scope()
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)


@dataclass(frozen=True)
class OutsideAccount:
    """Whom the identity provider vouches for: issuer, tenant (or hosted domain) and subject are who it is;
    the e-mail only says whom to ask.
    """

    provider: str
    issuer: str
    tenant: str
    subject: str
    email: str
    is_email_verified: bool


def outside_account(sociallogin: SocialLogin) -> OutsideAccount:
    """Read and check the claims of an identity token. Raises ActionRefused with a sentence for the visitor."""
    app = sociallogin.provider.app
    claims = sociallogin.account.extra_data.get("id_token") or {}
    name = app.name
    if not is_same_nonce(sociallogin.state.get("nonce"), claims.get("nonce")):
        raise ActionRefused(f"The answer from {name} belongs to another sign-in. Please start again.")
    claim, ours = app.settings["tenant_claim"], app.settings["tenant"]
    if not is_our_tenant(claims.get(claim), ours):
        raise ActionRefused(
            f"That {name} account is not one of the trust's. Sign in with your trust account."
        )
    return OutsideAccount(
        provider=name,
        issuer=claims["iss"],
        tenant=claims[claim],
        subject=claims["sub"],
        email=str(claims.get("email") or "").strip().lower(),
        # Entra says `xms_edov` (e-mail domain owner verified) where others say `email_verified`.
        is_email_verified=claims.get("email_verified") is True
        or claims.get("xms_edov") in (True, 1, "1", "true"),
    )


def is_our_tenant(claimed: object, ours: str) -> bool:
    """Whether the account is of the trust's own tenant or hosted domain."""
    return bool(ours) and claimed == ours


def is_same_nonce(asked: str | None, answered: str | None) -> bool:
    """Whether the token was made for this very request."""
    return asked is not None and asked != "" and constant_time_compare(asked, answered or "")
