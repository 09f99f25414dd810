"""The doors to other people's years: whoever decides about them, and nobody else."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404

from staff.models import Person, User
from staff.queries.deciders import decides_about_anyone, people_decided_by


def door_to_team(user: User, on: date) -> Person:
    """The person behind the sign-in; 403 for somebody who decides about nobody."""
    person = user.person
    if person is None or not decides_about_anyone(person, on):
        raise PermissionDenied("This page is for people who decide about somebody's CPD.")
    return person


def get_team_member(user: User, pk: int, on: date) -> Person:
    """Somebody about whom one decides on that date; everybody else answers as if not there."""
    found = people_decided_by(user.person, on).filter(pk=pk).first() if user.person else None
    if found is None:
        raise Http404("There is no such person in your team.")
    return found
