"""Requests behind the sign-in, as their views may take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from staff.models import User

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class SignedInRequest(HttpRequest):
    """What `SignInRequiredMiddleware` lets through to a view that nobody has opened: `user` is a sign-in.

    For annotations alone: no request is ever made of this class.
    """

    user: User
    htmx: HtmxDetails
