"""Ratings of one person, for themselves, their manager and the moderators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from pathways.models import NeedsCycle, NeedsLevel, NeedsRating
from pathways.rules.needs import (
    LEVEL_WORDS,
    Stage,
    gap_of,
    is_need,
    may_be_agreed,
    needs_conversation,
    priority_of,
    stage_of,
)
from staff.models import Person
from staff.wording import date_words


def levels_in_words() -> dict[int, tuple[str, str]]:
    """What each level is called and what it means, as the people team has worded it. One query."""
    worded = NeedsLevel.objects.values_list("level", "words", "about")
    return LEVEL_WORDS | {level: (words, about) for level, words, about in worded}


@dataclass(frozen=True)
class Line:
    """One competency of one person: their own view, the manager's, and what both agreed. Never averaged."""

    rating: NeedsRating
    is_trust_priority: bool = False
    levels: Mapping[int, tuple[str, str]] = field(default_factory=lambda: LEVEL_WORDS)

    def _words(self, level: int | None) -> str:
        return "" if level is None else self.levels[level][0]

    @property
    def title(self) -> str:
        """What it is about."""
        return self.rating.competency.title

    @property
    def asked(self) -> str:
        """The level that the role asks for."""
        return self._words(self.rating.required_level)

    @property
    def self_said(self) -> str:
        """What the colleague says."""
        return self._words(self.rating.self_level)

    @property
    def manager_said(self) -> str:
        """What the manager says."""
        return self._words(self.rating.manager_level)

    @property
    def agreed(self) -> str:
        """What both agreed."""
        return self._words(self.rating.agreed_level)

    @property
    def is_agreed(self) -> bool:
        """Whether there is an agreed level."""
        return self.rating.agreed_level is not None

    @property
    def is_rated(self) -> bool:
        """Whether both have said something."""
        return self.rating.self_level is not None and self.rating.manager_level is not None

    @property
    def needs_conversation(self) -> bool:
        """Two levels apart or more, and no date of a conversation yet."""
        far = needs_conversation(self.rating.self_level, self.rating.manager_level)
        return far and self.rating.conversation_on is None

    @property
    def may_be_agreed(self) -> bool:
        """Whether an agreed level can be set now."""
        talked = self.rating.conversation_on is not None
        return may_be_agreed(self.rating.self_level, self.rating.manager_level, is_talked_over=talked)

    @property
    def gap(self) -> int:
        """Levels to go; 0 before anything is agreed."""
        if self.rating.agreed_level is None:
            return 0
        return gap_of(self.rating.required_level, self.rating.agreed_level)

    @property
    def is_need(self) -> bool:
        """Whether it comes into the plan."""
        return self.is_agreed and is_need(self.gap, is_asked_for=self.rating.is_asked_for)

    @property
    def priority(self) -> int:
        """The sum of DOMAIN section 6."""
        return priority_of(
            self.gap,
            self.rating.weight,
            is_safety=self.rating.competency.is_safety,
            is_trust_priority=self.is_trust_priority,
            is_asked_for=self.rating.is_asked_for,
        )

    @property
    def why(self) -> str:
        """ "2 levels to go, matters much in this role, keeps people safe, you asked for it"."""
        gap = self.gap
        parts = [f"{gap} level{'s' if gap > 1 else ''} to go" if gap else "The level is met"]
        if gap and self.rating.weight > 1:
            parts.append("matters much in this role" if self.rating.weight == 3 else "matters in this role")
        if self.rating.competency.is_safety:
            parts.append("keeps people safe")
        if self.is_trust_priority:
            parts.append("a priority of the trust")
        if self.rating.is_asked_for:
            parts.append("help was asked for")
        return ", ".join(parts)


class _Counted:
    """Lines and how far they have come."""

    lines: list[Line]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.lines)

    @property
    def self_rated(self) -> int:
        """How many the colleague has rated."""
        return sum(line.rating.self_level is not None for line in self.lines)

    @property
    def agreed(self) -> int:
        """How many are agreed."""
        return sum(line.is_agreed for line in self.lines)


