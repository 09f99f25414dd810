"""Celery: what nights do to pathways."""

from celery import shared_task
from django.utils import timezone

from pathways.actions.early_career import keep_inductions_planned
from pathways.actions.induction import follow_start_dates, start_inductions, tick_from_record
from pathways.actions.needs_cycles import keep_cycles_complete
from staff import clock
from staff.actions.jobs import recorded_job
from staff.wording import counted


@shared_task
def keep_needs_cycles() -> None:
    """Open the cycles whose first day it is; add starters to those that are open."""
    with recorded_job("keep_needs_cycles") as run:
        run.detail = f"{counted(keep_cycles_complete(on=clock.today()), 'rating')} asked for"


@shared_task
def keep_inductions() -> None:
    """Begin the inductions of starters; follow moved first days; tick what is on record."""
    with recorded_job("keep_inductions") as run:
        now = clock.now()
        on = timezone.localdate(now)
        follow_start_dates(on=on)
        begun = start_inductions(on=on, now=now)
        ticked = tick_from_record(on=on)
        run.detail = f"{counted(begun, 'induction')} begun, {counted(ticked, 'step')} set from the record"


@shared_task
def keep_early_careers() -> None:
    """Plan the inductions of early career teachers anew from contracts and absences."""
    with recorded_job("keep_early_careers") as run:
        changed = keep_inductions_planned(on=clock.today())
        run.detail = f"{counted(changed, 'early career induction')} planned anew"
