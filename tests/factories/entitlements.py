"""Dull years, kinds and credits."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from entitlements import models
from tests.factories.staff import PersonFactory


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
