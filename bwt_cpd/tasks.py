"""Celery: the jobs that read several apps."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from bwt_cpd.actions import reminders
from bwt_cpd.actions.staff_imports import import_staff_folder
from staff import clock
from staff.actions.jobs import last_success, recorded_job


@shared_task
def send_reminders() -> None:
    """Today's digests."""
    with recorded_job("send_reminders") as run:
        written = reminders.send_reminders(on=clock.today(), now=clock.now())
        run.detail = f"{written} digests"


@shared_task
def import_staff() -> None:
    """The HR system's files of the night, where it leaves some."""
    since = last_success("import_staff")
    with recorded_job("import_staff") as run:
        run.detail = import_staff_folder(
            Path(settings.STAFF_IMPORT_FOLDER),
            now=clock.now(),
            since=since,
            is_full=settings.STAFF_IMPORT_FULL,
        )
