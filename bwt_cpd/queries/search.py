"""One box over courses, pathways, funded routes and, for who may see them, people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from courses.queries import catalogue
from courses.queries.cards import Card, cards_for
from courses.queries.readers import reader_for
from courses.queries.searching import words_of
from pathways.models import Pathway
from pathways.queries.routes import RouteChoice, RouteRow, find_routes
from staff.models import Contract, Person, User
from staff.queries.deciders import people_decided_by
from staff.queries.main_contract import MAIN_FIRST

MOST_COURSES = 6
MOST_PATHWAYS = 5
MOST_ROUTES = 5
MOST_PEOPLE = 10
SHORTEST = 2
NAME_LIKE: Final = 0.45  # of 1: Kowalcyk and Kowalczyk are 0.58


@dataclass(frozen=True)
class Group:
    """A heading of the page with its anchor and its count."""

    key: str
    words: str
    count: str
    is_there: bool


@dataclass(frozen=True)
class Found:
    """What one search gives. `people` have `school_name` and `role_title`; empty for who may see nobody."""

    cards: list[Card] = field(default_factory=list)
    courses_in_all: int = 0
    did_you_mean: str = ""
    pathways: list[Pathway] = field(default_factory=list)
    routes: list[RouteRow] = field(default_factory=list)
    routes_in_all: int = 0
    people: list[Person] = field(default_factory=list)
    has_more_people: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not self.groups

    @property
    def groups(self) -> list[Group]:
        """What was found by kind, in the order of the page, with how many."""
        people = f"{len(self.people)} or more" if self.has_more_people else str(len(self.people))
        found = [
            Group("people", "People", people, bool(self.people)),
            Group("courses", "Courses", str(self.courses_in_all), bool(self.cards)),
            Group("pathways", "Pathways", str(len(self.pathways)), bool(self.pathways)),
            Group("routes", "Funded routes", str(self.routes_in_all), bool(self.routes)),
        ]
        return [group for group in found if group.is_there]


def search(user: User, text: str, *, now: datetime, on: date) -> Found:
    """Courses, pathways, funded routes and people for what was typed; nothing for less than two letters.

    A near spelling is looked for only where nothing anywhere says it as it was typed. At most fifteen
    queries. People: everybody for the people team, else whom the user decides about.
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
    courses = catalogue.find(catalogue.listed_courses(), words=words, reader=reader, now=now)
    pathways, routes = list(_pathways(words.each)), find_routes(RouteChoice(q=words.text))
    seen = _seen_people(user, on)
    people = list(_named(seen, words.each, on)[: MOST_PEOPLE + 1])
    meant = courses.did_you_mean or routes.did_you_mean
    says_so = [
        courses.total and not courses.did_you_mean,
        pathways,
        routes.rows and not routes.did_you_mean,
        people,
    ]
    shows_courses, shows_routes = True, True
    if any(says_so):  # what is only like it is left out
        shows_courses, shows_routes, meant = not courses.did_you_mean, not routes.did_you_mean, ""
    else:
        # Letters may be near to two words: what is meant is the same all over the page.
        shows_routes = routes.did_you_mean == meant
        pathways = list(_pathways_like(words.guessable))
        people = list(_named_like(seen, words.guessable, on)[: MOST_PEOPLE + 1])
    return Found(
        cards=cards_for(list(courses.page)[:MOST_COURSES], reader=reader, now=now) if shows_courses else [],
        courses_in_all=courses.total if shows_courses else 0,
        did_you_mean=meant,
        pathways=pathways[:MOST_PATHWAYS],
        routes=routes.rows[:MOST_ROUTES] if shows_routes else [],
        routes_in_all=len(routes.rows) if shows_routes else 0,
        people=people[:MOST_PEOPLE],
        has_more_people=len(people) > MOST_PEOPLE,
    )


def _pathways(words: list[str]) -> QuerySet[Pathway]:
    """Pathways that say each word in their name or in a role on a rung."""
    pathways = Pathway.objects.all()
    for word in words:
        pathways = pathways.filter(Q(name__icontains=word) | Q(rungs__job_roles__title__icontains=word))
    return pathways.distinct()


def _pathways_like(words: list[str]) -> QuerySet[Pathway]:
    """Pathways that say each word nearly; none where no word is long enough to be a misspelling."""
    pathways = Pathway.objects.all() if words else Pathway.objects.none()
    for word in words:
        pathways = pathways.filter(
            Q(name__trigram_word_similar=word) | Q(rungs__job_roles__title__trigram_word_similar=word)
        )
    return pathways.distinct()


def _seen_people(user: User, on: date) -> QuerySet[Person]:
    """The people whose page under Team opens for this user; never their own, which is My year."""
    if user.person is None:
        return Person.objects.none()
    if user.is_people_team:
        return Person.objects.exclude(pk=user.person.pk)
    return people_decided_by(user.person, on)


def _named(people: QuerySet[Person], words: list[str], on: date) -> QuerySet[Person]:
    """Those with each word in their name, or as their payroll number."""
    for word in words:
        people = people.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(payroll_number__iexact=word)
        )
    return _with_posts(people, on)


def _named_like(people: QuerySet[Person], words: list[str], on: date) -> QuerySet[Person]:
    """Those with a name like each word: "Kowalcyk" for Kowalczyk."""
    if not words:
        return people.none()
    for number, word in enumerate(words):
        like = Greatest(TrigramSimilarity("first_name", word), TrigramSimilarity("last_name", word))
        people = people.alias(**{f"like_{number}": like}).filter(**{f"like_{number}__gte": NAME_LIKE})
    return _with_posts(people, on)


def _with_posts(people: QuerySet[Person], on: date) -> QuerySet[Person]:
    contracts = Contract.objects.in_force(on).filter(person=OuterRef("pk")).order_by(*MAIN_FIRST)
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
