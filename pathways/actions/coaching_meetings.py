"""Logging that two people met: date and minutes, credited to both; and taking it back from both."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from entitlements.actions.ledger import Credit, credit_many, reverse_many
from entitlements.models import LedgerEntry
from pathways.models import CoachingAgreement, CoachingMeeting, CoachProfile
from pathways.rules.coaching import HIGHEST, LOWEST, MOST
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import date_words

_LOGGED_IN = (CoachingAgreement.State.AGREED, CoachingAgreement.State.COMPLETED)

TITLES: Final = {
    "coaching_given": "Coaching a colleague",
    "coaching_received": "Being coached",
    "mentoring_given": "Mentoring a colleague",
    "mentoring_received": "Being mentored",
}
"""What the ledger calls it, by the code of the activity."""
NOT_AGREED = "Meetings are logged once the coach has agreed, and not after it has ended early."
STILL_TO_COME = "That day is still to come. Log the meeting once it has been held."
HOW_LONG = f"A meeting takes {LOWEST} to {HIGHEST} minutes."
ALL_LOGGED = (
    f"{MOST} meetings are logged, which is the most of one agreement. Complete it and ask anew to go on."
)


def before_it_began(starts_on: date) -> str:
    """Why a meeting before the first day of an agreement is not logged."""
    return f"You began on {date_words(starts_on)}. Choose that day or a later one."


def logged_already(held_on: date) -> str:
    """Why a second meeting of another length on one day is not logged."""
    return f"A meeting on {date_words(held_on)} is logged already. Remove it first to correct it."


@transaction.atomic
def log_meeting(
    *, agreement_id: int, by: Person, held_on: date, minutes: int, now: datetime
) -> CoachingMeeting:
    """Note a meeting, by either side; given and received minutes are credited to both at once, in nobody's
    name: who logged it stands in the log, which is the two's alone.

    The same meeting noted by both is one. Raises ActionRefused for anybody else, a day to come or before it
    was agreed, another length on a day that is noted already, a seventh meeting, and a year that is closed.
    """
    agreement = CoachingAgreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
    _check_side(agreement, by)
    on = timezone.localdate(now)
    if agreement.state not in _LOGGED_IN:
        raise ActionRefused(NOT_AGREED)
    if held_on > on:
        raise ActionRefused(STILL_TO_COME)
    if agreement.starts_on is not None and held_on < agreement.starts_on:
        raise ActionRefused(before_it_began(agreement.starts_on))
    if not LOWEST <= minutes <= HIGHEST:
        raise ActionRefused(HOW_LONG)
    there = agreement.meetings.filter(held_on=held_on, removed_at__isnull=True).first()
    if there is not None:
        if there.minutes == minutes:
            return there
        raise ActionRefused(logged_already(held_on))
    if agreement.meetings.filter(removed_at__isnull=True).count() >= MOST:
        raise ActionRefused(ALL_LOGGED)
    try:
        with transaction.atomic():
            meeting = CoachingMeeting.objects.create(
                agreement=agreement, held_on=held_on, minutes=minutes, logged_by=by, logged_at=now
            )
    except IntegrityError as broken:  # the constraint has the last word
        raise ActionRefused(f"A meeting on {date_words(held_on)} is logged already.") from broken
    credit_many(credits_of(agreement, meeting), by=None, today=on)
    return meeting


@transaction.atomic
def remove_meeting(*, meeting_id: int, by: Person, now: datetime) -> CoachingMeeting:
    """Take a meeting back that was not held so: both credits are reversed, in nobody's name. Twice is
    once."""
    found = CoachingMeeting.objects.get(pk=meeting_id)
    agreement = CoachingAgreement.objects.select_for_update(no_key=True).get(pk=found.agreement_id)
    _check_side(agreement, by)
    meeting = CoachingMeeting.objects.select_for_update(no_key=True).get(pk=meeting_id)
    if meeting.removed_at is not None:
        return meeting
    meeting.removed_at = now
    meeting.save(update_fields=["removed_at"])
    keys = [one.source_key for one in credits_of(agreement, meeting)]
    entries = list(LedgerEntry.objects.filter(source_key__in=keys))
    reverse_many(
        entries, reason="The meeting was taken out of the log.", by=None, today=timezone.localdate(now)
    )
    return meeting


def _check_side(agreement: CoachingAgreement, by: Person) -> None:
    if by.pk not in (agreement.coach_id, agreement.coachee_id):
        raise ActionRefused("One of the two keeps the log.")


def credits_of(agreement: CoachingAgreement, meeting: CoachingMeeting) -> list[Credit]:
    """What both get: never with the other's name or the topic, which are nobody's business in a ledger."""
    what = "mentoring" if agreement.approach == CoachProfile.Approach.MENTORING else "coaching"
    sides = (("given", agreement.coach_id), ("received", agreement.coachee_id))
    return [
        Credit(
            person_id=person_id,
            kind_code=f"{what}_{side}",
            occurred_on=meeting.held_on,
            title=TITLES[f"{what}_{side}"],
            minutes=meeting.minutes,
            source_key=f"coaching:{meeting.pk}:{side}:1",
        )
        for side, person_id in sides
    ]
