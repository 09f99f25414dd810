"""The funding rules asked about one request as it stands (`pathways.rules.funding`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pathways.models import Route, RouteCheck, RouteRequest
from pathways.queries.routes import facts_of_route
from pathways.rules.funding import FundingFacts, Refusal, needs_age, refusals
from pathways.rules.request_checks import Found
from pathways.rules.requests import RequestState


def funding_refused(request: RouteRequest) -> Refusal | None:
    """The weightiest reason for which it may not be funded so, with the other ways there are; None for none.

    While the people team checks it, also about hours and unconfirmed funding. Two queries at most.
    """
    found = refusals(funding_facts(request))
    return found[0] if found else None


def start_refused(request: RouteRequest, starts_on: date) -> Refusal | None:
    """The same for an apprentice who begins on this day, whatever was planned; other kinds may. One query."""
    if request.route.kind != Route.Kind.APPRENTICESHIP:
        return None
    facts = replace(funding_facts(request), starts_on=starts_on, is_begun=True)
    found = refusals(facts)
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


def found_by_checks(request: RouteRequest) -> Found:
    """What the people team has found so far, as the rules know it. Two queries."""
    return Found(
        kind=request.route.kind,
        payer=request.funded_by,
        is_payer_confirmed=bool(request.payer_asked),
        outcomes={one.kind: (one.outcome, one.words) for one in request.checks.all()},
        has_ages=needs_age(facts_of_route(request.route), request.planned_starts_on),
        price_pence=request.price_pence,
        forecast_pence=request.levy_forecast_pence,
        ends_on=request.planned_ends_on,
        has_fees=request.fees.exists(),
    )
