"""Dull mails."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from staff.models import Message
from tests.factories.staff import UserFactory


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    person = factory.LazyFunction(lambda: UserFactory().person)
    kind = "test"
    subject = factory.Sequence(lambda n: f"Subject {n}")
    body_text = "Text"
    dedupe_key = factory.Sequence(lambda n: f"test:{n}")
    message_id = factory.Sequence(lambda n: f"<{n}@localhost>")
    not_before = datetime(2026, 11, 24, 8, tzinfo=UTC)
