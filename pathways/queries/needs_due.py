"""What people are to be reminded of in a cycle that is about to close, and what home shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Q
from django.urls import reverse

from pathways.models import NeedsCycle, NeedsRating
from pathways.queries.due import Due
from pathways.queries.needs import cycle_of, sheet_of
from pathways.queries.needs_raters import asked_to_rate, waiting_for
from staff.models import Person, Responsibility
from staff.queries.main_contract import main_contracts
from staff.wording import counted, day_words

BEFORE: Final = timedelta(days=7)
CATCH_UP: Final = timedelta(days=4)


def due_on(on: date) -> Iterator[Due]:
    """When a cycle opens and in the week before it closes: everybody with something unrated, and whoever
    is nearest to people whom nobody has rated: line manager, else head, else the people team. After it has
    closed: each CPD lead of a school where levels are still to be agreed.

    Each is said once, by its `subject_key`; for some days, so that a missed night loses nothing. Four
    queries a cycle of these days, one on any other day.
    """
    closing = Q(closes_on__range=(on, on + BEFORE))
    opening = Q(opens_on__range=(on - CATCH_UP, on), closes_on__gte=on)
    closed = Q(closes_on__range=(on - CATCH_UP, on - timedelta(days=1)), moderated_on__gte=on)
    for cycle in NeedsCycle.objects.filter(closing | opening | closed).order_by("pk"):
        if cycle.closes_on < on:
            yield from _moderators(cycle, on)
        else:
            yield from _own(cycle, on)
            yield from _raters(cycle, on)


def _own(cycle: NeedsCycle, on: date) -> Iterator[Due]:
    unrated = (
        NeedsRating.objects.filter(cycle=cycle, self_level__isnull=True, agreed_level__isnull=True)
        .values("person_id")
        .annotate(left=Count("pk"))
        .order_by("person_id")
    )
    for row in unrated:
        yield Due(
            row["person_id"],
            "needs_self",
            _key(cycle, "self", on),
            f"Say where you stand in {counted(row['left'], 'thing')} your job asks for, "
            f"by {day_words(cycle.closes_on)}.",
            reverse("pathways:needs-mine"),
            "Rate yourself",
        )


def _raters(cycle: NeedsCycle, on: date) -> Iterator[Due]:
    waiting = NeedsRating.objects.filter(cycle=cycle, manager_level__isnull=True, agreed_level__isnull=True)
    for rater, count in asked_to_rate(waiting, on).items():
        yield Due(
            rater,
            "needs_team",
            _key(cycle, "team", on),
            f"Rate {counted(count, 'person', 'people')} of your team by {day_words(cycle.closes_on)}.",
            reverse("pathways:needs-team"),
            "Rate your team",
        )


def _moderators(cycle: NeedsCycle, on: date) -> Iterator[Due]:
    open_at = main_contracts(on).filter(
        person__in=NeedsRating.objects.filter(cycle=cycle, agreed_level__isnull=True).values("person"),
    )
    people = dict(open_at.values_list("school").annotate(Count("person", distinct=True)).order_by("school"))
    leads = Responsibility.objects.in_force(on).filter(kind="cpd_lead", school__in=people, hub__isnull=True)
    for person_id, school_id, code in leads.order_by("person", "school").values_list(
        "person", "school", "school__code"
    ):
        yield Due(
            person_id,
            "needs_team",
            f"needs:{cycle.pk}:check:{school_id}",
            f"Check levels of {counted(people[school_id], 'person', 'people')} by "
            f"{day_words(cycle.moderated_on)}.",
            f"{reverse('pathways:needs-progress')}?cycle={cycle.pk}&school={code}",
            "Check levels",
        )


def _key(cycle: NeedsCycle, what: str, on: date) -> str:
    is_closing = cycle.closes_on <= on + BEFORE
    return f"needs:{cycle.pk}:{what}" if is_closing else f"needs:{cycle.pk}:{what}:opens"


@dataclass(frozen=True)
class NeedsForHome:
    """What home says of one's learning needs. `waits` is whether it asks for something."""

    words: str
    url: str
    label: str
    waits: bool


def needs_for_home(person: Person, on: date) -> NeedsForHome | None:
    """What comes next in one's learning needs; None where there is nothing to say. Three queries."""
    cycle = cycle_of(person, on)
    if cycle is None:
        return None
    sheet = sheet_of(person, cycle, on)
    left = sheet.total - sheet.self_rated
    if sheet.is_open and left:
        words = f"Say where you stand in {counted(left, 'thing')} your job asks for, by {day_words(cycle.closes_on)}"
        return NeedsForHome(words, reverse("pathways:needs-mine"), "Rate yourself", waits=True)
    if sheet.is_open and sheet.to_talk_over:
        words = (
            f"Talk with your manager about {counted(len(sheet.to_talk_over), 'level')} you see differently"
        )
        return NeedsForHome(words, reverse("pathways:needs-mine"), "See both views", waits=True)
    if sheet.needs:
        words = f"What would help you most: {sheet.needs[0].title}"
        return NeedsForHome(words, reverse("pathways:plan"), "My plan", waits=False)
    return None


def waiting_for_manager(manager: Person, on: date) -> int:
    """How many people in an open cycle still wait for this person to rate them. Three queries."""
    return waiting_for(manager, on).count()
