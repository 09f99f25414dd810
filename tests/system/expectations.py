"""How an expectation of the permission matrix is written down (see tests/system/permission_matrix.py)."""

from __future__ import annotations

from dataclasses import dataclass

NOBODY = "-------L"
NEVER = "--------"  # the same at an address that is open to everybody


@dataclass(frozen=True)
class Row:
    """The answers to GET and POST, one letter a role."""

    get: str = NOBODY
    post: str = NOBODY


@dataclass(frozen=True)
class Entry:
    """What stands for one address: a row for each scope of its thing."""

    thing: str
    scopes: dict[str, Row]


def row(get: str = NOBODY, post: str = NOBODY) -> Row:
    return Row(get, post)


def page(get: str = NOBODY, post: str = NOBODY) -> Entry:
    """An address without parameters."""
    return Entry("", {"": Row(get, post)})


def of(thing: str, **scopes: Row) -> Entry:
    """An address of a thing."""
    return Entry(thing, scopes)


ALL = "yyyyyyyL"  # everybody who is signed in
OPEN = "yyyyyyyy"  # anonymous visitors too
ON = ">>>>>>>>"  # sent on, signed in or not
