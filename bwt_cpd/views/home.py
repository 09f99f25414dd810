"""My CPD: the first screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where I stand, what is next, what is wanted of me."""
    return render(request, "bwt_cpd/home.html", {"nav_current": "home"})
