"""The poller with its guard off: it says sent before the server has answered.

A Celery application for the controls of tests/system/test_outbox_kill.py; never imported by the portal.
"""

import django

from bwt_cpd.celery import app

django.setup()


from staff.actions import outbox  # noqa: E402
from staff.models import Message  # noqa: E402

__all__ = ["app", "outbox"]


def marks_first(message, backend, time_now):
    """What `_send` must not be."""
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=time_now(), leased_until=None)
    backend.send_messages([outbox._mail(message, outbox._address(message), backend)])
    return True


outbox._send = marks_first
