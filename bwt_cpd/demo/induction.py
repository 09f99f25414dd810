"""Inductions of the demo trust: this autumn's starters, each as far as they would be, some of them late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from bwt_cpd.demo.bulk import write_columns
from bwt_cpd.demo.members import Member, Trust
from pathways.actions.induction import start_inductions
from pathways.actions.reference_induction import load_induction_templates
from pathways.models import Induction, InductionStep


def make_inductions(random: Random, trust: Trust, on: date) -> None:
    """Begin the inductions of everybody since September, name buddies, and tick what would be done by now."""
    load_induction_templates()
    september = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
    now = timezone.make_aware(datetime.combine(on, time(1, 25)))
    start_inductions(on=on, now=now, since=september, is_told=False)
    inductions = list(Induction.objects.select_related("contract").order_by("pk"))
    _choose_buddies(random, trust, inductions, on)
    _tick(random, inductions, on)


def _choose_buddies(random: Random, trust: Trust, inductions: list[Induction], on: date) -> None:
    """Somebody of the same site who has been here longer; Tom Ashby and Marta Kowalczyk are buddies at theirs."""
    here: dict[int, list[Member]] = {}
    demo: dict[str, Member] = {}
    for member in trust.members:
        if member.ends_on is None and member.starts_on < on - timedelta(days=300):
            here.setdefault(trust.schools[member.school].pk, []).append(member)
        if member.demo_name:
            demo[member.demo_name] = member
    wanted = [demo["teacher"], demo["ta"]]
    for induction in inductions:
        not_these = {induction.person_id, induction.contract.line_manager_id}
        others = [
            one.person for one in here.get(induction.contract.school_id, ()) if one.person.pk not in not_these
        ]
        if wanted and induction.contract.school_id == trust.schools[wanted[0].school].pk:
            induction.buddy = wanted.pop(0).person
        elif others and random.random() < 0.8:
            induction.buddy = random.choice(others)
    write_columns(inductions, ["buddy"])


def _tick(random: Random, inductions: list[Induction], on: date) -> None:
    """Most of what is due is done around its day; three in ten starters leave things lying."""
    by_pk = {induction.pk: induction for induction in inductions}
    pace = {induction.pk: random.choice((1.0, 1.0, 1.0, 0.98, 0.95, 0.9, 0.75)) for induction in inductions}
    done = []
    open_ones = InductionStep.objects.filter(done_on__isnull=True).order_by("pk")
    for step in open_ones:
        induction = by_pk[step.induction_id]
        early = 40 if step.due_on > induction.starts_on + timedelta(days=60) else 6
        day = max(induction.starts_on, step.due_on - timedelta(days=random.randint(0, early)))
        if day > on or random.random() > pace[induction.pk]:
            continue
        step.done_on = day
        step.marked_by_id = (
            induction.person_id if step.done_by == "person" else induction.contract.line_manager_id
        )
        done.append(step)
    write_columns(done, ["done_on", "marked_by"])
    still_open = set(
        InductionStep.objects.filter(done_on__isnull=True).values_list("induction_id", flat=True)
    )
    finished = [induction for induction in inductions if induction.pk not in still_open]
    for induction in finished:
        induction.completed_on = on - timedelta(days=random.randint(0, 9))
    write_columns(finished, ["completed_on"])
