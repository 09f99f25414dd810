"""What people are to be reminded of on a date: each thing once, in one line that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bwt_cpd.queries.reminders_courses import (
    open_registers,
    places_to_agree,
    places_waiting,
    sessions_to_come,
)
from bwt_cpd.queries.reminders_entitlements import claims_to_decide, claims_waiting, shortfalls
from bwt_cpd.queries.reminders_item import Item
from bwt_cpd.queries.reminders_pathways import from_pathways
from entitlements.queries.escalation import escalation_days
from staff.models import MessagePreference, Person
from staff.queries.deciders import deciders_for, not_left

# The most pressing first: what is tomorrow, what others wait for, one's own steps, what is good to know.
KINDS: Final = (
    "session_tomorrow",
    "place_escalated",
    "request_overdue",
    "claim_escalated",
    "request_reminder",
    "place_waiting",
    "claim_waiting",
    "request_question",
    "request_unsigned",
    "panel_deadline",
    "coaching_asked",
    "interest_unanswered",
    "register_open",
    "review_late",
    "programme_review_late",
    "induction_late",
    "induction_due",
    "review_due",
    "programme_review_due",
    "back_from_break",
    "needs_self",
    "needs_team",
    "coaching_supervision",
    "session_in_a_week",
    "shortfall_nudge",
)


def items_due(on: date) -> list[Item]:
    """Everything to remind anybody of on this date, most pressing kind first.

    A fixed number of statements whatever the rows; who was reminded before is not looked at here.
    """
    unwanted = _unwanted()
    wanted = [item for item in _everything(on) if item.preference not in unwanted.get(item.person_id, set())]
    place = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(wanted, key=lambda item: place.get(item.kind, len(place)))


def people_by_id(person_ids: set[int], on: date) -> dict[int, Person]:
    """The people who still work with us and can be written to; one statement."""
    people = Person.objects.filter(not_left(on), pk__in=person_ids, erased_at__isnull=True)
    return {person.pk: person for person in people}


def _everything(on: date) -> Iterator[Item]:
    yield from sessions_to_come(on)
    yield from open_registers(on)
    escalated_after = escalation_days(on)
    places, claims = places_waiting(on), claims_waiting(on, escalated_after=escalated_after)
    about = {place.person_id for place in places} | {claim.person_id for claim in claims}
    deciders = deciders_for(about, on)
    yield from places_to_agree(places, deciders, on)
    yield from claims_to_decide(claims, deciders, on, escalated_after=escalated_after)
    yield from from_pathways(on)
    yield from shortfalls(on)


def _unwanted() -> dict[int, set[str]]:
    """person -> the preferences that are switched off; one statement."""
    names = [field.name for field in MessagePreference._meta.fields if field.name.startswith("wants_")]  # noqa: SLF001 - Django's own door to fields
    return {
        row["person_id"]: {name for name in names if not row[name]}
        for row in MessagePreference.objects.values("person_id", *names)
    }
