"""The ledger refuses every change, whoever tries it and how (RELIABILITY row 6), with its control.

The admin's ways are in `test_admin_ledger.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from entitlements.models import LedgerEntry
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
TABLE = "entitlements_ledgerentry"


@pytest.fixture
def entry() -> LedgerEntry:
    entry = LedgerEntry.objects.create(
        person=PersonFactory(), year=AcademicYearFactory(), kind=ActivityKindFactory(), minutes=120,
        occurred_on="2026-11-02", title="Phonics", source_key="register:1:1:1",
    )  # fmt: skip
    entry.refresh_from_db()
    return entry


def sql(statement: str) -> Callable[[LedgerEntry], object]:
    """A way that is a statement of SQL; %(id)s is the entry and %(person)s its owner."""

    def run(entry: LedgerEntry) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"id": entry.pk, "person": entry.person_id, "year": entry.year_id})

    return run


def save(entry: LedgerEntry) -> None:
    entry.minutes = 999
    entry.save()


def upsert_by_orm(entry: LedgerEntry) -> None:
    entry.minutes = 999
    LedgerEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["id"], update_fields=["minutes"]
    )


UPSERT = f"""
INSERT INTO {TABLE} (person_id, year_id, kind_id, minutes, occurred_on, title, source_key, external_id,
    cpd_fraction, is_contract_given, body, is_own_time, is_flagged, reason)
SELECT person_id, year_id, kind_id, 999, occurred_on, title, source_key, external_id,
    cpd_fraction, is_contract_given, body, is_own_time, is_flagged, reason
FROM {TABLE} WHERE id = %(id)s
ON CONFLICT (source_key) DO UPDATE SET minutes = excluded.minutes
"""
MERGE = f"""
MERGE INTO {TABLE} e USING (SELECT %(id)s AS id) s ON e.id = s.id WHEN MATCHED THEN UPDATE SET minutes = 999
"""
WAYS: dict[str, Callable[[LedgerEntry], object]] = {
    "save": save,
    "update": lambda entry: LedgerEntry.objects.filter(pk=entry.pk).update(minutes=999),
    "bulk_update": lambda entry: LedgerEntry.objects.bulk_update([entry], ["title"]),
    "upsert by ORM": upsert_by_orm,
    "delete": lambda entry: entry.delete(),
    "delete of a queryset": lambda entry: LedgerEntry.objects.all().delete(),
    "delete without asking": lambda entry: LedgerEntry.objects.all()._raw_delete("default"),
    "cascade from the person": lambda entry: entry.person.delete(),
    "cascade from the year": lambda entry: entry.year.delete(),
    "UPDATE": sql(f"UPDATE {TABLE} SET minutes = 999 WHERE id = %(id)s"),
    "UPDATE of nothing but itself": sql(f"UPDATE {TABLE} SET id = id"),
    "DELETE": sql(f"DELETE FROM {TABLE} WHERE id = %(id)s"),
    "TRUNCATE": sql(f"TRUNCATE {TABLE} CASCADE"),
    "TRUNCATE of people": sql("TRUNCATE staff_person CASCADE"),
    "upsert": sql(UPSERT),
    "MERGE": sql(MERGE),
    "DELETE of the person": sql("DELETE FROM staff_person WHERE id = %(person)s"),
    "DELETE of the year": sql("DELETE FROM entitlements_academicyear WHERE id = %(year)s"),
}


def attempt(way: Callable[[LedgerEntry], object], entry: LedgerEntry) -> bool:
    """Whether the database let it through; what it did is undone."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                way(LedgerEntry.objects.get(pk=entry.pk))
                with connection.cursor() as cursor:  # what waits for the commit is asked now
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except (DatabaseError, ProtectedError):
            return False
        else:
            return True
        finally:
            transaction.set_rollback(True)


def stands(entry: LedgerEntry) -> bool:
    """Whether every column is as it was."""
    return LedgerEntry.objects.filter(pk=entry.pk).values().first() == {
        field.attname: getattr(entry, field.attname) for field in LedgerEntry._meta.concrete_fields
    }


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.replace(" ", "_"))
def test_the_run_time_role_cannot_change_an_entry(entry: LedgerEntry, run_time_role: None, way: str) -> None:
    assert not attempt(WAYS[way], entry)
    assert stands(entry)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.replace(" ", "_"))
def test_nor_can_the_owner_of_the_tables(entry: LedgerEntry, way: str) -> None:
    assert not attempt(WAYS[way], entry)
    assert stands(entry)


def test_the_run_time_role_cannot_take_the_guard_off(entry: LedgerEntry, run_time_role: None) -> None:
    for statement in (
        f"ALTER TABLE {TABLE} DISABLE TRIGGER ledger_refuses_change",
        f"DROP TRIGGER ledger_refuses_change ON {TABLE}",
        f"DROP TABLE {TABLE} CASCADE",
        f"GRANT UPDATE, DELETE ON {TABLE} TO bwt_app",
        "SET session_replication_role = replica",
    ):
        attempt(sql(statement), entry)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege('bwt_app', %s, 'UPDATE, DELETE, TRUNCATE'), current_user", [TABLE]
            )
            assert cursor.fetchone() == (False, "bwt_app"), statement
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname ~ '^ledger_' AND tgenabled = 'A'")
            assert cursor.fetchone() == (3,), statement


def test_the_run_time_role_may_add_one(entry: LedgerEntry, run_time_role: None) -> None:
    """What is refused is change: a role that may do nothing at all would pass the tests above."""
    LedgerEntry.objects.create(
        person=entry.person, year=entry.year, kind=entry.kind, minutes=-120, occurred_on=entry.occurred_on,
        title=entry.title, source_key="reversal:1", reverses=entry, reason="A mistake",
    )  # fmt: skip

    assert LedgerEntry.objects.filter(person=entry.person).count() == 2


def _cascade_in_the_database() -> None:
    """Make the database itself delete a person's entries with the person, as a careless key would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f' "
            "AND confrelid = 'staff_person'::regclass AND conname LIKE '%%person_id%%'",
            [TABLE],
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE {TABLE} DROP CONSTRAINT "{name}"')
        cursor.execute(
            f"ALTER TABLE {TABLE} ADD FOREIGN KEY (person_id) REFERENCES staff_person ON DELETE CASCADE"
        )


def _without_guard() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER ledger_refuses_change ON {TABLE}")
        cursor.execute(f"DROP TRIGGER ledger_refuses_truncate ON {TABLE}")


def test_a_cascade_in_the_database_is_refused(entry: LedgerEntry) -> None:
    _cascade_in_the_database()

    assert not attempt(WAYS["DELETE of the person"], entry)
    assert stands(entry)


@pytest.mark.parametrize("way", ["DELETE of the person", "TRUNCATE of people", "save", "delete", "upsert"])
def test_control_without_the_guard_it_goes_through(entry: LedgerEntry, way: str) -> None:
    _cascade_in_the_database()
    _without_guard()

    assert attempt(WAYS[way], entry)
    WAYS[way](LedgerEntry.objects.get(pk=entry.pk))
    assert not stands(entry)
