"""Who may decide about whom, on a date: the one place that every app asks (DESIGN section 3).

A line manager decides about the people of their contracts, a headteacher about everybody who
works at the school, the people team about everybody. Budget holders, CPD leads and school
improvement answer for matters of their own and are asked for by `kinds`. Somebody to whom a
decider has delegated decides in their stead between its two dates, one step and no further.
Nobody decides about themselves, not by delegation either, and a leaver decides about nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from staff.models import Contract, Delegation, Person, Responsibility
from staff.queries.main_contract import MAIN_FIRST

LINE_MANAGER = "line_manager"
DECIDING_KINDS = (LINE_MANAGER, "headteacher", "people_team")
"""Who decides about claims, requests and bookings unless asked for others, nearest first."""

_WORDS = {
    LINE_MANAGER: "line manager",
    "headteacher": "headteacher",
    "budget_holder": "budget holder",
    "cpd_lead": "CPD lead",
    "school_improvement": "school improvement",
    "people_team": "people team",
    "finance": "finance",
}
EVERY_KIND = tuple(_WORDS)
"""Everybody who decides about something of somebody's."""
_ORDER = {kind: place for place, kind in enumerate(_WORDS)}

# person -> the capacities in which somebody decides about them: (kind, whether of the main contract)
_Capacities: TypeAlias = dict[int, dict[int, tuple[int, int]]]


@dataclass(frozen=True)
class Decider:
    """Somebody who may decide about a person, in which capacity and, where delegated, for whom."""

    person: Person
    kind: str
    delegated_from: Person | None = None

    @property
    def capacity(self) -> str:
        """ "line manager", "headteacher", "people team", as it stands in a sentence."""
        return _WORDS[self.kind]

    @property
    def words(self) -> str:
        """ "Ann Ash, line manager", "Ben Box, for Ann Ash (line manager)"."""
        if self.delegated_from is None:
            return f"{self.person}, {self.capacity}"
        return f"{self.person}, for {self.delegated_from} ({self.capacity})"


def not_left(on: date, prefix: str = "pk") -> Q:
    """Filter: not somebody whose contracts are all over on that date.

    Whoever never had a contract (an interim head, an outside adviser) has not left either.
    """
    contracts = Contract.objects.filter(person=OuterRef(prefix))
    return ~Exists(contracts) | Exists(contracts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on)))


def deciders_for(
    person_ids: Iterable[int], on: date, *, kinds: Collection[str] = DECIDING_KINDS
) -> dict[int, list[Decider]]:
    """Everybody who may decide about each of these people on that date, nearest first.

    Line manager (of the main contract first), then headteacher, then people team; right after
    each those to whom they have delegated. A person named twice stands once, in the nearest
    capacity. Every id asked for is a key, with an empty list where nobody decides.
    4 queries however many people.
    """
    wanted = set(person_ids)
    capacities = _capacities(wanted, on, kinds)
    holders = {holder for found in capacities.values() for holder in found}
    delegations: dict[int, list[int]] = defaultdict(list)
    for giver, receiver in (
        Delegation.objects.in_force(on)
        .filter(from_person__in=holders)
        .order_by("pk")
        .values_list("from_person", "to_person")
    ):
        delegations[giver].append(receiver)
    everyone = holders | {receiver for receivers in delegations.values() for receiver in receivers}
    people = {person.pk: person for person in Person.objects.filter(not_left(on), pk__in=everyone)}
    return {pk: _in_order(pk, capacities.get(pk, {}), delegations, people) for pk in wanted}


def first_asked(deciders: Sequence[Decider]) -> list[Decider]:
    """Of these, nearest first, who is written to at once: the nearest, and whoever stands in for them."""
    nearest = deciders[:1]
    return [one for one in deciders if one in nearest or one.delegated_from == nearest[0].person]


def people_decided_by(
    person: Person,
    on: date,
    *,
    kinds: Collection[str] = DECIDING_KINDS,
    failing: Collection[str] = (),
) -> QuerySet[Person]:
    """Everybody about whom this person may decide on that date, by delegation too; never themselves.

    The people team's is everybody, leavers and delegates of partner trusts included. Those of the kinds
    `failing` decide only about people in contract about whom nobody of `kinds` does. Two queries
    when called, one when read; the query set can be filtered and counted as usual.
    """
    reach = _reach(person, on, {*kinds, *failing})
    decided = reach.decided(kinds)
    if reach.holds(failing):
        decided |= reach.decided(failing) & _in_contract(on) & ~_somebody_decides(on, kinds)
    return Person.objects.filter(decided).exclude(pk=person.pk)


def people_nearest_to(person: Person, on: date) -> QuerySet[Person]:
    """Everybody in contract about whom this person is asked, as `nearest.asked_about` has it: they may decide, and
    nobody of a nearer kind does. Queries as `people_decided_by`.
    """
    reach = _reach(person, on, DECIDING_KINDS)
    asked = Q(pk__in=[])
    for place, kind in enumerate(DECIDING_KINDS):
        if reach.holds([kind]):
            asked |= reach.decided([kind]) & ~_somebody_decides(on, DECIDING_KINDS[:place])
    return Person.objects.filter(asked, _in_contract(on)).exclude(pk=person.pk)


def may_decide_about(
    actor: Person | None,
    person: Person,
    on: date,
    *,
    kinds: Collection[str] = DECIDING_KINDS,
    failing: Collection[str] = (),
) -> bool:
    """Whether the actor may decide about the person on that date. Three queries at most."""
    if actor is None or actor.pk == person.pk:
        return False
    return people_decided_by(actor, on, kinds=kinds, failing=failing).filter(pk=person.pk).exists()


