"""One's own line on the Golden Thread: done, now, next; and what home says of it (DOMAIN section 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from pathways.models import CareerStage, EarlyCareer, Route, RouteRequest, SchoolFunding, TeachingInterest
from pathways.queries.early_career import early_careers_helped_by, plans_of
from pathways.rules.golden_thread import (
    NextStep,
    Post,
    ThreadFacts,
    ThreadStage,
    line_of_stations,
    next_steps,
    stage_of,
)
from pathways.rules.npqs import Answer, Learner, Npq, SchoolFacts, funding_of, trn_words
from staff.models import Contract, Person
from staff.queries.main_contract import MAIN_FIRST
from staff.wording import counted, day_words


@dataclass(frozen=True)
class StationView:
    """One stop of the line as it is drawn; `words` say what it is there for."""

    title: str
    standing: str
    words: str

    @property
    def is_done(self) -> bool:
        """Whether they have passed it."""
        return self.standing == "done"

    @property
    def is_now(self) -> bool:
        """Whether they are there."""
        return self.standing == "now"

    @property
    def is_next(self) -> bool:
        """Whether it is the one after."""
        return self.standing == "next"


@dataclass(frozen=True)
class StepView:
    """One next step with where it leads, and for an NPQ whether it is funded."""

    title: str
    words: str
    url: str
    funding: Answer | None


@dataclass(frozen=True)
class ThreadView:
    """Everything a page says of one person's thread."""

    stage: ThreadStage
    title: str
    stations: tuple[StationView, ...]
    steps: tuple[StepView, ...]
    trn: str
    early_career: EarlyCareer | None
    is_set: bool

    @property
    def is_before(self) -> bool:
        """Whether somebody is still to begin."""
        return self.stage == ThreadStage.BEFORE_TRAINING

    @property
    def has_npqs(self) -> bool:
        """Whether an NPQ is among the next steps."""
        return any(step.funding is not None for step in self.steps)


_STATION_WORDS: Final[dict[str, str]] = {
    "before_training": "Any job in a school is a start.",
    "trainee": "A year or more in school, to qualified teacher status.",
    "ect1": "With a mentor, and 10% of your lessons off.",
    "ect2": "With a mentor, and 5% of your lessons off.",
    "teacher": "Your own classes, your own direction.",
    "middle_leader": "A subject, a phase, a year group, or inclusion.",
    "senior_leader": "Assistant and vice principals.",
    "head": "Leading a school.",
    "executive": "Leading several schools.",
}


def stage_on(person: Person, on: date) -> ThreadStage:
    """Where somebody is on the thread today. Four to six queries."""
    return stage_of(_facts(person, on)[0])


def thread_of(person: Person, on: date) -> ThreadView:
    """One's line, and what leads on. Ten queries at most."""
    facts, career = _facts(person, on)
    stage = stage_of(facts)
    steps = next_steps(stage, facts, on)
    stations = tuple(
        StationView(thread_title(station.stage), station.standing, _STATION_WORDS[station.stage])
        for station in line_of_stations(stage)
    )
    learner = _learner(person, facts, on) if any(step.route for step in steps) else None
    return ThreadView(
        stage,
        thread_title(stage),
        stations,
        tuple(_views(steps, learner)),
        trn_words(learner) if learner else "",
        career,
        facts.set_stage is not None and facts.ect_year is None,
    )


def thread_title(stage: ThreadStage) -> str:
    """The stage in words."""
    return str(CareerStage.Stage(stage.value).label)


@dataclass(frozen=True)
class ThreadForHome:
    """What home says of the thread. `waits` is whether it asks for something."""

    words: str
    url: str
    label: str
    waits: bool


