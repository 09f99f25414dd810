"""Celery: wakes the outbox."""

from celery import shared_task

from staff.actions.jobs import recorded_job
from staff.actions.outbox import send_due_messages


@shared_task
def send_messages() -> None:
    """One pass of the outbox."""
    with recorded_job("send_messages") as run:
        run.detail = f"{send_due_messages()} sent"
