"""Everything that has no tab of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.requests import SignedInRequest


@require_safe
def more(request: SignedInRequest) -> HttpResponse:
    """The rest of the portal, one's own pages, and the way out."""
    return render(request, "bwt_cpd/more.html", {"nav_current": "more"})
