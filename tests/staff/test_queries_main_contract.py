"""The main contract on a date: the one marked so, else the highest fte, else the lowest number (R6)."""

from datetime import date, timedelta

import pytest

from staff.models import Contract
from staff.queries.main_contract import MAIN_FIRST, MAIN_LAST, main_contracts
from tests.factories.staff import ContractFactory, PersonFactory

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("held", "main"),
    [
        ([("C1", 1, 5, True), ("C2", 4, 5, False)], "C1"),
        ([("C1", 1, 3, False), ("C2", 2, 5, False)], "C2"),
        ([("C1", 9, 10, False), ("C2", 10, 11, False)], "C2"),
        ([("c1", 1, 2, False), ("C2", 5, 10, False), ("C3", 1, 2, False)], "C2"),
    ],
)
def test_main_contract_is_the_marked_one_else_the_largest_else_the_first(db, held, main):
    person = PersonFactory()
    for number, fte, of, is_main in held:
        ContractFactory(
            person=person, contract_id=number, fte_numerator=fte, fte_denominator=of, is_main=is_main
        )

    assert main_contracts(ON).get(person=person).contract_id == main
    assert Contract.objects.order_by(*MAIN_FIRST).first().contract_id == main
    assert Contract.objects.order_by(*MAIN_LAST).last().contract_id == main


def test_only_what_is_in_force_on_the_date_counts(db):
    person = PersonFactory()
    ContractFactory(person=person, contract_id="C1", ends_on=ON - timedelta(days=1))
    ContractFactory(person=person, contract_id="C2", is_main=False, fte_numerator=1, fte_denominator=5)
    ContractFactory(person=PersonFactory(), contract_id="C3", ends_on=ON - timedelta(days=1))

    assert [one.contract_id for one in main_contracts(ON)] == ["C2"]
