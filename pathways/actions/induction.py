"""Beginning inductions by themselves, ticking steps, and choosing a buddy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Prefetch

from pathways.actions.induction_letters import tell_buddy, tell_of_starts
from pathways.models import Induction, InductionStep, InductionTemplate, InductionTemplateStep
from pathways.queries.induction_records import records_of
from pathways.rules.induction import (
    LATE_ENTRY,
    LOOK_AHEAD,
    LOOK_BACK,
    Fits,
    Standing,
    may_choose_buddy,
    may_tick,
)
from staff.models import Contract, Person
from staff.queries.deciders import not_left
from staff.refusals import ActionRefused

# A starter: the main contract (R6: the one marked so, else the highest fte, else the lowest contract id)
# of somebody who had none on the day before. The database lets one run alone write each.
_START = """
INSERT INTO pathways_induction (person_id, contract_id, starts_on)
SELECT main.person_id, main.id, main.starts_on
FROM (
    SELECT DISTINCT ON (held.person_id, held.starts_on) held.id, held.person_id, held.starts_on
    FROM staff_contract held
        JOIN staff_person person ON person.id = held.person_id
    WHERE held.starts_on <= %(until)s
        AND (
            held.starts_on >= %(since)s
            OR held.starts_on >= %(late_entry)s AND person.created_at >= %(since)s::date
                AND EXISTS (SELECT 1 FROM staff_person there WHERE there.created_at < %(since)s::date)
        )
        AND (held.ends_on IS NULL OR held.ends_on >= %(on)s)
        AND NOT EXISTS (
            SELECT 1 FROM staff_contract before
            WHERE before.person_id = held.person_id AND before.starts_on < held.starts_on
                AND (before.ends_on IS NULL OR before.ends_on >= held.starts_on - 1)
        )
    ORDER BY held.person_id, held.starts_on, held.is_main DESC,
        held.fte_numerator::numeric / held.fte_denominator DESC, held.contract_id
) main
WHERE NOT EXISTS (
    SELECT 1 FROM pathways_induction there
    WHERE there.person_id = main.person_id AND there.starts_on = main.starts_on
)
ORDER BY main.id
ON CONFLICT (contract_id) DO NOTHING
RETURNING id
"""
FROM_THE_RECORD = "This comes from the record of the training. Whoever keeps the register corrects it there."


def step_of_another(step: InductionStep) -> str:
    """Why a step is not theirs to tick; it names whose it is."""
    return f"This step belongs to somebody else: {step.get_done_by_display().lower()}."


@transaction.atomic
def start_inductions(*, on: date, now: datetime, since: date | None = None, is_told: bool = True) -> int:
    """Give every starter the steps of all templates that fit, and tell them and their manager if `is_told`.

    A starter is somebody whose first day was in the last 30 days (or from `since`) or is within 14 days, and
    who had no contract on the day before: a change of contract is none. Whoever HR has entered in those 30 days
    may have begun 180 days ago; not when the portal itself is that young, for then everybody is new to it. Steps are copies, due so many days
    after the start. Again, or five at once, it adds only who is missing. A fixed number of statements
    however many starters. Returns how many inductions were begun.
    """
    window = {
        "since": since or on - LOOK_BACK,
        "late_entry": on - LATE_ENTRY,
        "until": on + LOOK_AHEAD,
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(_START, window)
        begun = [pk for (pk,) in cursor.fetchall()]
    if not begun:
        return 0
    inductions = list(
        Induction.objects.filter(pk__in=begun).select_related(
            "person", "contract__job_role", "contract__school", "contract__line_manager"
        )
    )
    templates = _templates()
    InductionStep.objects.bulk_create(
        (step for induction in inductions for step in _steps_for(induction, templates)), batch_size=4000
    )
    tick_from_record(on=on, induction_ids=begun)
    if is_told:
        tell_of_starts(inductions, on=on, now=now)
    return len(begun)


@transaction.atomic
def follow_start_dates(*, on: date) -> int:
    """Where HR has moved the first day of a contract, move the induction and what is open of it."""
    moved = list(
        Induction.objects.select_for_update(no_key=True, of=("self",))
        .filter(completed_on__isnull=True, contract__starts_on__gt=on - timedelta(days=180))
        .exclude(starts_on=F("contract__starts_on"))
        .select_related("contract")
        .order_by("pk")
    )
    for induction in moved:
        shift = induction.contract.starts_on - induction.starts_on
        induction.steps.filter(done_on__isnull=True).update(due_on=F("due_on") + shift)
        induction.starts_on = induction.contract.starts_on
    Induction.objects.bulk_update(moved, ["starts_on"])
    return len(moved)


@transaction.atomic
def tick_from_record(*, on: date, induction_ids: Iterable[int] | None = None) -> int:
    """Tick the open steps whose training is in the ledger, and undo such a tick where the credit is gone.

    Only steps with a course or a required training, of inductions that began within a year. Returns how
    many steps changed. A fixed number of statements.
    """
    steps = InductionStep.objects.filter(induction__starts_on__gte=on - timedelta(days=365)).filter(
        is_from_record=True
    ) | InductionStep.objects.filter(
        induction__starts_on__gte=on - timedelta(days=365), done_on__isnull=True
    ).exclude(course__isnull=True, statutory_code="")
    if induction_ids is not None:
        steps = steps.filter(induction__in=list(induction_ids))
    # Locked, so that a tick by hand at the same moment is not overwritten.
    found = list(
        steps.select_for_update(no_key=True, of=("self",))
        .select_related("induction", "course")
        .order_by("pk")
    )
    records = records_of(found)
    changed = []
    for step in found:
        recorded_on = records.get(step.pk)
        if recorded_on != step.done_on or step.is_from_record != (recorded_on is not None):
            step.done_on, step.is_from_record, step.marked_by = recorded_on, recorded_on is not None, None
            changed.append(step)
    InductionStep.objects.bulk_update(changed, ["done_on", "is_from_record", "marked_by"], batch_size=200)
    _settle({step.induction_id for step in changed}, on)
    return len(changed)


@transaction.atomic
def tick_step(*, step_id: int, by: Person, standings: frozenset[Standing], on: date) -> InductionStep:
    """Mark a step done today. Ticked before, by whomever, it stays as it is.

    Raises ActionRefused where it is not theirs to tick.
    """
    step = _locked(step_id, standings)
    if step.done_on is None:
        step.done_on, step.marked_by = on, by
        step.save(update_fields=["done_on", "marked_by"])
        _settle({step.induction_id}, on)
    return step


@transaction.atomic
def undo_step(*, step_id: int, by: Person, standings: frozenset[Standing], on: date) -> InductionStep:
    """Take a tick back. Raises ActionRefused for one that stands on a record of the training."""
    step = _locked(step_id, standings)
    if step.is_from_record:
        raise ActionRefused(FROM_THE_RECORD)
    if step.done_on is not None:
        step.done_on, step.marked_by = None, None
        step.save(update_fields=["done_on", "marked_by"])
        _settle({step.induction_id}, on)
    return step


@transaction.atomic
def choose_buddy(
    *,
    induction_id: int,
    buddy: Person | None,
    by: Person,
    standings: frozenset[Standing],
    on: date,
    now: datetime,
) -> Induction:
    """Name the colleague who helps the starter to settle in, or nobody; a new buddy gets a mail.

    Raises ActionRefused for who may not choose, and for the starter themselves, their manager or a leaver.
    """
    induction = Induction.objects.select_for_update(no_key=True).get(pk=induction_id)
    if not may_choose_buddy(standings):
        raise ActionRefused("The line manager, the headteacher or the people team chooses the buddy.")
    if buddy is not None:
        _check_buddy(induction, buddy, on)
    if induction.buddy_id != (buddy.pk if buddy else None):
        induction.buddy = buddy
        induction.save(update_fields=["buddy"])
        if buddy is not None:
            tell_buddy(induction, now=now)
    return induction


def _check_buddy(induction: Induction, buddy: Person, on: date) -> None:
    if buddy.pk == induction.person_id:
        raise ActionRefused("A buddy is somebody else: choose a colleague.")
    if buddy.pk == induction.contract.line_manager_id:
        raise ActionRefused("The line manager helps anyway. Choose a colleague as buddy.")
    works_here = Contract.objects.in_force(on).filter(person=buddy)
    if not works_here.exists() or not Person.objects.filter(not_left(on), pk=buddy.pk).exists():
        raise ActionRefused(f"{buddy} does not work here today. Choose somebody who does.")


def _locked(step_id: int, standings: frozenset[Standing]) -> InductionStep:
    """The step under its induction's lock, so that two last ticks at once both see the end."""
    step = InductionStep.objects.get(pk=step_id)
    Induction.objects.select_for_update(no_key=True).get(pk=step.induction_id)
    step = InductionStep.objects.select_for_update(no_key=True).get(pk=step_id)
    if not may_tick(step.done_by, standings):
        raise ActionRefused(step_of_another(step))
    return step


