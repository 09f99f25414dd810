"""Turns with a name: one after the other, and only inside a transaction."""

import time
from functools import partial

import pytest
from django.db import connection, transaction

from staff.turns import NO_TRANSACTION, take_turn
from tests.at_once import at_once


def test_same_name_one_after_the_other_another_name_beside_it(cloned_database):
    inside, most = [], []

    def act(name):
        with transaction.atomic():
            take_turn("test", name)
            inside.append(name)
            most.append(inside.count(name))
            time.sleep(0.05)  # long enough for the others to come in, were they let in
            inside.remove(name)

    results = at_once(*[partial(act, name) for name in ("one", "one", "one", "two")])

    assert results == [None] * 4
    assert max(most) == 1


def test_turn_outside_a_transaction_is_a_mistake(cloned_database):
    assert not connection.in_atomic_block

    with pytest.raises(AssertionError) as mistake:
        take_turn("test")

    assert str(mistake.value) == NO_TRANSACTION
