"""My team: where the people stand about whom I decide, and one of them in full."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bwt_cpd.access import door_to_team, get_team_member
from bwt_cpd.filters import SORTS
from bwt_cpd.queries.suggestions import suggestions_for
from bwt_cpd.queries.team import HEADINGS, team_of, team_rows
from bwt_cpd.queries.team_together import beside_people
from bwt_cpd.states import state_of
from entitlements.models import AcademicYear, StatementStatus
from entitlements.queries.standing import year_on
from entitlements.queries.year import year_for, years_of
from staff import clock
from staff.access import person_or_404
from staff.exports import csv_lines
from staff.requests import SignedInRequest

PART = "#people"


@require_safe
def team(request: SignedInRequest) -> HttpResponse:
    """Name, progress, status and what is next for each; never why somebody is away."""
    now = clock.now()
    on = timezone.localdate(now)
    person = door_to_team(request.user, on)
    year = _this_year()
    mine = team_of(request.user, person, year, request.GET, on=on, now=now, number=request.GET.get("page"))
    context = {
        "team": mine,
        "year": year,
        "on": on,
        "chips": mine.choice.chips(mine.schools),
        "statuses": [(value, state_of(value).words) for value in StatementStatus.values],
        "sorts": SORTS.items(),
        "nav_current": "team",
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"bwt_cpd/team.html{PART if is_part else ''}", context)
    response["Vary"] = "HX-Request"
    return response


@require_safe
def team_download(request: SignedInRequest) -> HttpResponse:
    """The same people, filtered the same way, all of them, as a spreadsheet file."""
    now = clock.now()
    on = timezone.localdate(now)
    person = door_to_team(request.user, on)
    rows = team_rows(request.user, person, _this_year(), request.GET, on=on, now=now)
    response = HttpResponse("".join(csv_lines(HEADINGS, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="team-{on.isoformat()}.csv"'
    return response


@require_safe
def team_person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person's year as who decides about them may see it."""
    now = clock.now()
    on = timezone.localdate(now)
    member = get_team_member(request.user, pk, on)
    years = years_of(member, on)
    wanted = request.GET.get("year")
    year = next((one for one in years if wanted in (None, "", one.name)), None)
    if year is None:
        raise Http404("There is no such year.")
    theirs = year_for(member, year, on, for_owner=False)
    standing = theirs.standing
    is_now = year.starts_on <= on <= year.ends_on
    context = {
        "member": member,
        "theirs": theirs,
        "words": standing.words_about(member.first_name) if standing else None,
        "options": [
            {"words": one.name, "url": f"?year={one.name}", "on": one == year, "icon": ""}
            for one in reversed(years)
        ],
        "suggestions": suggestions_for(member, standing, now=now) if is_now else None,
        "beside": beside_people([member.pk], reader=person_or_404(request.user), on=on)[member.pk]
        if is_now
        else None,
        "nav_current": "team",
    }
    return render(request, "bwt_cpd/team_person.html", context)


def _this_year() -> AcademicYear:
    year = year_on(clock.today())
    if year is None:
        raise PermissionDenied("The people team has not set up this academic year yet.")
    return year
