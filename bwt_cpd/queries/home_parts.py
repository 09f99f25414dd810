"""What home takes from pathways: what is due in each part, and what is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, Protocol

from django.db.models import Exists, Model, Q, QuerySet
from django.urls import reverse

from pathways.models import (
    CoachingAgreement,
    CoachProfile,
    EarlyCareer,
    Goal,
    Induction,
    NeedsRating,
    RouteRequest,
    TeachingInterest,
)
from pathways.queries.coaching import asked_of, coaching_for_home
from pathways.queries.goals import GoalLine, goal_for_home
from pathways.queries.golden_thread import thread_for_home
from pathways.queries.induction import induction_for_home
from pathways.queries.induction_managers import late_steps, late_steps_of
from pathways.queries.needs_due import needs_for_home, waiting_for_manager
from pathways.queries.needs_raters import unrated
from pathways.queries.requests_home import requests_for_home
from staff.models import Contract, Delegation, Person, Responsibility
from staff.queries.deciders import DECIDING_KINDS
from staff.queries.prepared import Prepared
from staff.wording import counted


@dataclass(frozen=True)
class Need:
    """One thing that is wanted of me."""

    title: str
    words: str
    url: str
    icon: str
    tone: str = ""


class Said(Protocol):
    """What a part of pathways says to home. `waits` is whether it asks for something."""

    @property
    def words(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def waits(self) -> bool: ...


class _Kind(NamedTuple):
    """How a part is called where it asks for something, and how it looks."""

    title: str
    icon: str


_KINDS: Final = {
    "request": _Kind("Your request", "mortarboard"),
    "coaching": _Kind("Coaching", "chat-left-text"),
    "induction": _Kind("Your next induction step", "list-check"),
    "needs": _Kind("Your learning needs", "bar-chart"),
    "thread": _Kind("Your path in teaching", "signpost-split"),
}


@dataclass(frozen=True)
class Parts:
    """What pathways has for home: what waits for me, what goes on by itself, my goal."""

    needs: list[Need] = field(default_factory=list)
    under_way: list[Need] = field(default_factory=list)
    goal: GoalLine | None = None
    asked: int = 0


def parts_of(person: Person, on: date) -> Parts:
    """All parts of pathways for one person, requests first.

    One query says which parts have anything at all; only those are asked, at most 27 queries more, however
    many rows there are. `asked` is how many of the needs the inbox counts too.
    """
    [found] = _HAS.rows(person.pk, on)
    has = dict(zip(_PARTS, found, strict=True))
    said: list[tuple[str, Said]] = []
    for name, ask in _ASK.items():
        if has[name]:
            said += [(name, one) for one in _listed(ask(person, on))]
    needs = [_need(name, one) for name, one in said if one.waits]
    return Parts(
        needs=[*needs, *(_for_my_team(person, on) if has["rating"] or has["late"] else [])],
        under_way=[_need(name, one) for name, one in said if not one.waits],
        goal=goal_for_home(person, on) if has["goal"] else None,
        asked=asked_of(person).count() if has["asked"] else 0,
    )


def _listed(said: Sequence[Said] | Said | None) -> Iterable[Said]:
    return said if isinstance(said, Sequence) else [] if said is None else [said]


_ASK: Final[dict[str, Callable[[Person, date], Sequence[Said] | Said | None]]] = {
    "request": requests_for_home,
    "coaching": coaching_for_home,
    "induction": induction_for_home,
    "needs": needs_for_home,
    "thread": thread_for_home,
}


def _need(name: str, said: Said) -> Need:
    kind = _KINDS[name]
    title = said.label if name == "needs" and said.waits else kind.title
    return Need(title, f"{said.words.rstrip('.')}.", said.url, kind.icon, "")


def _for_my_team(person: Person, on: date) -> list[Need]:
    """What somebody still has to do for those they manage, by delegation too. Eight queries."""
    found = []
    if to_rate := waiting_for_manager(person, on):
        people = counted(to_rate, "person", "people")
        words = f"{people} in your team {'waits' if to_rate == 1 else 'wait'} for you to rate their learning needs."
        found.append(Need("Rate your team", words, reverse("pathways:needs-team"), "people"))
    if late := late_steps_of(person, on).values("induction__person").distinct().count():
        words = f"{counted(late, 'starter')} of yours with something late."
        found.append(
            Need("Inductions that are late", words, reverse("pathways:induction-team"), "person-plus")
        )
    return found


# Which parts have anything --------------------------------------------------------------------
def _may_be_asked(person_id: int, on: date) -> Q:
    """Whether somebody may be nearest to people who are not their reports: what is asked then says about whom."""
    held = Responsibility.objects.in_force(on).filter(
        person=person_id, kind__in=DECIDING_KINDS, hub__isnull=True
    )
    return Exists(held) | Exists(Delegation.objects.in_force(on).filter(to_person=person_id))


def _has_to_rate(person_id: int, on: date) -> Q:
    reports = Contract.objects.in_force(on).filter(line_manager=person_id).values("person")
    mine = unrated(on).filter(person__in=reports)
    return Exists(mine) | _may_be_asked(person_id, on) & Exists(unrated(on))


def _has_late(person_id: int, on: date) -> Q:
    reports = Contract.objects.in_force(on).filter(line_manager=person_id).values("person")
    mine = late_steps(on).filter(
        Q(induction__contract__line_manager=person_id) | Q(induction__person__in=reports)
    )
    return Exists(mine) | _may_be_asked(person_id, on) & Exists(late_steps(on))


_PARTS: Final = ("request", "coaching", "asked", "induction", "needs", "thread", "goal", "rating", "late")


def _has(person_id: int, on: date) -> QuerySet[Model, object]:
    asked = CoachingAgreement.objects.filter(coach=person_id, state=CoachingAgreement.State.ASKED)
    supervision = CoachProfile.objects.filter(person=person_id, supervision_due_on__lt=on)
    inductions = Induction.objects.filter(Q(person=person_id) | Q(buddy=person_id), completed_on__isnull=True)
    helped = Q(person=person_id) | Q(induction_tutor=person_id) | Q(mentor=person_id)
    careers = EarlyCareer.objects.filter(helped, completed_on__isnull=True)
    interests = TeachingInterest.objects.filter(person=person_id)
    tests = {
        "request": Exists(RouteRequest.objects.filter(person=person_id)),
        "coaching": Exists(asked) | Exists(supervision),
        "asked": Exists(asked),
        "induction": Exists(inductions),
        "needs": Exists(NeedsRating.objects.filter(person=person_id)),
        "thread": Exists(careers) | Exists(interests),
        "goal": Exists(Goal.objects.filter(person=person_id, ended_at__isnull=True)),
        "rating": _has_to_rate(person_id, on),
        "late": _has_late(person_id, on),
    }
    return (
        Person.objects.filter(pk=person_id)
        .annotate(**{f"has_{name}": test for name, test in tests.items()})
        .order_by()
        .values_list(*(f"has_{name}" for name in _PARTS))
    )


_HAS: Final = Prepared(_has)
