"""The catalogue of funded routes, and the page of one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from courses.queries.readers import reader_for
from pathways.access.requests import get_open_route
from pathways.forms.routes import RouteForm
from pathways.queries.routes import find_routes, route_families, route_page
from staff import clock
from staff.requests import SignedInRequest

PAGE_SIZE = 25
CLOSE_TO_YOUR_JOB = "Close to your job"
ALL_OTHERS = "All other routes"


@require_safe
def route_list(request: SignedInRequest) -> HttpResponse:
    """Every route there is, those of the reader's own job first, by words and choices, all in the address."""
    form = RouteForm(request.GET, families=route_families())
    reader = reader_for(request.user.person, on=clock.today())
    found = find_routes(form.choice, reader.job_families)
    page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    part = "#results" if is_part and request.htmx.target == "results" else ""
    context = {"form": form, "found": found, "page": page, "chips": form.chips}
    context["sections"] = [
        (words, rows)
        for words, is_near in ((CLOSE_TO_YOUR_JOB, True), (ALL_OTHERS, False))
        if (rows := [row for row in page if row.is_near == is_near])
    ]
    context |= {"sees_board": request.user.is_people_team, "nav_current": "pathways"}
    response = render(request, f"pathways/route_list.html{part}", context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_safe
def route_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """One route: what, for whom, how long, who pays, what is refused, what one signs."""
    page = route_page(get_open_route(slug), request.user.person)
    return render(
        request,
        "pathways/route_detail.html",
        {"page": page, "route": page.route, "may_ask": request.user.person_id, "nav_current": "pathways"},
    )
