"""The demo trust's requests for funded routes: some in every state, walked there by the rows the database wants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from bwt_cpd.demo.members import Member, Trust
from bwt_cpd.demo.requests_mix import (
    AFTER,
    CHAIN,
    DATED,
    FAMILIES,
    MANY,
    OTHERS,
    PRICES,
    PRIORITIES,
    WHOSE,
    WHY,
    WORDS,
)
from bwt_cpd.demo.requests_papers import Case, write_papers
from pathways.models import MastersPanel, Route, RouteDecision, RouteDiscussion, RouteRequest
from pathways.queries.routes import facts_of_route
from pathways.rules.funding import least_hours
from pathways.rules.repayment import add_months
from pathways.rules.working_days import DECIDE_WITHIN, after_working_days
from staff.models import Person, Responsibility


def make_requests(random: Random, trust: Trust, on: date) -> None:
    """Requests in every state of the machine; Tom and Marta have one each under way."""
    routes = _routes()
    panels = _panels(on)
    cases = list(_cases(random, trust, routes, on))
    for case in cases:
        if case.request.route.kind == "masters":
            begun = case.request.planned_starts_on or on
            case.request.panel = panels[begun <= on]
            case.request.trust_priority = random.choice(PRIORITIES)
        if any(step == "checked" for _, _, step, _ in case.steps):
            _find(case)
    RouteRequest.objects.bulk_create([case.request for case in cases])
    _discuss(cases)
    for number in range(1, 1 + max(len(case.steps) for case in cases)):
        _walk(number, [case for case in cases if len(case.steps) >= number])
    write_papers(cases, on)


def _find(case: Case) -> None:
    """What the people team finds: who pays and the price, of an apprenticeship its hours and the levy's forecast."""
    request, route = case.request, case.request.route
    request.payer_asked = request.funded_by
    request.price_pence = route.fee_pence or PRICES.get(route.kind)
    if route.kind == "apprenticeship":
        request.price_pence = route.max_funding_pence or 500_000
        request.off_job_hours = max(least_hours(facts_of_route(route)) or 0, 280)
        goes_to_finance = any(to == "finance" for _, to, _, _ in case.steps)
        request.levy_forecast_pence = -420_000 if goes_to_finance else 6_150_000


def _panels(on: date) -> dict[bool, MastersPanel]:
    """This year's panel (by whether it is over), with its deadline of 30 April, and last year's."""
    year = on.year + (on > date(on.year, 4, 30))
    return {
        is_over: MastersPanel.objects.create(
            name=f"September {one} start",
            deadline_on=date(one, 4, 30),
            meets_on=date(one, 5, 20),
            places=8 if not is_over else 0,
            budget_pence=4_000_000,
        )
        for is_over, one in ((False, year), (True, year - 1))
    }


def _routes() -> dict[str, list[Route]]:
    """The open routes by kind that a start next year may use."""
    found: dict[str, list[Route]] = {}
    for route in Route.objects.filter(is_open=True).order_by("code"):
        is_asked = route.kind != "apprenticeship" or route.funding_status == "funded"
        if is_asked and route.last_funded_start_on is None:
            found.setdefault(route.kind, []).append(route)
    return found


