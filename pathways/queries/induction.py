"""One's own induction, and the starters somebody looks after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from pathways.models import DoneBy, Induction, InductionStep
from pathways.queries.induction_records import statutory_training
from pathways.rules.induction import DUE_SOON, LOOK_AHEAD, Standing, may_tick, state_of_step
from staff.models import Person, School
from staff.queries.deciders import people_decided_by
from staff.wording import counted, day_words

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SEEN_BY = ("line_manager", "headteacher", "cpd_lead", "people_team")
MANAGING = ("line_manager", "headteacher")
KEPT = timedelta(days=120)
"""How long a completed induction stays on its owner's page."""


@dataclass(frozen=True)
class Row:
    """One step as it stands on a page."""

    step: InductionStep
    state: str
    may_tick: bool

    @property
    def is_late(self) -> bool:
        """Whether it was due before today."""
        return self.state == "overdue"

    @property
    def is_pressing(self) -> bool:
        """Whether it is late or due now."""
        return self.state in ("overdue", "due")

    @property
    def is_done(self) -> bool:
        """Whether it has been ticked, by hand or by a record."""
        return self.step.done_on is not None

    @property
    def is_kept(self) -> bool:
        """Whether a record of training ticks it."""
        return bool(self.step.statutory_code or self.step.course_id)

    @property
    def find_url(self) -> str:
        """The catalogue searched for the required training that ticks it; empty where its course is named."""
        title, _ = statutory_training().get(self.step.statutory_code, ("", 0))
        if self.step.course_id or not title:
            return ""
        return f"{reverse('courses:course-list')}?{urlencode({'q': title})}"


@dataclass(frozen=True)
class Journey:
    """One induction as a page shows it."""

    induction: Induction
    rows: tuple[Row, ...]

    @property
    def done(self) -> int:
        """How many steps are ticked."""
        return sum(row.is_done for row in self.rows)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.rows)

    @property
    def late(self) -> int:
        """How many were due before today."""
        return sum(row.is_late for row in self.rows)

    @property
    def open_by_day(self) -> list[tuple[date, list[Row]]]:
        """What is still to do, by the day it is due."""
        days: dict[date, list[Row]] = {}
        for row in self.rows:
            if not row.is_done:
                days.setdefault(row.step.due_on, []).append(row)
        return sorted(days.items())

    @property
    def done_rows(self) -> list[Row]:
        """What is ticked, in the order of the days it was due."""
        return [row for row in self.rows if row.is_done]

    @property
    def next_row(self) -> Row | None:
        """The first open step that the reader may tick."""
        return next((row for row in self.rows if row.may_tick and not row.is_done), None)


def journey_of(induction: Induction, standings: frozenset[Standing], on: date) -> Journey:
    """One induction with all its steps. One query."""
    steps = induction.steps.select_related("course", "marked_by").order_by("due_on", "number")
    return Journey(
        induction,
        tuple(
            Row(step, state_of_step(step.due_on, step.done_on, on), may_tick(step.done_by, standings))
            for step in steps
        ),
    )


def induction_of(person: Person, on: date) -> Induction | None:
    """The latest induction of somebody, from 14 days before the start; not one completed long ago. One query."""
    shown = Q(completed_on__isnull=True) | Q(completed_on__gte=on - KEPT)
    return (
        _with_names(Induction.objects.filter(shown, person=person, starts_on__lte=on + LOOK_AHEAD))
        .filter(_in_contract(on))
        .order_by("-starts_on")
        .first()
    )


class OfStarter(TypedDict):
    """What a list of starters reads with each."""

    total: int
    done: int
    late: int
    late_steps: list[InductionStep]


def starters_seen_by(reader: Person, on: date) -> QuerySet[WithAnnotations[Induction, OfStarter]]:
    """The inductions somebody may look at: of whom they manage, of their site, of the trust, or as buddy.

    Somebody whose first day is still to come is seen by who will manage them then. Each has `total`, `done`
    and `late`, the late steps in `late_steps`, and `is_to_come` before its first day; late ones first, completed
    ones last.
    """
    is_late = Q(steps__done_on__isnull=True, steps__due_on__lt=on)
    late_steps = InductionStep.objects.filter(done_on__isnull=True, due_on__lt=on).order_by(
        "due_on", "number"
    )
    return (
        _with_names(_seen_by(reader, on))
        .annotate(
            total=Count("steps"),
            done=Count("steps", filter=Q(steps__done_on__isnull=False)),
            late=Count("steps", filter=is_late),
            is_to_come=Q(starts_on__gt=on),
        )
        .prefetch_related(Prefetch("steps", queryset=late_steps, to_attr="late_steps"))
        .order_by("-late", F("completed_on").asc(nulls_first=True), "-starts_on", "pk")
    )


