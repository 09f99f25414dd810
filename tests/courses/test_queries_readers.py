"""Who reads the catalogue, by their contracts."""

from datetime import date

from courses.queries.readers import reader_for
from tests.factories.staff import ContractFactory

ON = date(2026, 11, 24)


def test_role_of_a_reader_is_that_of_the_main_contract(teacher, assistant_role):
    teacher.person.contracts.update(is_main=False, fte_numerator=2, fte_denominator=5)
    ContractFactory(
        person=teacher.person,
        job_role=assistant_role,
        starts_on=date(2021, 9, 1),
        is_main=False,
        fte_numerator=3,
        fte_denominator=5,
    )

    assert reader_for(teacher.person, on=ON).role_title == "Teaching assistant"
