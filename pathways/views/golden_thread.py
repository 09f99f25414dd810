"""My line on the Golden Thread, and what schools can take on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from entitlements.models import AcademicYear
from pathways.access.golden_thread import get_capacity_scope, get_school_to_plan
from pathways.actions.training_capacity import set_capacity
from pathways.forms.golden_thread import CapacityForm
from pathways.queries.early_career import early_careers_helped_by
from pathways.queries.golden_thread import thread_of
from pathways.queries.training_capacity import capacity_by_school, capacity_of, years_shown
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def thread(request: SignedInRequest) -> HttpResponse:
    """Where I am, what is behind me and what comes next; whom I help."""
    person, on = person_or_404(request.user), clock.today()
    kinds = {held.kind for held in request.user.responsibilities}
    context = {
        "thread": thread_of(person, on),
        "helped": list(early_careers_helped_by(person, on)),
        "leads": bool(kinds & {"headteacher", "people_team"}),
        "is_people_team": "people_team" in kinds,
        "nav_current": "pathways",
    }
    return render(request, "pathways/thread.html", context)


@require_safe
def capacity_list(request: SignedInRequest) -> HttpResponse:
    """Mentors and placements by school: used and free."""
    on = clock.today()
    scope = get_capacity_scope(request.user, on)
    years = years_shown(on)
    year = _year_of(request, years)
    options = [{"words": one.name, "url": f"?year={one.starts_on.year}", "on": one == year} for one in years]
    context = {
        "rows": capacity_by_school(year, scope.school_ids) if year else [],
        "year": year,
        "options": options,
        "is_trust": scope.school_ids is None,
        "nav_current": "pathways",
    }
    return render(request, "pathways/capacity_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def capacity_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say how many mentors and trainees a school can have."""
    on = clock.today()
    school = get_school_to_plan(request.user, pk, on)
    year = _year_of(request, years_shown(on))
    if year is None:
        raise Http404("There is no such year.")
    now = capacity_of(school, year)
    form = CapacityForm(
        request.POST if request.method == "POST" else None,
        initial={"mentors": now.mentors, "placements": now.placements},
    )
    if form.is_bound and form.is_valid():
        by = person_or_404(request.user)
        try:
            set_capacity(school=school, year=year, by=by, on=on, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Saved for {school} in {year}.")
            return redirect(f"{reverse('pathways:capacity-list')}?year={year.starts_on.year}")
    context = {"school": school, "year": year, "now": now, "form": form, "nav_current": "pathways"}
    return render(request, "pathways/capacity_edit.html", context, status=422 if form.errors else 200)


def _year_of(request: SignedInRequest, years: list[AcademicYear]) -> AcademicYear | None:
    """The year in the address, else the running one, else none."""
    wanted = request.GET.get("year", "")
    return next((year for year in years if str(year.starts_on.year) == wanted), years[0] if years else None)
