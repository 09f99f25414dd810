"""Every address × role × whose object × method gives the stated answer (RELIABILITY row 12), each with the
headers and the policy that every answer has (row 25) and, if it is a whole page, with one first heading (row 24).
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.urls import reverse

from staff.models import Message
from tests.system.addresses import addresses
from tests.system.answers import AS_IN_PRODUCTION
from tests.system.crawl import (
    ask,
    at_the_admins_one_door,
    differences,
    everyone,
    letter,
    refused_and_one_let_in,
)
from tests.system.permission_matrix import TABLES
from tests.system.permission_matrix_admin import ADMIN, MODELS
from tests.system.world import ROLES, World

ALL_TABLES = TABLES | {"admin": ADMIN}


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    for name, value in AS_IN_PRODUCTION.items():
        setattr(settings, name, value)
    # The number beside Inbox on each of two thousand pages takes half their time and is nobody's right.
    monkeypatch.setattr("bwt_cpd.context_processors.count_waiting", lambda *args, **kwargs: 0)
    return World(request.getfixturevalue)


def words(response: HttpResponse) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r"[A-Za-z0-9]{64}", "(token)", response.content.decode())


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
def test_whoever_is_refused_and_one_who_is_let_in_get_the_stated_answer(world, table):
    found = differences(world, TABLES[table], refused_and_one_let_in)

    assert not found, "\n".join(found)


def test_the_admins_one_door_gives_the_stated_answer(world):
    found = differences(world, ADMIN, at_the_admins_one_door, is_admin=True)

    assert not found, "\n".join(found)


@pytest.mark.full
@pytest.mark.parametrize("table", ALL_TABLES)
def test_everyone_gets_the_stated_answer(world, table):
    found = differences(world, ALL_TABLES[table], everyone, is_admin=table == "admin")

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
            got = "".join(
                letter(ask(world, role, "POST", path, form), "POST", role)
                for role in ROLES
                if role != "people"
            )
            assert (label, action, got) == (label, action, "xxxxxxL")


def test_another_persons_object_answers_as_one_that_does_not_exist(world):
    other = reverse("message-detail", kwargs=world.kwargs("message", "staff", "other"))
    client = world.clients["staff"]

    there = client.get(other, secure=True)
    nowhere = client.get(reverse("message-detail", kwargs={"pk": 10**9}), secure=True)

    assert (there.status_code, words(there)) == (nowhere.status_code, words(nowhere))


def test_control_a_door_without_its_scope_is_caught(world, monkeypatch):
    monkeypatch.setattr("staff.access.messages_of", lambda user: Message.objects.all())
    table = {"message-detail": TABLES["portal"]["message-detail"]}

    caught = differences(world, table, everyone)

    assert caught == [
        f"GET message-detail {scope} as {role}: stated n, got y"
        for scope in ("school", "other")
        for role in ROLES
        if role != "anonymous"
    ]
