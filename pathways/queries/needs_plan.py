"""Somebody's personal plan, and what would close their gaps: courses that can be booked, routes to ask for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from courses.models import Session
from courses.queries.catalogue import sessions_open_to
from courses.queries.readers import Reader, reader_for
from pathways.models import Competency, NeedsCycle, NeedsRating, PlanItem, Route
from pathways.queries.needs import Line, by_priority, cycle_of, levels_in_words
from staff.models import Person

OFFERS_PER_NEED = 3
ROUTES_PER_NEED = 2


@dataclass(frozen=True)
class Need:
    """One need with what would close it: the soonest session of each course, and routes."""

    line: Line
    sessions: list[Session]
    routes: list[Route]
    planned: list[PlanItem]

    @property
    def is_planned(self) -> bool:
        """Whether something in the plan is for it already."""
        return any(item.state != PlanItem.State.DROPPED for item in self.planned)


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
    sessions = _sessions(wanted, reader_for(person, on=on), now)
    routes = _routes(wanted)
    planned: dict[int, list[PlanItem]] = defaultdict(list)
    for item in items:
        if item.rating is not None:
            planned[item.rating.competency_id].append(item)
    needs = [
        Need(line, sessions[key], routes[key], planned[key])
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


def _sessions(competency_ids: list[int], reader: Reader, now: datetime) -> dict[int, list[Session]]:
    """For each competency up to three courses for this reader with a place free, by their soonest session."""
    links = Competency.courses.through.objects.filter(
        competency__in=competency_ids, course__is_published=True, course__audience__overlap=reader.audience
    ).values_list("competency_id", "course_id")
    courses: dict[int, set[int]] = defaultdict(set)
    for competency, course in links:
        courses[competency].add(course)
    everything = set().union(*courses.values()) if courses else set()
    soonest: dict[int, Session] = {}
    for session in (
        sessions_open_to(reader, now=now)
        .filter(course__in=everything, capacity__gt=F("booked_count") + F("offered_count"))
        .select_related("course", "school")
        .order_by("starts_at", "pk")
    ):
        soonest.setdefault(session.course_id, session)
    found: dict[int, list[Session]] = defaultdict(list)
    for competency in competency_ids:
        offers = [soonest[course] for course in courses[competency] if course in soonest]
        found[competency] = sorted(offers, key=lambda one: (one.starts_at, one.pk))[:OFFERS_PER_NEED]
    return found


def _routes(competency_ids: list[int]) -> dict[int, list[Route]]:
    found: dict[int, list[Route]] = defaultdict(list)
    links = (
        Competency.routes.through.objects.filter(competency__in=competency_ids, route__is_open=True)
        .exclude(route__funding_status=Route.Funding.WITHDRAWN)
        .select_related("route")
        .order_by("route__level", "route__title")
    )
    for link in links:
        if len(found[link.competency_id]) < ROUTES_PER_NEED:
            found[link.competency_id].append(link.route)
    return found
