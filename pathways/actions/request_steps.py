"""What every step of a request does: lock, may they, is it possible, write the row, move, tell.

A step is a RouteDecision row first and the new state after it, under the request's row lock: the database
refuses either without the other. The same step sent twice by the same person is taken once; of two deciders
at once the second is told who decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from pathways.actions import request_letters as letters
from pathways.models import RouteDecision, RouteRequest
from pathways.queries.request_deciders import Asked, asked_about, capacity_of, decider_of, people_team_for
from pathways.rules.requests import (
    ASKED_OF,
    MOVES,
    NEEDS_WORDS,
    OWN_STEPS,
    Capacity,
    RequestState,
    RequestStep,
    is_allowed,
)
from pathways.rules.working_days import DECIDE_WITHIN, after_working_days
from staff.models import Person
from staff.queries.deciders import first_asked
from staff.refusals import ActionRefused
from staff.wording import date_words

DONE_WORDS = {
    "sent": "was sent",
    "supported": "has supported it",
    "funded": "has agreed the budget",
    "checked": "has checked it",
    "covered": "has agreed to cover the cost",
    "awarded": "has recorded the panel's award",
    "asked": "has asked a question",
    "answered": "has answered",
    "declined": "has declined it",
    "appealed": "has appealed",
    "upheld": "has upheld the appeal",
    "dismissed": "has dismissed the appeal",
    "started": "has recorded the start",
    "paused": "has recorded a break",
    "resumed": "has recorded the return",
    "completed": "has recorded the completion",
    "withdrawn": "has withdrawn it",
}
_MISSING = {
    RequestStep.ASKED: "Write your question: the person reads it.",
    RequestStep.ANSWERED: "Write an answer to the question.",
    RequestStep.DECLINED: "Say why not: the person reads it.",
    RequestStep.APPEALED: "Say why you appeal.",
    RequestStep.DISMISSED: "Say why the appeal is not upheld: the person reads it.",
    RequestStep.PAUSED: "Say why there is a break, and what is agreed about it.",
}
OWN_REQUEST = "Nobody decides about their own request."


class RequestRefused(ActionRefused):
    """A refusal that belongs to one field of the form."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One step as somebody takes it. `on` is today."""

    step: RequestStep
    by: Person
    now: datetime
    words: str = ""
    reason_code: str = ""
    effective_on: date | None = None

    @property
    def on(self) -> date:
        """Today, on the clocks here."""
        return timezone.localdate(self.now)


def locked(request_id: int) -> RouteRequest:
    """The request under its row lock, with its person and route. Inside a transaction."""
    return (
        RouteRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person", "route", "panel")
        .get(pk=request_id)
    )


def take(
    request: RouteRequest,
    taken: Taken,
    *,
    target: RequestState | None = None,
    check: Callable[[RouteRequest], None] | None = None,
) -> bool:
    """Take one step with a locked request; `check` may refuse, and set fields that are saved with it.

    False where this very step was taken by this person before. Raises ActionRefused where it is not
    possible in this state (naming who was first), or for somebody else, or without the words it needs.
    """
    source, step, by = RequestState(request.state), taken.step, taken.by
    last = request.decisions.select_related("actor").last()
    if last and (last.step, last.actor_id, last.words) == (step, by.pk, taken.words.strip()):
        return False
    targets = {move.target for move in MOVES if move.source == source and move.step == step}
    if not targets:
        raise ActionRefused(too_late(request, last))
    capacity, on_behalf_of = _as_what(request, taken)
    if step in NEEDS_WORDS and not taken.words.strip():
        raise RequestRefused("words", _MISSING[step])
    if step == RequestStep.DECLINED and not taken.reason_code:
        raise RequestRefused("reason_code", "Choose the reason that fits best.")
    if check is not None:
        check(request)
    to = target or (next(iter(targets)) if len(targets) == 1 else _back_to(request, step))
    if not is_allowed(source, step, to, capacity):
        raise ActionRefused("Somebody else has to decide about this.")
    decision = RouteDecision.objects.create(
        request=request,
        number=request.decision_count + 1,
        requester=request.person,
        actor=by,
        capacity=capacity,
        on_behalf_of=on_behalf_of,
        step=step,
        from_state=source,
        to_state=to,
        reason_code=taken.reason_code,
        words=taken.words.strip(),
        effective_on=taken.effective_on,
        made_at=taken.now,
    )
    if step == RequestStep.ASKED:
        request.asked_from = source
    request.state, request.decision_count = to.value, decision.number
    request.state_since_at = taken.now
    is_waiting = to in ASKED_OF or to == RequestState.APPEALED
    request.due_on = after_working_days(taken.on, DECIDE_WITHIN) if is_waiting else None
    request.save()
    _tell(request, decision, taken)
    return True


def _as_what(request: RouteRequest, taken: Taken) -> tuple[Capacity, Person | None]:
    """The capacity in which somebody takes this step, and for whom. Raises ActionRefused for nobody."""
    by, state = taken.by, RequestState(request.state)
    if by == request.person:
        if taken.step in OWN_STEPS or taken.step == RequestStep.WITHDRAWN:
            return Capacity.REQUESTER, None
        raise ActionRefused(OWN_REQUEST)
    if taken.step in OWN_STEPS:
        raise ActionRefused("Only the person who asks can do this.")
    asks = (state in ASKED_OF or state == RequestState.APPEALED) and taken.step != RequestStep.WITHDRAWN
    decider = decider_of(request, by, taken.on) if asks else people_team_for(request, by, taken.on)
    if decider is None:
        raise ActionRefused(for_somebody_else(asked_about(request, taken.on)))
    return capacity_of(decider), decider.delegated_from


def for_somebody_else(asked: Asked) -> str:
    """Why the reader can't decide; it names the person who can."""
    if asked.now:
        return f"Somebody else has to decide about this: {asked.now[0].words}."
    return "Somebody else has to decide about this."


def too_late(request: RouteRequest, last: RouteDecision | None) -> str:
    """Why a step cannot be taken in this state: who took which step last, and when."""
    state = request.get_state_display().lower()
    if last is None:
        return "This request has not been sent yet."
    return (
        f"This request has moved on: {last.actor.full_name} {DONE_WORDS[last.step]} on "
        f"{date_words(last.made_at)}. It is now: {state}."
    )


def _back_to(request: RouteRequest, step: RequestStep) -> RequestState:
    """Where an answer or an upheld appeal goes: to who asked, to who declined."""
    if step == RequestStep.ANSWERED:
        return RequestState(request.asked_from)
    if step == RequestStep.UPHELD:
        declined = request.decisions.filter(step=RequestStep.DECLINED).last()
        if declined is not None:
            return RequestState(declined.from_state)
    raise AssertionError(f"{step} of request {request.pk} has no target")


def _tell(request: RouteRequest, decision: RouteDecision, taken: Taken) -> None:
    if decision.actor_id != request.person_id:
        letters.tell_requester(request, decision, now=taken.now)
    for one in first_asked(asked_about(request, taken.on).now):
        if one.person != taken.by:
            letters.tell_decider(request, decision, one.person, now=taken.now)
