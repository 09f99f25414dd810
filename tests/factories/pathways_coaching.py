"""Dull coaches and agreements."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from pathways import models
from staff import clock
from tests.factories.staff import PersonFactory


class CoachProfileFactory(DjangoModelFactory):
    class Meta:
        model = models.CoachProfile

    person = factory.SubFactory(PersonFactory)
    training = "ilm3"
    approaches = ["grow"]
    topics = ["confidence"]


class CoachingAgreementFactory(DjangoModelFactory):
    class Meta:
        model = models.CoachingAgreement

    coach = factory.SubFactory(PersonFactory)
    coachee = factory.SubFactory(PersonFactory)
    topic = "confidence"
    approach = "grow"
    state = "agreed"
    starts_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=60))


class CoachingMeetingFactory(DjangoModelFactory):
    class Meta:
        model = models.CoachingMeeting

    agreement = factory.SubFactory(CoachingAgreementFactory)
    held_on = factory.LazyAttribute(lambda meeting: meeting.agreement.starts_on + timedelta(days=30))
    minutes = 50
    logged_by = factory.SelfAttribute("agreement.coach")
