"""A round of learning needs for the pages about it."""

from datetime import timedelta

import pytest

from pathways.models import NeedsCycle
from staff import clock
from tests.factories.pathways_needs import NeedsCycleFactory


@pytest.fixture
def cycle(db: None) -> NeedsCycle:
    """One that is open today, for ten days more."""
    on = clock.today()
    return NeedsCycleFactory(
        opens_on=on - timedelta(days=10),
        closes_on=on + timedelta(days=10),
        moderated_on=on + timedelta(days=20),
        planned_on=on + timedelta(days=30),
    )
