"""The Celery application. Celery is a wake-up call: whatever it loses, the database still holds."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bwt_cpd.settings")

app = Celery("bwt_cpd")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
