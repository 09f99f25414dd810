"""The Celery application. Celery is a wake-up call: whatever it loses, the database still holds."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bwt_cpd.settings")

app = Celery("bwt_cpd")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def look_at_the_database(**kwargs: object) -> None:
    """Ends a worker or beat that starts on a server too old for it, with a sentence."""
    from staff.database import exit_if_not_usable  # the applications are loaded by now

    exit_if_not_usable()
