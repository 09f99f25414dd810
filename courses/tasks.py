"""Celery: what time and leaving do to bookings."""

from celery import shared_task

from courses.actions import leavers, offers
from staff import clock
from staff.actions.jobs import recorded_job


@shared_task
def end_offers() -> None:
    """End the offers that have run out and hand their places on, and the requests nobody decided in time;
    safe to start many times at once.
    """
    with recorded_job("end_offers") as run:
        now = clock.now()
        ended, undecided = offers.end_offers(now=now), offers.end_requests(now=now)
        run.detail = f"{ended} offers ended, {undecided} requests ended undecided"


@shared_task
def give_up_places_of_leavers() -> None:
    """Hand on the places of people who will have left by then; safe to start many times at once."""
    with recorded_job("give_up_places_of_leavers") as run:
        run.detail = f"{leavers.give_up_places_of_leavers(now=clock.now())} bookings ended"
