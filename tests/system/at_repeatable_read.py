"""The portal at REPEATABLE READ, where every statement of a transaction sees what its first one saw.

Two gunicorn applications for tests/system/test_places.py; never imported by the portal. `application`
takes places as the portal does; with PORTAL_TEST_COUNTS set, the row is locked and the bookings counted.
"""

import os
import time

from django.db.backends.signals import connection_created
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from bwt_cpd.wsgi import application
from courses.actions import bookings
from courses.actions.places import Taken
from courses.models import Booking, Session

__all__ = ["application"]


def repeatable_read(connection, **kwargs) -> None:
    connection.connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ)


def lock_and_count(session: Session) -> Taken:
    """Right at READ COMMITTED, which counts anew after the lock is had; oversold at REPEATABLE READ."""
    locked = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    has_place = Booking.objects.filter(session=session, state="booked").count() < locked.capacity
    return Taken(time.monotonic_ns() % 2**31, "booked" if has_place else "waiting")


if os.environ.get("PORTAL_TEST_ISOLATION") != "read committed":
    connection_created.connect(repeatable_read)
if os.environ.get("PORTAL_TEST_COUNTS"):
    bookings.take_place = lock_and_count
