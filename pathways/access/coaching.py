"""The only doors to coaching: an agreement is its two people's alone; figures are for whoever plans CPD."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from pathways.models import CoachingAgreement, CoachingMeeting
from pathways.queries.coaching import OfAgreement, agreements_of
from staff.access import person_or_404
from staff.models import Responsibility, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def get_agreement(user: User, pk: int) -> WithAnnotations[CoachingAgreement, OfAgreement]:
    """An agreement one is part of, as coach or coachee; to everybody else, whoever they are, 404."""
    return get_object_or_404(agreements_of(person_or_404(user)), pk=pk)


def get_agreement_to_answer(user: User, pk: int) -> WithAnnotations[CoachingAgreement, OfAgreement]:
    """One that one is asked as a coach; 403 to who asked."""
    agreement = get_agreement(user, pk)
    if agreement.coach_id != user.person_id:
        raise PermissionDenied("The coach answers.")
    return agreement


def get_agreement_to_withdraw(user: User, pk: int) -> WithAnnotations[CoachingAgreement, OfAgreement]:
    """One that one has asked for; 403 to the coach."""
    agreement = get_agreement(user, pk)
    if agreement.coachee_id != user.person_id:
        raise PermissionDenied("Whoever asked can withdraw it.")
    return agreement


def get_meeting(user: User, pk: int) -> CoachingMeeting:
    """A meeting of one's own log."""
    meeting = get_object_or_404(CoachingMeeting, pk=pk)
    get_agreement(user, meeting.agreement_id)
    return meeting


@dataclass(frozen=True)
class FiguresScope:
    """The schools whose figures one sees: some, or the trust's."""

    school_ids: frozenset[int]
    is_trust: bool


def get_figures_scope(user: User, on: date) -> FiguresScope:
    """CPD lead and head their school, school improvement and the people team the trust; 404 to all others."""
    held = Responsibility.objects.in_force(on).filter(
        person=person_or_404(user),
        kind__in=["headteacher", "cpd_lead", "school_improvement", "people_team"],
        hub__isnull=True,
    )
    schools = set(held.values_list("school_id", flat=True))
    if not schools:
        raise Http404("These figures are for those who plan CPD.")
    return FiguresScope(frozenset(pk for pk in schools if pk is not None), None in schools)
