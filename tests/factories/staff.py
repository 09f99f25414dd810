"""Dull people, schools and contracts."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from staff import models


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = models.School
        django_get_or_create = ("code",)

    code = "BPS"
    name = factory.LazyAttribute(lambda school: f"School {school.code}")
    phase = "primary"


class HubFactory(DjangoModelFactory):
    class Meta:
        model = models.Hub
        django_get_or_create = ("code",)

    code = "PTH"
    name = factory.LazyAttribute(lambda hub: f"Hub {hub.code}")


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Department
        django_get_or_create = ("name",)

    name = "Teaching"


class JobRoleFactory(DjangoModelFactory):
    class Meta:
        model = models.JobRole
        django_get_or_create = ("code",)

    code = "TCH"
    title = factory.LazyAttribute(lambda role: f"Role {role.code}")
    department = factory.SubFactory(DepartmentFactory)
    job_family = "Teaching"
    staff_group = "teacher"


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.Person

    payroll_number = factory.Sequence(lambda n: f"P{n:05d}")
    first_name = factory.Sequence(lambda n: f"First{n}")
    last_name = factory.Sequence(lambda n: f"Last{n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User

    person = factory.SubFactory(PersonFactory)
    email = factory.LazyAttribute(
        lambda user: f"{user.person.first_name}.{user.person.last_name}@trust.example".lower()
    )


class ContractFactory(DjangoModelFactory):
    class Meta:
        model = models.Contract

    contract_id = factory.Sequence(lambda n: f"C{n:05d}")
    person = factory.SubFactory(PersonFactory)
    school = factory.SubFactory(SchoolFactory)
    job_role = factory.SubFactory(JobRoleFactory)
    department = factory.LazyAttribute(lambda contract: contract.job_role.department)
    starts_on = date(2020, 9, 1)
    is_main = True


class ResponsibilityFactory(DjangoModelFactory):
    class Meta:
        model = models.Responsibility

    person = factory.SubFactory(PersonFactory)
    kind = "cpd_lead"
    starts_on = date(2020, 9, 1)


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Absence

    person = factory.SubFactory(PersonFactory)
    absence_class = "family"
    starts_on = date(2026, 11, 1)
