"""Every page needs a sign-in; those who see everybody's records need a second factor too."""

from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect

OPEN_WITHOUT = ("/accounts/", "/static/", "/health/")
# Recovery codes stand in for one of these on a bad day; by themselves they are a list on paper.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def of_the_whole_window(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect as htmx needs it: a plain one would put the sign-in page into a part of this one."""
    if request.headers.get("HX-Request") != "true":
        return response
    return HttpResponseClientRedirect(response["Location"])


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's, with an expired session answered to htmx by a redirect of the whole window."""

    # A redirect for htmx is not Django's redirect class: it is named in a header.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        """To the sign-in page, and afterwards back to the page that was on the screen."""
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = f"{shown.path}?{shown.query}" if shown.query else shown.path
        return of_the_whole_window(request, redirect_to_login(back or "/", resolve_url(settings.LOGIN_URL)))


class SecondFactorMiddleware:
    """Sends the people team and superusers to set up a second factor first, outside demo mode."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.MFA_REQUIRED_FOR_PRIVILEGED
            and request.user.is_authenticated
            and not request.path.startswith(OPEN_WITHOUT)
            and request.user.is_staff
            and not is_mfa_enabled(request.user, types=SECOND_FACTORS)
        ):
            return of_the_whole_window(request, redirect("mfa_index"))
        return self.get_response(request)
