"""From the agreement on: signatures, the start, reviews, breaks, completion and withdrawal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from pathways.actions.request_money import agree_terms, may_sign_for_cost
from pathways.actions.request_steps import RequestRefused, Taken, locked, take
from pathways.models import Route, RouteRequest, RouteReview, RouteSignature
from pathways.queries.request_deciders import people_team_for
from pathways.queries.request_funding import start_refused
from pathways.queries.requests_papers import (
    last_signed_on,
    signature_words,
    signatures_missing,
    signatures_needed,
)
from pathways.rules.requests import RequestState, RequestStep
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import date_words

_TWELVE_WEEKS: Final = timedelta(weeks=12)
_TERM: Final = timedelta(weeks=17)
_LONGEST: Final = 48  # months for which reviews are planned where nothing says how long it takes
STILL_TO_COME = "This date is still to come."
BEFORE_THE_START = "That is before the start."
REASON_NEEDED = "Say why: the person reads it."
LAST_DAY_NEEDED = "Say on which day it ended."


def still_to_sign(document: str, party: str) -> str:
    """Why the programme can't start before this signature."""
    return f"Still to be signed: {signature_words(document, party)}."


def before_last_signature(signed_on: date) -> str:
    """Why the programme can't start before the day of the last signature."""
    return f"The last of what has to be signed was signed on {date_words(signed_on)}. Nobody starts before."


@transaction.atomic
def sign(
    *, request_id: int, document: str, party: str, signed_on: date, by: Person, now: datetime
) -> RouteSignature:
    """Record one signature: the learner signs for themselves, the people team records the others.

    Raises ActionRefused before it is agreed, for a document this route has not, for the costs while no
    fee is written, and for anybody else.
    Recorded twice it is kept once.
    """
    request = locked(request_id)
    if request.state != RequestState.AGREED:
        raise ActionRefused("Signatures are collected once the request is agreed and before it starts.")
    if (document, party) not in signatures_needed(request):
        raise ActionRefused("This route does not need that signature.")
    is_learner = by == request.person
    if is_learner != (party == RouteSignature.Party.LEARNER):
        raise ActionRefused("Learners sign for themselves; the people team records the other signatures.")
    if not is_learner and people_team_for(request, by, timezone.localdate(now)) is None:
        raise ActionRefused("The people team records this signature.")
    if document == RouteSignature.Document.TRAINING_COST:
        may_sign_for_cost(request)
        agree_terms(request)
    if signed_on > timezone.localdate(now):
        raise RequestRefused("signed_on", STILL_TO_COME)
    there, _ = RouteSignature.objects.get_or_create(
        request=request,
        document=document,
        party=party,
        defaults={"signed_on": signed_on, "signed_by": by, "recorded_at": now},
    )
    return there


@transaction.atomic
def start(*, request_id: int, starts_on: date, by: Person, now: datetime) -> RouteRequest:
    """On programme, with all its reviews: every twelve weeks for an apprenticeship, else every term.

    Raises ActionRefused while a signature is missing, for a start that is still to come or before the last
    signature, and where the funding rules refuse a start on that day, whatever was planned.
    """
    request = locked(request_id)
    taken = Taken(step=RequestStep.STARTED, by=by, now=now, effective_on=starts_on)

    def is_signed(request: RouteRequest) -> None:
        if starts_on > taken.on:
            raise RequestRefused("effective_on", STILL_TO_COME)
        if missing := signatures_missing(request):
            raise ActionRefused(still_to_sign(*missing[0]))
        signed_on = last_signed_on(request)
        if signed_on and starts_on < signed_on:
            raise RequestRefused(
                "effective_on",
                before_last_signature(signed_on),
            )
        if refused := start_refused(request, starts_on):
            raise RequestRefused("effective_on", refused.sentence)
        request.starts_on = starts_on

    if take(request, taken, check=is_signed):
        RouteReview.objects.bulk_create(_reviews(request, starts_on))
    return request