@dataclass(frozen=True)
class Section(_Counted):
    """The lines of one domain, which the page folds together."""

    name: str
    lines: list[Line]

    @property
    def is_rated(self) -> bool:
        """Whether the colleague has rated all of it."""
        return self.self_rated == self.total

    @property
    def is_settled(self) -> bool:
        """Whether everything is agreed."""
        return self.agreed == self.total


@dataclass(frozen=True)
class Sheet(_Counted):
    """The whole list of one person in one cycle, by domain."""

    cycle: NeedsCycle
    lines: list[Line]
    stage: Stage
    levels: Mapping[int, tuple[str, str]] = field(default_factory=lambda: LEVEL_WORDS)

    @property
    def sections(self) -> list[Section]:
        """Lines under their domains."""
        return [Section(name, list(found)) for name, found in groupby(self.lines, _domain)]

    @property
    def is_open(self) -> bool:
        """Whether people and managers may rate today."""
        return self.stage == Stage.OPEN

    @property
    def in_moderation(self) -> bool:
        """Whether only moderators may still change something."""
        return self.stage == Stage.MODERATION

    @property
    def manager_rated(self) -> int:
        """How many the manager has rated."""
        return sum(line.rating.manager_level is not None for line in self.lines)

    @property
    def to_talk_over(self) -> list[Line]:
        """Where the two are far apart and have not talked."""
        return [line for line in self.lines if line.needs_conversation]

    @property
    def needs(self) -> list[Line]:
        """What comes into the plan, most pressing first."""
        return by_priority(self.lines)

    @property
    def dates(self) -> str:
        """The dates of the cycle in words."""
        cycle = self.cycle
        if self.stage == Stage.OPEN:
            return (
                f"Open until {date_words(cycle.closes_on)}. Levels are checked across schools until "
                f"{date_words(cycle.moderated_on)}, the plan is made by {date_words(cycle.planned_on)}."
            )
        if self.stage == Stage.MODERATION:
            return (
                f"Closed on {date_words(cycle.closes_on)}. Levels are being checked across schools until "
                f"{date_words(cycle.moderated_on)}."
            )
        return f"Closed on {date_words(cycle.closes_on)}. Nothing changes in it any more."


def by_priority(lines: Iterable[Line]) -> list[Line]:
    """The lines that are needs, most pressing first; then by title, so that the order stays."""
    return sorted((line for line in lines if line.is_need), key=lambda line: (-line.priority, line.title))


def _domain(line: Line) -> str:
    return line.rating.competency.domain


def open_first(on: date) -> list[str | OrderBy]:
    """How cycles are ordered where one has to be chosen: those open on the day, then the newest."""
    is_open = Case(
        When(Q(opens_on__lte=on, closes_on__gte=on), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return [is_open.desc(), "-opens_on", "-pk"]


def cycle_of(person: Person, on: date, wanted: str = "") -> NeedsCycle | None:
    """The cycle somebody is in: `wanted` (its pk) if they are in that, else an open one, else their newest.

    One query.
    """
    mine = NeedsCycle.objects.filter(
        opens_on__lte=on, pk__in=NeedsRating.objects.filter(person=person).values("cycle")
    )
    asked = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
    is_wanted = Case(When(pk=asked, then=Value(0)), default=Value(1))
    return mine.order_by(is_wanted, *open_first(on)).first()


def sheet_of(person: Person, cycle: NeedsCycle, on: date) -> Sheet:
    """Everything about one person in one cycle. Three queries."""
    levels = levels_in_words()
    priorities = set(cycle.priorities.values_list("pk", flat=True))
    lines = [Line(rating, rating.competency_id in priorities, levels) for rating in _ratings(person, cycle)]
    stage = stage_of(cycle.opens_on, cycle.closes_on, cycle.moderated_on, on)
    return Sheet(cycle, lines, stage, levels)


def _ratings(person: Person, cycle: NeedsCycle) -> QuerySet[NeedsRating]:
    return (
        NeedsRating.objects.filter(person=person, cycle=cycle)
        .select_related("competency", "manager")
        .order_by("competency__domain", "competency__code")
    )
