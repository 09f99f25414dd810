"""What people work towards: their goal, how much of it is in place, and the next step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from courses.queries.readers import Reader
from courses.rules import Employment
from pathways.models import Goal, Rung, RungCpd
from pathways.queries.gaps import (
    GapLine,
    Known,
    OfLine,
    asked,
    finding_of,
    gap_lines,
    known_of,
    lines_of,
    offers_for,
)
from pathways.rules.careers import (
    Standing,
    asked_on_the_way,
    next_missing,
    standing_rung,
    told_apart,
    within,
)
from staff import clock
from staff.loose_types import JsonObject
from staff.models import Contract, JobRole, Person
from staff.queries.main_contract import MAIN_FIRST

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

UNDO_WITHIN: Final = timedelta(days=14)
"""How long a goal that is over can be taken up again from its page."""
_BETWEEN: Final = "\n"


def titles_of(titles: Collection[str]) -> str:
    """The jobs of one rung as a phrase: "Higher level teaching assistant, or cover supervisor"."""
    if not titles:
        return ""
    first, *rest = titles
    *most, last = [first, *(within(title) for title in rest)]
    return f"{', '.join(most)}, or {last}" if most else last


# Short answers for pages of others -------------------------------------------------------------
@dataclass(frozen=True)
class GoalLine:
    """Somebody's goal in a line: its jobs, how much is in place, what comes next and where that is done.

    `next_words` is empty where nothing is missing; `next_url` then is the goal's own page. `next_label`
    is a button's word.
    """

    person_id: int
    title: str
    pathway: str
    url: str
    done: int
    total: int
    next_words: str
    next_url: str
    next_label: str

    @property
    def words(self) -> str:
        """ "2 of 5 in place"; what there is to say where a rung asks for nothing."""
        return f"{self.done} of {self.total} in place" if self.total else "Nothing to do first"


def goal_for_home(person: Person, on: date) -> GoalLine | None:
    """The goal of somebody with the next thing that is missing, as a link to book or ask; None without one.

    One query without a goal, else four at most.
    """
    goal = _goals(on).filter(person=person).first()
    if goal is None:
        return None
    now = clock.now()
    lines = lines_of([goal.rung.pathway_id])
    known = known_of([person.pk], now=now)[person.pk]
    return _goal_line(goal, lines, known, on, now=now)


def shared_goals(person_ids: Collection[int], on: date | None = None) -> dict[int, GoalLine]:
    """The goals these people have chosen to share, by person; for their manager's pages. Three queries.

    `url` and `next_url` lead to the rung's open page: a manager does not book for others there.
    """
    day = on or clock.today()
    goals = list(_goals(day).filter(person__in=person_ids, is_shared=True))
    if not goals:
        return {}
    by_pathway: dict[int, list[WithAnnotations[RungCpd, OfLine]]] = defaultdict(list)
    for line in lines_of({goal.rung.pathway_id for goal in goals}):
        by_pathway[line.rung.pathway_id].append(line)
    known = known_of([goal.person_id for goal in goals], now=clock.now())
    return {
        goal.person_id: _goal_line(goal, by_pathway[goal.rung.pathway_id], known[goal.person_id], day)
        for goal in goals
    }


class OfGoal(TypedDict):
    """What is read with each goal."""

    titles: list[str]
    jobs_below: list[str | None]
    my_roles: list[int]
    my_posts: list[JsonObject]
    my_partner: int | None
    my_rungs: list[int]


_POST: Final = JSONObject(
    starts_on="starts_on",
    ends_on="ends_on",
    school="school_id",
    family="job_role__job_family",
    group="job_role__staff_group",
)


def _goals(on: date) -> QuerySet[WithAnnotations[Goal, OfGoal]]:
    """Goals that stand, with what their page needs of the person: roles on a day, posts from then on."""
    mine = Contract.objects.in_force(on).filter(person=OuterRef("person")).order_by(*MAIN_FIRST)
    posts = Contract.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), person=OuterRef("person")
    ).order_by(*MAIN_FIRST)
    jobs = JobRole.objects.filter(rungs=OuterRef("rung")).order_by("title")
    below = Rung.objects.filter(pathway=OuterRef("rung__pathway"), number__lt=OuterRef("rung__number"))
    return (
        Goal.objects.filter(ended_at__isnull=True)
        .select_related("rung__pathway")
        .annotate(
            titles=ArraySubquery(jobs.values("title")),
            # As text: arrays of different lengths cannot be put into one.
            jobs_below=ArraySubquery(
                below.annotate(
                    jobs=StringAgg("job_roles__title", _BETWEEN, order_by="job_roles__title")
                ).values("jobs")
            ),
            my_roles=ArraySubquery(mine.values("job_role_id")),
            my_posts=ArraySubquery(posts.values(post=_POST)),
            my_partner=F("person__partner_id"),
            my_rungs=ArraySubquery(
                Rung.objects.filter(
                    pathway=OuterRef("rung__pathway"),
                    job_roles__contracts__in=Contract.objects.in_force(on).filter(
                        person=OuterRef(OuterRef("person"))
                    ),
                ).values("number")
            ),
        )
    )


def _goal_line(
    goal: WithAnnotations[Goal, OfGoal],
    lines: list[WithAnnotations[RungCpd, OfLine]],
    known: Known,
    on: date,
    *,
    now: datetime | None = None,
) -> GoalLine:
    """`now`: the reader is the person, and the next step leads to what they can book (one query)."""
    wanted = lines_on_the_way(lines, here=standing_rung(goal.my_rungs), goal=goal.rung.number)
    findings = [finding_of(line, known, on) for line in wanted]
    index = next_missing(
        [(asked(line).is_required, found.standing) for line, found in zip(wanted, findings, strict=True)]
    )
    url = reverse("pathways:goal") if now else rung_url(goal.rung)
    step = wanted[index] if index is not None else None
    offers = offers_for([step], known, _reader(goal, on), now=now)[step.pk] if step and now else []
    return GoalLine(
        person_id=goal.person_id,
        title=_title(goal, lines),
        pathway=goal.rung.pathway.name,
        url=url,
        done=sum(found.standing is Standing.IN_PLACE for found in findings),
        total=len(findings),
        next_words=step.words if step else "",
        next_url=offers[0].url if offers else url,
        next_label=offers[0].label if offers else "See my goal" if now else "See the step",
    )


def _title(goal: WithAnnotations[Goal, OfGoal], lines: list[WithAnnotations[RungCpd, OfLine]]) -> str:
    """The jobs of a goal, told apart from those of a step below; `lines` are those of its pathway."""
    needed = [line.words for line in lines if line.rung_id == goal.rung_id and asked(line).is_required]
    below = [titles_of(titles.split(_BETWEEN)) for titles in goal.jobs_below if titles]
    return told_apart(titles_of(goal.titles), below=below, needed=needed) or f"Step {goal.rung.number}"


def rung_url(rung: Rung) -> str:
    """The page of a rung; its pathway is at hand."""
    return reverse("pathways:rung-detail", args=[rung.pathway.slug, rung.number])


def lines_on_the_way(
    lines: list[WithAnnotations[RungCpd, OfLine]], *, here: int, goal: int
) -> list[WithAnnotations[RungCpd, OfLine]]:
    """Those lines of one pathway that a goal asks, in their order (`pathways.rules.careers`)."""
    by_key = {line.pk: line for line in lines}
    return [by_key[one.key] for one in asked_on_the_way(map(asked, lines), here=here, goal=goal)]


def _reader(goal: WithAnnotations[Goal, OfGoal], on: date) -> Reader:
    """The person as `reader_for` has them, but for the title of their role."""
    posts = [(_employment(post), post) for post in goal.my_posts]
    held = [post for employment, post in posts if employment.starts_on <= on]
    schools = [post["school"] for post in held] + ([goal.my_partner] if goal.my_partner else [])
    return Reader(
        person_id=goal.person_id,
        school_ids=tuple(dict.fromkeys(schools)),
        job_families=tuple(dict.fromkeys(post["family"] for post in held)),
        staff_groups=tuple(dict.fromkeys(post["group"] for post in held)),
        is_partner=bool(goal.my_partner),
        employments=tuple(employment for employment, _ in posts),
    )


def _employment(post: JsonObject) -> Employment:
    starts_on, ends_on = date.fromisoformat(post["starts_on"]), post["ends_on"]
    return Employment(
        starts_on,
        date.fromisoformat(ends_on) if ends_on else None,
        post["school"],
        frozenset((post["family"], post["group"])),
    )


# The goal's own page ---------------------------------------------------------------------------
@dataclass(frozen=True)
class GoalPage:
    """A goal with its whole list, rung by rung. `here`: the number of the rung one stands on, 0 for none."""

    goal: Goal
    title: str
    here: int
    lines: list[GapLine]

    @property
    def done(self) -> int:
        """How many lines are in place."""
        return sum(line.is_in_place for line in self.lines)

    @property
    def is_there(self) -> bool:
        """Whether the person holds a job of the goal's rung by now."""
        return self.here == self.goal.rung.number

    @property
    def missing(self) -> list[GapLine]:
        """What is to do, in order."""
        return [line for line in self.lines if line.is_missing]

    @property
    def under_way(self) -> list[GapLine]:
        """What is booked or asked for."""
        return [line for line in self.lines if line.finding.standing is Standing.UNDER_WAY]

    @property
    def in_place(self) -> list[GapLine]:
        """What is done."""
        return [line for line in self.lines if line.is_in_place]


def goal_page(person: Person, *, now: datetime) -> GoalPage | None:
    """The goal of somebody with all it asks and what can be done about each. Four queries; None without one."""
    on = timezone.localdate(now)
    goal = _goals(on).filter(person=person).first()
    if goal is None:
        return None
    here = standing_rung(goal.my_rungs)
    asked_for = lines_of([goal.rung.pathway_id])
    wanted = lines_on_the_way(asked_for, here=here, goal=goal.rung.number)
    lines = gap_lines(wanted, known_of([person.pk], now=now)[person.pk], _reader(goal, on), now=now)
    return GoalPage(goal, _title(goal, asked_for), here, lines)


def goal_to_take_up_again(person: Person, *, now: datetime) -> Goal | None:
    """The goal somebody let go or reached last, a short while ago, while they have no other. One query."""
    return (
        Goal.objects.filter(person=person, ended_at__gt=now - UNDO_WITHIN)
        .select_related("rung__pathway")
        .prefetch_related("rung__job_roles")
        .order_by("-ended_at")
        .first()
    )
