"""A round of learning needs for the pages about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pathways.models import NeedsCycle
from tests.factories.pathways_needs import NeedsCycleFactory


@pytest.fixture
def cycle(db: None) -> NeedsCycle:
    """One that is open today, for ten days more."""
    on = timezone.localdate()
    return NeedsCycleFactory(
        opens_on=on - timedelta(days=10),
        closes_on=on + timedelta(days=10),
        moderated_on=on + timedelta(days=20),
        planned_on=on + timedelta(days=30),
    )
