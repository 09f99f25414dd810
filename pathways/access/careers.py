"""The doors of career pathways: rungs are open to everybody signed in, what one says of oneself to oneself alone."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from pathways.models import Goal, HeldCpd, Rung, RungCpd, RungVoice
from staff.access import person_or_404
from staff.models import User


def get_rung(pk: int) -> Rung:
    """Any rung, with its pathway."""
    return get_object_or_404(Rung.objects.select_related("pathway"), pk=pk)


def get_line(pk: int) -> RungCpd:
    """Any line of any rung, with its pathway."""
    return get_object_or_404(RungCpd.objects.select_related("rung__pathway"), pk=pk)


def get_own_goal(user: User) -> Goal:
    """The goal one has; 404 without one."""
    goal = Goal.objects.filter(person=person_or_404(user), ended_at__isnull=True).first()
    if goal is None:
        raise Http404("You have no goal just now.")
    return goal


def get_own_ended_goal(user: User, pk: int) -> Goal:
    """A goal of one's own that is over; 404 for anybody else's."""
    return get_object_or_404(Goal, pk=pk, person=person_or_404(user), ended_at__isnull=False)


def get_own_held(user: User, pk: int) -> HeldCpd:
    """Something one has said one has; 404 for anybody else's."""
    return get_object_or_404(
        HeldCpd.objects.select_related("cpd__rung__pathway"), pk=pk, person=person_or_404(user)
    )


def get_own_voice(user: User, pk: int) -> RungVoice:
    """What one wrote about a rung; 404 for anybody else's."""
    return get_object_or_404(
        RungVoice.objects.select_related("rung__pathway"), pk=pk, person=person_or_404(user)
    )
