"""My CPD: the first screen."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bwt_cpd.queries.home import home_of
from staff import clock
from staff.requests import SignedInRequest

NOON, EVENING = 12, 18


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Where I stand, what is next, what is wanted of me."""
    now = clock.now()
    context: dict[str, object] = {"nav_current": "home", "greeting": greeting(timezone.localtime(now))}
    if request.user.person is not None:
        context["home"] = home_of(request.user.person, now=now)
    return render(request, "bwt_cpd/home.html", context)


def greeting(at: datetime) -> str:
    """Good morning, afternoon or evening, by the clocks here."""
    if at.hour < NOON:
        return "Good morning"
    return "Good afternoon" if at.hour < EVENING else "Good evening"
