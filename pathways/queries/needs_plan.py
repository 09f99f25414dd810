"""Somebody's personal plan, and what would close their gaps: courses that can be booked, routes to ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from courses.models import Course, Session
from courses.queries.catalogue import sessions_bookable_by
from courses.queries.readers import Reader, reader_for
from pathways.models import Competency, NeedsCycle, NeedsRating, PlanItem, Route
from pathways.queries.gaps import Known, known_of, route_url
from pathways.queries.needs import Line, by_priority, cycle_of, levels_in_words
from pathways.rules.npqs import is_npq_for
from staff.models import Contract, Person

OFFERS_PER_NEED = 3
ROUTES_PER_NEED = 2
OPEN_NEEDS = 3
"""So many needs are unfolded; the rest opens at a touch."""


@dataclass(frozen=True)
class UnderWay:
    """Something for a need that has begun already: a place, a route. `state` is a word of `bwt_cpd.states`."""

    title: str
    url: str
    state: str


@dataclass(frozen=True)
class Need:
    """One need with what would close it: the soonest session of each course, and routes.

    What is in the plan, what has begun and what has been gone through is not offered again.
    """

    line: Line
    sessions: list[Session]
    routes: list[Route]
    planned: list[PlanItem]
    under_way: list[UnderWay]

    @property
    def has_offers(self) -> bool:
        """Whether there is something to add to the plan."""
        return bool(self.sessions or self.routes)

    @property
    def offers(self) -> int:
        """How many things there are to add."""
        return len(self.sessions) + len(self.routes)


@dataclass(frozen=True)
class Plan:
    """The lines somebody has planned, and their needs in order of priority, once levels are agreed."""

    items: list[PlanItem]
    needs: list[Need]
    has_levels: bool

    @property
    def open_items(self) -> list[PlanItem]:
        """What is still to do."""
        return [item for item in self.items if item.state == PlanItem.State.PLANNED]

    @property
    def other_items(self) -> list[PlanItem]:
        """What is done or dropped."""
        return [item for item in self.items if item.state != PlanItem.State.PLANNED]

    @property
    def has_offers(self) -> bool:
        """Whether the page offers anything to add."""
        return any(need.has_offers for need in self.needs)

    @property
    def first_needs(self) -> list[Need]:
        """The most pressing, shown at once."""
        return self.needs[:OPEN_NEEDS]

    @property
    def later_needs(self) -> list[Need]:
        """The rest, folded."""
        return self.needs[OPEN_NEEDS:]


def plan_of(person: Person, *, now: datetime) -> Plan:
    """The plan with what is on offer for it. A fixed number of queries."""
    on = timezone.localdate(now)
    items = list(
        PlanItem.objects.filter(person=person)
        .select_related("course", "route", "rating__competency")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
    lines = agreed_lines(person, on)
    by_need = by_priority(lines)
    wanted = [line.rating.competency_id for line in by_need]
    standing = [item for item in items if item.state != PlanItem.State.DROPPED]
    planned: dict[int, list[PlanItem]] = defaultdict(list)
    for item in standing:
        if item.rating is not None:
            planned[item.rating.competency_id].append(item)
    known, reader = known_of([person.pk], now=now)[person.pk], reader_for(person, on=on)
    courses, routes = _courses(wanted, reader), _routes(wanted)
    left_out = {item.course_id for item in standing} | _begun(known, ("booked", "requested", "attended"))
    sessions = _soonest(courses, left_out, reader, now)
    leads = _leads_people(person, on) if by_need else False
    may_ask = _routes_to_ask_for(routes, {item.route_id for item in standing}, known, reader, leads)
    needs = [
        Need(line, sessions[key], may_ask[key], planned[key], _under_way(courses[key], routes[key], known))
        for line in by_need
        for key in [line.rating.competency_id]
    ]
    return Plan(items, needs, bool(lines))


def agreed_lines(person: Person, on: date) -> list[Line]:
    """What was agreed last in each competency that somebody's newest cycle asks for; four queries.

    So a cycle that has just opened does not empty the plan, and a role left behind asks for nothing.
    """
    cycle = cycle_of(person, on)
    if cycle is None:
        return []
    asked = NeedsRating.objects.filter(person=person, cycle=cycle).values("competency")
    ratings = (
        NeedsRating.objects.filter(
            person=person, competency__in=asked, agreed_level__isnull=False, cycle__opens_on__lte=on
        )
        .select_related("competency")
        .order_by("competency_id", "-cycle__opens_on", "-cycle_id")
        .distinct("competency_id")
    )
    chosen = NeedsCycle.priorities.through.objects.filter(needscycle__ratings__person=person)
    priorities = set(chosen.values_list("needscycle_id", "competency_id"))
    levels = levels_in_words()
    return [Line(rating, (rating.cycle_id, rating.competency_id) in priorities, levels) for rating in ratings]


def _leads_people(person: Person, on: date) -> bool:
    return Contract.objects.in_force(on).filter(line_manager=person).exists()


def _begun(known: Known, kinds: Collection[str]) -> set[int | None]:
    """The keys of what is on record, of these kinds."""
    return {int(about) for kind, about in known.facts if kind in kinds}


def _courses(competency_ids: list[int], reader: Reader) -> dict[int, list[Course]]:
    """For each competency the courses for this reader."""
    found: dict[int, list[Course]] = defaultdict(list)
    links = (
        Competency.courses.through.objects.filter(
            competency__in=competency_ids,
            course__is_published=True,
            course__audience__overlap=reader.audience,
        )
        .select_related("course")
        .only("competency_id", "course__title", "course__slug")
    )
    for link in links:
        found[link.competency_id].append(link.course)
    return found


def _soonest(
    courses: dict[int, list[Course]], left_out: Collection[int | None], reader: Reader, now: datetime
) -> dict[int, list[Session]]:
    """For each competency up to three courses that can be booked now, by their soonest session."""
    everything = {course.pk for found in courses.values() for course in found} - set(left_out)
    soonest: dict[int, Session] = {}
    for session in (
        sessions_bookable_by(reader, now=now)
        .filter(course__in=everything)
        .select_related("course", "school")
        .order_by("starts_at", "pk")
    ):
        soonest.setdefault(session.course_id, session)
    found: dict[int, list[Session]] = defaultdict(list)
    for competency, candidates in courses.items():
        offers = [soonest[course.pk] for course in candidates if course.pk in soonest]
        found[competency] = sorted(offers, key=lambda one: (one.starts_at, one.pk))[:OFFERS_PER_NEED]
    return found


def _routes(competency_ids: list[int]) -> dict[int, list[Route]]:
    """For each competency every route that is linked to it."""
    found: dict[int, list[Route]] = defaultdict(list)
    links = (
        Competency.routes.through.objects.filter(competency__in=competency_ids)
        .select_related("route")
        .order_by("route__level", "route__title")
    )
    for link in links:
        found[link.competency_id].append(link.route)
    return found


def _routes_to_ask_for(
    routes: dict[int, list[Route]],
    planned: Collection[int | None],
    known: Known,
    reader: Reader,
    leads_people: bool,
) -> dict[int, list[Route]]:
    """Of those up to two that are open, for this reader, and neither planned, asked for nor completed."""
    left_out = {*planned, *_begun(known, ("route_started", "route_requested", "completed"))}
    found: dict[int, list[Route]] = defaultdict(list)
    for competency, candidates in routes.items():
        found[competency] = [
            route
            for route in candidates
            if route.is_open
            and route.funding_status != Route.Funding.WITHDRAWN
            and route.pk not in left_out
            and (route.kind != Route.Kind.NPQ or is_npq_for(reader.staff_groups, leads_people=leads_people))
        ][:ROUTES_PER_NEED]
    return found


def _under_way(courses: Iterable[Course], routes: Iterable[Route], known: Known) -> list[UnderWay]:
    """What has begun for one need: places booked or asked for, routes asked for or started."""
    places = [
        UnderWay(course.title, course.get_absolute_url(), kind)
        for course in courses
        for kind in ("booked", "requested")
        if (kind, str(course.pk)) in known.facts
    ]
    asked = [
        UnderWay(route.title, route_url(route), state)
        for route in routes
        for kind, state in (("route_started", "now"), ("route_requested", "requested"))
        if (kind, str(route.pk)) in known.facts
    ]
    return [*places, *asked]
