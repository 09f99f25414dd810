"""A small trust in which every kind of object exists once for each way of standing to it.

Scopes of what belongs to a person: `own` (the reader's), `school` (a colleague's at Beanfield, who
reports to the line manager under the headteacher), `other` (somebody's at another school). What
belongs to a hub: `led` (by the hub lead and the trainer of the tests) and `other`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from entitlements.models import CarryOver, LedgerEntry, PlannedCredit
from staff import clock
from staff.models import Delegation, JobRun, Person, SsoIdentity, User
from tests.factories.courses import BookingFactory, CourseFactory, SessionFactory
from tests.factories.entitlements import (
    AcademicYearFactory,
    ActivityKindFactory,
    ClaimFactory,
    EntitlementPolicyFactory,
)
from tests.factories.messages import MessageFactory
from tests.factories.staff import AbsenceFactory, HubFactory, SchoolFactory

ROLES = {
    "staff": "teaching_assistant",
    "manager": "line_manager",
    "head": "headteacher",
    "hub": "hub_lead",
    "trainer": "trainer",
    "people": "people_team",
    "partner": "partner",
    "anonymous": "",
}


class World:
    """The people of tests/personas.py signed in, and what they have, made when first asked for."""

    def __init__(self, get: Callable[[str], Any]) -> None:
        # A POST that is rolled back walks over every check that still waits in the transaction: let none wait.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.users: dict[str, User | None] = {
            role: get(name) if name else None for role, name in ROLES.items()
        }
        self.colleague: User = get("teacher")
        self.outsider: User = get("outsider")
        self.made: dict[tuple[str, str, str], dict[str, object]] = {}
        for name in ("2025/26", "2026/27"):
            EntitlementPolicyFactory(year=AcademicYearFactory(name=name))
        self.other_hub = HubFactory(code="TSH", name="Teaching School Hub")
        self.clients = {role: self._client(user) for role, user in self.users.items()}

    def _client(self, user: User | None) -> Client:
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user)
        return client

    def owner(self, role: str, scope: str) -> User:
        """Whose object it is, seen from this role."""
        if scope == "own":
            return self.users[role] or self.colleague
        return self.colleague if scope == "school" else self.outsider

    def kwargs(self, thing: str, role: str, scope: str) -> dict[str, object]:
        """What the address of such an object needs."""
        whose = role if scope == "own" else ""
        if (thing, whose, scope) not in self.made:
            is_row = thing.startswith("row of ")
            self.made[thing, whose, scope] = (
                a_row(self, thing[7:]) if is_row else THINGS[thing](self, role, scope)
            )
        return self.made[thing, whose, scope]


Maker: TypeAlias = Callable[[World, str, str], dict[str, object]]


def _person(world: World, role: str, scope: str) -> Person:
    return world.owner(role, scope).person


def _session(world: World, role: str, scope: str) -> Any:
    """`led` by the hub lead and the trainer; `other` of another hub; `closed` to all but another school."""
    now = clock.now()
    is_led = scope == "led"
    session = SessionFactory(
        course=CourseFactory(hub__code="PTH") if is_led else CourseFactory(hub=world.other_hub),
        school=SchoolFactory(code="KSA"),
        starts_at=now + timedelta(days=14),
        is_own_school_only=scope == "closed",
    )
    if is_led:
        session.trainers.add(world.users["trainer"].person)  # type: ignore[union-attr]
    return session


def a_booking(world: World, role: str, scope: str) -> dict[str, object]:
    """Of a person on another hub's session; `led`: of an outsider on the hub lead's own."""
    session = _session(world, role, "led" if scope == "led" else "other")
    session.booked_count, session.next_position = 1, 2
    session.save()
    return {"pk": BookingFactory(person=_person(world, role, scope), session=session, position=1).pk}


def a_course(world: World, role: str, scope: str) -> dict[str, object]:
    """`led` and `other` are published; `hidden` is the hub lead's own before it is, `other_hidden` another's."""
    hub = {} if scope in ("led", "hidden") else {"hub": world.other_hub}
    return {"slug": CourseFactory(is_published="hidden" not in scope, **hub).slug}


def a_delegation(world: World, role: str, scope: str) -> dict[str, object]:
    """Given by the person to somebody of the people team."""
    today = clock.today()
    given, _ = Delegation.objects.get_or_create(
        from_person=_person(world, role, scope),
        to_person=world.users["trainer" if role == "people" else "people"].person,  # type: ignore[union-attr]
        starts_on=today,
        ends_on=today + timedelta(days=7),
    )
    return {"pk": given.pk}


def a_linked_account(world: World, role: str, scope: str) -> dict[str, object]:
    user = world.owner(role, scope)
    linked = SsoIdentity.objects.create(
        user=user, issuer=f"https://{scope}.example", subject=f"{role}-{scope}", confirmed_at=clock.now()
    )
    return {"pk": linked.pk}


def an_offer(world: World, role: str, scope: str) -> dict[str, object]:
    """A place held for the person until tomorrow."""
    session = _session(world, role, "other")
    session.offered_count, session.next_position = 1, 2
    session.save()
    offered = BookingFactory(
        person=_person(world, role, scope),
        session=session,
        position=1,
        state="offered",
        offer_ends_at=clock.now() + timedelta(days=1),
    )
    return {"pk": offered.pk}


def a_claim_with_evidence(world: World, role: str, scope: str) -> dict[str, object]:
    """Waiting for its decision, with a file."""
    claim = ClaimFactory(
        person=_person(world, role, scope),
        evidence=ContentFile(b"%PDF-1.4", name="certificate.pdf"),
        evidence_name="certificate.pdf",
        evidence_type="application/pdf",
    )
    return {"pk": claim.pk}


def a_row(world: World, label: str) -> dict[str, object]:
    """Any row of a model, for the admin: one that is there, or one made for it."""
    found = apps.get_model(label).objects.first() or ROWS[label](world)
    return {"object_id": found.pk}


def _of_year(world: World) -> dict[str, Any]:
    """A credit of the colleague's in this year."""
    year, kind = AcademicYearFactory(name="2026/27"), ActivityKindFactory()
    return {
        "person": world.colleague.person,
        "year": year,
        "kind": kind,
        "minutes": 60,
        "occurred_on": year.starts_on,
        "source_key": f"world:{uuid.uuid4()}:1",
    }


