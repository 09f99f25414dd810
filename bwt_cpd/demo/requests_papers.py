"""What the demo trust's requests have on paper: checks, signatures, fees and reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from pathways.models import (
    RepaymentTerms,
    RouteCheck,
    RouteFee,
    RouteRequest,
    RouteReview,
    RouteSignature,
)
from pathways.queries.requests_papers import NEEDED
from pathways.rules.request_checks import Found, must_be_met
from staff.models import Person

_MOST_REVIEWS: Final = 8


@dataclass
class Case:
    """One request while it is walked to its state."""

    request: RouteRequest
    people: dict[str, Person]
    steps: list[tuple[str, str, str, str]]
    moments: list[datetime]

    def day_of(self, step: str) -> date | None:
        """The day on which a step is taken; None where it is not."""
        for (_, _, taken, _), moment in zip(self.steps, self.moments, strict=True):
            if taken == step:
                return moment.date()
        return None


def write_papers(cases: list[Case], on: date) -> None:
    """Checks of what is checked, signatures and reviews of what has started, and the money of a Masters."""
    checks, signatures, reviews = [], [], []
    for place, case in enumerate(cases):
        request = case.request
        passed = {step for _, _, step, _ in case.steps}
        adviser = case.people["people_team"]
        if "checked" in passed:
            checks += list(_checks(request, adviser))
        if request.starts_on is None:
            continue
        signatures += [
            RouteSignature(
                request=request,
                document=document,
                party=party,
                signed_on=request.starts_on - timedelta(days=3),
                signed_by=request.person if party == "learner" else adviser,
            )
            for document, party in NEEDED.get(request.route.kind, ())
        ]
        reviews += list(_reviews(case, request.starts_on, on, is_behind=place % 4 == 0))
    RouteCheck.objects.bulk_create(checks)
    RouteSignature.objects.bulk_create(signatures)
    _fees([case.request for case in cases if case.request.route.kind == "masters"], on)
    RouteReview.objects.bulk_create(reviews)


def _checks(request: RouteRequest, adviser: Person) -> Iterator[RouteCheck]:
    """Every check: met, or why it does not apply to this kind of route and payer."""
    found = Found(request.route.kind, request.funded_by, is_payer_confirmed=True)
    of_levy = {"funding", "programme", "levy", "age"} if request.funded_by != "levy" else set()
    of_apprentices = {"hours", "age"} if request.route.kind != "apprenticeship" else set()
    for kind in RouteCheck.Kind.values:
        applies = kind in must_be_met(found) or kind not in of_levy | of_apprentices
        yield RouteCheck(
            request=request,
            kind=kind,
            outcome="met" if applies else "not_needed",
            words="" if applies else "The levy does not pay for it.",
            checked_by=adviser,
        )


def _fees(masters: list[RouteRequest], on: date) -> None:
    """Two years of fees from the panel on, what a leaver would repay once agreed, and the first year paid."""
    agreed = [one for one in masters if one.state in {"agreed", "on_programme", "on_break", "completed"}]
    RepaymentTerms.objects.bulk_create(
        RepaymentTerms(
            request=one,
            during_percent=one.panel.repay_during_percent,
            months=one.panel.repay_months,
            percents=one.panel.repay_percents,
        )
        for one in agreed
        if one.panel
    )
    RouteFee.objects.bulk_create(
        RouteFee(
            request=one,
            year_number=year,
            fee_pence=320_000,
            trust_percent=80,
            paid_pence=256_000 if one.starts_on and (year == 1 or one.state == "completed") else 0,
            paid_on=min(on, one.starts_on + timedelta(days=20)) if one.starts_on else None,
        )
        for one in masters
        if one in agreed or one.state == "panel"
        for year in (1, 2)
    )


def _reviews(case: Case, starts_on: date, on: date, *, is_behind: bool) -> Iterator[RouteReview]:
    """Every twelve weeks of an apprenticeship, every term of others, held up to the break or the end; where
    `is_behind` an apprentice is short of hours away from the job."""
    request = case.request
    is_apprentice = request.route.kind == "apprenticeship"
    every = timedelta(weeks=12 if is_apprentice else 17)
    ends_on = request.ended_on or request.planned_ends_on or starts_on + timedelta(days=360)
    held_until = min(on, request.ended_on or on, case.day_of("paused") or on)
    hours = request.off_job_hours or 0
    is_behind = is_behind and is_apprentice
    for number in range(1, _MOST_REVIEWS + 1):
        due_on = starts_on + every * number
        if due_on > ends_on and number > 1:
            return
        held: dict[str, object] = {}
        if due_on < held_until:
            share = min(1, (due_on - starts_on) / ((request.planned_ends_on or ends_on) - starts_on))
            held = {
                "held_on": due_on,
                "is_on_track": not is_behind,
                "off_job_minutes": round(hours * share * (0.75 if is_behind else 1.06)) * 60
                if is_apprentice
                else None,
                "words": "Hours are short. Two more afternoons a month are agreed."
                if is_behind
                else "On track. The next unit is planned.",
                "recorded_by": case.people["people_team"],
            }
        yield RouteReview(request=request, number=number, due_on=due_on, **held)
