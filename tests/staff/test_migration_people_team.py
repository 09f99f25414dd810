"""Migration 0008 of staff meets a people team of one school, which opened the whole trust."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection

from tests.factories.staff import ResponsibilityFactory

MIGRATION = import_module("staff.migrations.0008_people_team_of_the_trust")
NAME = "responsibility_people_team_of_the_trust"


def test_people_team_of_a_school_is_refused_by_the_database(teacher, beanfield):
    with pytest.raises(IntegrityError, match=NAME):
        ResponsibilityFactory(person=teacher.person, kind="people_team", school=beanfield)


@pytest.fixture
def before(db):
    """The table as it was before the migration."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE staff_responsibility DROP CONSTRAINT {NAME}")


def test_one_that_is_there_stops_the_migration_and_is_named(before, teacher, beanfield, people_team):
    MIGRATION.find_others(apps, None)
    held = ResponsibilityFactory(person=teacher.person, kind="people_team", school=beanfield)

    with pytest.raises(RuntimeError, match=rf"ids {held.pk}\. Leave both empty"):
        MIGRATION.find_others(apps, None)
    held.school = None
    held.save()
    MIGRATION.find_others(apps, None)
