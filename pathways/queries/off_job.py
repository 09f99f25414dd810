"""The off-the-job hours of one apprenticeship for its case page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Sum
from django.utils import timezone

from entitlements.durations import HOUR, in_hours
from entitlements.models import LedgerEntry
from pathways.models import Route, RouteDecision, RouteRequest, RouteReview
from pathways.queries.routes import facts_of_route
from pathways.rules.funding import least_hours
from pathways.rules.off_job import OffJob, course_words, is_on_course
from pathways.rules.repayment import add_months
from pathways.rules.requests import UNDER_WAY, RequestState

KIND: Final = "apprenticeship_otj"
"""The kind of CPD under which off-the-job training stands in somebody's year (R11)."""
LEAST_IS_THE_PLAN: Final = "the least there must be, as no hours were agreed"


@dataclass(frozen=True)
class OffJobShown:
    """What the case page says and draws: minutes so far, of the plan and of the least there must be, what the plan
    comes to today, and sentences. `is_behind` colours the bar."""

    so_far: int
    planned: int
    least: int
    expected: int
    of_plan: str
    of_least: str
    source: str
    course: str
    is_behind: bool


def off_job_of(
    request: RouteRequest, decisions: Sequence[RouteDecision], reviews: Sequence[RouteReview], on: date
) -> OffJobShown | None:
    """The hours of an apprentice who has begun, on a date; None for others. One query.

    Once it is over, as of the day it ended and without a word about the course.
    """
    if request.route.kind != Route.Kind.APPRENTICESHIP or request.starts_on is None:
        return None
    day = min(on, request.ended_on or on)
    facts = _facts(request, request.starts_on, decisions, reviews, day)
    is_under_way = request.state in UNDER_WAY
    agreed = "the plan" if request.off_job_hours else LEAST_IS_THE_PLAN
    return OffJobShown(
        so_far=facts.so_far,
        planned=facts.planned_minutes,
        least=facts.least_minutes,
        expected=facts.expected_on(day),
        of_plan=f"{in_hours(facts.so_far)} of {in_hours(facts.planned_minutes)}: {agreed}",
        of_least=(
            least_is_reached(facts.least_minutes)
            if facts.so_far >= facts.least_minutes
            else short_of_least(facts.least_minutes - facts.so_far, facts.least_minutes)
        ),
        source=sources(
            facts.reviewed_minutes, facts.logged_minutes, has_review=facts.reviewed_on is not None
        ),
        course=course_words(facts, day, is_away=request.state == RequestState.ON_BREAK)
        if is_under_way
        else "",
        is_behind=is_under_way and not is_on_course(facts, day),
    )


def _facts(
    request: RouteRequest,
    starts_on: date,
    decisions: Sequence[RouteDecision],
    reviews: Sequence[RouteReview],
    on: date,
) -> OffJob:
    counted = [
        one for one in reviews if one.held_on and one.held_on <= on and one.off_job_minutes is not None
    ]
    last = max(counted, key=lambda one: (one.held_on, one.number), default=None)
    since = last.held_on + timedelta(days=1) if last and last.held_on else starts_on
    least = least_hours(facts_of_route(request.route)) or 0
    months = request.route.typical_months or 12
    return OffJob(
        starts_on=starts_on,
        ends_on=request.planned_ends_on or add_months(starts_on, months),
        planned_minutes=(request.off_job_hours or least) * HOUR,
        least_minutes=least * HOUR,
        reviewed_minutes=(last.off_job_minutes or 0) if last else 0,
        reviewed_on=last.held_on if last else None,
        logged_minutes=_logged(request.person_id, since, on),
        breaks=tuple(_breaks(decisions)),
        review_due_on=min((one.due_on for one in reviews if one.held_on is None), default=None),
    )


def _logged(person_id: int, first: date, last: date) -> int:
    rows = LedgerEntry.objects.filter(person=person_id, kind__code=KIND, occurred_on__range=(first, last))
    return rows.aggregate(minutes=Sum("minutes"))["minutes"] or 0


def _breaks(decisions: Sequence[RouteDecision]) -> Iterator[tuple[date, date | None]]:
    """(first day, first day back) of each break; an open one has no day back."""
    first: date | None = None
    for one in decisions:
        if one.step == "paused":
            first = _day_of(one)
        elif one.step == "resumed" and first is not None:
            yield first, _day_of(one)
            first = None
    if first is not None:
        yield first, None


def _day_of(decision: RouteDecision) -> date:
    return decision.effective_on or timezone.localdate(decision.made_at)


def least_is_reached(least: int) -> str:
    """That the least minutes there must be are there."""
    return f"The least there must be, {in_hours(least)}, is reached"


def short_of_least(missing: int, least: int) -> str:
    """How many minutes are missing of the least there must be."""
    return f"{in_hours(missing)} still to come to the least there must be, {in_hours(least)}"


def sources(reviewed: int, logged: int, *, has_review: bool) -> str:
    """Where the minutes come from: the last review that counted them, and the year since."""
    if has_review:
        return f"{in_hours(reviewed)} counted at the review, {in_hours(logged)} logged as CPD since."
    return f"No review so far, {in_hours(logged)} logged as CPD from the start."
