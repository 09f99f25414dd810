"""Dull bodies, inductions, capacity and interests."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from pathways import models
from staff import clock
from tests.factories.entitlements import AcademicYearFactory
from tests.factories.staff import PersonFactory, SchoolFactory


class AppropriateBodyFactory(DjangoModelFactory):
    class Meta:
        model = models.AppropriateBody
        django_get_or_create = ("name",)

    name = "Cambridgeshire hub"


class EarlyCareerFactory(DjangoModelFactory):
    class Meta:
        model = models.EarlyCareer

    person = factory.SubFactory(PersonFactory)
    school = factory.SubFactory(SchoolFactory)
    starts_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=90))
    appropriate_body = factory.SubFactory(AppropriateBodyFactory)
    ends_on = factory.LazyAttribute(lambda career: career.starts_on + timedelta(days=690))


class EarlyCareerReviewFactory(DjangoModelFactory):
    class Meta:
        model = models.EarlyCareerReview

    early_career = factory.SubFactory(EarlyCareerFactory)
    term = 1
    kind = "progress"
    due_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=10))


class TrainingCapacityFactory(DjangoModelFactory):
    class Meta:
        model = models.TrainingCapacity

    school = factory.SubFactory(SchoolFactory)
    year = factory.SubFactory(AcademicYearFactory)
    mentors = 2
    placements = 1


class CareerStageFactory(DjangoModelFactory):
    class Meta:
        model = models.CareerStage

    person = factory.SubFactory(PersonFactory)
    stage = "teacher"


class SchoolFundingFactory(DjangoModelFactory):
    class Meta:
        model = models.SchoolFunding

    school = factory.SubFactory(SchoolFactory)


class TeachingInterestFactory(DjangoModelFactory):
    class Meta:
        model = models.TeachingInterest

    person = factory.SubFactory(PersonFactory)
    phase = "primary"
    has_degree = True
    has_english_and_maths = True
    created_at = factory.LazyFunction(clock.now)


def walk(interest, *states, by, starts_on=None):
    """Move an interest through states as the people team, with the rows that the database asks for.

    A placement begins on `starts_on`, else nine months from today.
    """
    for state in states:
        models.TeachingInterestStep.objects.create(
            interest=interest,
            number=interest.step_count + 1,
            person=interest.person,
            actor=by,
            capacity="people_team",
            from_state=interest.state,
            to_state=state,
            words="Agreed with them.",
        )
        interest.state, interest.step_count = state, interest.step_count + 1
        if state == "placed" and interest.placed_at is None:
            interest.placed_at, interest.mentor = SchoolFactory(), PersonFactory()
            interest.starts_on = starts_on or clock.today() + timedelta(days=270)
        interest.save()
    return interest
