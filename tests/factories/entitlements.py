"""Dull years, kinds and credits."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from entitlements import models
from tests.factories.staff import ContractFactory, PersonFactory


class AcademicYearFactory(DjangoModelFactory):
    class Meta:
        model = models.AcademicYear
        django_get_or_create = ("name",)

    name = "2026/27"
    starts_on = factory.LazyAttribute(lambda year: date(int(year.name[:4]), 9, 1))
    ends_on = factory.LazyAttribute(lambda year: date(int(year.name[:4]) + 1, 8, 31))


class EntitlementPolicyFactory(DjangoModelFactory):
    class Meta:
        model = models.EntitlementPolicy
        django_get_or_create = ("year",)

    year = factory.SubFactory(AcademicYearFactory)


class ActivityKindFactory(DjangoModelFactory):
    class Meta:
        model = models.ActivityKind
        django_get_or_create = ("code",)

    code = "course"
    title = factory.LazyAttribute(lambda kind: f"Kind {kind.code}")


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = models.Claim

    person = factory.SubFactory(PersonFactory)
    kind = factory.SubFactory(ActivityKindFactory)
    occurred_on = date(2026, 11, 2)
    minutes = 60
    title = factory.Sequence(lambda n: f"Reading {n}")
    learned = "How to plan a sequence."


class ClosedStatementFactory(DjangoModelFactory):
    """Nothing expected and nothing done, as the contract is."""

    class Meta:
        model = models.ClosedStatement

    year = factory.SubFactory(AcademicYearFactory)
    main_contract = factory.SubFactory(ContractFactory)
    person = factory.LazyAttribute(lambda closed: closed.main_contract.person)
    school = factory.LazyAttribute(lambda closed: closed.main_contract.school)
    school_phase = factory.LazyAttribute(lambda closed: closed.school.phase)
    department = factory.LazyAttribute(lambda closed: closed.main_contract.department)
    line_manager = factory.LazyAttribute(lambda closed: closed.main_contract.line_manager)
    role_title = factory.LazyAttribute(lambda closed: closed.main_contract.job_role.title)
    job_family = factory.LazyAttribute(lambda closed: closed.main_contract.job_role.job_family)
    staff_group = factory.LazyAttribute(lambda closed: closed.main_contract.job_role.staff_group)
    is_in_contract = True
    policy_version = 1
    entitlement_minutes = 0
    expected_minutes = 0
    expected_to_date_minutes = 0
    recorded_minutes = 0
    counted_minutes = 0
    planned_minutes = 0
    shortfall_minutes = 0
    own_time_minutes = 0
    status = "met"
