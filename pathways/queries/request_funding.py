"""The funding rules asked about one request as it stands (`pathways.rules.funding`)."""

from __future__ import annotations

from pathways.models import RouteCheck, RouteRequest
from pathways.queries.routes import facts_of_route
from pathways.rules.funding import FundingFacts, Refusal, refusals
from pathways.rules.requests import RequestState


def funding_refused(request: RouteRequest) -> Refusal | None:
    """The weightiest reason for which the levy may not pay for it, with the other ways there are; None for none.

    While the people team checks it, also about hours and unconfirmed funding. Two queries at most, none
    for other money than the levy's.
    """
    if request.funded_by != RouteRequest.FundedBy.LEVY:
        return None
    found = refusals(funding_facts(request))
    return found[0] if found else None


def funding_facts(request: RouteRequest) -> FundingFacts:
    """The request as the rules know it. One query, two while it is checked."""
    titles = request.route.alternatives.filter(is_open=True).values_list("title", flat=True)
    is_checked = request.state == RequestState.PEOPLE
    funding = request.checks.filter(kind=RouteCheck.Kind.FUNDING).first() if is_checked else None
    return FundingFacts(
        route=facts_of_route(request.route, tuple(titles)),
        funded_by=request.funded_by,
        starts_on=request.planned_starts_on,
        ends_on=request.planned_ends_on,
        is_age_declared=request.is_age_declared,
        is_on_other_programme=request.is_on_other_funded_programme,
        is_checked=is_checked,
        confirmed=funding.words if funding else "",
        hours=request.off_job_hours,
    )
