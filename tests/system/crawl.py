"""Who gets which answer at every address, and what each answer says to the browser: one crawl of the URLconf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from tests.system.addresses import Address, addresses
from tests.system.answers import FRAMED, faults, first_headings, inline
from tests.system.expectations import Entry, Row
from tests.system.world import ROLES, World

SIGN_IN = "/accounts/login/"
FORM = "application/x-www-form-urlencoded"
LET_IN = "y>"
NO_PAGES = FRAMED | {"courses:manage-reach"}  # a mail as it arrives, and a part that is never a page

Chosen = list[str]
Choose = Callable[[int, str], Chosen]
"""The roles that ask at the nth row, of the letters stated for all of them."""


def everyone(number: int, letters: str) -> Chosen:
    """All roles."""
    return list(ROLES)


def refused_and_one_let_in(number: int, letters: str) -> Chosen:
    """Everyone who is refused, and of those who are let in one in turn."""
    let_in = [role for role, letter in zip(ROLES, letters, strict=True) if letter in LET_IN]
    turn = let_in[number % len(let_in)] if let_in else ""
    return [role for role in ROLES if role == turn or role not in let_in]


def at_the_admins_one_door(number: int, letters: str) -> Chosen:
    """The people team, someone anonymous, and in turn two of the six whom the admin lets in nowhere."""
    others = [role for role in ROLES if role not in ("people", "anonymous")]
    # Six addresses a model: else each would be asked by the same two at every model.
    turn = number + number // 6
    asked = {others[turn % 6], others[(turn + 3) % 6], "people", "anonymous"}
    return [role for role in ROLES if role in asked]


@dataclass(frozen=True)
class Visit:
    """One request and its answer."""

    key: str
    scope: str
    role: str
    method: str
    stated: str
    response: HttpResponse
    is_part: bool = False

    def faults(self, *, is_admin: bool) -> list[str]:
        """What is not as it is stated, or as every answer has to be."""
        got = letter(self.response, self.method, self.role)
        if got != self.stated:
            return [f"stated {self.stated}, got {got}"]
        if self.method == "POST" and self.key in FRAMED:
            return []  # refused as the frame that it is
        found = faults(self.key, self.response, is_admin=is_admin)
        if is_admin or self.method == "POST":
            return found
        found += inline(self.key, self.response)
        if self.is_whole_page:
            found += first_headings(self.key, self.response)
        return found

    @property
    def is_whole_page(self) -> bool:
        kind = self.response.headers.get("Content-Type", "")
        is_page = self.response.status_code == 200 and kind.startswith("text/html")
        return is_page and not self.is_part and self.key not in NO_PAGES

    def __str__(self) -> str:
        part = " as a part" if self.is_part else ""
        return f"{self.method} {self.key} {self.scope} as {self.role}{part}"


def crawl(world: World, table: dict[str, Entry], choose: Choose) -> Iterator[Visit]:
    """Ask at every address of a table; one who is let in asks for the htmx part as well."""
    named = {address.key: address for address in addresses()}
    number = 0
    for key, entry in table.items():
        for scope, row in entry.scopes.items():
            for method in ("GET", "POST"):
                letters = whole_row(row, method)
                roles = (
                    choose(number, letters) if len(stated_row(row, method)) > 2 else ["staff", "anonymous"]
                )
                number += 1
                asked_for_part = method == "POST"
                for role in roles:
                    stated = letters[list(ROLES).index(role)]
                    path = path_of(world, named[key], entry.thing, role, scope)
                    yield Visit(key, scope, role, method, stated, ask(world, role, method, path))
                    if stated == "y" and not asked_for_part:
                        asked_for_part = True
                        part = ask(world, role, method, path, **{"HX-Request": "true"})
                        yield Visit(key, scope, role, method, stated, part, is_part=True)


def stated_row(row: Row, method: str) -> str:
    """The letters of a method; a POST that is sent on counts as let in."""
    return row.get if method == "GET" else row.post.replace(">", "y")


def whole_row(row: Row, method: str) -> str:
    """A letter for each role: where two are stated, the first stands for everyone who is signed in."""
    letters = stated_row(row, method)
    return letters if len(letters) == len(ROLES) else letters[0] * (len(ROLES) - 1) + letters[1]


def differences(
    world: World, table: dict[str, Entry], choose: Choose, *, is_admin: bool = False
) -> list[str]:
    """A line for each answer that is not as it has to be."""
    return [
        f"{visit}: {found}"
        for visit in crawl(world, table, choose)
        if (found := "; ".join(visit.faults(is_admin=is_admin)))
    ]


def letter(response: HttpResponse, method: str, role: str) -> str:
    """The answer as the table writes it."""
    status = response.status_code
    to = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    if to:
        path = urlsplit(to).path
        if path == "/admin/login/":
            return (
                "L" if role == "anonymous" else "x"
            )  # the admin's way to say it: by its sign-in page to a 403
        return "L" if path == SIGN_IN else ">" if method == "GET" else "y"
    return {200: "y", 204: "y", 400: "y", 422: "y", 401: "x", 403: "x", 404: "n", 405: "-"}.get(
        status, str(status)
    )


def ask(world: World, role: str, method: str, path: str, form: str = "", **headers: str) -> HttpResponse:
    """One request over HTTPS, of which nothing remains."""
    client = world.clients[role]
    kept = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(method, path, form, FORM, headers=headers, secure=True)
        transaction.set_rollback(True)
    if response.streaming:
        b"".join(response.streaming_content)  # to its end, which closes the file
    client.cookies = kept
    return response


def path_of(world: World, address: Address, thing: str, role: str, scope: str) -> str:
    """The address of this thing, seen from this role."""
    kwargs: dict[str, Any] = world.kwargs(thing, role, scope) if thing else {}
    return reverse(address.key, kwargs=kwargs) if address.is_named else f"/{address.route}"
