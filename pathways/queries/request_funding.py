"""Whether the funding rules allow a request as it stands, in one sentence with the other ways there are."""

from __future__ import annotations

from pathways.models import Route, RouteRequest
from staff.wording import date_words, listed


def funding_refused(request: RouteRequest) -> str:
    """Why a levy-funded start is refused, with the alternatives; empty where it is not. One query at most."""
    route = request.route
    if request.funded_by != RouteRequest.FundedBy.LEVY or request.planned_starts_on is None:
        return ""
    last = route.last_funded_start_on
    refused = ""
    if last is not None and request.planned_starts_on > last:
        refused = f"The levy paid for starts up to {date_words(last)}; your planned start is later."
    elif route.funding_status == Route.Funding.AGE_LIMITED and not request.is_age_declared:
        refused = route.funding_words or "The levy pays for this route at some ages only."
    return f"{refused} {_other_ways(route)}".strip() if refused else ""


def _other_ways(route: Route) -> str:
    titles = [*route.alternatives.filter(is_open=True).values_list("title", flat=True)]
    ways = [*titles, *([route.alternative_words] if route.alternative_words else [])]
    return f"Other ways: {listed(ways)}." if ways else ""
