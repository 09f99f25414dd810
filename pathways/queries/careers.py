"""Pathways with their rungs, and where a person stands on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from pathways.models import Pathway, Rung, RungCpd
from staff.models import Contract, JobRole, Person


def role_ids_of(person: Person | None, *, on: date) -> set[int]:
    """The job roles somebody holds on a day. One query, none for nobody."""
    if person is None:
        return set()
    return set(Contract.objects.in_force(on).filter(person=person).values_list("job_role_id", flat=True))


def pathways_with_rungs() -> QuerySet[Pathway]:
    """Every pathway with its rungs, their roles and CPD, in order. Four queries."""
    rungs = Rung.objects.order_by("number").prefetch_related(
        Prefetch("job_roles", JobRole.objects.order_by("title")),
        Prefetch("cpd", RungCpd.objects.order_by("number").select_related("route", "other_route")),
    )
    return Pathway.objects.prefetch_related(Prefetch("rungs", rungs))


@dataclass(frozen=True)
class Step:
    """One rung for one reader."""

    rung: Rung
    is_mine: bool

    @property
    def title(self) -> str:
        """The roles on it: "Higher level teaching assistant, or cover supervisor"."""
        titles = [role.title for role in self.rung.job_roles.all()]
        if not titles:
            return f"Step {self.rung.number}"
        *most, last = [titles[0], *(_within(title) for title in titles[1:])]
        return f"{', '.join(most)}, or {last}" if most else last

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
    steps: list[Step]

    @property
    def here(self) -> int:
        """The highest of the reader's rungs."""
        return max((step.rung.number for step in self.steps if step.is_mine), default=0)

    @property
    def next_step(self) -> Step | None:
        """The rung after the reader's; the first where they are not on it."""
        return next((step for step in self.steps if step.rung.number > self.here), None)

    @property
    def lead(self) -> str:
        """From the first rung to the last."""
        if not self.steps:
            return ""
        return f"From {_within(self.steps[0].title)} to {_within(self.steps[-1].title)}"


def view_of(pathway: Pathway, role_ids: set[int]) -> PathwayView:
    """A pathway of `pathways_with_rungs` for somebody with these roles; no query."""
    steps = [
        Step(rung, any(role.pk in role_ids for role in rung.job_roles.all())) for rung in pathway.rungs.all()
    ]
    return PathwayView(pathway, steps)


def _within(title: str) -> str:
    """A title within a sentence: "Cover supervisor" with a small letter, "PA to principal" as it is."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
