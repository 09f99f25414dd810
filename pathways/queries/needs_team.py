"""Who of a team has rated, and where manager and colleague still have to talk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

from django.db.models import BooleanField, Count, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pathways.models import NeedsCycle, NeedsRating
from staff.loose_types import ColumnValues
from staff.models import Contract, Person, School
from staff.queries.main_contract import MAIN_FIRST, MAIN_LAST

FAR_APART = Q(conversation_on__isnull=True, agreed_level__isnull=True) & (
    Q(self_level__gte=F("manager_level") + 2) | Q(manager_level__gte=F("self_level") + 2)
)


@dataclass(frozen=True)
class Member:
    """One person of the team: how far the rating is. Whole numbers of competencies."""

    person_id: int
    name: str
    role: str
    total: int
    self_rated: int
    manager_rated: int
    agreed: int
    to_talk_over: int

    @property
    def state(self) -> str:
        """A word of `bwt_cpd.states` for it."""
        if self.agreed == self.total:
            return "done"
        return "now" if self.self_rated or self.manager_rated else "todo"

    @property
    def next_step(self) -> str:
        """What the manager does next."""
        if self.agreed == self.total:
            return "All levels are agreed"
        if self.to_talk_over:
            return f"Talk about {self.to_talk_over}"
        if self.manager_rated < self.total:
            return f"Rate {self.total - self.manager_rated}"
        if self.self_rated < self.total:
            return f"Waiting for {self.total - self.self_rated} from them"
        return f"Agree {self.total - self.agreed}"


TEAM_PAGE: Final = 40
SHOWN: Final = {"": "All", "talk": "To talk over", "rate": "To rate", "open": "Not agreed"}


TeamRows: TypeAlias = QuerySet[NeedsRating, Any]
"""Rows of `values()` and counts: people of a round, with how far they are."""


def team_in(cycle: NeedsCycle, people: QuerySet[Person], *, show: str = "") -> TeamRows:
    """Everybody of `people` who is in the cycle, by name, for pages of `members_of`.

    `show`: rate (the manager has not rated everything), talk (levels far apart), open (not all agreed).
    """
    rows = (
        NeedsRating.objects.filter(cycle=cycle, person__in=people)
        .values("person_id", "person__first_name", "person__last_name")
        .annotate(
            total=Count("pk"),
            self_rated=Count("self_level"),
            manager_rated=Count("manager_level"),
            agreed=Count("agreed_level"),
            to_talk_over=Count("pk", filter=FAR_APART),
        )
        .order_by("person__last_name", "person__first_name", "person_id")
    )
    if show == "rate":
        return rows.filter(manager_rated__lt=F("total"))
    if show == "talk":
        return rows.filter(to_talk_over__gt=0)
    return rows.filter(agreed__lt=F("total")) if show == "open" else rows


def members_of(rows: Iterable[ColumnValues], on: date) -> list[Member]:
    """The rows of one page with the role of each. One query more."""
    rows = list(rows)
    roles = _roles([row["person_id"] for row in rows], on)
    return [
        Member(
            row["person_id"],
            f"{row['person__first_name']} {row['person__last_name']}".strip(),
            roles.get(row["person_id"], ""),
            row["total"],
            row["self_rated"],
            row["manager_rated"],
            row["agreed"],
            row["to_talk_over"],
        )
        for row in rows
    ]


def people_at(school: School, people: QuerySet[Person], on: date) -> QuerySet[Person]:
    """Those who belong to a school on a day, as the reports of needs count them (`needs_reports.MAIN_ON`)."""
    is_over = ExpressionWrapper(Q(ends_on__lt=on), output_field=BooleanField())
    begun = Contract.objects.filter(person=OuterRef("pk"), starts_on__lte=on)
    speaking = begun.annotate(is_over=Coalesce(is_over, False)).order_by("is_over", *MAIN_FIRST)
    return people.alias(at=Subquery(speaking.values("school")[:1])).filter(at=school.pk)


def cycles_with(people: QuerySet[Person], on: date) -> QuerySet[NeedsCycle]:
    """The cycles that have opened in which any of these people is."""
    rated = NeedsRating.objects.filter(person__in=people).values("cycle")
    return NeedsCycle.objects.filter(opens_on__lte=on, pk__in=rated)


def _roles(person_ids: list[int], on: date) -> dict[int, str]:
    held = Contract.objects.in_force(on).filter(person__in=person_ids).order_by(*MAIN_LAST)
    return dict(held.values_list("person_id", "job_role__title"))
