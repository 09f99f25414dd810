"""The second factor, required of those who see everybody's records."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

OPEN_WITHOUT = ("/accounts/", "/static/", "/health/")


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
            and not is_mfa_enabled(request.user)
        ):
            return redirect("mfa_index")
        return self.get_response(request)