def decides_about_anyone(person: Person | None, on: date) -> bool:
    """Whether there is anybody this person may decide about: whether a page Team makes sense."""
    return person is not None and people_decided_by(person, on).exists()


def actors_of(person: Person, on: date) -> list[int]:
    """The person and everybody who has delegated to them on that date; nobody if the person has left. One query."""
    given = Delegation.objects.in_force(on).filter(not_left(on, "from_person"), to_person=person)
    own = Person.objects.filter(not_left(on), pk=person.pk)
    return list(own.values_list("pk").union(given.values_list("from_person")).values_list("pk", flat=True))


@dataclass(frozen=True)
class _Reach:
    """As what a person and those they stand in for decide: (actor, kind) to the schools, None for the trust."""

    actors: Sequence[int]
    on: date
    held: Mapping[tuple[int, str], set[int | None]]

    def holds(self, kinds: Collection[str]) -> bool:
        """Whether they may decide about anybody in one of these capacities, as far as is known without asking."""
        return bool(self.actors) and (LINE_MANAGER in kinds or any(kind in kinds for _, kind in self.held))

    def decided(self, kinds: Collection[str]) -> Q:
        """Filter on people: those about whom they decide in one of these capacities."""
        live = Contract.objects.in_force(self.on).filter(person=OuterRef("pk"))
        decided = Q(pk__in=[])
        for actor in self.actors:
            held = [
                schools for (holder, kind), schools in self.held.items() if holder == actor and kind in kinds
            ]
            schools = {school for found in held for school in found}
            mine = Q(pk__in=[])
            if LINE_MANAGER in kinds:
                mine |= Q(Exists(live.filter(line_manager=actor)))
            if None in schools:
                mine = Q()
            elif schools:
                mine |= Q(Exists(live.filter(school__in=schools)))
            decided |= mine & ~Q(pk=actor)
        return decided


def _reach(person: Person, on: date, kinds: Collection[str]) -> _Reach:
    """Two queries."""
    actors = actors_of(person, on)
    rows = Responsibility.objects.in_force(on).filter(
        person__in=actors, kind__in=[kind for kind in kinds if kind in _WORDS], hub__isnull=True
    )
    held: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    for holder, kind, school in rows.values_list("person", "kind", "school"):
        held[holder, kind].add(school)
    return _Reach(actors, on, held)


def _in_contract(on: date) -> Q:
    return Q(Exists(Contract.objects.in_force(on).filter(person=OuterRef("pk"))))


def _somebody_decides(on: date, kinds: Collection[str]) -> Q:
    """Filter on people: those about whom somebody else who has not left decides in one of these capacities."""
    live = Contract.objects.in_force(on).filter(person=OuterRef("pk"))
    somebody = Q(pk__in=[])
    if LINE_MANAGER in kinds:
        somebody |= Q(Exists(live.filter(not_left(on, "line_manager"), line_manager__isnull=False)))
    if others := [kind for kind in kinds if kind in _WORDS and kind != LINE_MANAGER]:
        held = Responsibility.objects.in_force(on).filter(
            not_left(on, "person"), kind__in=others, hub__isnull=True
        )
        at_school = held.filter(~Q(person=OuterRef("person")), school=OuterRef("school"))
        of_the_trust = held.filter(~Q(person=OuterRef("pk")), school__isnull=True)
        somebody |= Q(Exists(live.filter(Exists(at_school)))) | Q(Exists(of_the_trust))
    return somebody


def _capacities(wanted: set[int], on: date, kinds: Collection[str]) -> _Capacities:
    """For each person, who decides and how near: the place of the kind, then main contract first. 2 queries."""
    found: _Capacities = {pk: {} for pk in wanted}
    at_school: dict[int, set[int]] = defaultdict(set)

    def note(pk: int, holder: int | None, kind: str, rank: int = 0) -> None:
        if holder is not None and holder != pk:
            near = (_ORDER[kind], rank)
            found[pk][holder] = min(near, found[pk].get(holder, near))

    contracts = Contract.objects.in_force(on).filter(person__in=wanted)
    main_first = contracts.order_by(*MAIN_FIRST).values_list("person", "school", "line_manager")
    for rank, (pk, school, manager) in enumerate(main_first):
        at_school[school].add(pk)
        if LINE_MANAGER in kinds:
            note(pk, manager, LINE_MANAGER, rank)
    held = Responsibility.objects.in_force(on).filter(
        Q(school__in=at_school) | Q(school__isnull=True, hub__isnull=True),
        kind__in=[kind for kind in kinds if kind in _WORDS],
    )
    for holder, kind, school in held.values_list("person", "kind", "school"):
        for pk in wanted if school is None else at_school[school]:
            note(pk, holder, kind)
    return found


def _in_order(
    pk: int,
    capacities: Mapping[int, tuple[int, int]],
    delegations: Mapping[int, list[int]],
    people: dict[int, Person],
) -> list[Decider]:
    """The deciders about one person, nearest first, each at most once and never the person."""
    kinds = list(_ORDER)
    deciders: dict[int, Decider] = {}
    near = sorted(capacities.items(), key=lambda item: (item[1], item[0]))
    for holder, (place, _) in near:
        if holder not in people:
            continue
        deciders.setdefault(holder, Decider(people[holder], kinds[place]))
        for receiver in delegations.get(holder, ()):
            is_nearer = capacities.get(receiver, capacities[holder]) < capacities[holder]
            if receiver != pk and receiver in people and not is_nearer:
                deciders.setdefault(receiver, Decider(people[receiver], kinds[place], people[holder]))
    return list(deciders.values())
