"""The case page of a request: what happened as a story, who has it now, and what the reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from pathways.models import PanelOverspend, Route, RouteDecision, RouteDiscussion, RouteRequest, RouteReview
from pathways.queries.off_job import OffJobShown, off_job_of
from pathways.queries.request_deciders import DELIVERY, asked_about, decider_of, people_team_for
from pathways.queries.requests import discussions_of_round
from pathways.queries.requests_papers import signature_words, signatures_missing, signatures_needed
from pathways.rules.requests import Capacity, RequestState, RequestStep, steps_from
from pathways.rules.working_days import APPEAL_WITHIN, working_days_since
from staff.models import Person
from staff.queries.deciders import Decider
from staff.wording import date_words, money

_TOLD: Final = {
    "sent": "asked for it",
    "supported": "supported it",
    "funded": "agreed the budget and the cover",
    "checked": "checked that it can be funded",
    "covered": "agreed to cover the cost",
    "awarded": "recorded the panel's award of a place",
    "asked": "asked a question",
    "answered": "answered",
    "declined": "did not agree",
    "appealed": "appealed",
    "upheld": "upheld the appeal",
    "dismissed": "dismissed the appeal",
    "started": "recorded the start",
    "paused": "recorded a break in learning",
    "resumed": "recorded the return",
    "completed": "recorded the completion",
    "withdrawn": "withdrew it",
}
_TO_DO: Final = {
    "manager": "talks it over with {first}, records what was agreed, and supports it or says why not",
    "budget": "decides about budget, cover and timetable",
    "people": "checks that it can be funded",
    "finance": "decides whether the trust pays what the levy account cannot",
    "panel": "records what the panel decides",
    "appealed": "hears the appeal",
}
_CHAIN: Final = ("manager", "budget", "people", "finance", "panel", "agreed", "on_programme", "completed")
_CHAIN_WORDS: Final = {
    "manager": "Line manager talks it over and supports it",
    "budget": "Budget holder agrees cost and cover",
    "people": "People team checks funding",
    "finance": "Finance covers the cost",
    "panel": "Masters panel awards the place",
    "agreed": "Agreed: signatures, then the start",
    "on_programme": "On programme, with regular reviews",
    "completed": "Completed",
}
BUTTONS: Final = {
    "supported": "Support",
    "funded": "Agree the budget",
    "covered": "Agree to cover it",
    "awarded": "Record the award",
    "upheld": "Uphold the appeal",
    "dismissed": "Dismiss the appeal",
    "asked": "Ask a question",
    "declined": "Decline",
    "answered": "Answer",
    "appealed": "Appeal",
    "started": "Record the start",
    "paused": "Record a break",
    "resumed": "Record the return",
    "completed": "Record the completion",
    "withdrawn": "Withdraw",
    "sent": "Send the request",
    "checked": "All is checked",
}


# Which buttons stand first on the page, in this order; those after them are quiet or dangerous.
_FORWARD: Final = ("supported", "funded", "covered", "awarded", "upheld", "started", "resumed", "completed")
_OTHERS: Final = ("answered", "appealed", "asked", "paused", "declined", "dismissed", "withdrawn")


@dataclass(frozen=True)
class Told:
    """One thing that happened."""

    who: str
    what: str
    when: datetime
    words: str = ""
    reason: str = ""
    is_bad: bool = False
    discussion: RouteDiscussion | None = None


@dataclass(frozen=True)
class Case:
    """What the page shows one reader."""

    request: RouteRequest
    is_own: bool
    told: list[Told]
    has_it: str
    until: str
    to_come: list[str]
    facts: list[dict[str, str]]
    checks: list[dict[str, str]]
    steps: frozenset[str]
    decider: Decider | None
    may_discuss: bool
    may_check: bool
    runs_it: bool
    is_team: bool
    discussion: RouteDiscussion | None
    signatures: list[dict[str, str]]
    missing: list[tuple[str, str]]
    reviews: list[RouteReview]
    off_job: OffJobShown | None
    question: str


def case_of(request: RouteRequest, *, reader: Person | None, on: date) -> Case:
    """Everything the case page of one request shows this reader on a date. A fixed number of queries."""
    is_own = reader is not None and reader.pk == request.person_id
    decider = decider_of(request, reader, on) if reader and not is_own else None
    runs = people_team_for(request, reader, on) if reader and not is_own else None
    decisions = list(request.decisions.select_related("actor", "on_behalf_of"))
    discussions = list(request.discussions.select_related("manager"))
    overspends = list(request.overspends.select_related("made_by"))
    current = discussions_of_round(request).last()
    reviews = list(request.reviews.all())
    needed, missing = signatures_needed(request), signatures_missing(request)
    is_delivery = request.state in DELIVERY
    steps = set(_own_steps(request, decisions, on) if is_own else _steps(request, decider, runs))
    if current is None:
        steps.discard(RequestStep.SUPPORTED)
    if missing:
        steps.discard(RequestStep.STARTED)
    return Case(
        request=request,
        is_own=is_own,
        told=_told(decisions, discussions, overspends),
        has_it=_has_it(request, is_own, on),
        until=_until(request, on),
        to_come=_to_come(request),
        facts=facts_of(request, current),
        checks=checks_of(request),
        steps=frozenset(step.value for step in steps),
        decider=decider,
        may_discuss=decider is not None and request.state == RequestState.MANAGER,
        may_check=decider is not None and request.state == RequestState.PEOPLE,
        runs_it=runs is not None and is_delivery,
        is_team=runs is not None,
        discussion=current,
        signatures=[
            {"words": signature_words(*one), "is": "todo" if one in missing else "ok"} for one in needed
        ]
        if is_delivery
        else [],
        missing=missing if request.state == RequestState.AGREED else [],
        reviews=reviews,
        off_job=off_job_of(request, decisions, reviews, on),
        question=next((one.words for one in reversed(decisions) if one.step == "asked"), "")
        if request.state == RequestState.QUESTIONED
        else "",
    )


@dataclass(frozen=True)
class StepButton:
    """A step that the reader may take, and what its button says."""

    step: str
    words: str

    @property
    def asks_first(self) -> bool:
        """Whether a page with a form comes before it, although it takes the request forward."""
        return self.step in (RequestStep.STARTED, RequestStep.RESUMED, RequestStep.COMPLETED)

    @property
    def ends_it(self) -> bool:
        """Whether the request is over after it."""
        return self.step in (RequestStep.DECLINED, RequestStep.WITHDRAWN, RequestStep.DISMISSED)

    @property
    def is_answer(self) -> bool:
        """Whether the person brings their request back with it."""
        return self.step in (RequestStep.ANSWERED, RequestStep.APPEALED)

    @property
    def is_appeal(self) -> bool:
        """Whether the person has asked for another look at a refusal."""
        return self.step == RequestStep.APPEALED

    @property
    def is_refusal(self) -> bool:
        """Whether it declines the request, which may be appealed against."""
        return self.step == RequestStep.DECLINED

    @property
    def is_withdrawal(self) -> bool:
        """Whether it takes the request back."""
        return self.step == RequestStep.WITHDRAWN


def buttons_of(case: Case) -> dict[str, list[StepButton]]:
    """The buttons of a case: what takes it forward, and the others."""
    return {
        "forward": [StepButton(one, BUTTONS[one]) for one in _FORWARD if one in case.steps],
        "others": [StepButton(one, BUTTONS[one]) for one in _OTHERS if one in case.steps],
    }


def facts_of(request: RouteRequest, discussion: RouteDiscussion | None) -> list[dict[str, str]]:
    """What it takes, to stand beside the buttons."""
    route = request.route
    rows: list[tuple[str, str | None]] = [
        ("Route", route.title),
        ("Planned start", date_words(request.planned_starts_on) if request.planned_starts_on else None),
        ("Paid by", request.get_funded_by_display() or None),
        ("Asked to be paid by", request.get_payer_asked_display() if request.payer_correction else None),
        ("Agreed price", money(request.price_pence) if request.price_pence is not None else None),
        (
            "At most funded",
            money(route.max_funding_pence)
            if route.max_funding_pence and request.price_pence is None
            else None,
        ),
        ("Off-the-job training", _hours(request)),
        ("University", request.university or None),
        ("Study days a year", str(request.study_days) if request.study_days else None),
    ]
    if discussion is not None:
        days = f"{discussion.cover_days.normalize():f}"
        rows += [
            ("Cover a year", f"{days} {'day' if days == '1' else 'days'}, {money(discussion.cover_pence)}"),
            ("Who covers", discussion.cover_plan),
            ("When training happens", discussion.off_job_timetable or None),
        ]
    if request.levy_forecast_pence is not None:
        rows.append(("Levy account would hold", money(request.levy_forecast_pence)))
    return [{"words": words, "value": value} for words, value in rows if value]


def checks_of(request: RouteRequest) -> list[dict[str, str]]:
    """The checks so far, as ticks. One query."""
    marks = {"met": "ok", "not_met": "no", "not_needed": "ok"}
    return [
        {
            "words": f"{check.get_kind_display()}: {check.get_outcome_display().lower()}"
            + (f". {check.words}" if check.words else ""),
            "is": marks[check.outcome],
        }
        for check in request.checks.all()
    ]


def _hours(request: RouteRequest) -> str | None:
    if request.off_job_hours is not None:
        return f"{request.off_job_hours} hours agreed"
    least = request.route.off_job_hours
    return f"at least {least} hours" if least else None


def _own_steps(request: RouteRequest, decisions: list[RouteDecision], on: date) -> frozenset[RequestStep]:
    steps = steps_from(RequestState(request.state), Capacity.REQUESTER)
    return steps if _may_appeal(decisions, on) else steps - {RequestStep.APPEALED}


def _steps(request: RouteRequest, decider: Decider | None, runs: Decider | None) -> frozenset[RequestStep]:
    state = RequestState(request.state)
    if decider is not None:
        return steps_from(state, Capacity(decider.kind)) - {RequestStep.WITHDRAWN}
    if runs is not None and request.state in DELIVERY:
        return steps_from(state, Capacity.PEOPLE_TEAM)
    return frozenset()


def _may_appeal(decisions: list[RouteDecision], on: date) -> bool:
    if any(one.step == "appealed" for one in decisions):
        return False
    declined = next((one for one in reversed(decisions) if one.step == "declined"), None)
    return (
        declined is not None and working_days_since(timezone.localdate(declined.made_at), on) <= APPEAL_WITHIN
    )


def _told(
    decisions: list[RouteDecision], discussions: list[RouteDiscussion], overspends: list[PanelOverspend]
) -> list[Told]:
    rows = [
        Told(
            f"{one.actor}, for {one.on_behalf_of}," if one.on_behalf_of else str(one.actor),
            _TOLD[one.step],
            one.made_at,
            one.words,
            one.get_reason_code_display() if one.reason_code else "",
            one.step in ("declined", "dismissed", "withdrawn"),
        )
        for one in decisions
    ]
    rows += [
        Told(str(one.manager), "recorded the discussion", one.written_at, one.outcome, discussion=one)
        for one in discussions
    ]
    rows += [
        Told(
            str(one.made_by),
            f"recorded that it takes the panel {money(one.over_pence)} above its budget",
            one.made_at,
            one.reason,
        )
        for one in overspends
    ]
    return sorted(rows, key=lambda one: one.when)


def _has_it(request: RouteRequest, is_own: bool, on: date) -> str:
    first = request.person.first_name
    asked = asked_about(request, on).now
    if request.state in _TO_DO:
        if not asked:
            return "Nobody can decide it now: whoever could has taken a step already. The people team names somebody."
        who = asked[0].words
        return f"{who}, {_TO_DO[request.state].format(first='you' if is_own else first)}."
    whose = "you" if is_own else first
    return {
        "draft": f"It is a draft: only {whose} can see it.",
        "questioned": f"The question is with {whose}.",
        "agreed": "It is agreed. The people team collects the signatures and records the start.",
        "on_programme": f"{'You are' if is_own else f'{first} is'} on programme.",
        "on_break": f"{'You are' if is_own else f'{first} is'} on a break in learning.",
        "declined": "It was not agreed.",
        "closed": "The appeal was dismissed, so this request is closed.",
        "completed": "It is completed.",
        "withdrawn": "It was withdrawn.",
    }[request.state]


def _until(request: RouteRequest, on: date) -> str:
    if request.due_on is None:
        return ""
    is_late = on > request.due_on
    return f"{'A decision was due on' if is_late else 'A decision is due by'} {date_words(request.due_on)}."


def _to_come(request: RouteRequest) -> list[str]:
    """The steps after this one, of those that this route takes."""
    state = request.asked_from if request.state == RequestState.QUESTIONED else request.state
    if state == RequestState.DRAFT:
        rest = list(_CHAIN)
    elif state == RequestState.ON_BREAK:
        rest = ["on_programme", "completed"]
    elif state in _CHAIN:
        rest = list(_CHAIN[_CHAIN.index(state) + 1 :])
    else:
        return []
    is_masters = request.route.kind == Route.Kind.MASTERS
    if not is_masters:
        rest = [one for one in rest if one != "panel"]
    if (request.levy_forecast_pence or 0) >= 0:
        rest = [one for one in rest if one != "finance"]
    return [_CHAIN_WORDS[one] for one in rest]
