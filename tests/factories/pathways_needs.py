"""Dull competencies, cycles and ratings."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from pathways import models
from staff import clock
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
    closes_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=10))
    opens_on = factory.LazyAttribute(lambda cycle: cycle.closes_on - timedelta(days=39))
    moderated_on = factory.LazyAttribute(lambda cycle: cycle.closes_on + timedelta(days=20))
    planned_on = factory.LazyAttribute(lambda cycle: cycle.closes_on + timedelta(days=51))


class NeedsRatingFactory(DjangoModelFactory):
    class Meta:
        model = models.NeedsRating

    cycle = factory.SubFactory(NeedsCycleFactory)
    person = factory.SubFactory(PersonFactory)
    competency = factory.SubFactory(CompetencyFactory)
    required_level = 3
    weight = 2
