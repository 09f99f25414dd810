"""Whom to ask about somebody: of all who may decide, the nearest and who stands in for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import Q, QuerySet

from staff.models import Contract, Delegation, Responsibility
from staff.queries.deciders import DECIDING_KINDS, LINE_MANAGER, not_left

_Holders: TypeAlias = dict[int, set[int]]


@dataclass(frozen=True, order=True)
class Asked:
    """Who is asked, and whose matter it is: their own, or of the one they stand in for. Keys of people."""

    person_id: int
    for_id: int


def asked_about(people: Collection[int] | QuerySet, on: date) -> dict[int, list[Asked]]:
    """Whom to ask about each of these people who is in contract on that date.

    Every line manager; where there is none, the headteachers; where there is none either, the people team:
    none of them having left, and none about themselves. Who stands in for one of them is asked too, whatever
    they are besides. In order of their keys; an empty list where nobody decides. Three queries at most.
    """
    schools: dict[int, set[int]] = defaultdict(set)
    nearest: _Holders = defaultdict(set)
    contracts = Contract.objects.in_force(on).filter(person__in=people)
    has_manager = Q(line_manager__isnull=False) & not_left(on, "line_manager")
    for pk, school, manager, is_there in contracts.annotate(is_there=has_manager).values_list(
        "person", "school", "line_manager", "is_there"
    ):
        schools[pk].add(school)
        if is_there:
            nearest[pk].add(manager)
    if alone := {pk: at for pk, at in schools.items() if not nearest[pk]}:
        nearest.update(_without_manager(alone, on))
    return _with_stand_ins(nearest, on)


def _without_manager(schools: dict[int, set[int]], on: date) -> _Holders:
    """The heads of the schools, else the people team. One query."""
    held = Responsibility.objects.in_force(on).filter(
        not_left(on, "person"),
        Q(school__in={school for found in schools.values() for school in found}) | Q(school__isnull=True),
        kind__in=[kind for kind in DECIDING_KINDS if kind != LINE_MANAGER],
        hub__isnull=True,
    )
    by_kind: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for holder, kind, school in held.values_list("person", "kind", "school"):
        by_kind[kind].append((holder, school))
    found: _Holders = {}
    for pk, at in schools.items():
        of_kinds = (
            {holder for holder, school in by_kind[kind] if holder != pk and (school is None or school in at)}
            for kind in DECIDING_KINDS
        )
        found[pk] = next((holders for holders in of_kinds if holders), set())
    return found


def _with_stand_ins(holders: _Holders, on: date) -> dict[int, list[Asked]]:
    """One query."""
    lent: dict[int, list[int]] = defaultdict(list)
    for giver, receiver in (
        Delegation.objects.in_force(on)
        .filter(not_left(on, "to_person"), from_person__in=set().union(*holders.values()))
        .values_list("from_person", "to_person")
    ):
        lent[giver].append(receiver)
    return {
        pk: sorted(
            Asked(person, holder) for holder in found for person in (holder, *lent[holder]) if person != pk
        )
        for pk, found in holders.items()
    }
