"""Celery: what time does to waiting lists."""

from celery import shared_task
from django.utils import timezone

from courses.actions import offers
from staff.actions.jobs import recorded_job


@shared_task
def end_offers() -> None:
    """End the offers that have run out and hand their places on; safe to start many times at once."""
    with recorded_job("end_offers") as run:
        run.detail = f"{offers.end_offers(now=timezone.now())} offers ended"