def _cases(random: Random, trust: Trust, routes: dict[str, list[Route]], on: date) -> Iterator[Case]:
    """For the people of the demo something under way, and something to decide; then some in every state."""
    demo = {member.demo_name: member for member in trust.members if member.demo_name}
    whole = _chains(trust)
    asked = {}
    for name, state in (("ta", "on_programme"), ("teacher", "people")):
        if people := whole.get(demo[name].person.pk):
            asked[name] = _route_of(random, routes, demo[name], state)
            yield _case(random, demo[name], people, asked[name], state=state, on=on)
    if people := whole.get(demo["teacher"].person.pk):
        npq = next(route for route in routes["npq"] if route.code == "NPQLBC" and route != asked["teacher"])
        yield _case(random, demo["teacher"], people, npq, state="manager", on=on)
    askers = [member for member in trust.members if _may_ask(member) and member.person.pk in whole]
    random.shuffle(askers)
    near = [member for member in askers if member.school == demo["head"].school][:3]
    rounds = [state for turn in range(max(MANY.values())) for state, many in MANY.items() if many > turn]
    seldom = list(_seldom(askers, near))
    for member, kind, state in seldom:
        yield _case(
            random, member, whole[member.person.pk], _near(random, routes[kind], member), state=state, on=on
        )
    taken = {member.person.pk for member in [*near, *(member for member, _, _ in seldom)]}
    others = [member for member in askers if member.person.pk not in taken]
    for member, state in zip([*near, *others], ["budget"] * len(near) + rounds, strict=False):
        route = _route_of(random, routes, member, state)
        yield _case(random, member, whole[member.person.pk], route, state=state, on=on)


def _seldom(askers: list[Member], near: list[Member]) -> Iterator[tuple[Member, str, str]]:
    """Somebody for each of the kinds that come seldom, whose job it fits."""
    free = [member for member in askers if member not in near]
    for kind, state in OTHERS:
        whose = WHOSE.get(kind)
        found = next((one for one in free if (one.role in whose if whose else one.role in FAMILIES)), None)
        if found is not None:
            free.remove(found)
            yield found, kind, state


def _chains(trust: Trust) -> dict[int, dict[str, Person]]:
    """Who decides in each capacity, for everybody for whom these are different people."""
    held = list(Responsibility.objects.select_related("person").order_by("pk"))
    holders = {one.school_id: one.person for one in held if one.kind == "budget_holder"}
    team = [one.person for one in held if one.kind == "people_team"]
    finance = next(one.person for one in held if one.kind == "finance")
    chains = {}
    for member in trust.members:
        holder = holders.get(trust.schools[member.school].pk)
        manager = member.manager.person if member.manager else None
        advisers = [one for one in team if one not in {member.person, manager, holder, finance}]
        if holder is None or manager is None or len(advisers) < 2:
            continue
        if manager != holder and member.person not in {holder, finance}:
            chains[member.person.pk] = {
                "requester": member.person,
                "line_manager": manager,
                "budget_holder": holder,
                "people_team": advisers[0],
                "panel": advisers[1],
                "finance": finance,
            }
    return chains


def _route_of(random: Random, routes: dict[str, list[Route]], member: Member, state: str) -> Route:
    kind = "masters" if state == "panel" else "apprenticeship"
    if kind == "apprenticeship" and member.role == "TCH" and state != "finance":
        kind = random.choice(("npq", "masters"))
    return _near(random, routes[kind], member) if kind == "apprenticeship" else random.choice(routes[kind])


def _near(random: Random, choice: list[Route], member: Member) -> Route:
    """One of these routes, of the job family of somebody's role where there is one."""
    family = FAMILIES.get(member.role)
    return random.choice([route for route in choice if route.job_family == family] or choice)


def _may_ask(member: Member) -> bool:
    return member.ends_on is None and not member.demo_name and member.role not in {"HT", "EXH", "INV"}


