"""Careers as arithmetic: where somebody stands on a pathway, what a goal still asks, which ways lead sideways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

SIDEWAYS_SHOWN: Final = 4


class Standing(StrEnum):
    """How one line of a goal's list stands for somebody."""

    IN_PLACE = "in_place"
    UNDER_WAY = "under_way"
    MISSING = "missing"


@dataclass(frozen=True)
class Evidence:
    """What is known of one line and one person. Days are the latest of their kind; None is none.

    `attended` are the days of the different linked courses gone through to the end, `needed` how many
    of them make the line up: with 0 they only prepare for it. `asked_for`: "requested" or "started" where a place or a route is on its way.
    `lasts_months` 0: it never runs out.
    """

    held_on: date | None = None
    on_record: date | None = None
    attended: tuple[date, ...] = ()
    completed_on: date | None = None
    booked_on: date | None = None
    asked_for: str = ""
    needed: int = 1
    lasts_months: int = 0


@dataclass(frozen=True)
class Finding:
    """How a line stands: since when it is in place, why, and when it ran out where it did."""

    standing: Standing
    because: str = ""
    on: date | None = None
    ran_out_on: date | None = None


def finding(evidence: Evidence, on: date) -> Finding:
    """In place by the latest of what is known that still counts on the day; else under way; else missing.

    A record says more than one's own word, so on the same day it goes first (DOMAIN section 6: the gap
    list of a goal; validity as in section 5). A set of courses is in place with the day of its last one.
    """
    known = [
        ("record", evidence.on_record),
        ("attended", _day_of_set(evidence)),
        ("completed", evidence.completed_on),
        ("held", evidence.held_on),
    ]
    days = [(day, because) for because, day in known if day is not None and day <= on]
    latest = max((day for day, _ in days), default=None)
    ends = runs_out_on(latest, evidence.lasts_months) if latest else None
    if latest is not None and (ends is None or ends > on):
        because = next(because for day, because in days if day == latest)
        return Finding(Standing.IN_PLACE, because, latest)
    if evidence.booked_on is not None:
        return Finding(Standing.UNDER_WAY, "booked", evidence.booked_on, ends)
    if evidence.asked_for:
        return Finding(Standing.UNDER_WAY, evidence.asked_for, None, ends)
    return Finding(Standing.MISSING, ran_out_on=ends)


def runs_out_on(day: date, months: int) -> date | None:
    """The first day on which training of that day no longer counts; None where it always does."""
    if not months:
        return None
    ends = day.year * 12 + day.month - 1 + months
    year, month = ends // 12, ends % 12 + 1
    return date(year, month, min(day.day, 28))


def _day_of_set(evidence: Evidence) -> date | None:
    """The day on which enough courses had been gone through, by the latest of each."""
    days = sorted(evidence.attended, reverse=True)
    return days[0] if days and len(days) >= evidence.needed > 0 else None


# The words -----------------------------------------------------------------------------------
def within(title: str) -> str:
    """A title within a sentence: "Cover supervisor" with a small letter, "PA to principal" as it is."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def told_apart(title: str, *, below: Collection[str], needed: Sequence[str]) -> str:
    """The title of a step, where one below has the same with what it asks first: "Finance assistant, with AAT level 3"."""
    return f"{title}, with {within(needed[0])}" if title and title in below and needed else title


# The pathway ---------------------------------------------------------------------------------
def standing_rung(numbers_of_mine: Collection[int]) -> int:
    """The rung somebody stands on: the lowest that has their role; 0 where none has.

    A role that is on two rungs of one pathway, such as communications officer, has a next step then.
    """
    return min(numbers_of_mine, default=0)


@dataclass(frozen=True)
class Asked:
    """One line of a rung as the gap list orders it."""

    key: int
    rung: int
    is_required: bool
    number: int
    words: str


def asked_on_the_way(lines: Iterable[Asked], *, here: int, goal: int) -> list[Asked]:
    """What a goal asks: all of its own rung, and what is needed on the rungs between it and where one stands.

    In the order it is done: rung by rung from below, needed before helpful, then as the table has it.
    The same words twice are asked once, where they come first. A rung at or below one's own has nothing
    in between.
    """
    chosen: dict[str, Asked] = {}
    for line in sorted(lines, key=lambda one: (one.rung, not one.is_required, one.number, one.key)):
        is_between = here < line.rung < goal and line.is_required
        if line.rung == goal or is_between:
            chosen.setdefault(line.words.casefold(), line)
    return list(chosen.values())


def next_missing(standings: Sequence[tuple[bool, Standing]]) -> int | None:
    """Which line to begin with, by index: the first missing one that is needed, else the first missing one.

    `standings` in the order of the list, each with whether it is needed. None where nothing is missing.
    """
    missing = [
        (is_required, index)
        for index, (is_required, standing) in enumerate(standings)
        if standing is Standing.MISSING
    ]
    return next((index for is_required, index in missing if is_required), missing[0][1] if missing else None)


# Sideways ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Place:
    """A rung as far as moves sideways ask: its pathway, its roles and their job families."""

    key: int
    pathway: int
    number: int
    roles: frozenset[int]
    families: frozenset[str]


@dataclass(frozen=True)
class Move:
    """A way from one rung to one of another pathway; `is_same_role`: the same job is on both."""

    to: int
    is_same_role: bool


def sideways(of: Place, places: Iterable[Place]) -> list[Move]:
    """Where a rung leads on other pathways, at most four: one rung of each pathway, same jobs first.

    A rung with one of the same roles is a move that asks for nothing: one stands there already. Where
    a pathway has none, its lowest rung with a role of the same job family is near: the same kind of
    work. Among those the ones nearest in number come first.
    """
    found: dict[int, tuple[bool, int, int]] = {}
    for place in sorted(places, key=lambda one: (one.pathway, one.number)):
        if place.pathway == of.pathway:
            continue
        is_same = not place.roles.isdisjoint(of.roles)
        is_near = not place.families.isdisjoint(of.families)
        known = found.get(place.pathway)
        if is_same and (known is None or not known[0]):
            found[place.pathway] = (True, abs(place.number - of.number), place.key)
        elif is_near and known is None:
            found[place.pathway] = (False, abs(place.number - of.number), place.key)
    ordered = sorted(found.values(), key=lambda one: (not one[0], one[1], one[2]))
    return [Move(key, is_same) for is_same, _, key in ordered[:SIDEWAYS_SHOWN]]
