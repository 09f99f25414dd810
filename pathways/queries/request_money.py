"""What a request costs and what its learner would pay back, as the case page says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pathways.models import RepaymentTerms, Route, RouteFee, RouteRequest
from pathways.rules.funding import trust_share_pence
from pathways.rules.repayment import (
    SUGGESTED,
    Scale,
    Step,
    add_months,
    by_month,
    falling,
    may_be_repaid,
    scale_lines,
    to_repay_pence,
)
from pathways.rules.requests import OVER
from staff.models import Contract


@dataclass(frozen=True)
class FeeRow:
    """One year of the course; all in whole pence."""

    fee: RouteFee
    trust_pence: int
    own_pence: int


@dataclass(frozen=True)
class Balance:
    """What would be repaid: today, the steps it falls by, and month by month until nothing is left."""

    today_pence: int
    paid_pence: int
    steps: list[Step]
    months: list[Step]
    is_completed: bool
    completed_on: date
    waived: str
    left_on: date | None = None


@dataclass(frozen=True)
class Money:
    """Fees and balance of one request; no balance before it is agreed or where nothing is repaid.

    `scale` says what a leaver will repay, while no agreement has it yet.
    """

    fees: list[FeeRow]
    trust_pence: int
    own_pence: int
    paid_pence: int
    balance: Balance | None
    scale: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total_pence(self) -> int:
        """The fees of all years."""
        return self.trust_pence + self.own_pence


def money_of(request: RouteRequest, on: date) -> Money | None:
    """The money of a Masters on a day; None for other routes. Three queries."""
    if request.route.kind != Route.Kind.MASTERS:
        return None
    rows = []
    for fee in request.fees.all():
        share = trust_share_pence(fee.fee_pence, fee.trust_percent)
        rows.append(FeeRow(fee, share, fee.fee_pence - share))
    paid = sum(row.fee.paid_pence for row in rows)
    terms = RepaymentTerms.objects.filter(request=request).first()
    return Money(
        fees=rows,
        trust_pence=sum(row.trust_pence for row in rows),
        own_pence=sum(row.own_pence for row in rows),
        paid_pence=paid,
        balance=balance_of(request, terms, paid, on) if terms else None,
        scale=_scale_lines(request, [row.fee.trust_percent for row in rows]) if terms is None else [],
    )


def _scale_lines(request: RouteRequest, trust_percents: list[int]) -> list[tuple[str, str]]:
    """What a leaver will repay before it is written into an agreement; empty where nothing may be."""
    if request.state in OVER or may_be_repaid(request.route.kind, trust_percents):
        return []
    return scale_lines(request.panel.repayment if request.panel else SUGGESTED)


def balance_of(request: RouteRequest, terms: RepaymentTerms, paid_pence: int, on: date) -> Balance:
    """What somebody would repay who left on a day, or repays who has left the trust. One query.

    Before the completion its planned day stands for it, so that the person sees what will be; somebody
    who has withdrawn left on the day the request ended. With the end of the last contract the balance
    stops falling (DOMAIN section 4: it counts from the completion to the day they leave).
    """
    scale = Scale(terms.during_percent, tuple(terms.months), tuple(terms.percents))
    starts_on = request.starts_on or request.planned_starts_on or on
    is_completed = request.state == "completed" and request.ended_on is not None
    completed_on = (
        request.ended_on
        if is_completed and request.ended_on
        else request.planned_ends_on or add_months(starts_on, request.route.typical_months or 24)
    )
    completed_on = max(completed_on, starts_on)
    has_left_on = last_day_of(request.person_id, on)
    ended_on = request.ended_on if request.state == "withdrawn" else None
    today = to_repay_pence(
        scale,
        paid_pence,
        min(day for day in (ended_on, has_left_on, on) if day is not None),
        completed_on if is_completed else None,
        is_waived=bool(terms.waived_reason),
    )
    months = by_month(scale, paid_pence, max(on, completed_on), completed_on)
    return Balance(
        today_pence=today,
        paid_pence=paid_pence,
        steps=falling(scale, paid_pence, starts_on, completed_on),
        months=months,
        is_completed=is_completed,
        completed_on=completed_on,
        waived=terms.waived_reason,
        left_on=has_left_on,
    )


def last_day_of(person_id: int, on: date) -> date | None:
    """The day on which somebody left the trust, if that is past; None while a contract goes on or is to come."""
    ends = list(Contract.objects.filter(person=person_id).values_list("ends_on", flat=True))
    known = [day for day in ends if day is not None]
    return max(known) if ends and len(known) == len(ends) and max(known) < on else None