def _case(
    random: Random, member: Member, people: dict[str, Person], route: Route, *, state: str, on: date
) -> Case:
    """One request to be walked to a state, with the moment of each of its steps."""
    after = AFTER.get(state, [])
    goal = after[0][0] if after else state
    steps: list[tuple[str, str, str, str]] = []
    here = "draft"
    for to, step, capacity in CHAIN:
        if here == goal:
            break
        if to == "agreed" and route.kind == "masters":
            steps.append((here, "panel", "checked", capacity))
            here = "panel"
        steps.append((here, to, "awarded" if here == "panel" else step, capacity))
        here = to
    steps += after
    days = _days(random, member, route, state=state, steps=len(steps), on=on)
    moments = [
        timezone.make_aware(datetime.combine(_weekday(day), time(9 + random.randrange(7), 15)))
        for day in days
    ]
    started = next(
        (moments[1 + place].date() for place, one in enumerate(steps) if one[2] == "started"), None
    )
    starts_on = started or date(on.year + 1, random.choice((2, 4, 9)), 1)
    request = RouteRequest(
        person=people["requester"],
        route=route,
        why=random.choice(WHY),
        planned_starts_on=starts_on,
        planned_ends_on=add_months(starts_on, _months(route)),
        funded_by={"apprenticeship": "levy", "npq": "dfe", "teacher_training": "dfe"}.get(
            route.kind, "trust"
        ),
        university="University of Northampton" if route.kind == "masters" else "",
        award="MA" if route.kind == "masters" else "",
        study_days=5 if route.kind == "masters" else None,
        created_at=moments[0],
        state_since_at=moments[0],
    )
    if state == "panel":
        # Checked by a colleague, so that whoever looks after the demo may decide in the panel.
        people = {**people, "people_team": people["panel"], "panel": people["people_team"]}
    return Case(request, people, steps, moments[1:])


def _days(random: Random, member: Member, route: Route, *, state: str, steps: int, on: date) -> list[date]:
    """The day of the draft and of each step, five days apart; a break or the completion comes after time on
    programme, as far as the person has been here."""
    ago = {"on_programme": (60, 200), "on_break": (5, 40), "completed": (20, 120)}.get(state, (1, 18))
    last = on - timedelta(days=random.randint(*ago))
    days = [last - timedelta(days=5 * back) for back in reversed(range(steps + 1))]
    spent = {"on_break": 150, "completed": round(_months(route) * 30.4)}.get(state, 0)
    here = (days[0] - member.starts_on).days - 30
    return [day - timedelta(days=max(0, min(spent, here))) for day in days[:-1]] + days[-1:]


def _months(route: Route) -> int:
    return route.typical_months or (18 if route.kind == "apprenticeship" else 12)


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _discuss(cases: list[Case]) -> None:
    RouteDiscussion.objects.bulk_create(
        RouteDiscussion(
            request=case.request,
            manager=case.people["line_manager"],
            held_on=case.moments[1].date(),
            outcome="We agreed that this fits, and what changes in the week.",
            cover_plan="The other assistants share two mornings.",
            cover_days=6,
            cover_pence=66_000,
            off_job_timetable="Tuesday afternoons in term time.",
            off_job_minutes_a_week=240,
            written_at=case.moments[1] - timedelta(minutes=20),
        )
        for case in cases
        if any(step == "supported" for _, _, step, _ in case.steps)
    )


def _walk(number: int, cases: list[Case]) -> None:
    """Every request's step of this number: its row, then the state after it."""
    decisions = []
    for case in cases:
        source, to, step, capacity = case.steps[number - 1]
        decisions.append(
            RouteDecision(
                request=case.request,
                number=number,
                requester=case.people["requester"],
                actor=case.people["panel" if step == "awarded" else capacity],
                capacity=capacity,
                step=step,
                from_state=source,
                to_state=to,
                reason_code="timing" if step == "declined" else "",
                words=WORDS.get(step, ""),
                effective_on=case.moments[number - 1].date() if step in DATED else None,
                made_at=case.moments[number - 1],
            )
        )
    RouteDecision.objects.bulk_create(decisions)
    for case in cases:
        source, to, step, _ = case.steps[number - 1]
        request, moment = case.request, case.moments[number - 1]
        request.state, request.decision_count, request.state_since_at = to, number, moment
        waits = to in {"manager", "budget", "people", "finance", "panel", "appealed"}
        request.due_on = after_working_days(moment.date(), DECIDE_WITHIN) if waits else None
        if step == "asked":
            request.asked_from = source
        if to == "on_programme":
            request.starts_on = request.planned_starts_on
        if to == "completed":
            request.ended_on = moment.date()
    RouteRequest.objects.bulk_update(
        [case.request for case in cases],
        [
            "state",
            "decision_count",
            "state_since_at",
            "due_on",
            "asked_from",
            "starts_on",
            "ended_on",
        ],
    )
