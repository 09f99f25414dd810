"""The search in the bar on top."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from bwt_cpd.queries.search import search as search_for
from staff import clock
from staff.requests import SignedInRequest


@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Courses, pathways and people in one list; `?q=` has the words."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    found = search_for(request.user, text, now=clock.now(), on=clock.today())
    is_part = request.htmx and not request.htmx.history_restore_request
    template = "bwt_cpd/search.html#found" if is_part else "bwt_cpd/search.html"
    response = render(request, template, {"words": text, "found": found})
    patch_vary_headers(response, ["HX-Request"])
    return response
