"""Pathways with their rungs, where a person stands on them, and the ways from one to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from courses.queries.readers import Reader, reader_for
from pathways.models import Goal, Pathway, Rung, RungCpd, RungVoice
from pathways.queries.gaps import GapLine, gap_lines, known_of, lines_of
from pathways.queries.goals import rung_url, titles_of
from pathways.rules.careers import Place, sideways, standing_rung, told_apart, within
from staff.models import Contract, JobRole, Person

MOST_VOICES = 12


def role_ids_of(person: Person | None, *, on: date) -> set[int]:
    """The job roles somebody holds on a day. One query, none for nobody."""
    if person is None:
        return set()
    return set(Contract.objects.in_force(on).filter(person=person).values_list("job_role_id", flat=True))


def goal_rung_of(person: Person | None) -> int | None:
    """The rung that is somebody's goal. One query, none for nobody."""
    if person is None:
        return None
    return Goal.objects.filter(person=person, ended_at__isnull=True).values_list("rung_id", flat=True).first()


def pathways_with_rungs() -> QuerySet[Pathway]:
    """Every pathway with its rungs, their roles and CPD, in order. Four queries."""
    rungs = Rung.objects.order_by("number").prefetch_related(
        Prefetch("job_roles", JobRole.objects.order_by("title")),
        Prefetch("cpd", RungCpd.objects.order_by("number").select_related("route", "other_route")),
    )
    return Pathway.objects.prefetch_related(Prefetch("rungs", rungs))


@dataclass(frozen=True)
class Way:
    """A move sideways, as a page shows it: the rung it leads to and why."""

    rung: Rung
    title: str
    is_same_role: bool

    @property
    def url(self) -> str:
        """The rung's page."""
        return rung_url(self.rung)

    @property
    def why(self) -> str:
        """Why it is near."""
        return "The same job" if self.is_same_role else "The same kind of work"


@dataclass(frozen=True)
class Step:
    """One rung for one reader. `is_mine`: they hold a job of it; `is_here`: it is where they stand.

    `title` has the roles on it: "Higher level teaching assistant, or cover supervisor".
    """

    rung: Rung
    title: str
    is_mine: bool
    is_here: bool = False
    is_goal: bool = False
    ways: Sequence[Way] = ()

    @property
    def url(self) -> str:
        """Its page."""
        return rung_url(self.rung)

    @property
    def required(self) -> list[RungCpd]:
        """What one needs there."""
        return [cpd for cpd in self.rung.cpd.all() if cpd.need == RungCpd.Need.REQUIRED]

    @property
    def recommended(self) -> list[RungCpd]:
        """What helps there."""
        return [cpd for cpd in self.rung.cpd.all() if cpd.need == RungCpd.Need.RECOMMENDED]

    @property
    def time(self) -> str:
        """ "Usually 2–4 years"; empty where it is open."""
        typical = self.rung.typical_time
        return "" if typical in {"", "open"} else f"Usually {typical.replace('-', '–')}"


@dataclass(frozen=True)
class PathwayView:
    """One pathway for one reader. `here` is the number of their rung, 0 where they are not on it."""

    pathway: Pathway
    steps: list[Step] = field(default_factory=list)

    @property
    def here(self) -> int:
        """The lowest of the reader's rungs: what they may still do in their own job lies ahead of them."""
        return standing_rung([step.rung.number for step in self.steps if step.is_mine])

    @property
    def next_step(self) -> Step | None:
        """The rung after the reader's; the first where they are not on it."""
        return next((step for step in self.steps if step.rung.number > self.here), None)

    @property
    def has_goal(self) -> bool:
        """Whether the reader's goal is on it."""
        return any(step.is_goal for step in self.steps)

    @property
    def has_ways(self) -> bool:
        """Whether a move sideways leads from one of its rungs."""
        return any(step.ways for step in self.steps)

    @property
    def has_teacher_training(self) -> bool:
        """Whether one of its rungs is training to teach; no query, the roles are there."""
        return any(role.code == "TRAINEE" for step in self.steps for role in step.rung.job_roles.all())

    @property
    def lead(self) -> str:
        """From the first rung to the last."""
        if not self.steps:
            return ""
        if len(self.steps) == 1:
            return self.steps[0].title
        return f"From {within(self.steps[0].title)} to {within(self.steps[-1].title)}"


def view_of(
    pathway: Pathway, role_ids: set[int], goal: int | None = None, ways: dict[int, list[Way]] | None = None
) -> PathwayView:
    """A pathway of `pathways_with_rungs` for somebody with these roles and this goal; no query."""
    rungs, titles = list(pathway.rungs.all()), step_titles(pathway)
    mine = {rung.pk for rung in rungs if any(role.pk in role_ids for role in rung.job_roles.all())}
    here = standing_rung([rung.number for rung in rungs if rung.pk in mine])
    steps = [
        Step(
            rung,
            titles[rung.pk],
            rung.pk in mine,
            rung.number == here,
            rung.pk == goal,
            (ways or {}).get(rung.pk, ()),
        )
        for rung in rungs
    ]
    return PathwayView(pathway, steps)