def schools_of_starters(reader: Person, on: date) -> list[School]:
    """The schools at which somebody has starters to look at, by name. Five queries."""
    at = _seen_by(reader, on).values("contract__school")
    return list(School.objects.filter(pk__in=at).order_by("name"))


def narrowed(
    starters: QuerySet[WithAnnotations[Induction, OfStarter]], on: date, *, show: str, school: str, whose: str
) -> QuerySet[WithAnnotations[Induction, OfStarter]]:
    """Of `starters_seen_by` those asked for; what is not known is not asked.

    `show` is late, open or done; `school` a code; `whose` one of DoneBy: somebody for whom a step of theirs
    is open and late or due within a week.
    """
    if show == "late":
        starters = starters.filter(late__gt=0)
    elif show in ("open", "done"):
        starters = starters.filter(completed_on__isnull=show == "open")
    if school:
        starters = starters.filter(contract__school__code=school)
    if whose in DoneBy.values:
        theirs = InductionStep.objects.filter(
            induction=OuterRef("pk"), done_by=whose, done_on__isnull=True, due_on__lte=on + DUE_SOON
        )
        starters = starters.filter(Exists(theirs))
    return starters


STARTERS_HEADER = (
    "Name",
    "Job",
    "School",
    "First day",
    "Line manager",
    "Buddy",
    "Steps done",
    "Steps",
    "Late",
    "Late steps",
    "Completed",
)


def starters_table(starters: Iterable[WithAnnotations[Induction, OfStarter]]) -> Iterator[tuple[object, ...]]:
    """One row for each starter, under STARTERS_HEADER; of late steps the title and whose each is."""
    for one in starters:
        contract = one.contract
        late = "; ".join(f"{step.title} ({whose_words(step)})" for step in one.late_steps)
        yield (
            str(one.person),
            contract.job_role.title,
            contract.school.name,
            one.starts_on,
            str(contract.line_manager or ""),
            str(one.buddy or ""),
            one.done,
            one.total,
            one.late,
            late,
            one.completed_on or "",
        )


def whose_words(step: InductionStep) -> str:
    """Whose step it is, for somebody who is not the starter."""
    return "the starter" if step.done_by == DoneBy.PERSON else step.get_done_by_display().lower()


def _seen_by(reader: Person, on: date) -> QuerySet[Induction]:
    then = on + LOOK_AHEAD
    now = people_decided_by(reader, on, kinds=SEEN_BY).values("pk")
    soon = people_decided_by(reader, then, kinds=SEEN_BY).values("pk")
    seen = Q(person__in=now) | Q(starts_on__gt=on, person__in=soon) | Q(buddy=reader)
    return Induction.objects.filter(seen, _in_contract(on), starts_on__lte=then).exclude(person=reader)


def buddied_by(person: Person, on: date) -> QuerySet[Induction]:
    """The starters somebody is the buddy of, while something is open."""
    return _with_names(
        Induction.objects.filter(_in_contract(on), buddy=person, completed_on__isnull=True)
    ).order_by("-starts_on")


@dataclass(frozen=True)
class InductionForHome:
    """What home says of an induction. `waits` is whether it asks for something today."""

    words: str
    url: str
    label: str
    waits: bool


def induction_for_home(person: Person, on: date) -> list[InductionForHome]:
    """What comes next in one's own induction, and whose buddy one is. Three queries at most."""
    found = []
    mine = induction_of(person, on)
    if mine is not None and mine.completed_on is None:
        journey = journey_of(mine, frozenset({Standing.OWN}), on)
        row = journey.next_row
        if row is not None:
            words = f"Induction: {row.step.title}, by {day_words(row.step.due_on)}"
            found.append(
                InductionForHome(words, reverse("pathways:induction-mine"), "My induction", waits=True)
            )
    for induction in buddied_by(person, on)[:3]:
        words = (
            f"You are the buddy of {induction.person.full_name}, who started {day_words(induction.starts_on)}"
        )
        url = reverse("pathways:induction-detail", args=[induction.pk])
        found.append(InductionForHome(words, url, "See the steps", waits=False))
    return found


def late_for_manager(reader: Person, on: date) -> str:
    """ "2 starters are late with their induction" for the team page; empty where nobody is. Three queries."""
    late = starters_seen_by(reader, on).filter(late__gt=0).count()
    return f"{counted(late, 'starter')} with something late in their induction" if late else ""


def _in_contract(on: date) -> Q:
    return Q(contract__ends_on__isnull=True) | Q(contract__ends_on__gte=on)


def _with_names(inductions: QuerySet[Induction]) -> QuerySet[Induction]:
    return inductions.select_related(
        "person", "buddy", "contract__job_role", "contract__school", "contract__line_manager"
    )
