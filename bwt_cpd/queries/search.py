"""One box over courses, pathways and, for who may see them, people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from courses.queries import catalogue
from courses.queries.cards import Card, cards_for
from courses.queries.readers import reader_for
from courses.queries.searching import words_of
from pathways.models import Pathway
from staff.models import Contract, Person, User
from staff.queries.deciders import people_decided_by

MOST_COURSES = 6
MOST_PATHWAYS = 5
MOST_PEOPLE = 10
SHORTEST = 2


@dataclass(frozen=True)
class Found:
    """What one search gives. `people` have `school_name` and `role_title`; empty for who may see nobody."""

    cards: list[Card] = field(default_factory=list)
    courses_in_all: int = 0
    did_you_mean: str = ""
    pathways: list[Pathway] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.cards or self.pathways or self.people)


def search(user: User, text: str, *, now: datetime, on: date) -> Found:
    """Courses, pathways and people for what was typed; nothing for less than two letters.

    At most nine queries. People: everybody for the people team, else whom the user decides about.
    """
    hubs = catalogue.choices()
    words = words_of(
        text,
        hubs=[(key, name) for key, _, name in hubs.hubs],
        strands=[(key, name) for key, _, name in hubs.strands],
    )
    if len(words.text) < SHORTEST:
        return Found()
    reader = reader_for(user.person, on=on)
    found = catalogue.find(catalogue.listed_courses(), words=words, reader=reader, now=now)
    pathways = list(_pathways(words.each)[:MOST_PATHWAYS])
    people = list(_people(user, words.each, on)[:MOST_PEOPLE])
    if found.did_you_mean and (pathways or people):
        return Found(pathways=pathways, people=people)  # they say it as it was typed
    return Found(
        cards=cards_for(list(found.page)[:MOST_COURSES], reader=reader, now=now),
        courses_in_all=found.total,
        did_you_mean=found.did_you_mean,
        pathways=pathways,
        people=people,
    )


def _pathways(words: list[str]) -> QuerySet[Pathway]:
    """Pathways that say each word in their name or in a role on a rung."""
    pathways = Pathway.objects.all()
    for word in words:
        pathways = pathways.filter(Q(name__icontains=word) | Q(rungs__job_roles__title__icontains=word))
    return pathways.distinct()


def _people(user: User, words: list[str], on: date) -> QuerySet[Person]:
    """The people whom this user may see, by name or payroll number."""
    if user.is_superuser or user.is_people_team:
        people = Person.objects.all()
    elif user.person is not None:
        people = people_decided_by(user.person, on)
    else:
        return Person.objects.none()
    for word in words:
        people = people.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(payroll_number__iexact=word)
        )
    contracts = Contract.objects.in_force(on).filter(person=OuterRef("pk")).order_by("-is_main", "starts_on")
    return (
        people.filter(erased_at__isnull=True)
        .annotate(
            school_name=Coalesce(
                Subquery(contracts.values("school__name")[:1]), F("partner__name"), Value("")
            ),
            role_title=Coalesce(Subquery(contracts.values("job_role__title")[:1]), Value("")),
        )
        .order_by("last_name", "first_name", "pk")
    )
