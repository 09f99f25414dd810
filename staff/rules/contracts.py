"""Decisions about people and contracts as arithmetic: no database, no clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

FOR_EVER = date.max
Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True)
class Managed:
    """Somebody's contract with a line manager, over its days; `key` says which contract."""

    key: Hashable
    person: str
    manager: str
    starts_on: date
    ends_on: date | None

    def is_in_force(self, on: date) -> bool:
        return self.starts_on <= on <= (self.ends_on or FOR_EVER)


@dataclass(frozen=True)
class MainContract:
    """A contract marked as main; `is_in_file` where the file at hand says so."""

    key: str
    starts_on: date
    ends_on: date | None
    is_in_file: bool = True


def overlapping_mains(contracts: Iterable[MainContract]) -> list[tuple[MainContract, MainContract]]:
    """Pairs of one person's main contracts in force on one day (R6), the earlier first.

    Each contract is held against the one before it that lasts longest: as many pairs as there are
    contracts too many, not every combination.
    """
    pairs = []
    longest: MainContract | None = None
    for contract in sorted(contracts, key=lambda one: (one.starts_on, one.key)):
        if longest is not None and contract.starts_on <= (longest.ends_on or FOR_EVER):
            pairs.append((longest, contract))
        if longest is None or (contract.ends_on or FOR_EVER) > (longest.ends_on or FOR_EVER):
            longest = contract
    return pairs


def circles(managed: Sequence[Managed]) -> set[Hashable]:
    """The contracts that close a circle of managers on some day: each manages the next, back to the first.

    A circle in time needs a day on which all its contracts are in force; the latest of their
    starts is one. So only circles without dates are looked at again, on each of their starts.
    """
    found: set[Hashable] = set()
    for group in _groups(managed):
        for day in {one.starts_on for one in group}:
            for circle in _groups([one for one in group if one.is_in_force(day)]):
                found.update(one.key for one in circle)
    return found


def _groups(managed: Sequence[Managed]) -> list[list[Managed]]:
    """The contracts whose person and manager can reach each other, grouped (strongly connected parts)."""
    edges: dict[str, set[str]] = defaultdict(set)
    for one in managed:
        edges[one.person].add(one.manager)
    part_of = {node: index for index, part in enumerate(_strong_parts(edges)) for node in part}
    groups: dict[int, list[Managed]] = defaultdict(list)
    for one in managed:
        if part_of[one.person] == part_of.get(one.manager):
            groups[part_of[one.person]].append(one)
    return list(groups.values())


def _strong_parts(edges: dict[Node, set[Node]]) -> list[list[Node]]:
    """Tarjan's strongly connected components, without recursion: a chain of managers may be long."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    on_stack: set[Node] = set()
    stack: list[Node] = []
    parts: list[list[Node]] = []
    for root, first in edges.items():
        if root in index:
            continue
        work = [(root, iter(first))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(edges.get(other, ()))))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part: list[Node] = []
                    while not part or part[-1] != node:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                    parts.append(part)
    return parts
