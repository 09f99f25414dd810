"""Opening a cycle of learning needs analysis, and keeping it complete."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from pathways.models import NeedsCycle
from staff.audit import keys_checked_at_once
from staff.refusals import ActionRefused

# One statement, however many people: the main contract of each (R6: the one marked so, else the
# highest fte, else the lowest contract id) and the profile of its role as it is now.
_ADD = """
INSERT INTO pathways_needsrating
    (cycle_id, person_id, competency_id, required_level, weight, self_words, manager_words, is_asked_for)
SELECT %(cycle)s, main.person_id, profile.competency_id, profile.required_level, profile.weight, '', '', FALSE
FROM (
    SELECT DISTINCT ON (held.person_id) held.person_id, held.job_role_id, held.school_id, held.starts_on
    FROM staff_contract held JOIN staff_jobrole role ON role.id = held.job_role_id
    WHERE role.staff_group <> 'casual' AND held.starts_on <= %(on)s
        AND (held.ends_on IS NULL OR held.ends_on >= %(on)s)
    ORDER BY held.person_id, held.is_main DESC,
        held.fte_numerator::numeric / held.fte_denominator DESC, held.contract_id
) main
JOIN staff_school school ON school.id = main.school_id
JOIN pathways_roleprofile profile ON profile.job_role_id = main.job_role_id
JOIN pathways_competency competency ON competency.id = profile.competency_id AND competency.is_active
WHERE (competency.applies_to NOT LIKE 'primary%%' OR school.phase = 'primary')
    AND (%(joined_from)s::date IS NULL OR main.starts_on >= %(joined_from)s)
    AND (%(schools)s::bigint[] = '{}' OR main.school_id = ANY(%(schools)s))
ON CONFLICT (cycle_id, person_id, competency_id) DO NOTHING
"""
NOT_OPENED = "This cycle has not opened yet."
HAS_CLOSED = "This cycle has closed, so nobody can be added to it."


@transaction.atomic
def add_people(*, cycle_id: int, on: date) -> int:
    """Write a rating to be given for everybody in contract on that day × the profile of their main role.

    Required level and weight are copied from the profile now, so that a later change of it does not
    rewrite the cycle. Again, it adds only who and what is missing: starters, and people who have changed
    their role. Casual staff have no profile; what applies to primary schools alone is asked there alone.
    Returns how many ratings were added. Five statements. Raises ActionRefused before the cycle opens
    and after it has closed.
    """
    cycle = NeedsCycle.objects.select_for_update(no_key=True).get(pk=cycle_id)
    if on < cycle.opens_on:
        raise ActionRefused(NOT_OPENED)
    if on > cycle.closes_on:
        raise ActionRefused(HAS_CLOSED)
    schools = list(cycle.schools.values_list("pk", flat=True))
    with keys_checked_at_once(), connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            {"cycle": cycle.pk, "on": on, "joined_from": cycle.joined_from, "schools": schools},
        )
        return cursor.rowcount


def keep_cycles_complete(*, on: date) -> int:
    """For every cycle that is open: open it on its first day, add starters on the others. Nightly."""
    running = NeedsCycle.objects.filter(opens_on__lte=on, closes_on__gte=on).values_list("pk", flat=True)
    return sum(add_people(cycle_id=pk, on=on) for pk in running)
