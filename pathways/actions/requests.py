"""Asking for a funded route and deciding about it, from the draft to the agreement (DOMAIN section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from pathways.actions.panel_budget import locked_panel_of, over_budget, record_overspend
from pathways.actions.request_money import agree_terms, is_in_time
from pathways.actions.request_steps import RequestRefused, Taken, locked, take
from pathways.models import MastersPanel, Route, RouteCheck, RouteDecision, RouteDiscussion, RouteRequest
from pathways.queries.panels import awarded_count, cost_of, next_panel
from pathways.queries.request_deciders import decider_of
from pathways.queries.request_funding import found_by_checks, funding_refused
from pathways.queries.requests import discussions_of_round, has_just_taken
from pathways.rules.funding import payers_of
from pathways.rules.request_checks import gaps
from pathways.rules.requests import OVER, RequestState, RequestStep, after_checks
from pathways.rules.working_days import APPEAL_WITHIN, working_days_since
from staff.models import Person
from staff.refusals import ActionRefused

APPEAL_IS_LATE = "The 20 working days for an appeal are over. You can ask anew."
NOT_YOURS_TO_CHECK = "The people team checks the request while it is with them."
NOT_TALKED_OVER = "Record your discussion first: what you agreed, and who covers."
NOT_A_PAYER = "Choose one who may pay for this kind of route."
NO_LEVY_FORECAST = "The levy does not pay for this. Leave its forecast empty."
NO_PANEL = "No panel is named. Decide it on the page of the panel that pays for it."
WHY_NEEDED = "Say why you want this, and what it does for the school."


def still_to_check(what: str) -> str:
    """Why a request is not passed on while this check is open."""
    return f"Still to check: {what}."


def not_met(what: str) -> str:
    """Why a request is not passed on when this check has failed."""
    return f"Not met: {what}. Ask a question or decline."


def panel_is_full(places: int) -> str:
    """Why a panel that has given all its places awards no further one."""
    return f"The panel has given all its places: {places}."


# The requester ------------------------------------------------------------------------------
@transaction.atomic
def send_request(*, request_id: int, by: Person, now: datetime) -> RouteRequest:
    """Send the draft to the line manager.

    A Masters goes to the panel whose deadline comes next, where none is chosen. Raises RequestRefused
    without a reason or a planned start, after the deadline of its panel, and where the funding rules
    refuse it.
    """
    request = locked(request_id)
    taken = Taken(step=RequestStep.SENT, by=by, now=now)

    def is_ready(request: RouteRequest) -> None:
        if not request.why.strip():
            raise RequestRefused("why", WHY_NEEDED)
        if request.planned_starts_on is None:
            raise RequestRefused("planned_starts_on", "Say when you would like to start.")
        if request.planned_starts_on < taken.on:
            raise RequestRefused("planned_starts_on", "This date has passed. Choose one to come.")
        if not request.funded_by:
            raise RequestRefused("funded_by", "Choose how it would be paid.")
        if request.route.kind == Route.Kind.MASTERS and not request.university.strip():
            raise RequestRefused("university", "Say at which university.")
        if request.route.kind == Route.Kind.MASTERS:
            request.panel = request.panel or next_panel(taken.on)
            is_in_time(request, taken.on)
        if refused := funding_refused(request):
            raise RequestRefused(refused.field, refused.sentence)

    take(request, taken, check=is_ready)
    return request


@transaction.atomic
def answer_request(*, request_id: int, by: Person, now: datetime, words: str) -> RouteRequest:
    """Answer the question; it goes back to who asked."""
    request = locked(request_id)
    take(request, Taken(step=RequestStep.ANSWERED, by=by, now=now, words=words))
    return request


@transaction.atomic
def appeal(*, request_id: int, by: Person, now: datetime, words: str) -> RouteRequest:
    """Appeal against a refusal: once, within 20 working days; somebody else of the people team hears it."""
    request = locked(request_id)
    taken = Taken(step=RequestStep.APPEALED, by=by, now=now, words=words)

    def may_appeal(request: RouteRequest) -> None:
        if request.decisions.filter(step=RequestStep.APPEALED).exists():
            raise ActionRefused("You have appealed already. A request can be appealed once.")
        declined = request.decisions.filter(step=RequestStep.DECLINED).last()
        if declined and working_days_since(timezone.localdate(declined.made_at), taken.on) > APPEAL_WITHIN:
            raise ActionRefused(APPEAL_IS_LATE)
        live = RouteRequest.objects.filter(person=request.person_id, route=request.route_id)
        if live.exclude(pk=request.pk).exclude(state__in=[state.value for state in OVER]).exists():
            raise ActionRefused("You have asked for this route again. That request is under way.")

    take(request, taken, check=may_appeal)
    return request


# Who decides --------------------------------------------------------------------------------
@transaction.atomic
def record_discussion(
    *,
    request_id: int,
    by: Person,
    now: datetime,
    held_on: date,
    outcome: str,
    cover_plan: str,
    cover_days: Decimal | int = 0,
    cover_pence: int = 0,
    off_job_timetable: str = "",
    off_job_minutes_a_week: int | None = None,
) -> RouteDiscussion:
    """Record what manager and colleague talked over: content, not a tick (DOMAIN section 4, step 2).

    Raises RequestRefused without an outcome, a cover plan, or for an apprenticeship the off-the-job
    timetable; for a date to come. The same one sent twice is kept once, also when it was supported meanwhile.
    """
    request = locked(request_id)
    on = timezone.localdate(now)
    content = {
        "held_on": held_on,
        "outcome": outcome.strip(),
        "cover_plan": cover_plan.strip(),
        "cover_days": cover_days,
        "cover_pence": cover_pence,
        "off_job_timetable": off_job_timetable.strip(),
        "off_job_minutes_a_week": off_job_minutes_a_week,
    }
    if there := discussions_of_round(request).filter(manager=by, **content).first():
        return there
    if request.state != RequestState.MANAGER or decider_of(request, by, on) is None:
        raise ActionRefused("The line manager records the discussion while the request is with them.")
    if held_on > on:
        raise RequestRefused("held_on", "This date is still to come. Record it once you have talked.")
    if not outcome.strip():
        raise RequestRefused("outcome", "Say what you agreed.")
    if not cover_plan.strip():
        raise RequestRefused("cover_plan", "Say who covers, and when.")
    if request.route.kind == Route.Kind.APPRENTICESHIP and not off_job_timetable.strip():
        raise RequestRefused("off_job_timetable", "Say when off-the-job training happens each week.")
    return RouteDiscussion.objects.create(request=request, manager=by, written_at=now, **content)


@transaction.atomic
def support(*, request_id: int, by: Person, now: datetime, words: str = "") -> RouteRequest:
    """Support it as line manager. Raises ActionRefused without a recorded discussion of this round."""
    request = locked(request_id)

    def was_discussed(request: RouteRequest) -> None:
        if not discussions_of_round(request).exists():
            raise ActionRefused(NOT_TALKED_OVER)

    take(request, Taken(step=RequestStep.SUPPORTED, by=by, now=now, words=words), check=was_discussed)
    return request


@transaction.atomic
def fund(*, request_id: int, by: Person, now: datetime, words: str = "") -> RouteRequest:
    """Agree to budget, cover and timetable."""
    request = locked(request_id)
    take(request, Taken(step=RequestStep.FUNDED, by=by, now=now, words=words))
    return request


@transaction.atomic
def record_checks(
    *,
    request_id: int,
    by: Person,
    now: datetime,
    outcomes: Mapping[str, tuple[str, str]],
    price_pence: int | None = None,
    off_job_hours: int | None = None,
    levy_forecast_pence: int | None = None,
    confirmed_payer: str = "",
    planned_ends_on: date | None = None,
) -> RouteRequest:
    """Keep what the people team has found so far: outcome and words of each kind of check, and who pays.

    `confirmed_payer` and `planned_ends_on` stay as they are where they are empty. Raises RequestRefused for
    a payer this kind of route cannot have, an end before the start, and a levy forecast where the levy does
    not pay. What stands there already is not written again, also when it was passed on with it meanwhile.
    """
    request = locked(request_id)
    there = {check.kind: (check.outcome, check.words) for check in request.checks.all()}
    given = {kind: (outcome, words.strip()) for kind, (outcome, words) in outcomes.items()}
    new = {kind: found for kind, found in given.items() if there.get(kind) != found}
    wanted = {
        "price_pence": price_pence,
        "off_job_hours": off_job_hours,
        "levy_forecast_pence": levy_forecast_pence,
        **({"funded_by": confirmed_payer} if confirmed_payer else {}),
        **({"planned_ends_on": planned_ends_on} if planned_ends_on else {}),
    }
    stands_so = not new and all(getattr(request, name) == value for name, value in wanted.items())
    if stands_so and has_just_taken(request, by, RequestStep.CHECKED):
        return request
    if request.state != RequestState.PEOPLE or decider_of(request, by, timezone.localdate(now)) is None:
        raise ActionRefused(NOT_YOURS_TO_CHECK)
    for kind, (outcome, words) in new.items():
        RouteCheck.objects.update_or_create(
            request=request,
            kind=kind,
            defaults={"outcome": outcome, "words": words, "checked_by": by, "checked_at": now},
        )
    if confirmed_payer:
        if confirmed_payer not in payers_of(request.route.kind):
            raise RequestRefused("confirmed_payer", NOT_A_PAYER)
        request.payer_asked = request.payer_asked or request.funded_by
    if planned_ends_on and request.planned_starts_on and planned_ends_on <= request.planned_starts_on:
        raise RequestRefused("planned_ends_on", "The end is after the planned start.")
    for name, value in wanted.items():
        setattr(request, name, value)
    if levy_forecast_pence is not None and request.funded_by != RouteRequest.FundedBy.LEVY:
        raise RequestRefused("levy_forecast", NO_LEVY_FORECAST)
    request.save()
    return request


@transaction.atomic
def check_request(*, request_id: int, by: Person, now: datetime, words: str = "") -> RouteRequest:
    """Say that it can be funded: on to the panel (Masters), to finance (levy forecast below 0) or agreed.

    Raises ActionRefused while a check is open or not met, while something is missing that its kind needs, and
    where the funding rules refuse it. Where the payer is another than was asked for, the decision says so.
    """
    request = locked(request_id)

    def is_clear(request: RouteRequest) -> None:
        outcomes = dict(request.checks.values_list("kind", "outcome"))
        labels = dict(RouteCheck.Kind.choices)
        missing = [labels[kind] for kind in RouteCheck.Kind.values if kind not in outcomes]
        if missing:
            raise ActionRefused(still_to_check(missing[0]))
        failed = [labels[kind] for kind, outcome in outcomes.items() if outcome == "not_met"]
        if failed:
            raise ActionRefused(not_met(failed[0]))
        for gap in gaps(found_by_checks(request)):
            about = f"{labels[gap.check]}: " if gap.check else ""
            raise RequestRefused(gap.field, f"{about}{gap.sentence}")
        if refused := funding_refused(request):
            raise RequestRefused(refused.field, refused.sentence)

    said = " ".join(one for one in (request.payer_correction, words.strip()) if one)
    taken = Taken(step=RequestStep.CHECKED, by=by, now=now, words=said)
    target = after_checks(request.route.kind, request.funded_by, request.levy_forecast_pence)
    take(request, taken, target=target, check=is_clear)
    agree_terms(request)
    return request


@transaction.atomic
def cover(*, request_id: int, by: Person, now: datetime, words: str = "") -> RouteRequest:
    """Finance agrees to pay the trust's share where the levy account would run dry."""
    request = locked(request_id)
    take(request, Taken(step=RequestStep.COVERED, by=by, now=now, words=words))
    agree_terms(request)
    return request


