"""Goals: set, shared, let go, taken up again, reached; and what somebody has already."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from pathways.models import Goal, HeldCpd, Rung, RungCpd
from pathways.queries.goals import UNDO_WITHIN
from staff.models import Contract, Person
from staff.refusals import ActionRefused

YOUR_JOB = "This is your job already. Choose a step that you would like to get to."
OVER_ALREADY = "This goal is over already."
TOO_LONG_AGO = "That was some time ago. Set it as your goal anew from its page."
ANOTHER_GOAL = "You have another goal by now. Let that one go first."
STILL_TO_COME = "That day is still to come. Give the day since when you have it."


@transaction.atomic
def set_goal(*, person: Person, rung: Rung, is_shared: bool, by: Person, now: datetime) -> Goal:
    """Make a rung somebody's goal; the one they had is let go. The same rung again keeps it as it is,
    and shares it or not as said.

    Raises ActionRefused for anybody else's goal, and for the only rung of a pathway with one's job.
    """
    _only_own(person, by)
    _locked(person)
    if _is_nothing_new(person, rung, now.date()):
        raise ActionRefused(YOUR_JOB)
    current = Goal.objects.filter(person=person, ended_at__isnull=True).first()
    if current is not None and current.rung_id == rung.pk:
        current.is_shared = is_shared
        current.save(update_fields=["is_shared"])
        return current
    if current is not None:
        current.ended_at = now
        current.save(update_fields=["ended_at"])
    return Goal.objects.create(person=person, rung=rung, is_shared=is_shared)


@transaction.atomic
def share_goal(*, goal: Goal, is_shared: bool, by: Person) -> Goal:
    """Show a goal to one's manager, or keep it to oneself again. Raises ActionRefused for anybody else's."""
    _only_own(goal.person, by)
    goal.is_shared = is_shared
    goal.save(update_fields=["is_shared"])
    return goal


@transaction.atomic
def end_goal(*, goal: Goal, is_reached: bool, by: Person, now: datetime) -> Goal:
    """Let a goal go, or say that it is reached; said twice it is the same.

    Raises ActionRefused for anybody else's, or one that is over otherwise.
    """
    _only_own(goal.person, by)
    _locked(goal.person)
    goal.refresh_from_db()
    if goal.ended_at is not None and goal.is_reached == is_reached:
        return goal
    if goal.ended_at is not None:
        raise ActionRefused(OVER_ALREADY)
    goal.ended_at, goal.is_reached = now, is_reached
    goal.save(update_fields=["ended_at", "is_reached"])
    return goal


@transaction.atomic
def take_up_again(*, goal: Goal, by: Person, now: datetime) -> Goal:
    """Undo the letting go, or the reaching, of a goal. Not shared again by itself.

    Raises ActionRefused for anybody else's, after 14 days, and where there is another goal by now.
    """
    _only_own(goal.person, by)
    _locked(goal.person)
    goal.refresh_from_db()
    if goal.ended_at is None:
        return goal
    if goal.ended_at + UNDO_WITHIN < now:
        raise ActionRefused(TOO_LONG_AGO)
    if Goal.objects.filter(person=goal.person, ended_at__isnull=True).exists():
        raise ActionRefused(ANOTHER_GOAL)
    goal.ended_at, goal.is_reached, goal.is_shared = None, False, False
    goal.save(update_fields=["ended_at", "is_reached", "is_shared"])
    return goal


@transaction.atomic
def say_held(
    *, person: Person, cpd: RungCpd, held_on: date, words: str = "", by: Person, on: date
) -> HeldCpd:
    """Note that somebody has something already, since when; said again, it is corrected.

    It is their own word, not a record: the ledger is not credited. Raises ActionRefused for anybody
    else, and for a day to come.
    """
    _only_own(person, by)
    if held_on > on:
        raise ActionRefused(STILL_TO_COME)
    held, _ = HeldCpd.objects.update_or_create(
        person=person, cpd=cpd, defaults={"held_on": held_on, "words": words}
    )
    return held


@transaction.atomic
def take_back_held(*, held: HeldCpd, by: Person) -> None:
    """Take one's word back: the line is open again. Raises ActionRefused for anybody else's."""
    _only_own(held.person, by)
    held.delete()


def _only_own(person: Person, by: Person) -> None:
    if by.pk != person.pk:
        raise ActionRefused("Everybody chooses their own goal.")


def _locked(person: Person) -> None:
    """One goal at a time, also from two windows: the person's row is held until the end."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _is_nothing_new(person: Person, rung: Rung, on: date) -> bool:
    """Whether the rung is where somebody stands: the lowest of the pathway that has their job."""
    mine = Contract.objects.in_force(on).filter(person=person).values("job_role")
    numbers = Rung.objects.filter(pathway=rung.pathway_id, job_roles__in=mine).values_list(
        "number", flat=True
    )
    return min(numbers, default=0) == rung.number