# How to make a row of a model that the world has none of.
ROWS: dict[str, Callable[[World], Any]] = {
    "staff.message": lambda world: MessageFactory(body_html="<p>Hello</p>"),
    "staff.jobrun": lambda world: JobRun.objects.create(name="send_messages"),
    "staff.ssoidentity": lambda world: SsoIdentity.objects.create(
        user=world.colleague, issuer="i", subject="s"
    ),
    "staff.delegation": lambda world: Delegation.objects.get(**a_delegation(world, "staff", "school")),
    "staff.absence": lambda world: AbsenceFactory(person=world.colleague.person),
    "courses.strand": lambda world: CourseFactory().strand,
    "courses.course": lambda world: CourseFactory(),
    "courses.session": lambda world: _session(world, "staff", "other"),
    "courses.booking": lambda world: BookingFactory(),
    "entitlements.activitykind": lambda world: ActivityKindFactory(),
    "entitlements.ledgerentry": lambda world: LedgerEntry.objects.create(**_of_year(world)),
    "entitlements.plannedcredit": lambda world: PlannedCredit.objects.create(**_of_year(world)),
    "entitlements.claim": lambda world: ClaimFactory(person=world.colleague.person),
    "entitlements.carryover": lambda world: CarryOver.objects.create(
        person=world.colleague.person,
        approved_by=world.outsider.person,
        from_year=AcademicYearFactory(name="2025/26"),
        minutes=60,
        reason="Family leave",
    ),
}

THINGS: dict[str, Maker] = {
    "booking": a_booking,
    "course": a_course,
    "claim": lambda world, role, scope: {"pk": ClaimFactory(person=_person(world, role, scope)).pk},
    "claim with evidence": a_claim_with_evidence,
    "delegation": a_delegation,
    "linked account": a_linked_account,
    "message": lambda world, role, scope: {
        "pk": MessageFactory(
            person=_person(world, role, scope), body_html="<p>Hello</p>", calendar="BEGIN:VCALENDAR"
        ).pk
    },
    "offer": an_offer,
    "person": lambda world, role, scope: {"pk": _person(world, role, scope).pk},
    "session": lambda world, role, scope: {"pk": _session(world, role, scope).pk},
    "month": lambda world, role, scope: {"month": "2026-11"},
    "nothing on site": lambda world, role, scope: {"content_type_id": "0", "object_id": "0"},
    "admin app": lambda world, role, scope: {"app_label": "staff"},
    "elsewhere in the admin": lambda world, role, scope: {"url": "nowhere/"},
    "unknown import": lambda world, role, scope: {"token": uuid.UUID(int=1)},
    "nothing": lambda world, role, scope: {"pk": 0},
    "wrong token": lambda world, role, scope: {"token": "x" * 43},
    "identity provider": lambda world, role, scope: {"provider_id": "entra"},
    "wrong key": lambda world, role, scope: {"uidb36": "1", "key": "abc"},
    "wrong mail key": lambda world, role, scope: {"key": "abc"},
}
