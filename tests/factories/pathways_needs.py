"""Dull competencies, cycles and ratings."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from pathways import models
from tests.factories.staff import JobRoleFactory, PersonFactory


class CompetencyFactory(DjangoModelFactory):
    class Meta:
        model = models.Competency
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"T{n:03d}")
    title = factory.LazyAttribute(lambda competency: f"Competency {competency.code}")
    domain = "Professional"
    applies_to = "all"


class RoleProfileFactory(DjangoModelFactory):
    class Meta:
        model = models.RoleProfile

    job_role = factory.SubFactory(JobRoleFactory)
    competency = factory.SubFactory(CompetencyFactory)
    required_level = 3
    weight = 2


class NeedsCycleFactory(DjangoModelFactory):
    class Meta:
        model = models.NeedsCycle

    name = factory.Sequence(lambda n: f"Cycle {n}")
    opens_on = date(2026, 11, 2)
    closes_on = date(2026, 12, 11)
    moderated_on = date(2026, 12, 31)
    planned_on = date(2027, 1, 31)


class NeedsRatingFactory(DjangoModelFactory):
    class Meta:
        model = models.NeedsRating

    cycle = factory.SubFactory(NeedsCycleFactory)
    person = factory.SubFactory(PersonFactory)
    competency = factory.SubFactory(CompetencyFactory)
    required_level = 3
    weight = 2
