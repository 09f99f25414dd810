"""allauth in this house: accounts come from the staff import, outside accounts are linked by subject."""

from __future__ import annotations

from typing import TypedDict

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from staff import clock
from staff.actions.account_mail import post_account_note
from staff.actions.sign_in import ask_to_link, ensure_sign_in
from staff.loose_types import NamedSettings
from staff.models import Person, User
from staff.pending_link import PendingLink
from staff.queries.sign_in import account_linked_to, person_with_email, why_not_in
from staff.refusals import ActionRefused
from staff.sso import OutsideAccount, TrustProvider, outside_account

# These carry a token, which is kept nowhere: they are the only mails that are not a row first.
MAILED_AT_ONCE = {"account/email/password_reset_key"}


class MailContext(TypedDict, total=False):
    """What we read of what allauth writes a mail from."""

    user: User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in for people whom the import knows."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "That e-mail address and password do not go together.",
        "username_password_mismatch": "That staff number and password do not go together.",
        "too_many_login_attempts": "That did not work too many times. Please wait a minute and try again.",
        "incorrect_password": "That is not your password.",
        "incorrect_code": "That code does not fit, or it has been used already.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse | None:
        """Refuse, with the reason, whoever has proved the account but may not come in."""
        if sentence := why_not_in(user, on=clock.today()):
            messages.error(request, sentence)
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse:
        """To the page that was asked for, or first to the account that waits to be linked."""
        response = super().post_login(request, user, **kwargs)
        return redirect("sso-link") if PendingLink.of(request) else response

    def send_mail(self, template_prefix: str, email: str, context: MailContext) -> None:
        """Through the outbox; a mail with a token at once, since its token is stored nowhere."""
        if template_prefix in MAILED_AT_ONCE and settings.SENDS_MAIL:
            super().send_mail(template_prefix, email, context)
            return
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        if user is not None and user.person is not None:
            mail = self.render_mail(
                template_prefix, email, {"request": self.request, "email": email, **context}
            )
            post_account_note(person=user.person, subject=mail.subject, body=mail.body, now=clock.now())

    def format_email_subject(self, subject: str) -> str:
        """As written: no site name before it."""
        return " ".join(subject.split())


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Entra ID and Google, for outside accounts that are linked; nobody is let in by e-mail alone."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Those of the settings alone: no identity provider can be added by writing a row."""
        configured: list[NamedSettings] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]  # type: ignore[assignment]
        apps = [SocialApp(provider="openid_connect", **app) for app in configured]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        """Each of them with a nonce."""
        return TrustProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def list_providers(self, request: HttpRequest) -> list[Provider]:
        """What the sign-in page offers."""
        return [TrustProvider(request, app=app) for app in self.list_apps(request)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in a linked account; ask an unknown one to prove the sign-in once; refuse the rest.

        allauth has no rows of its own here: a linked account is an SsoIdentity, and what the
        identity provider says about a person is not kept.
        """
        try:
            outside = outside_account(sociallogin)
            if sociallogin.state.get("process") == AuthProcess.CONNECT:
                self._connect(request, outside)
            if sociallogin.state.get("process") != AuthProcess.LOGIN:
                raise ActionRefused("Please start again from the sign-in page.")
            if user := account_linked_to(outside.issuer, outside.tenant, outside.subject):
                sociallogin.user = user
                return
            self._ask(request, outside)
        except ActionRefused as refusal:
            messages.error(request, refusal.sentence)
            raise ImmediateHttpResponse(redirect("account_login")) from None

    def _connect(self, request: HttpRequest, outside: OutsideAccount) -> None:
        """Somebody signed in wants this account linked: on to the page that confirms it."""
        if not request.user.is_authenticated:
            raise ActionRefused("Sign in first, then link your account from your profile.")
        PendingLink.put(request, user=request.user, outside=outside)
        raise ImmediateHttpResponse(redirect("sso-link"))

    def _ask(self, request: HttpRequest, outside: OutsideAccount) -> None:
        """An account nobody has linked: known by its verified e-mail, its owner proves the sign-in once."""
        person: Person | None = person_with_email(outside.email) if outside.is_email_verified else None
        if person is None:
            raise ActionRefused(
                f"The portal does not know that {outside.provider} account. Sign in with your password or staff "
                "number and link it from your profile, or ask the people team."
            )
        user = ensure_sign_in(person=person)
        ask_to_link(user=user, issuer=outside.issuer, tenant=outside.tenant, subject=outside.subject)
        PendingLink.put(request, user=user, outside=outside)
        messages.info(
            request,
            f"One more step, this time only: sign in with your password, or with the code from the people team, to "
            f"link your {outside.provider} account. An administrator can also confirm it for you.",
        )
        raise ImmediateHttpResponse(redirect("account_login"))
