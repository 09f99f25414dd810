"""Setting up and taking away a second factor: allauth's pages, each form of them once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from staff import clock
from staff.turns import take_turn

JUST_NOW = timedelta(minutes=1)
_KIND = Authenticator.Type


class _InTurn(ABC):
    """One form of somebody's after the other: the second of the same leads where the first one led."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """As allauth has it, for what has not been done just now."""
        if request.method != "POST" or not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            take_turn("second factor", request.user.pk)
            mine = Authenticator.objects.filter(user=request.user.pk)
            answer: HttpResponseBase = self.answer_again(mine, **kwargs) or super().dispatch(  # type: ignore[misc]
                request, *args, **kwargs
            )
            return answer

    @abstractmethod
    def answer_again(self, mine: QuerySet[Authenticator], **address: object) -> HttpResponse | None:
        """The answer to a form that was sent before; None where it was not."""


class _Activate(_InTurn, ActivateTOTPView):
    def answer_again(self, mine: QuerySet[Authenticator], **address: object) -> HttpResponse | None:
        """To the recovery codes, where the first factor brought them along."""
        app = mine.filter(type=_KIND.TOTP, created_at__gt=clock.now() - JUST_NOW).first()
        if app is None:
            return None
        came_along = mine.filter(type=_KIND.RECOVERY_CODES, created_at__gte=app.created_at)
        return redirect("mfa_view_recovery_codes" if came_along.exists() else "mfa_index")


class _Deactivate(_InTurn, DeactivateTOTPView):
    def answer_again(self, mine: QuerySet[Authenticator], **address: object) -> HttpResponse | None:
        """There is none any more."""
        return None if mine.filter(type=_KIND.TOTP).exists() else redirect("mfa_index")


class _Generate(_InTurn, GenerateRecoveryCodesView):
    def answer_again(self, mine: QuerySet[Authenticator], **address: object) -> HttpResponse | None:
        """To the codes of just now, which stay good."""
        fresh = mine.filter(type=_KIND.RECOVERY_CODES, created_at__gt=clock.now() - JUST_NOW)
        return redirect("mfa_view_recovery_codes") if fresh.exists() else None


class _Remove(_InTurn, RemoveWebAuthnView):
    def answer_again(self, mine: QuerySet[Authenticator], **address: object) -> HttpResponse | None:
        """It is there no more, or never was one of mine."""
        there = mine.filter(type=_KIND.WEBAUTHN, pk=address["pk"])
        return None if there.exists() else redirect("mfa_list_webauthn")


activate = _Activate.as_view()
deactivate = _Deactivate.as_view()
generate_codes = _Generate.as_view()
remove_passkey = _Remove.as_view()
