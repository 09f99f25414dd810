"""The forms of induction: a buddy, a tick, and its undoing."""

from __future__ import annotations

from django.urls import reverse

from pathways.models import Induction
from staff import clock
from tests.factories.pathways_induction import InductionFactory, InductionStepFactory
from tests.factories.staff import ContractFactory
from tests.system.repeats.cases import Cases, Form, Get


def an_induction(get: Get) -> Induction:
    """Of a starter at Beanfield, whom the line manager leads."""
    get("headteacher")
    contract = ContractFactory(
        school=get("beanfield"),
        job_role=get("assistant_role"),
        line_manager=get("line_manager").person,
        starts_on=clock.today(),
    )
    return InductionFactory(contract=contract)


def to_choose_buddy(get: Get) -> Form:
    path = reverse("pathways:induction-buddy", args=[an_induction(get).pk])
    return Form("line_manager", path, {"buddy": get("teacher").person.pk})


def to_tick(get: Get) -> Form:
    """The last open step, which completes the induction."""
    step = InductionStepFactory(induction=an_induction(get), done_by="manager")
    return Form("line_manager", reverse("pathways:induction-tick", args=[step.pk]))


def to_undo(get: Get) -> Form:
    today = clock.today()
    induction = an_induction(get)
    Induction.objects.filter(pk=induction.pk).update(completed_on=today)
    step = InductionStepFactory(
        induction=induction, done_by="manager", done_on=today, marked_by=get("line_manager").person
    )
    return Form("line_manager", reverse("pathways:induction-undo", args=[step.pk]))


CASES: Cases = {
    "pathways:induction-buddy": (to_choose_buddy, {"+staff.message": 1, "pathways.induction": 1}),
    "pathways:induction-tick": (to_tick, {"pathways.induction": 1, "pathways.inductionstep": 1}),
    "pathways:induction-undo": (to_undo, {"pathways.induction": 1, "pathways.inductionstep": 1}),
}
