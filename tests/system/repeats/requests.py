"""The forms of funded routes: the draft, every step of a request, its papers and its money, the panel."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

from django.urls import reverse

from pathways.models import (
    MastersPanel,
    RepaymentTerms,
    Route,
    RouteCheck,
    RouteFee,
    RouteRequest,
    RouteReview,
    RouteSignature,
)
from pathways.queries.requests_papers import signatures_needed
from staff import clock
from staff.models import Responsibility
from tests.factories.pathways_requests import RouteFactory, a_request_in, talked_over
from tests.system.repeats.cases import Cases, Form, Get

_numbers = count(1)
WORDS = {"words": "Because of the timetable."}


def a_route(**fields: Any) -> Route:
    return RouteFactory(code=f"RP{next(_numbers)}", **fields)


def a_request(state: str, get: Get, **fields: Any) -> RouteRequest:
    """The teaching assistant's, who has line manager, headteacher and people team above them."""
    for name in ("line_manager", "headteacher", "people_team"):
        get(name)
    fields = {"route": a_route(), **fields}
    return a_request_in(state, person=get("teaching_assistant").person, **fields)


def a_masters(state: str, get: Get, **fields: Any) -> RouteRequest:
    """With a panel of its own, its fee written and what a leaver would pay back."""
    panel = MastersPanel.objects.create(
        name=f"Panel {next(_numbers)}", deadline_on=date(2027, 4, 30), meets_on=date(2027, 5, 20)
    )
    fields = {"route": a_route(kind="masters"), "funded_by": "trust", "panel": panel, **fields}
    made = a_request(state, get, **fields)
    RouteFee.objects.create(request=made, year_number=1, fee_pence=500_000)
    if state == "agreed":
        RepaymentTerms.objects.create(request=made, during_percent=100, months=[12], percents=[100])
    return made


def sign_all(made: RouteRequest, *, but: int = 0) -> None:
    """Everything that has to be signed is signed, the last `but` of them left out."""
    needed = signatures_needed(made)
    for document, party in needed[: len(needed) - but]:
        RouteSignature.objects.create(
            request=made, document=document, party=party, signed_on=date(2026, 9, 1), signed_by=made.person
        )


def _page(name: str, made: RouteRequest, **more: object) -> str:
    return reverse(f"pathways:request-{name}", kwargs={"pk": made.pk, **more})


# The requester --------------------------------------------------------------------------------
def to_start(get: Get) -> Form:
    return Form("teaching_assistant", reverse("pathways:request-start", args=[a_route().slug]))


def to_write(button: str, get: Get) -> Form:
    made = a_request("draft", get)
    start = clock.today() + timedelta(days=270)  # as the factory has it
    data = {"why": "For the children.", "planned_starts_on": start, "funded_by": "levy", button: "yes"}
    return Form("teaching_assistant", _page("edit", made), data, to=_page("detail", made))


# Steps ----------------------------------------------------------------------------------------
def to_step(step: str, state: str, who: str, data: dict[str, Any], get: Get) -> Form:
    made = a_request(state, get)
    if step == "supported":
        talked_over(made, get("line_manager").person)
    if step == "started":
        sign_all(made)
    to = reverse("inbox") if "inbox" in data else _page("detail", made)
    return Form(who, _page("step", made, step=step), data, to=to)


def to_cover(get: Get) -> Form:
    """Finance is the trainer's for this one."""
    Responsibility.objects.get_or_create(
        person=get("trainer").person, kind="finance", starts_on=date(2020, 9, 1)
    )
    made = a_request("finance", get)
    return Form("trainer", _page("step", made, step="covered"), WORDS, to=_page("detail", made))


def to_award(get: Get) -> Form:
    made = a_masters("panel", get)
    return Form("people_team", _page("step", made, step="awarded"), WORDS, to=_page("detail", made))


