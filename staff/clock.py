"""What time it is. Everything that asks, asks here; SQL asks `portal_now()`, which agrees.

`./portal test --days-ahead N` runs the tests as on a later day: both then add PORTAL_DAYS_AHEAD,
which the servers that a test starts inherit. Settings refuse it anywhere else.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


def now() -> datetime:
    """The present moment, in UTC."""
    return timezone.now() + timedelta(days=settings.DAYS_AHEAD)


def today() -> date:
    """The date in London."""
    return timezone.localdate(now())


class PortalNow(models.Func):
    """The start of the present statement, as the database has it: for `db_default` and in queries.

    `staff/migrations/sql/clock.sql` makes the function.
    """

    function = "portal_now"
    arity = 0
    output_field = models.DateTimeField()
