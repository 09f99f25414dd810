"""Celery: the nightly figures."""

from celery import shared_task

from entitlements.actions import nightly
from staff import clock
from staff.actions.jobs import recorded_job


@shared_task
def recompute_statements() -> None:
    """Years that are due are closed, corrected contracts recredited, and everybody's figures stored."""
    with recorded_job("recompute_statements") as run:
        run.detail = nightly.bring_up_to_date(today=clock.today())