def ways_from(rungs: Sequence[Rung], pathways: Sequence[Pathway]) -> dict[int, list[Way]]:
    """By rung, the moves sideways to other pathways of `pathways_with_rungs`; no query.

    Two rungs are neighbours where one job is on both (so whoever stands on the one stands on the other),
    or else where their jobs are of one job family, the same kind of work: then the lowest such rung of
    the other pathway. At most four, one of each pathway (`pathways.rules.careers.sideways`).
    """
    everything = {rung.pk: rung for pathway in pathways for rung in pathway.rungs.all()}
    titles = {key: title for pathway in pathways for key, title in step_titles(pathway).items()}
    places = [_place(rung) for rung in everything.values()]
    return {
        rung.pk: [
            Way(everything[move.to], titles[move.to], move.is_same_role)
            for move in sideways(_place(rung), places)
        ]
        for rung in rungs
    }


def _place(rung: Rung) -> Place:
    roles = list(rung.job_roles.all())
    return Place(
        rung.pk,
        rung.pathway_id,
        rung.number,
        frozenset(role.pk for role in roles),
        frozenset(role.job_family for role in roles),
    )


def step_titles(pathway: Pathway) -> dict[int, str]:
    """By rung its roles as a phrase, no two alike as far as what they need tells them apart; no query."""
    found: dict[int, str] = {}
    below: list[str] = []
    for rung in pathway.rungs.all():
        title = titles_of([role.title for role in rung.job_roles.all()])
        needed = [cpd.words for cpd in rung.cpd.all() if cpd.need == RungCpd.Need.REQUIRED]
        found[rung.pk] = told_apart(title, below=below, needed=needed) or f"Step {rung.number}"
        below.append(title)
    return found


@dataclass(frozen=True)
class LeftOut:
    """A role that is on no rung, with how many people hold it."""

    code: str
    title: str
    people: int


def roles_without_pathway(*, on: date) -> list[LeftOut]:
    """Roles on no pathway, those that most people hold first; there should be none (DOMAIN section 0, 13).

    One query.
    """
    held = Q(contracts__starts_on__lte=on) & (
        Q(contracts__ends_on__isnull=True) | Q(contracts__ends_on__gte=on)
    )
    rows = (
        JobRole.objects.filter(rungs__isnull=True)
        .annotate(people=Count("contracts__person", filter=held, distinct=True))
        .order_by("-people", "title")
    )
    return [LeftOut(role.code, role.title, role.people) for role in rows]


# One rung ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RungPage:
    """One rung for one reader, with what can be booked or asked for, and what people say who are on it."""

    view: PathwayView
    step: Step
    lines: list[GapLine]
    voices: list[RungVoice]
    my_voice: RungVoice | None

    @property
    def required(self) -> list[GapLine]:
        """What one needs there."""
        return [line for line in self.lines if line.is_required]

    @property
    def recommended(self) -> list[GapLine]:
        """What helps there."""
        return [line for line in self.lines if not line.is_required]

    @property
    def before(self) -> Step | None:
        """The rung below."""
        lower = [step for step in self.view.steps if step.rung.number < self.step.rung.number]
        return lower[-1] if lower else None

    @property
    def after(self) -> Step | None:
        """The rung above."""
        return next((one for one in self.view.steps if one.rung.number > self.step.rung.number), None)

    @property
    def may_be_goal(self) -> bool:
        """Whether the reader can set it as their goal: not where they stand, nor what is it already."""
        return not self.step.is_here and not self.step.is_goal


def all_pathways(person: Person | None, *, on: date) -> list[PathwayView]:
    """Every pathway as somebody sees it. Six queries."""
    roles, goal = role_ids_of(person, on=on), goal_rung_of(person)
    pathways = list(pathways_with_rungs())
    ways = ways_from([rung for pathway in pathways for rung in pathway.rungs.all()], pathways)
    return [view_of(pathway, roles, goal, ways) for pathway in pathways]


def rung_page(
    views: Sequence[PathwayView], slug: str, number: int, person: Person | None, *, now: datetime
) -> RungPage | None:
    """The page of one rung out of `all_pathways`; None where there is no such rung. Five queries."""
    view = next((view for view in views if view.pathway.slug == slug), None)
    step = next((one for one in view.steps if one.rung.number == number), None) if view else None
    if view is None or step is None:
        return None
    reader = reader_for(person, on=timezone.localdate(now)) if person else Reader()
    known = known_of([person.pk if person else 0], now=now)[person.pk if person else 0]
    lines = [line for line in lines_of([view.pathway.pk]) if line.rung_id == step.rung.pk]
    lines.sort(key=lambda line: (line.need != RungCpd.Need.REQUIRED, line.number, line.pk))
    voices = list(
        RungVoice.objects.filter(
            Q(published_at__isnull=False) | Q(person=person), rung=step.rung, person__erased_at__isnull=True
        )
        .select_related("person")
        .order_by("-written_at")[:MOST_VOICES]
    )
    return RungPage(
        view,
        step,
        gap_lines(lines, known, reader, now=now),
        [voice for voice in voices if voice.published_at],
        next((voice for voice in voices if person and voice.person_id == person.pk), None),
    )