def thread_for_home(person: Person, on: date) -> list[ThreadForHome]:
    """One line at most: a review to record, one's own next review, or where an interest stands. Four queries."""
    late = [
        one for one in early_careers_helped_by(person, on) if one.late and one.induction_tutor_id == person.pk
    ]
    if late:
        reviews = counted(sum(one.late for one in late), "review")
        if len(late) == 1:
            words = f"{reviews} of {late[0].person.full_name} {'is' if late[0].late == 1 else 'are'} late"
            url = reverse("pathways:ect-detail", args=[late[0].pk])
        else:
            words, url = f"{reviews} of your early career teachers are late", reverse("pathways:thread")
        return [ThreadForHome(words, url, "Record them" if len(late) > 1 else "Record it", waits=True)]
    career = EarlyCareer.objects.filter(person=person, completed_on__isnull=True).first()
    if career is not None:
        review = career.reviews.filter(held_on__isnull=True).order_by("term").first()
        if review is not None:
            words = f"{review.get_kind_display()} of term {review.term}, due {day_words(review.due_on)}"
            return [
                ThreadForHome(
                    words, reverse("pathways:ect-detail", args=[career.pk]), "My induction", waits=False
                )
            ]
    interest = (
        TeachingInterest.objects.filter(person=person).exclude(state=TeachingInterest.State.WITHDRAWN).first()
    )
    if interest is not None and (interest.starts_on is None or interest.starts_on >= on):
        words = f"Training to teach: {interest.get_state_display().lower()}"
        return [ThreadForHome(words, reverse("pathways:teach-mine"), "See where it stands", waits=False)]
    return []


def _facts(person: Person, on: date) -> tuple[ThreadFacts, EarlyCareer | None]:
    posts = tuple(
        Post(contract.job_role.code, contract.job_role.staff_group, contract.school_id, contract.starts_on)
        for contract in Contract.objects.in_force(on)
        .filter(person=person)
        .select_related("job_role")
        .order_by(*MAIN_FIRST)
    )
    career = (
        EarlyCareer.objects.filter(person=person)
        .select_related("school", "mentor", "induction_tutor", "appropriate_body")
        .first()
    )
    is_running = career is not None and career.completed_on is None and career.starts_on <= on
    ect_year = plans_of([career], on)[career.pk].year_on(on) if career and is_running else None
    held = CareerStage.objects.filter(person=person).first()
    placed = TeachingInterest.objects.filter(
        person=person, state=TeachingInterest.State.PLACED, starts_on__lte=on
    )
    return (
        ThreadFacts(
            posts,
            ect_year,
            career is not None and career.completed_on is not None,
            ThreadStage(held.stage) if held else None,
            placed.exists(),
        ),
        career,
    )


def _learner(person: Person, facts: ThreadFacts, on: date) -> Learner:
    school = SchoolFunding.objects.filter(school__in=[post.school_id for post in facts.posts[:1]]).first()
    funded = RouteRequest.objects.filter(
        person=person, funded_by=RouteRequest.FundedBy.DFE, starts_on__isnull=False
    ).values_list("route__code", flat=True)
    mentors = TeachingInterest.objects.filter(
        mentor=person, state=TeachingInterest.State.PLACED, starts_on__lte=on
    )
    return Learner(
        has_trn=bool(person.trn),
        school=SchoolFacts(school.is_top_half, school.is_rise) if school else SchoolFacts(),
        is_lead_mentor=mentors.exists(),
        is_early_head=any(step.route == "EHCO" for step in next_steps(stage_of(facts), facts, on)),
        funded_before=frozenset(funded),
    )


def _views(steps: Iterable[NextStep], learner: Learner | None) -> Iterable[StepView]:
    """A route leads to its page where it is open, else to a search for courses with its name. One query.

    Whether an NPQ is paid for is read from the routes as the people team keeps them.
    """
    steps = list(steps)
    routes = {
        route.code: route
        for route in Route.objects.filter(code__in=[step.route for step in steps if step.route])
    }
    for step in steps:
        route = routes.get(step.route)
        if step.page:
            url = reverse(step.page)
        elif route is not None and route.is_open:
            url = reverse("pathways:route-detail", args=[route.slug])
        else:
            words = step.search or step.title.removeprefix("NPQ: ")
            url = f"{reverse('courses:course-list')}?{urlencode({'q': words})}"
        funding = None
        if route is not None and route.kind == Route.Kind.NPQ and learner is not None:
            facts = Npq(route.code, route.npq_rule, route.funding_status, route.funding_words)
            funding = funding_of(facts, learner)
        yield StepView(step.title, step.words, url, funding)
