"""Every address × role × whose object × method gives the stated answer (RELIABILITY row 12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from staff.models import Message
from tests.system.addresses import Address, addresses
from tests.system.expectations import Entry
from tests.system.permission_matrix import TABLES
from tests.system.permission_matrix_admin import ADMIN, MODELS
from tests.system.world import ROLES, World

ALL_TABLES = TABLES | {"admin": ADMIN}
SIGN_IN = "/accounts/login/"


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    # The number beside Inbox on each of two thousand pages takes half their time and is nobody's right.
    monkeypatch.setattr("bwt_cpd.context_processors.count_waiting", lambda *args, **kwargs: 0)
    return World(request.getfixturevalue)


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


def ask(world: World, role: str, method: str, path: str, form: str = "", **headers: str) -> str:
    """One request, of which nothing remains."""
    client = world.clients[role]
    kept = client.cookies.copy()
    with transaction.atomic():
        response = client.generic(method, path, form, FORM, headers=headers)
        transaction.set_rollback(True)
    if response.streaming:
        b"".join(response.streaming_content)  # to its end, which closes the file
    client.cookies = kept
    return letter(response, method, role)


def words(response: HttpResponse) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r"[A-Za-z0-9]{64}", "(token)", response.content.decode())


FORM = "application/x-www-form-urlencoded"


def in_turn(number: int) -> list[str]:
    """The people team, somebody anonymous, and two of the six whom the admin lets in nowhere."""
    others = [role for role in ROLES if role not in ("people", "anonymous")]
    turn = (
        number + number // 6
    )  # six addresses a model: else each would be asked by the same two at every model
    asked = {others[turn % 6], others[(turn + 3) % 6], "people", "anonymous"}
    return [role for role in ROLES if role in asked]


def stated_for(letters: str, role: str) -> str:
    """The letter of a role, in a row of all of them or of two."""
    return letters[list(ROLES).index(role)] if len(letters) == len(ROLES) else letters[role == "anonymous"]


def differences(
    world: World, table: dict[str, Entry], roles_of: Callable[[int], list[str]] = lambda number: list(ROLES)
) -> Iterator[str]:
    """A line for each row of letters that is not what the portal answers; `roles_of` says who asks for the nth."""
    named = {address.key: address for address in addresses()}
    for number, (key, entry) in enumerate(table.items()):
        for scope, row in entry.scopes.items():
            # Two letters: one role stands for all that are signed in.
            roles = ["staff", "anonymous"] if 2 in (len(row.get), len(row.post)) else roles_of(number)
            paths = {role: path_of(world, named[key], entry.thing, role, scope) for role in roles}
            for method, letters in (("GET", row.get), ("POST", row.post)):
                stated = "".join(stated_for(letters, role) for role in roles)
                got = "".join(ask(world, role, method, paths[role]) for role in roles)
                if got != (stated if method == "GET" else stated.replace(">", "y")):
                    yield f"{method} {key} {scope}: stated {stated}, got {got}"
            if "y" in row.get:
                role = next(role for role in roles if stated_for(row.get, role) == "y")
                if (part := ask(world, role, "GET", paths[role], **{"HX-Request": "true"})) != "y":
                    yield f"GET {key} {scope}: as a part, got {part}"


def path_of(world: World, address: Address, thing: str, role: str, scope: str) -> str:
    """The address of this thing, seen from this role."""
    kwargs: dict[str, Any] = world.kwargs(thing, role, scope) if thing else {}
    return reverse(address.key, kwargs=kwargs) if address.is_named else f"/{address.route}"


def test_every_address_stands_in_the_table():
    there = {address.key for address in addresses()}
    stated = {key for table in ALL_TABLES.values() for key in table}

    assert sorted(there - stated) == [], "give them a row in tests/system/permission_matrix.py"
    assert sorted(stated - there) == [], "these are gone"


def test_what_is_open_without_a_sign_in_is_opened_one_by_one():
    """Besides allauth's own pages and the admin's way to the sign-in page."""
    opened = {
        address.key
        for address in addresses()
        if not getattr(address.view, "login_required", True)
        and not address.view.__module__.startswith(("allauth.", "django.contrib.admin.", "unfold."))
    }

    assert opened == {
        "account_login",
        "first-password",
        "calendar-feed",
        "health-live",
        "health-ready",
        "help",
        "accessibility",
        "privacy",
    }


@pytest.mark.parametrize("table", TABLES)
def test_everybody_gets_the_stated_answer(world, table):
    found = list(differences(world, TABLES[table]))

    assert not found, "\n".join(found)


def test_everybody_gets_the_stated_answer_in_the_admin(world):
    """Each address by the people team, somebody anonymous and two others in turn, whom one door keeps out."""
    found = list(differences(world, ADMIN, in_turn))

    assert not found, "\n".join(found)


@pytest.mark.full
def test_everybody_gets_the_stated_answer_in_all_of_the_admin(world):
    found = list(differences(world, ADMIN))

    assert not found, "\n".join(found)


def test_the_people_team_is_offered_the_stated_actions(world, rf):
    request = rf.get("/admin/")
    request.user = world.users["people"]
    offered = {
        model._meta.label_lower: set(model_admin.get_actions(request))
        for model, model_admin in admin.site._registry.items()
    }

    assert offered == {label: set(allowed.actions) for label, allowed in MODELS.items()}


def test_nobody_else_can_start_an_action(world):
    for label, allowed in MODELS.items():
        path = reverse(f"admin:{label.replace('.', '_')}_changelist")
        chosen = world.kwargs(f"row of {label}", "", "any")["object_id"]
        for action in allowed.actions:
            form = f"action={action}&_selected_action={chosen}"
            got = "".join(ask(world, role, "POST", path, form) for role in ROLES if role != "people")
            assert (label, action, got) == (label, action, "xxxxxxL")


def test_another_persons_object_answers_as_one_that_does_not_exist(world):
    other = reverse("message-detail", kwargs=world.kwargs("message", "staff", "other"))
    client = world.clients["staff"]

    there, nowhere = client.get(other), client.get(reverse("message-detail", kwargs={"pk": 10**9}))

    assert (there.status_code, words(there)) == (nowhere.status_code, words(nowhere))


def test_control_a_door_without_its_scope_is_caught(world, monkeypatch):
    monkeypatch.setattr("staff.access.messages_of", lambda user: Message.objects.all())
    table = {"message-detail": TABLES["portal"]["message-detail"]}

    caught = list(differences(world, table))

    assert caught == [
        "GET message-detail school: stated nnnnnnnL, got yyyyyyyL",
        "GET message-detail other: stated nnnnnnnL, got yyyyyyyL",
    ]
