"""Celery: what nights do to pathways."""

from celery import shared_task
from django.utils import timezone

from pathways.actions.needs_cycles import keep_cycles_complete
from staff.actions.jobs import recorded_job
from staff.wording import counted


@shared_task
def keep_needs_cycles() -> None:
    """Open the cycles whose first day it is; add starters to those that are open."""
    with recorded_job("keep_needs_cycles") as run:
        run.detail = f"{counted(keep_cycles_complete(on=timezone.localdate()), 'rating')} asked for"
