"""What the database itself holds about people and their duties, whatever writes to it (RELIABILITY row 5)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from staff.models import Delegation
from tests.factories.staff import AbsenceFactory, PersonFactory, ResponsibilityFactory

ONCE: dict[str, Callable[..., object]] = {
    "absence_once": lambda teacher, other: AbsenceFactory(person=teacher),
    "responsibility_once": lambda teacher, other: ResponsibilityFactory(person=teacher),
    "person_without_number_once": lambda teacher, other: PersonFactory(
        payroll_number=None, first_name="Pat", last_name="Same"
    ),
    "delegation_once": lambda teacher, other: Delegation.objects.create(
        from_person=teacher, to_person=other, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2)
    ),
}


@pytest.mark.parametrize("constraint", list(ONCE))
def test_the_database_refuses_the_second(constraint, teacher, cpd_lead):
    ONCE[constraint](teacher.person, cpd_lead.person)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ONCE[constraint](teacher.person, cpd_lead.person)


def test_people_team_of_a_school_is_refused(teacher, beanfield):
    with pytest.raises(IntegrityError, match="responsibility_people_team_of_the_trust"):
        ResponsibilityFactory(person=teacher.person, kind="people_team", school=beanfield)
