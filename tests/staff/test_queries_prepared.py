"""Queries that are built once per process."""

from datetime import UTC, date, datetime, timedelta

import pytest

from staff.models import Contract, Message
from staff.queries.prepared import Prepared
from tests.factories.messages import MessageFactory
from tests.factories.staff import ContractFactory

ON = date(2026, 11, 24)


def _recent(person_id, on):
    """Contracts that began in the last 28 days, with a condition that holds no day of the query."""
    return Contract.objects.filter(
        person=person_id, starts_on__lte=on, starts_on__gt=on - timedelta(days=28), fte_numerator__lt=1753
    ).values_list("contract_id", "starts_on")


@pytest.fixture
def contracts(db):
    one = ContractFactory(starts_on=ON - timedelta(days=10))
    ContractFactory(person=one.person, starts_on=ON - timedelta(days=28), is_main=False)
    ContractFactory(starts_on=ON - timedelta(days=10))
    return one


def test_a_prepared_query_gives_what_the_query_gives(contracts, django_assert_num_queries):
    prepared = Prepared(_recent)
    person = contracts.person_id

    for days in (-11, -10, 0, 17, 18, 400):
        on = ON + timedelta(days=days)
        plain = list(_recent(person, on))
        with django_assert_num_queries(3):
            found = prepared.rows(person, on), prepared.count(person, on), prepared.exists(person, on)
        assert found == (plain, len(plain), bool(plain))


def test_a_prepared_query_is_for_the_person_asked_about(contracts):
    prepared = Prepared(_recent)

    prepared.rows(contracts.person_id, ON)

    assert prepared.rows(contracts.person_id + 10_000, ON) == []
    assert prepared.rows(contracts.person_id, ON) == [(contracts.contract_id, contracts.starts_on)]


def test_a_query_at_a_moment_takes_it_as_it_is(db):
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    due, later = MessageFactory(not_before=at), MessageFactory(not_before=at + timedelta(microseconds=1))
    prepared = Prepared(
        lambda person_id, now: (
            Message.objects.exclude(person=person_id)
            .filter(not_before__lte=now)
            .values_list("pk")
            .order_by("pk")
        ),
        at_a_moment=True,
    )

    assert prepared.rows(0, at) == [(due.pk,)]
    assert prepared.rows(0, at + timedelta(hours=1)) == [(due.pk,), (later.pk,)]
    assert prepared.rows(due.person_id, at) == []
