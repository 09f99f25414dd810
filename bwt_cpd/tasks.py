"""Celery: the jobs that read several apps."""

from celery import shared_task
from django.utils import timezone

from bwt_cpd.actions import reminders
from staff.actions.jobs import recorded_job


@shared_task
def send_reminders() -> None:
    """Today's digests."""
    with recorded_job("send_reminders") as run:
        written = reminders.send_reminders(on=timezone.localdate(), now=timezone.now())
        run.detail = f"{written} digests"
