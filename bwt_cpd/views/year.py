"""My year: figures, reasons, entries, and what would close the gap."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bwt_cpd.queries.suggestions import suggestions_for
from entitlements.models import ActivityKind
from entitlements.queries.facts import policy_of
from entitlements.queries.year import year_for, years_of
from staff import clock
from staff.requests import SignedInRequest


@require_safe
def my_year(request: SignedInRequest) -> HttpResponse:
    """One academic year of mine, today's unless the address names another (`?year=2025/26`)."""
    person, now = request.user.person, clock.now()
    if person is None:
        return render(request, "bwt_cpd/year.html", {"nav_current": "year"})
    on = timezone.localdate(now)
    years = years_of(person, on)
    wanted = request.GET.get("year")
    year = next((one for one in years if wanted in (None, "", one.name)), None)
    if year is None:
        raise Http404("There is no such year.")
    mine = year_for(person, year, on)
    suggestions = suggestions_for(person, mine.standing, now=now) if on <= year.ends_on else None
    context = {
        "mine": mine,
        "dates": f"1 September {year.starts_on.year} to 31 August {year.ends_on.year}",
        "claim_url": reverse("entitlements:claim-new"),
        "pdf_url": f"{reverse('entitlements:statement-pdf')}?year={year.name}",
        "pdf_words": "Download",
        "options": [
            {"words": one.name, "url": f"?year={one.name}", "on": one == year, "icon": ""}
            for one in reversed(years)
        ],
        "groups": [
            {
                "words": ActivityKind.CountsAs(group.counts_as.value).label.removesuffix(", capped"),
                "recorded": group.recorded_minutes,
                "counted": group.counted_minutes,
                "cap": group.cap_minutes,
            }
            for group in mine.groups
        ],
        "own_time_alert": bool(mine.standing and mine.standing.alerts_own_time(policy_of(year))),
        "suggestions": suggestions,
        "gap_url": "#gap" if suggestions and suggestions.items else "",
        "nav_current": "year",
    }
    return render(request, "bwt_cpd/year.html", context)
