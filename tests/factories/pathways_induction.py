"""Dull inductions."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from pathways import models
from staff import clock
from tests.factories.staff import ContractFactory


class InductionTemplateFactory(DjangoModelFactory):
    class Meta:
        model = models.InductionTemplate

    name = factory.Sequence(lambda n: f"Template {n}")


class InductionTemplateStepFactory(DjangoModelFactory):
    class Meta:
        model = models.InductionTemplateStep

    template = factory.SubFactory(InductionTemplateFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Template step {n}")


class InductionFactory(DjangoModelFactory):
    class Meta:
        model = models.Induction

    contract = factory.SubFactory(ContractFactory)
    person = factory.SelfAttribute("contract.person")
    starts_on = factory.SelfAttribute("contract.starts_on")


class InductionStepFactory(DjangoModelFactory):
    class Meta:
        model = models.InductionStep

    induction = factory.SubFactory(InductionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Step {n}")
    done_by = "person"
    due_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=10))