def _settle(induction_ids: set[int], on: date) -> None:
    """Complete those of which nothing is open; open again those of which something is. Three statements."""
    if not induction_ids:
        return
    open_ones = set(
        InductionStep.objects.filter(induction__in=induction_ids, done_on__isnull=True).values_list(
            "induction_id", flat=True
        )
    )
    these = Induction.objects.filter(pk__in=induction_ids)
    these.filter(pk__in=open_ones, completed_on__isnull=False).update(completed_on=None)
    these.filter(completed_on__isnull=True).exclude(pk__in=open_ones).update(completed_on=on)


def _templates() -> list[tuple[Fits, list[InductionTemplateStep]]]:
    """Every active template: whom it fits, and its steps. Four queries."""
    steps = Prefetch("steps", queryset=InductionTemplateStep.objects.order_by("number"))
    active = InductionTemplate.objects.filter(is_active=True).order_by("pk")
    return [
        (
            Fits(
                frozenset(template.staff_groups),
                frozenset(template.job_families),
                frozenset(role.pk for role in template.job_roles.all()),
                frozenset(school.pk for school in template.schools.all()),
            ),
            list(template.steps.all()),
        )
        for template in active.prefetch_related(steps, "job_roles", "schools")
    ]


def _steps_for(
    induction: Induction, templates: list[tuple[Fits, list[InductionTemplateStep]]]
) -> list[InductionStep]:
    """The copies for one starter; a title that two templates share stands once, as in the first."""
    contract = induction.contract
    found: dict[str, InductionStep] = {}
    for fits, steps in templates:
        if not fits.fits(
            staff_group=contract.job_role.staff_group,
            job_family=contract.job_role.job_family,
            job_role=contract.job_role_id,
            school=contract.school_id,
        ):
            continue
        for step in steps:
            copy = InductionStep(
                induction=induction,
                template_step=step,
                number=len(found) + 1,
                title=step.title,
                words=step.words,
                done_by=step.done_by,
                due_on=induction.starts_on + timedelta(days=step.due_days),
                course_id=step.course_id,
                statutory_code=step.statutory_code,
            )
            found.setdefault(step.title, copy)
    return list(found.values())
