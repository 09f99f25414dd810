"""The only doors to inductions: 404 to outsiders, 403 to who only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from pathways.models import Induction, InductionStep
from pathways.queries.induction import MANAGING
from pathways.rules.induction import Standing, may_choose_buddy, may_tick
from staff.access import person_or_404
from staff.models import Person, User
from staff.queries.deciders import may_decide_about


@dataclass(frozen=True)
class Looked:
    """An induction, and how its reader stands to the starter."""

    induction: Induction
    standings: frozenset[Standing]


def get_induction(user: User, pk: int, on: date) -> Looked:
    """An induction one may read: one's own, as manager, head, buddy, people team or CPD lead; else 404."""
    induction = get_object_or_404(
        Induction.objects.select_related(
            "person", "buddy", "contract__job_role", "contract__school", "contract__line_manager"
        ),
        pk=pk,
    )
    return Looked(induction, _standings(person_or_404(user), induction, on))


def get_step(user: User, pk: int, on: date) -> tuple[InductionStep, Looked]:
    """A step one may tick: 404 to who may not read the induction, 403 to whom the step does not belong."""
    step = get_object_or_404(InductionStep, pk=pk)
    looked = get_induction(user, step.induction_id, on)
    if not may_tick(step.done_by, looked.standings):
        raise PermissionDenied(f"This step belongs to somebody else: {step.get_done_by_display().lower()}.")
    return step, looked


def get_induction_to_lead(user: User, pk: int, on: date) -> Looked:
    """An induction whose buddy one may choose; 403 to who only reads it."""
    looked = get_induction(user, pk, on)
    if not may_choose_buddy(looked.standings):
        raise PermissionDenied("The line manager, the headteacher or the people team chooses the buddy.")
    return looked


def _standings(reader: Person, induction: Induction, on: date) -> frozenset[Standing]:
    """Asked for the first day where that is still to come: no contract is in force before."""
    person, day = induction.person, max(on, induction.starts_on)
    if reader.pk == person.pk:
        return frozenset({Standing.OWN})
    found = set()
    if induction.buddy_id == reader.pk:
        found.add(Standing.BUDDY)
    kinds = {
        Standing.MANAGER: MANAGING,
        Standing.PEOPLE_TEAM: ("people_team",),
        Standing.READER: ("cpd_lead",),
    }
    found |= {one for one, held in kinds.items() if may_decide_about(reader, person, day, kinds=held)}
    if not found:
        raise Http404("There is no such induction.")
    return frozenset(found)
