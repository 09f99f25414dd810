"""The test database itself: cloned, isolated, reached as the owner, restricted as the portal is."""

import pytest
from django.db import connection

from tests.conftest import ClonedDatabase


@pytest.mark.django_db
def test_database_is_a_clone_of_the_migrated_template():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_user, count(*) FROM django_migrations")
        name, role, migrations = cursor.fetchone()

    assert name.startswith("test_")
    assert role == "bwt_owner"
    assert migrations > 10


def test_cloned_database_commits(cloned_database: ClonedDatabase):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE really_committed ()")
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (cloned_database.name,)
    connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM really_committed")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_run_time_role_reads_and_writes_rows_but_owns_no_table(run_time_role: None):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege, bool_and(has_table_privilege(c.oid, privilege)), bool_or(has_table_privilege(c.oid, privilege)) "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, "
            "unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege "
            "WHERE n.nspname = 'public' AND c.relkind = 'r' GROUP BY privilege"
        )
        all_and_any = {
            privilege: (everywhere, anywhere) for privilege, everywhere, anywhere in cursor.fetchall()
        }
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        owned = cursor.fetchone()

    assert all_and_any == {
        "SELECT": (True, True),
        "INSERT": (True, True),
        "UPDATE": (False, True),
        "DELETE": (False, True),
        "TRUNCATE": (False, False),
        "TRIGGER": (False, False),
    }
    assert owned == (0,)
