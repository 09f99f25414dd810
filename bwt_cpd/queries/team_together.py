"""What else is under way with the people of a team, beside their five days."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from bwt_cpd.queries.team_people import Member
from pathways.models import Induction, NeedsRating
from pathways.queries.goals import GoalLine, shared_goals
from pathways.queries.requests_home import OpenRequest, open_requests
from staff.loose_types import ColumnValues
from staff.models import Person
from staff.queries.deciders import LINE_MANAGER, people_decided_by
from staff.wording import counted


@dataclass(frozen=True)
class UnderWay:
    """One thing in a line, and where it is."""

    words: str
    url: str
    is_late: bool = False


@dataclass(frozen=True)
class Beside:
    """What goes on with one person: requests, induction, learning needs, and the goal they have shared."""

    requests: list[OpenRequest] = field(default_factory=list)
    induction: UnderWay | None = None
    needs: UnderWay | None = None
    goal: GoalLine | None = None

    @property
    def lines(self) -> list[UnderWay]:
        """All of it for a row, what is late first."""
        found = [UnderWay(f"Request: {one.words}", one.url, one.is_late) for one in self.requests]
        found += [one for one in (self.induction, self.needs) if one is not None]
        if self.goal is not None:
            found.append(UnderWay(f"Goal: {self.goal.title}", self.goal.url))
        return sorted(found, key=lambda one: not one.is_late)


def beside(members: Sequence[Member], *, reader: Person, on: date) -> dict[int, Beside]:
    """What goes on with each of these people, as far as the reader may see it; everybody is a key.

    A fixed number of queries however many people. The reader decides about them all, which is what shows
    inductions and needs; a goal is for the line manager it was shared with, and their stand-in, alone.
    """
    ids = [one.person.pk for one in members]
    return beside_people(ids, reader=reader, on=on)


def beside_people(ids: Collection[int], *, reader: Person, on: date) -> dict[int, Beside]:
    """The same for people by their keys."""
    requests = open_requests(ids, reader=reader, on=on)
    inductions, needs = _inductions(ids, on), _needs(ids, on)
    reports = people_decided_by(reader, on, kinds=(LINE_MANAGER,)).filter(pk__in=ids)
    goals = shared_goals(list(reports.values_list("pk", flat=True)), on)
    return {pk: Beside(requests.get(pk, []), inductions.get(pk), needs.get(pk), goals.get(pk)) for pk in ids}


def _inductions(ids: Collection[int], on: date) -> dict[int, UnderWay]:
    """Inductions that are not completed: what is late of them, else how far they are. One query."""
    is_late = Q(steps__done_on__isnull=True, steps__due_on__lt=on)
    rows = (
        Induction.objects.filter(
            Q(contract__ends_on__isnull=True) | Q(contract__ends_on__gte=on),
            person__in=ids,
            completed_on__isnull=True,
        )
        .annotate(
            total=Count("steps"),
            done=Count("steps", filter=Q(steps__done_on__isnull=False)),
            late=Count("steps", filter=is_late),
        )
        .order_by("starts_on", "pk")
    )
    return {
        row.person_id: UnderWay(
            f"Induction: {counted(row.late, 'step')} late"
            if row.late
            else f"Induction: {row.done} of {row.total} steps done",
            reverse("pathways:induction-detail", args=[row.pk]),
            is_late=row.late > 0,
        )
        for row in rows
    }


def _needs(ids: Collection[int], on: date) -> dict[int, UnderWay]:
    """Where each stands in the cycle that is open: what the manager still has to rate. One query."""
    rows = (
        NeedsRating.objects.filter(person__in=ids, cycle__opens_on__lte=on, cycle__closes_on__gte=on)
        .values("person_id")
        .annotate(
            total=Count("pk"),
            mine=Count("self_level"),
            managers=Count("manager_level"),
            agreed=Count("agreed_level"),
        )
        .order_by("person_id")
    )
    return {
        row["person_id"]: UnderWay(
            f"Learning needs: {_needs_words(dict(row))}",
            reverse("pathways:needs-person", args=[row["person_id"]]),
        )
        for row in rows
    }


def _needs_words(row: ColumnValues) -> str:
    """Whose turn it is, from the counts of what is rated and agreed."""
    total, mine, managers = row["total"], row["mine"], row["managers"]
    if row["agreed"] == total:
        return "agreed"
    if not mine and not managers:
        return "not begun"
    if mine == total and managers == total:
        return "both rated, to be agreed"
    if mine == total:
        return f"rated by them, {total - managers} left for you"
    if managers == total:
        return f"rated by you, {total - mine} left for them"
    return f"{mine} of {total} rated by them, {managers} by you"
