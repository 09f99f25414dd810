"""Lending one's decisions for a while."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from staff.models import Delegation, Person, Responsibility
from staff.queries.deciders import EVERY_KIND, people_decided_by
from staff.refusals import ActionRefused


def decides_nothing(person: Person) -> str:
    """Why a person has no decisions to hand over."""
    return f"{person} has nobody to decide about on the first day."


@transaction.atomic
def delegate(
    *,
    from_person: Person,
    to_person: Person,
    starts_on: date,
    ends_on: date,
    reason: str = "",
    by: Person | None,
) -> Delegation:
    """Let somebody decide in one's stead between two dates, both included.

    One's own decisions can be lent by oneself or by the people team (`by` None is the system).
    Given just so already, that one. Raises ActionRefused to oneself, to a delegate of a partner trust, with dates
    the wrong way round, over another delegation to the same person, or for somebody who decides nothing.
    """
    if from_person == to_person:
        raise ActionRefused("Choose somebody else: you cannot stand in for yourself.")
    if ends_on < starts_on:
        raise ActionRefused("The last day is before the first. Check the two dates.")
    if to_person.partner_id is not None:
        raise ActionRefused(f"{to_person} works for a partner trust and cannot decide for somebody here.")
    if by is not None and by != from_person and not is_people_team(by, starts_on):
        raise ActionRefused("Only the person themselves or the people team can lend their decisions.")
    # The row lock makes two forms sent at once wait for each other.
    Person.objects.select_for_update(no_key=True).get(pk=from_person.pk)
    given = Delegation.objects.filter(from_person=from_person, to_person=to_person)
    if there := given.filter(starts_on=starts_on, ends_on=ends_on, reason=reason.strip()).first():
        return there
    if given.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise ActionRefused(
            f"{to_person} already decides in this time. End that first, or choose other dates."
        )
    if not people_decided_by(from_person, starts_on, kinds=EVERY_KIND).exists():
        raise ActionRefused(decides_nothing(from_person))
    return Delegation.objects.create(
        from_person=from_person,
        to_person=to_person,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
    )


@transaction.atomic
def end_delegation(*, delegation_id: int, by: Person | None, today: date) -> Delegation | None:
    """Take the decisions back as of today; a delegation that has not begun is removed (None). Twice is once.

    Raises ActionRefused for anybody but the two people and the people team.
    """
    delegation = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if delegation is None:
        return None
    allowed = by is None or by.pk in (
        delegation.from_person_id,
        delegation.to_person_id,
    )
    if by is not None and not allowed and not is_people_team(by, today):
        raise ActionRefused("Only the two of them or the people team can end this.")
    if delegation.starts_on >= today:
        delegation.delete()
        return None
    # Yesterday was its last day: whoever ends it wants it ended now.
    delegation.ends_on = min(delegation.ends_on, date.fromordinal(today.toordinal() - 1))
    delegation.save(update_fields=["ends_on"])
    return delegation


def is_people_team(person: Person, on: date) -> bool:
    """Whether the person holds the people team's responsibility on that date. One query."""
    return Responsibility.objects.in_force(on).filter(person=person, kind="people_team").exists()
