"""Posting the name of every column to every form changes nothing beyond its allow-list (RELIABILITY row 13).

Generated twice: over every model form of the project, and over every address that takes a POST,
with what really changed in the database read back row by row.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db import models, transaction

from staff.models import User
from staff.queries.kept_plans import KeptPlan
from tests.factories.entitlements import ActivityKindFactory
from tests.system.addresses import addresses
from tests.system.crawl import FORM, path_of
from tests.system.permission_matrix import TABLES
from tests.system.permission_matrix_admin import MODELS
from tests.system.world import World

HOUSE = ("staff", "entitlements", "courses", "pathways", "bwt_cpd")

COURSE = [
    "code",
    "for_whom",
    "hub_id",
    "kind_id",
    "minutes",
    "mode",
    "outcomes",
    "strand_id",
    "summary",
    "title",
    "audience",
]
# What each address may change by a POST: `table.column` of a row that was there, `+table` a new row.
# Empty is the rule: an address that is not here may change nothing with the names of columns alone.
MAY_CHANGE: dict[str, set[str]] = {
    "profile-colours": {"staff_user.colour_mode"},
    "profile-reminders": {
        "+staff_messagepreference",
        "+staff_messagepreference.wants_session_reminders",
        "+staff_messagepreference.wants_shortfall_nudges",
        "+staff_messagepreference.wants_decision_reminders",
        "+staff_messagepreference.wants_induction_reminders",
        "+staff_messagepreference.wants_needs_reminders",
        "+staff_messagepreference.wants_growth_reminders",
    },
    "delegation-new": {"+staff_delegation"},
    "delegation-end": {"-staff_delegation"},
    "courses:course-interest": {"+courses_interest"},
    "courses:session-book": {
        "+courses_booking",
        "+entitlements_plannedcredit",
        "courses_session.booked_count",
        "courses_session.next_position",
    },
    "courses:booking-cancel": {
        "courses_booking.calendar_sequence",
        "courses_booking.state",
        "courses_booking.state_changed_at",
        "courses_booking.state_changed_by_id",
        "courses_booking.state_reason",
        "courses_session.booked_count",
    },
    # Not whether it is published, nor its address.
    "courses:manage-new": {"+courses_course", *(f"+courses_course.{name}" for name in COURSE)},
    "courses:manage-edit": {"courses_course.search", *(f"courses_course.{name}" for name in COURSE)},
    "courses:manage-publish": {"courses_course.is_published"},
    "courses:manage-session-capacity": {"courses_session.capacity"},
    "courses:manage-session-cancel": {"courses_session.cancel_reason", "courses_session.status"},
    "courses:feed-make": {"+courses_calendarfeed"},
    "entitlements:claim-new": {
        "+entitlements_claim",
        "+entitlements_claimdecision",
        "+entitlements_claim.is_own_time",
        "+entitlements_claim.kind_id",
        "+entitlements_claim.learned",
        "+entitlements_claim.occurred_on",
        "+entitlements_claim.title",
        "+entitlements_plannedcredit",
        "+entitlements_plannedcredit.is_own_time",
        "+entitlements_plannedcredit.kind_id",
        "+entitlements_plannedcredit.occurred_on",
        "+entitlements_plannedcredit.title",
    },
    # The decision names the claim and says withdrawn, whatever was posted.
    "entitlements:claim-withdraw": {
        "+entitlements_claimdecision",
        "+entitlements_claimdecision.claim_id",
        "+entitlements_claimdecision.decision",
        "entitlements_claim.state",
    },
    # One button each: the address says what is done, whatever was posted.
    "pathways:induction-tick": {
        "pathways_induction.completed_on",
        "pathways_inductionstep.done_on",
        "pathways_inductionstep.marked_by_id",
    },
    "pathways:plan-done": {"pathways_planitem.state"},
    "pathways:plan-drop": {"pathways_planitem.state"},
    "pathways:request-start": {"+pathways_routerequest"},
    # The address names the rung; the one thing taken is whether the manager sees it. One goal at a time.
    "pathways:goal-set": {"+pathways_goal", "pathways_goal.ended_at"},
    "pathways:goal-share": {"pathways_goal.is_shared"},
    "pathways:goal-drop": {"pathways_goal.ended_at"},
    "pathways:goal-reached": {"pathways_goal.ended_at", "pathways_goal.is_reached"},
    "pathways:goal-undo": {"pathways_goal.ended_at"},
    # Said again, with another day or other words, it is corrected.
    "pathways:held-say": {
        "+pathways_heldcpd",
        "+pathways_heldcpd.held_on",
        "+pathways_heldcpd.words",
        "pathways_heldcpd.held_on",
        "pathways_heldcpd.words",
    },
    "pathways:held-take-back": {"-pathways_heldcpd"},
    "pathways:voice-remove": {"-pathways_rungvoice"},
    # The school and the year are the address's, not the form's.
    "pathways:capacity-edit": {
        "+pathways_trainingcapacity",
        "+pathways_trainingcapacity.mentors",
        "+pathways_trainingcapacity.placements",
    },
    # The step names the interest and the state of the address, whatever was posted.
    "pathways:teach-move": {
        "+pathways_teachingintereststep",
        "+pathways_teachingintereststep.interest_id",
        "+pathways_teachingintereststep.words",
        "pathways_teachinginterest.state",
        "pathways_teachinginterest.state_since_at",
        "pathways_teachinginterest.step_count",
    },
    "pathways:coaching-end": {"pathways_coachingagreement.ended_on", "pathways_coachingagreement.state"},
    "pathways:coaching-meeting-remove": {"pathways_coachingmeeting.removed_at"},
}


def a_kind() -> str:
    """One that may be claimed and that a course may count as."""
    return str(ActivityKindFactory(code="reading", may_be_claimed=True).pk)


# What else a form needs before it is taken at all.
ALSO: dict[str, Callable[[], dict[str, str]]] = {
    "entitlements:claim-new": lambda: {
        "kind": a_kind(),
        "hours": "1",
        "minutes": "0",
        "amount": "",
        "occurred_on": "2026-11-02",
    },
    # Another state than the one that the address names.
    "pathways:teach-move": lambda: {"to_state": "placed"},
    "courses:manage-new": lambda: {"kind": a_kind(), "audience": "all", "minutes": "60", "code": "NEW-1"},
    "courses:manage-edit": lambda: {"kind": a_kind(), "audience": "all", "minutes": "60", "code": "NEW-1"},
}
# Traces that any write leaves behind, none of them taken from a form.
TRACES = (
    "django_session",
    "staff_message",
    "pghistory_context",
    "pghistory_events",
    "django_admin_log",
    "entitlements_statement",
)
# Plain tables of words, which the people team edits whole.
WHOLE = {
    "staff.school",
    "staff.hub",
    "staff.department",
    "staff.jobrole",
    "courses.strand",
    "entitlements.activitykind",
}


# Every model form ---------------------------------------------------------------------------
def model_forms() -> list[type[forms.ModelForm]]:
    """Those written in this house; what the admin makes of them goes by its own fields."""
    for package in HOUSE:
        for module in pkgutil.walk_packages([package], f"{package}."):
            if ".migrations" not in module.name and ".management" not in module.name:
                importlib.import_module(module.name)
    found = {
        form
        for form in _subclasses(forms.ModelForm)
        if form.__module__.startswith(HOUSE) and form._meta.model
    }
    return sorted(found, key=lambda form: f"{form.__module__}.{form.__qualname__}")


def _subclasses(parent: type) -> Iterator[Any]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)


def everything_about(model: type[models.Model]) -> dict[str, str]:
    """The name of every column of a model with something to put there."""
    return {field.name: value_for(field) for field in model._meta.concrete_fields}


def value_for(field: models.Field) -> str:
    """Something a form would take for such a column, unlike what is there."""
    if isinstance(field, models.ForeignKey):
        row = field.related_model.objects.order_by("-pk").first()
        return str(row.pk) if row else "1"
    if field.choices:
        return str(list(field.choices)[-1][0])
    for kind, value in (
        (models.BooleanField, "on"),
        (models.DateTimeField, "2026-12-01T10:00"),
        (models.DateField, "2026-12-01"),
        (models.DecimalField, "1"),
        (models.IntegerField, "7"),
        (models.EmailField, "mine@elsewhere.example"),
        (models.SlugField, "mine"),
        (models.URLField, "https://elsewhere.example/"),
    ):
        if isinstance(field, kind):
            return value
    return "mine"


def changed_by(form_class: type[forms.ModelForm]) -> set[str]:
    """The columns that differ on the instance after a form got the name of every column."""
    model = form_class._meta.model
    instance = model()
    columns = [field for field in model._meta.concrete_fields if not field.generated]
    before = {field.attname: getattr(instance, field.attname) for field in columns}
    form = form_class(everything_about(model), instance=instance)
    form.is_valid()
    return {field.name for field in columns if getattr(instance, field.attname) != before[field.attname]}


def test_every_model_form_names_its_fields(db):
    found = model_forms()

    assert found
    assert [
        form for form in found if form._meta.fields in (None, forms.ALL_FIELDS) or form._meta.exclude
    ] == []


def test_a_form_changes_its_own_fields_alone(world):
    for form in model_forms():
        try:
            changed = changed_by(form)
        except TypeError:
            continue  # it wants more than a model to be made; the addresses below post to it
        assert changed <= set(form._meta.fields), form


def test_control_a_form_of_all_fields_is_caught(db):
    class Anything(forms.ModelForm):
        class Meta:
            model = User
            fields = forms.ALL_FIELDS

    assert {"is_superuser", "email"} <= changed_by(Anything)


# Every address ------------------------------------------------------------------------------
@pytest.fixture
def world(request: pytest.FixtureRequest, db: None) -> World:
    return World(request.getfixturevalue)


def the_house() -> list[str]:
    """The tables of the project, without what is not taken from anybody's form."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted(table for table in tables if not table.endswith("event") and table not in TRACES)


