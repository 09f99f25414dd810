"""Whom somebody would plausibly ask to stand in for them."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from staff.models import Contract, Person


def plausible_stand_ins(person: Person, on: date) -> QuerySet[Person]:
    """Colleagues with a contract in force at one of the person's own schools, and their own line
    managers wherever those work; never themselves. One query when read, by name.
    """
    own = Contract.objects.in_force(on).filter(person=person)
    live = Contract.objects.in_force(on).filter(person=OuterRef("pk"))
    manager = Q(pk__in=own.filter(line_manager__isnull=False).values("line_manager"))
    at_my_school = Q(Exists(live.filter(school__in=own.values("school"))))
    return Person.objects.filter(Q(Exists(live)), at_my_school | manager, erased_at__isnull=True).exclude(
        pk=person.pk
    )
