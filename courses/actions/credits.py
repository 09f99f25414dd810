"""How a booking shows in the entitlement: planned while it stands, credited by the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from courses.models import Booking, Session, SessionPart
from entitlements.actions.ledger import Credit
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


def credit_of(
    booking: Booking, session: Session, part: SessionPart, *, source_key: str, minutes: int | None = None
) -> Credit:
    """What attending this part credits: the part's minutes, or a share of the own working day (R8).

    `minutes` are those of somebody who was there in part. Reads `session.course.kind`.
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
    share = Decimal(1) if minutes is None else Decimal(minutes) / Decimal(part.minutes)
    return replace(one, amount=Decimal(1), cpd_fraction=round(share, 5))


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
