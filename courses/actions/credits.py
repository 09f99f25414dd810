"""How a booking shows in the entitlement: planned while it stands, credited by the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from courses.models import Booking, Session, SessionPart
from entitlements.actions.ledger import Credit
from entitlements.models.ledger import SHARE_PLACES
from staff.models import Contract
from staff.wording import in_london


def planned_key(booking_id: int, number: int) -> str:
    """Where a planned credit comes from: one a booking and part."""
    return f"booking:{booking_id}:{number}"


def register_key(booking_id: int, number: int, revision: int) -> str:
    """Where a credit of the register comes from; each mark that credits is a revision of its own."""
    return f"register:{booking_id}:{number}:{revision}"


def day_of(part: SessionPart) -> date:
    """The London day on which a part is held, and so its year (R14)."""
    local = in_london(part.starts_at)
    return date(local.year, local.month, local.day)


def minutes_by_day(session: Session, parts: Iterable[SessionPart] | None = None) -> dict[date, int]:
    """The minutes of all parts of each day, of a kind counted in days: they share that day among them.

    Empty for a kind in minutes. One query unless all its `parts` are given. Reads `session.course.kind`.
    """
    days: dict[date, int] = defaultdict(int)
    if session.course.kind.unit != "MINUTES":
        for part in session.parts.all() if parts is None else parts:
            days[day_of(part)] += part.minutes
    return days


def credit_of(
    booking: Booking,
    session: Session,
    part: SessionPart,
    days: Mapping[date, int],
    *,
    source_key: str,
    minutes: int | None = None,
) -> Credit:
    """What attending this part credits: the part's minutes, or its share of one own working day (R8).

    A day in two halves of three hours counts half a day each. `days` are the session's `minutes_by_day`,
    `minutes` those of somebody who was there in part. Reads `session.course.kind`.
    """
    course = session.course
    one = Credit(
        person_id=booking.person_id,
        kind_code=course.kind.code,
        occurred_on=day_of(part),
        title=course.title,
        source_key=source_key,
    )
    if course.kind.unit == "MINUTES":
        return replace(one, minutes=part.minutes if minutes is None else minutes)
    there = part.minutes if minutes is None else minutes
    share = Decimal(there) / Decimal(max(days[one.occurred_on], there))
    return replace(one, amount=Decimal(1), cpd_fraction=round(share, SHARE_PLACES))


def creditable(credits: Sequence[Credit], session: Session) -> list[Credit]:
    """Those the ledger takes: a day-unit credit needs a contract on its date (R12), minutes need none.

    No query for a kind in minutes, else one.
    """
    if session.course.kind.unit == "MINUTES" or not credits:
        return list(credits)
    spans = Contract.objects.filter(person__in={one.person_id for one in credits}).values_list(
        "person_id", "starts_on", "ends_on"
    )
    held = list(spans)
    return [
        one
        for one in credits
        if any(
            person == one.person_id and first <= one.occurred_on and (last is None or one.occurred_on <= last)
            for person, first, last in held
        )
    ]
