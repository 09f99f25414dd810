"""The portal with the guard of its places off: it looks whether there is a place, and then takes it.

A gunicorn application for the control of tests/system/test_places.py; never imported by the portal.
"""

import time

from bwt_cpd.wsgi import application
from courses.actions import bookings
from courses.actions.places import Taken
from courses.models import Session

__all__ = ["application"]


def look_and_then_take(session: Session) -> Taken:
    """What `take_place` must not be: counting, and then counting up what was read."""
    seen = Session.objects.get(pk=session.pk)
    time.sleep(0.01)
    has_place = seen.booked_count < seen.capacity
    Session.objects.filter(pk=session.pk).update(
        booked_count=seen.booked_count + has_place, next_position=seen.next_position + 1
    )
    return Taken(seen.next_position, "booked" if has_place else "waiting")


bookings.take_place = look_and_then_take
