"""Every address of the portal, read from the URLconf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern


@dataclass(frozen=True)
class Address:
    """One pattern: `key` is its namespaced name, or its route where it has none."""

    key: str
    route: str
    view: Any
    is_named: bool

    @property
    def is_admin(self) -> bool:
        return self.route.startswith("admin/")


def addresses() -> list[Address]:
    """All patterns in their order; of two with the same key the first, which is the one that answers."""
    found: dict[str, Address] = {}
    for address in _walk(get_resolver().url_patterns, "", ""):
        found.setdefault(address.key, address)
    return list(found.values())


def _walk(patterns: list[Any], route: str, namespace: str) -> Iterator[Address]:
    for entry in patterns:
        if isinstance(entry.pattern, LocalePrefixPattern):
            raise NotImplementedError("addresses by language")
        here = route + str(entry.pattern).lstrip("^")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, here, inner)
        elif isinstance(entry, URLPattern):
            yield Address(
                f"{namespace}{entry.name}" if entry.name else here, here, entry.callback, bool(entry.name)
            )
