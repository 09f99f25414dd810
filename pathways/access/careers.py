"""The doors of career pathways: rungs are open to everybody signed in, what one says of oneself to oneself alone."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404

from pathways.models import Goal, HeldCpd, Rung, RungCpd, RungVoice
from staff.access import person_or_404
from staff.models import User
from staff.queries.trail import last_of_gone


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


def get_own_goal_to_end(user: User, *, is_reached: bool) -> Goal:
    """The goal one has; without one, the last that ended just so, for a form sent twice; else 404."""
    mine = Goal.objects.filter(person=person_or_404(user))
    goal = mine.order_by(F("ended_at").desc(nulls_first=True)).first()
    if goal is None or (goal.ended_at is not None and goal.is_reached != is_reached):
        raise Http404("You have no goal just now.")
    return goal


def get_own_goal_to_take_up(user: User, pk: int) -> Goal:
    """A goal of one's own, over or taken up again by now; 404 for anybody else's."""
    return get_object_or_404(Goal, pk=pk, person=person_or_404(user))


def get_own_held(user: User, pk: int) -> tuple[HeldCpd | None, RungCpd]:
    """Something one has said one has, and of which line; only the line once it is taken back.

    404 for anybody else's.
    """
    person = person_or_404(user)
    held = HeldCpd.objects.select_related("cpd__rung__pathway").filter(pk=pk, person=person).first()
    if held is not None:
        return held, held.cpd
    if (gone := last_of_gone(HeldCpd, pk, person=person)) is None:
        raise Http404("There is nothing like that of yours.")
    return None, get_line(gone.cpd_id)


def get_own_voice(user: User, pk: int) -> tuple[RungVoice | None, Rung]:
    """What one wrote about a rung, and which; only the rung once it is taken away. 404 for anybody else's."""
    person = person_or_404(user)
    voice = RungVoice.objects.select_related("rung__pathway").filter(pk=pk, person=person).first()
    if voice is not None:
        return voice, voice.rung
    if (gone := last_of_gone(RungVoice, pk, person=person)) is None:
        raise Http404("You have written nothing like that.")
    return None, get_rung(gone.rung_id)
