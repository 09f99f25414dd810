"""Migration 0007 of staff meets a database that has what may be there once twice (RELIABILITY row 5)."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from staff.models import Absence, Delegation, Person, Responsibility
from tests.factories.staff import AbsenceFactory, PersonFactory, ResponsibilityFactory

MIGRATION = import_module("staff.migrations.0007_what_is_meant_once_is_there_once")
NAMES = ["absence_once", "delegation_once", "responsibility_once", "person_without_number_once"]


def fold():
    MIGRATION.fold(None, SimpleNamespace(connection=connection))


@pytest.fixture
def before(db):
    """The tables as they were before the migration."""
    tables = {"person_without_number_once": None}
    with connection.cursor() as cursor:
        for name in NAMES:
            table = f"staff_{name.split('_')[0]}"
            drop = "DROP INDEX" if name in tables else f"ALTER TABLE {table} DROP CONSTRAINT"
            cursor.execute(f"{drop} {name}")


def test_what_says_the_same_is_folded_and_the_oldest_stays(before, teacher, cpd_lead, line_manager):
    absences = [AbsenceFactory(person=teacher.person) for _ in "abc"]
    held = [ResponsibilityFactory(person=teacher.person) for _ in "ab"]
    lent = [
        Delegation.objects.create(
            from_person=line_manager.person,
            to_person=cpd_lead.person,
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 2),
            reason=reason,
        )
        for reason in ("At a conference", "")
    ]

    fold()

    assert list(Absence.objects.all()) == absences[:1]
    assert list(Responsibility.objects.filter(person=teacher.person)) == held[:1]
    assert list(Delegation.objects.all()) == lent[:1]
    trail = Absence.pgh_event_model.objects.filter(pgh_label="delete").order_by("pgh_obj_id")
    assert [(line.pgh_obj_id, line.pgh_context.metadata["action"]) for line in trail] == [
        (one.pk, "staff.0007") for one in absences[1:]
    ]


def test_what_differs_stops_it_and_is_named(before, teacher):
    rows = [AbsenceFactory(person=teacher.person, ends_on=day) for day in (None, date(2026, 12, 4))]
    people = [PersonFactory(payroll_number=None, first_name="Pat", last_name="Same") for _ in "ab"]

    with pytest.raises(RuntimeError, match="There may be one only") as stopped:
        fold()

    said = str(stopped.value)
    assert f"ids {rows[0].pk}, {rows[1].pk}" in said
    assert f"ids {people[0].pk}, {people[1].pk}" in said
    assert "Pat" not in said


def test_what_has_no_twin_stays_as_it_is(before, teacher):
    AbsenceFactory(person=teacher.person)
    AbsenceFactory(person=teacher.person, absence_class="sickness")
    PersonFactory(payroll_number=None, first_name="Pat", last_name="Same")
    PersonFactory(payroll_number=None, first_name="Pat", last_name="Same", work_email="pat@net.example")

    fold()

    assert (Absence.objects.count(), Person.objects.filter(first_name="Pat").count()) == (2, 2)


@pytest.mark.parametrize("name", NAMES)
def test_the_database_refuses_the_second(db, name, teacher, cpd_lead):
    def once():
        if name == "absence_once":
            AbsenceFactory(person=teacher.person)
        elif name == "responsibility_once":
            ResponsibilityFactory(person=teacher.person)
        elif name == "person_without_number_once":
            PersonFactory(payroll_number=None, first_name="Pat", last_name="Same")
        else:
            Delegation.objects.create(
                from_person=teacher.person,
                to_person=cpd_lead.person,
                starts_on=date(2026, 12, 1),
                ends_on=date(2026, 12, 2),
            )

    once()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        once()
