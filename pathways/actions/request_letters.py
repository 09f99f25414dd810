"""The mails about a request: to who is asked next, and to the requester at each decision."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from pathways.models import RouteDecision, RouteRequest
from staff.actions.messages import post_message
from staff.models import Person
from staff.wording import date_words

_TO_REQUESTER = {
    "supported": ("Supported", "{who} supports your request. Next it goes to whoever holds the budget."),
    "funded": ("Budget agreed", "{who} has agreed the budget and the cover. Next the people team checks it."),
    "checked": ("Checked", "{who} has checked that it can be funded."),
    "covered": ("Cost covered", "{who} has agreed to cover the cost."),
    "awarded": ("A place for you", "The panel has awarded you a place."),
    "asked": ("A question for you", "{who} asks you something before deciding."),
    "declined": ("Not agreed", "{who} has not agreed to your request."),
    "upheld": ("Your appeal is upheld", "{who} has upheld your appeal. It is looked at again."),
    "dismissed": ("Your appeal is dismissed", "{who} has heard your appeal and not upheld it."),
    "started": ("Started", "You are on programme. Well done for getting here."),
    "paused": ("Break in learning", "{who} has recorded a break in learning."),
    "resumed": ("Welcome back", "{who} has recorded that you are back on programme."),
    "completed": ("Completed", "{who} has recorded that you have completed it. Well done."),
    "withdrawn": ("Withdrawn", "{who} has withdrawn the request."),
}


def tell_requester(request: RouteRequest, decision: RouteDecision, *, now: datetime) -> None:
    """What was decided, by whom and why."""
    title, intro = _TO_REQUESTER[decision.step]
    who = decision.actor.full_name
    lines = [intro.format(who=who), *([f"{who} writes: “{decision.words}”"] if decision.words else [])]
    if decision.step == "declined":
        lines.append("You can appeal once, within 20 working days. Somebody else hears the appeal.")
    if request.state == "agreed":
        lines.append("It is agreed. The people team arranges what has to be signed before it starts.")
    post_message(
        person=request.person,
        kind=f"request_{decision.step}",
        subject=f"{title}: {request.route.title}",
        template="notice",
        dedupe_key=f"request:{request.pk}:{decision.number}:to_requester",
        now=now,
        context={
            "title": title,
            "intro": lines,
            "facts": _facts(request),
            "action_url": _url(request),
            "action_words": "Answer" if decision.step == "asked" else "See your request",
        },
    )


def tell_decider(request: RouteRequest, decision: RouteDecision, decider: Person, *, now: datetime) -> None:
    """A request, an answer or an appeal waits for them."""
    name = request.person.full_name
    is_answer, is_appeal = decision.step == "answered", decision.step == "appealed"
    said = (
        "has answered your question" if is_answer else "appeals" if is_appeal else "asks for a funded route"
    )
    quoted = [f"“{decision.words}”"] if (is_answer or is_appeal) and decision.words else []
    post_message(
        person=decider,
        kind="request_waits",
        subject=f"To decide: {name}, {request.route.title}",
        template="notice",
        dedupe_key=f"request:{request.pk}:{decision.number}:to_decider:{decider.pk}",
        now=now,
        context={
            "title": "A request to decide",
            "intro": [f"{name} {said}.", *quoted],
            "facts": _facts(request),
            "action_url": _url(request),
            "action_words": "Read it and decide",
        },
    )


def _url(request: RouteRequest) -> str:
    return reverse("pathways:request-detail", args=[request.pk])


def _facts(request: RouteRequest) -> list[tuple[str, str]]:
    facts = [("What", request.route.title)]
    if request.planned_starts_on:
        facts.append(("Planned start", date_words(request.planned_starts_on)))
    if request.due_on:
        facts.append(("Decision due", date_words(request.due_on)))
    return facts