def to_discuss(button: str, get: Get) -> Form:
    made = a_request("manager", get)
    data = {
        "held_on": clock.today().isoformat(), "outcome": "Yes.", "cover_plan": "Ann.", "cover_days": "1.5",
        "cover_pounds": "330.00", "off_job_timetable": "Tuesdays.", button: "yes",
    }  # fmt: skip
    return Form("line_manager", _page("discussion", made), data, to=_page("detail", made))


def to_check(button: str, get: Get) -> Form:
    made = a_request("people", get, planned_ends_on=date(2029, 3, 1))
    data = {
        "confirmed_payer": "levy", "price": "6000", "off_job_hours": "600", "planned_ends_on": "2029-03-01",
        "levy_forecast": "100000", button: "yes",
    }  # fmt: skip
    for kind in RouteCheck.Kind.values:
        data |= {f"{kind}_outcome": "met", f"{kind}_words": "Seen."}
    return Form("people_team", _page("check", made), data, to=_page("detail", made))


# Papers, reviews, money -----------------------------------------------------------------------
def to_sign(who: str, what: str, get: Get) -> Form:
    made = a_request("agreed", get)
    data = {"what": what, "signed_on": clock.today().isoformat()}
    return Form(who, _page("sign", made), data, to=_page("detail", made))


def to_review(get: Get) -> Form:
    made = a_request("on_programme", get)
    RouteReview.objects.create(request=made, number=1, due_on=date(2026, 11, 24))
    data = {"held_on": "2026-11-24", "is_on_track": "yes", "off_job_hours": "40", "words": "Going well."}
    return Form("people_team", _page("review", made, number=1), data, to=_page("detail", made))


def to_write_fees(get: Get) -> Form:
    data = {"fee_1": "4500.00", "percent_1": "100", "fee_2": "4500.00", "percent_2": "50"}
    return Form("people_team", _page("fees", a_masters("people", get)), data)


def to_pay(get: Get) -> Form:
    made = a_masters("agreed", get)
    sign_all(made)
    data = {"year": "1", "paid": "2500.00", "paid_on": clock.today().isoformat()}
    return Form("people_team", _page("pay", made), data, to=_page("fees", made))


def to_waive(get: Get) -> Form:
    made = a_masters("agreed", get)
    return Form("people_team", _page("waive", made), {"reason": "redundancy"}, to=_page("fees", made))


# The panel ------------------------------------------------------------------------------------
def to_rank(get: Get) -> Form:
    made = a_masters("panel", get)
    path = reverse("pathways:panel-detail", args=[made.panel_id])
    return Form("people_team", path, {f"rank_{made.pk}": "1"}, to=path)


def to_decide_panel(decision: str, get: Get) -> Form:
    made = a_masters("panel", get)
    path = reverse("pathways:panel-detail", args=[made.panel_id])
    data = {f"rank_{made.pk}": "1", f"decision_{made.pk}": decision, "decide": "yes", **WORDS}
    return Form("people_team", path, data, to=path)


def _step(step: str, state: str, who: str, **data: Any) -> Any:
    return partial(to_step, step, state, who, data)