@cache
def _rows_of_the_house() -> KeptPlan:
    """Every row of every table; planned once, since planning it takes longer than running it."""
    every = (f"SELECT '{table}', to_jsonb(t)::text FROM \"{table}\" t" for table in the_house())
    return KeptPlan("rows_of_the_house", " UNION ALL ".join(every), {})


def snapshot() -> set[tuple[str, str]]:
    """Every row as its table and its JSON. One query."""
    return set(_rows_of_the_house().run({}))


def by_key(rows: set[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The columns of each row, by table and key."""
    read = ((table, json.loads(text)) for table, text in rows)
    return {(table, str(row.get("id", row.get("session_key", row)))): row for table, row in read}


def changes(before: set[tuple[str, str]], after: set[tuple[str, str]], posted: dict[str, str]) -> set[str]:
    """`table.column` for what differs, `+table` and `-table` for rows that came and went, and
    `+table.column` for what a new row has from the form.
    """

    def is_taken(value: Any, column: str) -> bool:
        given = posted.get(column, posted.get(column.removesuffix("_id")))
        return value not in (None, "") and (str(value) == given or (value is True and given == "on"))

    old, new = by_key(before - after), by_key(after - before)
    found = {f"-{table}" for table, key in old.keys() - new.keys()}
    for table, key in new.keys() - old.keys():
        taken = {column for column, value in new[table, key].items() if is_taken(value, column)}
        found |= {f"+{table}"} | {f"+{table}.{column}" for column in taken}
    for table, key in new.keys() & old.keys():
        row = old[table, key]
        found |= {f"{table}.{column}" for column, value in new[table, key].items() if row[column] != value}
    return found


def post_everything(world: World, role: str, path: str, posted: dict[str, str]) -> set[str]:
    """What one POST with every column's name changes; nothing of it remains."""
    before = snapshot()
    with transaction.atomic():
        world.clients[role].generic("POST", path, urlencode(posted), FORM)
        after = snapshot()
        transaction.set_rollback(True)
    return changes(before, after, posted)


def posts(world: World, role: str) -> Iterator[tuple[str, str]]:
    """Every address of the portal that takes a POST, for an object of one's own where it has one."""
    named = {address.key: address for address in addresses()}
    for table in ("portal", "courses", "entitlements", "pathways"):
        for key, entry in TABLES[table].items():
            scope, row = next(iter(entry.scopes.items()))
            if "y" in row.post:
                yield key, path_of(world, named[key], entry.thing, role, scope)


def everything() -> dict[str, str]:
    """The name of every column of every model, each with a value that a form would take."""
    body: dict[str, str] = {}
    for model in apps.get_models():
        if model._meta.app_label in HOUSE and not model.__name__.endswith("Event"):
            body |= {name: value for name, value in everything_about(model).items() if name != "id"}
    return body


@pytest.mark.parametrize("role", ["staff", "people"])
def test_an_address_changes_what_it_is_for_and_nothing_else(world, role):
    targets = list(posts(world, role))
    body = everything()

    too_much = {}
    for key, path in targets:
        whole = body | (ALSO[key]() if key in ALSO else {})
        too_much[key] = sorted(post_everything(world, role, path, whole) - MAY_CHANGE.get(key, set()))

    assert not any(too_much.values()), "\n".join(
        f"{key}: {found}" for key, found in too_much.items() if found
    )


def test_control_an_address_with_an_open_form_is_caught(world, monkeypatch):
    class Anything(forms.ModelForm):
        class Meta:
            model = User
            fields = ("colour_mode", "is_superuser")

    monkeypatch.setattr("staff.views.profile.ColourModeForm", Anything)

    changed = post_everything(world, "staff", "/profile/colours/", everything())

    assert changed - MAY_CHANGE["profile-colours"] == {"staff_user.is_superuser"}


def test_no_admin_page_that_is_written_to_is_made_of_all_fields():
    def names_them(one: BaseModelAdmin) -> bool:
        form = one.form._meta.fields if one.form is not forms.ModelForm else ()
        return bool(one.fields or one.fieldsets or (form and form != forms.ALL_FIELDS))

    written_to = [
        one
        for model, one in admin.site._registry.items()
        if MODELS[model._meta.label_lower].do & {"add", "change"}
    ]
    assert {one.model._meta.label_lower for one in written_to if not names_them(one)} - WHOLE == set()
