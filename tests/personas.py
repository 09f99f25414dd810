"""The people of the tests, with fixed relations.

Beanfield (BPS) is home: the teacher and the teaching assistant work there for the line manager,
under the headteacher. The hub lead and the trainer run the Primary Training Hub. The outsider works
at another school (KSA) for somebody else. The people team sits in the central team. The partner is
a delegate of another trust without a contract. Each fixture is a User with `.person`.
"""

import pytest

from staff.models import User
from tests.factories.staff import (
    ContractFactory,
    HubFactory,
    JobRoleFactory,
    PersonFactory,
    ResponsibilityFactory,
    SchoolFactory,
    UserFactory,
)


def _employed(name: str, school, role, manager=None) -> User:
    first, last = name.split()
    user = UserFactory(person=PersonFactory(first_name=first, last_name=last))
    ContractFactory(
        person=user.person, school=school, job_role=role, line_manager=manager.person if manager else None
    )
    return user


@pytest.fixture
def some_database(request):
    """The test's own database where it asks for one that really commits, else the usual one."""
    return request.getfixturevalue("cloned_database" if "cloned_database" in request.fixturenames else "db")


@pytest.fixture
def beanfield(some_database):
    return SchoolFactory(code="BPS", name="Beanfield Primary School")


@pytest.fixture
def kettering(some_database):
    return SchoolFactory(code="KSA", name="Kettering Science Academy", phase="secondary")


@pytest.fixture
def central(some_database):
    return SchoolFactory(code="CEN", name="BWT Central Team", kind="central", phase="")


@pytest.fixture
def primary_hub(some_database):
    return HubFactory(code="PTH", name="Primary Training Hub")


@pytest.fixture
def teacher_role(some_database):
    return JobRoleFactory(code="TCH", title="Class or subject teacher")


@pytest.fixture
def assistant_role(some_database):
    return JobRoleFactory(
        code="TA2", title="Teaching assistant", job_family="Classroom support", staff_group="support"
    )


@pytest.fixture
def leader_role(some_database):
    return JobRoleFactory(
        code="HT", title="Headteacher", job_family="School leadership", staff_group="leadership"
    )


@pytest.fixture
def headteacher(beanfield, leader_role):
    user = _employed("Helen Head", beanfield, leader_role)
    ResponsibilityFactory(person=user.person, kind="headteacher", school=beanfield)
    return user


@pytest.fixture
def line_manager(beanfield, teacher_role, headteacher):
    return _employed("Liam Manager", beanfield, teacher_role, headteacher)


@pytest.fixture
def teacher(beanfield, teacher_role, line_manager):
    return _employed("Tessa Teacher", beanfield, teacher_role, line_manager)


@pytest.fixture
def teaching_assistant(beanfield, assistant_role, line_manager):
    return _employed("Marta Kowalczyk", beanfield, assistant_role, line_manager)


@pytest.fixture
def cpd_lead(beanfield, teacher_role, headteacher):
    user = _employed("Chris Lead", beanfield, teacher_role, headteacher)
    ResponsibilityFactory(person=user.person, kind="cpd_lead", school=beanfield)
    return user


@pytest.fixture
def hub_lead(central, teacher_role, primary_hub):
    user = _employed("Hanna Hub", central, teacher_role)
    ResponsibilityFactory(person=user.person, kind="hub_lead", hub=primary_hub)
    return user


@pytest.fixture
def trainer(central, teacher_role, primary_hub):
    user = _employed("Toby Trainer", central, teacher_role)
    ResponsibilityFactory(person=user.person, kind="trainer", hub=primary_hub)
    return user


@pytest.fixture
def people_team(central):
    role = JobRoleFactory(code="HRA", title="People (HR) adviser", job_family="People", staff_group="support")
    user = _employed("Priya People", central, role)
    ResponsibilityFactory(person=user.person, kind="people_team")
    return user


@pytest.fixture
def partner(some_database):
    trust = SchoolFactory(code="NET", name="Nene Education Trust", kind="partner", phase="")
    return UserFactory(
        person=PersonFactory(payroll_number=None, first_name="Paula", last_name="Partner", partner=trust)
    )


@pytest.fixture
def outsider(kettering, teacher_role):
    return _employed("Oscar Outsider", kettering, teacher_role)