CASES: Cases = {
    "pathways:request-start": (to_start, {"+pathways.routerequest": 1}),
    "pathways:request-edit, kept": (partial(to_write, "keep"), {"pathways.routerequest": 1}),
    "pathways:request-edit, sent": (
        partial(to_write, "send"),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-discussion": (partial(to_discuss, "keep"), {"+pathways.routediscussion": 1}),
    "pathways:request-discussion, supported": (
        partial(to_discuss, "support"),
        {
            "+pathways.routedecision": 1,
            "+pathways.routediscussion": 1,
            "+staff.message": 2,
            "pathways.routerequest": 1,
        },
    ),
    "pathways:request-check": (
        partial(to_check, "keep"),
        {
            "+pathways.routecheck": 9,
            "pathways.routerequest": 1,
        },
    ),
    "pathways:request-check, done": (
        partial(to_check, "done"),
        {
            "+pathways.routecheck": 9,
            "+pathways.routedecision": 1,
            "+staff.message": 1,
            "pathways.routerequest": 1,
            "trail of pathways.routerequest": 2,
        },
    ),
    "pathways:request-step, supported": (
        _step("supported", "manager", "line_manager", inbox="yes"),
        {"+pathways.routedecision": 1, "+staff.message": 2, "pathways.routerequest": 1},
    ),
    "pathways:request-step, funded": (
        _step("funded", "budget", "headteacher", inbox="yes"),
        {"+pathways.routedecision": 1, "+staff.message": 2, "pathways.routerequest": 1},
    ),
    "pathways:request-step, covered": (
        to_cover,
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, awarded": (
        to_award,
        {
            "+pathways.repaymentterms": 1,
            "+pathways.routedecision": 1,
            "+staff.message": 1,
            "pathways.routerequest": 1,
        },
    ),
    "pathways:request-step, asked": (
        _step("asked", "manager", "line_manager", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, answered": (
        _step("answered", "questioned", "teaching_assistant", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, declined": (
        _step("declined", "manager", "line_manager", reason_code="cover", inbox="yes", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, appealed": (
        _step("appealed", "declined", "teaching_assistant", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, upheld": (
        _step("upheld", "appealed", "people_team", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 2, "pathways.routerequest": 1},
    ),
    "pathways:request-step, dismissed": (
        _step("dismissed", "appealed", "people_team", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, started": (
        _step("started", "agreed", "people_team", effective_on="2026-11-27"),
        {
            "+pathways.routedecision": 1,
            "+pathways.routereview": 6,
            "+staff.message": 1,
            "pathways.routerequest": 1,
        },
    ),
    "pathways:request-step, paused": (
        _step("paused", "on_programme", "people_team", effective_on="2026-11-27", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, resumed": (
        _step("resumed", "on_break", "people_team", effective_on="2026-11-27", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, completed": (
        _step("completed", "on_programme", "people_team", effective_on="2026-11-27"),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, withdrawn": (
        _step("withdrawn", "budget", "teaching_assistant"),
        {"+pathways.routedecision": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-step, withdrawn for them": (
        _step("withdrawn", "on_programme", "people_team", effective_on="2026-11-27", **WORDS),
        {"+pathways.routedecision": 1, "+staff.message": 1, "pathways.routerequest": 1},
    ),
    "pathways:request-sign, by oneself": (
        partial(to_sign, "teaching_assistant", "training_plan:learner"),
        {"+pathways.routesignature": 1},
    ),
    "pathways:request-sign, by the people team": (
        partial(to_sign, "people_team", "training_plan:employer"),
        {"+pathways.routesignature": 1},
    ),
    "pathways:request-review": (to_review, {"pathways.routereview": 1}),
    "pathways:request-fees": (to_write_fees, {"+pathways.routefee": 1, "pathways.routefee": 1}),
    "pathways:request-pay": (to_pay, {"pathways.routefee": 1}),
    "pathways:request-waive": (to_waive, {"pathways.repaymentterms": 1}),
    "pathways:panel-detail, ranked": (to_rank, {"+pathways.panelranking": 1, "pathways.routerequest": 1}),
    "pathways:panel-detail, awarded": (
        partial(to_decide_panel, "award"),
        {
            "+pathways.panelranking": 1,
            "+pathways.repaymentterms": 1,
            "+pathways.routedecision": 1,
            "+staff.message": 1,
            "pathways.routerequest": 1,
            "trail of pathways.routerequest": 2,
        },
    ),
    "pathways:panel-detail, declined": (
        partial(to_decide_panel, "decline"),
        {
            "+pathways.panelranking": 1,
            "+pathways.routedecision": 1,
            "+staff.message": 1,
            "pathways.routerequest": 1,
            "trail of pathways.routerequest": 2,
        },
    ),
}