@transaction.atomic
def award(
    *, request_id: int, by: Person, now: datetime, words: str = "", overspend_reason: str = ""
) -> RouteRequest:
    """Record the panel's award of a place, and write down what a leaver would repay.

    Raises ActionRefused where no panel is named though there is one, and once it has given all its places;
    RequestRefused where its budget does not reach and `overspend_reason` does not say why it is spent all the same.
    Locks the panel before the request, as its meeting does, so that two awards at once share no place and no pound.
    """
    panel = locked_panel_of(request_id)
    request = locked(request_id)
    over = 0

    def has_room(request: RouteRequest) -> None:
        nonlocal over
        if panel is None and MastersPanel.objects.exists():
            raise ActionRefused(NO_PANEL)
        if panel is not None and panel.places and awarded_count(panel) >= panel.places:
            raise ActionRefused(panel_is_full(panel.places))
        over = over_budget(panel, cost_of(request), overspend_reason)

    if take(request, Taken(step=RequestStep.AWARDED, by=by, now=now, words=words), check=has_room):
        record_overspend(request, over, overspend_reason, by, now)
    agree_terms(request)
    return request


@transaction.atomic
def ask_about_request(*, request_id: int, by: Person, now: datetime, words: str) -> RouteRequest:
    """Return it with a question; once answered it comes back here."""
    request = locked(request_id)
    take(request, Taken(step=RequestStep.ASKED, by=by, now=now, words=words))
    return request


@transaction.atomic
def decline_request(
    *, request_id: int, by: Person, now: datetime, words: str, reason_code: str
) -> RouteRequest:
    """Say no, with a reason (of RouteDecision.ReasonCode) and words."""
    if reason_code and reason_code not in RouteDecision.ReasonCode.values:
        raise RequestRefused("reason_code", "Choose the reason that fits best.")
    request = locked(request_id)
    take(request, Taken(step=RequestStep.DECLINED, by=by, now=now, words=words, reason_code=reason_code))
    return request


@transaction.atomic
def uphold(*, request_id: int, by: Person, now: datetime, words: str = "") -> RouteRequest:
    """Uphold the appeal: the request goes back to where it was declined."""
    request = locked(request_id)
    take(request, Taken(step=RequestStep.UPHELD, by=by, now=now, words=words))
    return request


@transaction.atomic
def dismiss(*, request_id: int, by: Person, now: datetime, words: str) -> RouteRequest:
    """Dismiss the appeal, and say why: that closes the request."""
    request = locked(request_id)
    take(request, Taken(step=RequestStep.DISMISSED, by=by, now=now, words=words))
    return request
