"""The moment and the day of a test, the same for all that it does."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from staff import clock


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def on(now: datetime) -> date:
    return timezone.localdate(now)
