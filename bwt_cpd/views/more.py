"""Everything that has no tab of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """The rest of the portal, one's own pages, and the way out."""
    return render(request, "bwt_cpd/more.html", {"nav_current": "more"})
