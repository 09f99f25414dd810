"""Coaching as arithmetic: who fits whom, in words; when supervision is due; figures of the culture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pathways.rules.suppression import hidden_in_list

LOWEST, HIGHEST = 10, 180
FEWEST, MOST = 4, 6
"""Meetings of one agreement (DOMAIN section 6)."""
SUPERVISION_EVERY: Final = timedelta(days=120)
TRAINED: Final = frozenset({"ilm3", "ilm5", "ilm7", "instructional"})
_TRAINING_POINTS: Final = {"none": 0, "introduced": 1, "ilm3": 2, "ilm5": 3, "ilm7": 3, "instructional": 2}
NOT_IN_LINE: Final = "A coach is never your line manager, nor somebody you manage."
_TOPIC, _APPROACH, _PHASE, _AWAY, _FREE = 5, 3, 2, 1, 1
NO_PLACE_FREE = "This coach has no place free at the moment."
AWAY_FROM_YOUR_LINE = "Works at another school, outside your line"


def reason_trained(training_words: str) -> str:
    """Why a trained coach fits."""
    return f"Trained: {training_words}"


def reason_topic(topic_words: str) -> str:
    """Why a coach who works on the topic asked for fits."""
    return f"Coaches on “{topic_words}”"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What matching knows of a coach. `taken`: coachees asked for or under way."""

    person_id: int
    school_ids: frozenset[int]
    training: str
    training_words: str
    topics: frozenset[str]
    approaches: frozenset[str]
    phases: frozenset[str]
    capacity: int
    taken: int
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What matching knows of who looks for a coach. `line`: everybody above and below in the line."""

    person_id: int
    topic: str
    topic_words: str
    approach: str
    approach_words: str
    phase: str
    school_ids: frozenset[int]
    line: frozenset[int]
    live_with: frozenset[int]


@dataclass(frozen=True)
class Match:
    """A coach who fits, how well (points), and why in words."""

    person_id: int
    score: int
    reasons: tuple[str, ...]


def why_never(wish: Wish, offer: Offer) -> str:
    """Why this coach cannot coach them, in words; empty where they can."""
    if offer.person_id == wish.person_id:
        return "Nobody is their own coach."
    if offer.person_id in wish.line:
        return NOT_IN_LINE
    if offer.person_id in wish.live_with:
        return "You have asked this coach, or work together already."
    if not offer.is_open:
        return "This coach takes nobody new at the moment."
    if offer.taken >= offer.capacity:
        return NO_PLACE_FREE
    return ""


def match(wish: Wish, offer: Offer) -> Match | None:
    """The score of one coach and the reasons; None where they can never work together."""
    if why_never(wish, offer):
        return None
    score, reasons = 0, []
    if wish.topic in offer.topics:
        score += _TOPIC
        reasons.append(reason_topic(wish.topic_words))
    if wish.approach and wish.approach in offer.approaches:
        score += _APPROACH
        reasons.append(f"Works with {wish.approach_words}")
    if wish.phase and wish.phase in offer.phases:
        score += _PHASE
        reasons.append(f"Knows {wish.phase} work")
    if points := _TRAINING_POINTS[offer.training]:
        score += points
        reasons.append(reason_trained(offer.training_words))
    if wish.school_ids.isdisjoint(offer.school_ids):
        score += _AWAY
        reasons.append(AWAY_FROM_YOUR_LINE)
    free = offer.capacity - offer.taken
    score += _FREE if free > 1 else 0
    reasons.append("1 place free" if free == 1 else f"{free} places free")
    return Match(offer.person_id, score, tuple(reasons))


def best(wish: Wish, offers: Iterable[Offer], *, limit: int = 6) -> list[Match]:
    """The coaches who fit best, the highest score first; those for the topic before all others."""
    offers = list(offers)
    topical = {offer.person_id for offer in offers if wish.topic in offer.topics}
    found = [one for offer in offers if (one := match(wish, offer)) is not None]
    return sorted(found, key=lambda one: (one.person_id not in topical, -one.score, one.person_id))[:limit]


def supervision_state(due_on: date | None, on: date) -> str:
    """A word of `bwt_cpd.states`: overdue, due within 30 days, up_to_date; due where there never was any."""
    if due_on is None:
        return "due"
    if due_on < on:
        return "overdue"
    return "due" if due_on <= on + timedelta(days=30) else "up_to_date"


@dataclass(frozen=True)
class Group:
    """People of one school or staff group, as the figures need them. All whole numbers of people."""

    name: str
    staff: int
    coaches: int
    coached: int


@dataclass(frozen=True)
class Figure:
    """What may be shown of a group; None where it could point at somebody."""

    name: str
    staff: int | None
    coaches: int | None
    per_100: float | None
    coached: int | None
    coverage: int | None


def figures(groups: list[Group]) -> tuple[list[Figure], Figure]:
    """Trained coaches per 100 staff and the share who are coached or coach, by group and all together.

    A number of coaches or coached of fewer than 5 is hidden, and as many others as it takes that no total
    gives it away (pathways.rules.suppression).
    """
    coaches, no_coaches = hidden_in_list([group.coaches for group in groups])
    coached, no_coached = hidden_in_list([group.coached for group in groups])
    staff, no_staff = hidden_in_list([group.staff for group in groups])
    rows = [
        _figure(group, place not in staff, place not in coaches, place not in coached)
        for place, group in enumerate(groups)
    ]
    together = Group(
        "All together",
        sum(group.staff for group in groups),
        sum(group.coaches for group in groups),
        sum(group.coached for group in groups),
    )
    return rows, _figure(together, not no_staff, not no_coaches, not no_coached)


def median(values: Iterable[int]) -> int | None:
    """The middle one of whole numbers, of two the lower; None of none."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def _figure(group: Group, has_staff: bool, has_coaches: bool, has_coached: bool) -> Figure:
    staff = group.staff if has_staff else None
    coaches = group.coaches if has_coaches and has_staff else None
    coached = group.coached if has_coached and has_staff else None
    return Figure(
        group.name,
        staff,
        coaches,
        round(100 * coaches / group.staff, 1) if coaches is not None and group.staff else None,
        coached,
        round(100 * coached / group.staff) if coached is not None and group.staff else None,
    )
