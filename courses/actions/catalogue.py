"""Writes to the catalogue that are more than one row, or that somebody is told about."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from courses.models import Course, Interest
from staff.models import Person
from staff.refusals import ActionRefused


@transaction.atomic
def register_interest(*, person: Person, course_id: int, by: Person) -> Interest:
    """`person` is told when the course has a date. Asking twice changes nothing; asking again after
    having been told puts them back on the list.
    """
    if by.pk != person.pk:
        raise ActionRefused("Everybody registers their own interest.")
    if not Course.objects.filter(pk=course_id, is_published=True).exists():
        raise ActionRefused("This course is not on offer at the moment.")
    interest, _ = Interest.objects.update_or_create(course_id=course_id, person=person, defaults={"told_at": None})
    return interest


@transaction.atomic
def withdraw_interest(*, person: Person, course_id: int, by: Person) -> None:
    """`person` is no longer told; nothing happens where they were not waiting to be."""
    if by.pk != person.pk:
        raise ActionRefused("Everybody withdraws their own interest.")
    Interest.objects.filter(course_id=course_id, person=person).delete()
