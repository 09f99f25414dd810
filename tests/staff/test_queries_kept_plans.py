"""Statements whose plan the database keeps."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from staff.queries.kept_plans import KeptPlan
from tests.factories.staff import PersonFactory


@pytest.fixture
def names(db: None) -> Iterator[KeptPlan]:
    """Who has one of these keys and a name like this."""
    yield KeptPlan(
        "names_of_some",
        "SELECT id, last_name FROM staff_person WHERE id = ANY(%(ids)s) AND last_name LIKE %(like)s ORDER BY id",
        {"ids": "bigint[]", "like": "text"},
    )
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE names_of_some")


def _prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return [name for (name,) in cursor.fetchall()]


def test_a_kept_plan_is_prepared_once_and_answers_for_each_value(names, django_assert_num_queries):
    one, other = PersonFactory(last_name="Forty % Off"), PersonFactory(last_name="Smith")

    with django_assert_num_queries(3):
        found = [
            names.run({"ids": [one.pk, other.pk], "like": "%"}),
            names.run({"ids": [one.pk, other.pk], "like": "Forty \\%%"}),
            names.run({"ids": [other.pk + 1000], "like": "%", "more": "than is needed"}),
        ]

    assert found == [[(one.pk, "Forty % Off"), (other.pk, "Smith")], [(one.pk, "Forty % Off")], []]
    assert "names_of_some" in _prepared()


def test_a_kept_plan_outlives_a_transaction_that_was_taken_back(names):
    with transaction.atomic():
        names.run({"ids": [1], "like": "%"})
        transaction.set_rollback(True)

    assert names.run({"ids": [1], "like": "%"}) == []


def test_a_kept_plan_is_prepared_by_each_connection(cloned_database):
    plan = KeptPlan("one_more", "SELECT %(number)s + 1", {"number": "int"})
    answers = []

    def ask() -> None:
        answers.append(plan.run({"number": 1}))
        connection.close()
        answers.append(plan.run({"number": 2}))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [[(2,)]] * 4 + [[(3,)]] * 4
