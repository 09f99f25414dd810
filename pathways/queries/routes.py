"""The catalogue of funded routes: finding one, and what its page says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Upper

from courses.queries.searching import Words, meant, respelt, words_of
from pathways.models import Route, RouteRequest
from pathways.queries.requests import my_requests
from pathways.queries.requests_papers import NEEDED, signature_words
from pathways.rules.funding import (
    RouteFacts,
    ages_words,
    funding_short,
    least_hours,
    what_is_refused,
    who_pays,
)
from pathways.rules.requests import OVER
from staff.models import Person
from staff.wording import counted

_OVER: Final = tuple(state.value for state in OVER)


@dataclass(frozen=True)
class RouteChoice:
    """What the reader narrows the catalogue by; empty for no matter which."""

    q: str = ""
    kind: str = ""
    level: int | None = None
    family: str = ""
    funding: str = ""


@dataclass(frozen=True)
class RouteRow:
    """One route in the list; `is_near` where it is of the reader's own job family."""

    route: Route
    what: str
    funding: str
    is_refused: bool
    is_near: bool = False


@dataclass(frozen=True)
class FoundRoutes:
    """The routes that fit, and what was meant where nothing is spelt as it was typed."""

    rows: list[RouteRow]
    did_you_mean: str = ""


@dataclass(frozen=True)
class RoutePage:
    """What the page of one route says; `alternatives` are routes of the catalogue."""

    route: Route
    what: str
    facts: list[dict[str, str]]
    pays: list[str]
    refused: list[str]
    alternatives: list[Route]
    signs: list[str]
    mine: RouteRequest | None = None


def facts_of_route(route: Route, alternatives: tuple[str, ...] = ()) -> RouteFacts:
    """A route as the funding rules know it. No query."""
    return RouteFacts(
        kind=route.kind,
        title=route.title,
        status=route.funding_status,
        words=route.funding_words,
        last_start_on=route.last_funded_start_on,
        youngest=route.youngest_age,
        oldest=route.oldest_age,
        typical_months=route.typical_months,
        least_hours=route.off_job_hours,
        most_pence=route.max_funding_pence,
        fee_pence=route.fee_pence,
        alternatives=alternatives,
        other_ways=route.alternative_words,
    )


def find_routes(choice: RouteChoice, families: Collection[str] = ()) -> FoundRoutes:
    """The open routes that fit, by kind, job family, level and title; with words, the nearest first.

    Without words or a job family chosen, those of the reader's own `families` come before all others.
    A word may be the beginning of a word of title, code, job family or kind. Where nothing is spelt so, the
    titles that say each word nearly, as the catalogue of courses does. One query; a second look takes two, a
    third two more.
    """
    routes = Route.objects.filter(is_open=True)
    for name, value in (
        ("kind", choice.kind),
        ("level", choice.level),
        ("job_family", choice.family),
        ("funding_status", choice.funding),
    ):
        if value:
            routes = routes.filter(**{name: value})
    words = words_of(choice.q)
    rows = list(_exactly(routes, words))
    did_you_mean = ""
    if not rows and words.guessable:
        rows = list(_nearly(routes, words))
        did_you_mean = meant(words, [route.title for route in rows])
        rows = rows if did_you_mean else []
        # Letters that changed places share hardly a trigram: buisness, coahcing.
        if not rows and (guess := respelt(words, routes.values_list("title", flat=True))):
            rows, did_you_mean = list(_exactly(routes, guess)), guess.text
    near = () if choice.q or choice.family else families
    found = [_row(route, is_near=route.job_family in near) for route in rows]
    return FoundRoutes(sorted(found, key=lambda row: not row.is_near), did_you_mean)


def route_families() -> list[str]:
    """The job families of open routes. One query."""
    rows = Route.objects.filter(is_open=True).exclude(job_family="").order_by("job_family")
    return list(rows.values_list("job_family", flat=True).distinct())


def route_page(route: Route, person: Person | None) -> RoutePage:
    """Everything the page of a route says to this reader. Two queries."""
    alternatives = list(route.alternatives.filter(is_open=True))
    facts = facts_of_route(route)
    mine = my_requests(person).filter(route=route).exclude(state__in=_OVER).first() if person else None
    return RoutePage(
        route=route,
        what=what_words(route),
        facts=_facts(route, facts),
        pays=who_pays(facts),
        refused=what_is_refused(facts),
        alternatives=alternatives,
        signs=[signature_words(document, party) for document, party in NEEDED.get(route.kind, ())],
        mine=mine,
    )


def what_words(route: Route) -> str:
    """ "Level 3 apprenticeship, Classroom support"."""
    kind = route.get_kind_display()
    words = (
        f"Level {route.level} {kind if route.kind in ('npq', 'masters') else kind.lower()}"
        if route.level
        else kind
    )
    return f"{words}, {route.job_family}" if route.job_family else words


def _row(route: Route, *, is_near: bool) -> RouteRow:
    facts = facts_of_route(route)
    is_refused = route.funding_status == "withdrawn"
    return RouteRow(route, what_words(route), funding_short(facts), is_refused, is_near)


def _exactly(routes: QuerySet[Route], words: Words) -> QuerySet[Route]:
    for word in words.each:
        kinds = [key for key, label in Route.Kind.choices if word in label.lower()]
        begins = rf"\m{word}"
        routes = routes.filter(
            Q(title__iregex=begins)
            | Q(code__istartswith=word)
            | Q(job_family__iregex=begins)
            | Q(summary__iregex=begins)
            | Q(kind__in=kinds)
        )
    return routes


def _nearly(routes: QuerySet[Route], words: Words) -> QuerySet[Route]:
    routes = routes.alias(upper_title=Upper("title"))
    rank: Combinable = Cast(Value(0), FloatField())
    for word in words.guessable:
        routes = routes.filter(
            Q(upper_title__trigram_word_similar=word.upper()) | Q(title__iregex=rf"\m{word}")
        )
        rank = rank + TrigramWordSimilarity(word, "title")
    return routes.annotate(rank=rank).order_by("-rank", "title", "pk")


def _facts(route: Route, facts: RouteFacts) -> list[dict[str, str]]:
    ages, hours = ages_words(facts), least_hours(facts)
    rows: list[tuple[str, object]] = [
        ("For whom", f"{route.job_family}, and anybody whose work it fits" if route.job_family else None),
        ("Ages", ages),
        ("Takes about", counted(route.typical_months, "month") if route.typical_months else None),
        (
            "Then assessment",
            f"about {counted(route.assessment_months, 'month')}" if route.assessment_months else None,
        ),
        ("Off-the-job training", f"at least {hours} hours, in paid time" if hours else None),
        ("Credits", route.credits),
        ("Code", route.code if route.kind == Route.Kind.APPRENTICESHIP else None),
    ]
    return [{"words": words, "value": str(value)} for words, value in rows if value]