@transaction.atomic
def record_review(
    *,
    review_id: int,
    held_on: date,
    is_on_track: bool,
    by: Person,
    now: datetime,
    words: str = "",
    off_job_minutes: int | None = None,
) -> RouteReview:
    """Record a review, by the people team. Raises ActionRefused for others and off programme."""
    found = RouteReview.objects.get(pk=review_id)
    request = locked(found.request_id)
    if request.state != RequestState.ON_PROGRAMME:
        raise ActionRefused("Reviews are recorded while somebody is on programme.")
    if people_team_for(request, by, timezone.localdate(now)) is None:
        raise ActionRefused("The people team records the reviews.")
    if held_on > timezone.localdate(now):
        raise RequestRefused("held_on", STILL_TO_COME)
    found.held_on, found.is_on_track, found.words = held_on, is_on_track, words.strip()
    found.off_job_minutes, found.recorded_by = off_job_minutes, by
    found.save()
    return found


@transaction.atomic
def pause(
    *, request_id: int, on: date, expected_back_on: date | None, by: Person, now: datetime, words: str
) -> RouteRequest:
    """Record a break in learning from a date."""
    request = locked(request_id)

    def has_dates(request: RouteRequest) -> None:
        if request.starts_on and on < request.starts_on:
            raise RequestRefused("effective_on", BEFORE_THE_START)
        if expected_back_on and expected_back_on <= on:
            raise RequestRefused("expected_back_on", "The return is after the break begins.")
        request.expected_back_on = expected_back_on

    taken = Taken(step=RequestStep.PAUSED, by=by, now=now, words=words, effective_on=on)
    take(request, taken, check=has_dates)
    return request


@transaction.atomic
def resume(*, request_id: int, on: date, by: Person, now: datetime, words: str = "") -> RouteRequest:
    """Record the return; the reviews that were due in the break move behind it."""
    request = locked(request_id)

    def is_back(request: RouteRequest) -> None:
        request.expected_back_on = None

    paused = request.decisions.filter(step=RequestStep.PAUSED).last()
    taken = Taken(step=RequestStep.RESUMED, by=by, now=now, words=words, effective_on=on)
    if take(request, taken, check=is_back) and paused and paused.effective_on:
        away = max(timedelta(), on - paused.effective_on)
        waiting = list(request.reviews.filter(held_on__isnull=True, due_on__gte=paused.effective_on))
        for review in waiting:
            review.due_on += away
        RouteReview.objects.bulk_update(waiting, ["due_on"])
    return request


@transaction.atomic
def complete(*, request_id: int, on: date, by: Person, now: datetime, words: str = "") -> RouteRequest:
    """Record the completion. It credits nothing by itself: the days were credited as they were logged (R11)."""
    request = locked(request_id)

    def is_after_start(request: RouteRequest) -> None:
        if request.starts_on and on < request.starts_on:
            raise RequestRefused("effective_on", BEFORE_THE_START)
        request.ended_on = on

    taken = Taken(step=RequestStep.COMPLETED, by=by, now=now, words=words, effective_on=on)
    take(request, taken, check=is_after_start)
    return request


@transaction.atomic
def withdraw(
    *, request_id: int, by: Person, now: datetime, words: str = "", on: date | None = None
) -> RouteRequest:
    """Take it back, or leave the programme, today where no day is given; once agreed the people team may record
    it too, with words that the person reads and, of a programme, the day it ended on."""
    request = locked(request_id)
    taken = Taken(step=RequestStep.WITHDRAWN, by=by, now=now, words=words, effective_on=on)

    def ends(request: RouteRequest) -> None:
        is_another = by != request.person
        if is_another and not words.strip():
            raise RequestRefused("words", REASON_NEEDED)
        if request.starts_on is None:
            return
        if is_another and on is None:
            raise RequestRefused("effective_on", LAST_DAY_NEEDED)
        ended_on = on or taken.on
        if ended_on > taken.on:
            raise RequestRefused("effective_on", STILL_TO_COME)
        if ended_on < request.starts_on:
            raise RequestRefused("effective_on", BEFORE_THE_START)
        request.ended_on = ended_on

    take(request, taken, check=ends)
    return request


def _reviews(request: RouteRequest, starts_on: date) -> list[RouteReview]:
    """Reviews from the start to the planned end, else for as long as the route takes."""
    every = _TWELVE_WEEKS if request.route.kind == Route.Kind.APPRENTICESHIP else _TERM
    months = min(request.route.typical_months or 12, _LONGEST)
    ends_on = request.planned_ends_on or starts_on + timedelta(days=round(months * 30.4))
    dates = []
    due_on = starts_on + every
    while due_on <= ends_on:
        dates.append(due_on)
        due_on += every
    return [
        RouteReview(request=request, number=number, due_on=day)
        for number, day in enumerate(dates or [ends_on], start=1)
    ]
