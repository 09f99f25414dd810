"""The money of a Masters: fees by year, what is signed about it, what is paid, what would be paid back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from pathways.actions.panel_budget import locked_panel_of, over_budget, record_overspend
from pathways.actions.request_steps import RequestRefused, locked
from pathways.models import RepaymentTerms, Route, RouteFee, RouteRequest, RouteSignature
from pathways.queries.panels import cost_of
from pathways.queries.request_deciders import people_team_for
from pathways.queries.requests_papers import last_signed_on, signature_words, signatures_missing
from pathways.rules.funding import trust_share_pence
from pathways.rules.repayment import SUGGESTED, WAIVED, may_be_repaid
from pathways.rules.requests import RequestState
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import date_words, money

_PRICED: Final = (RequestState.PEOPLE, RequestState.PANEL, RequestState.FINANCE, RequestState.AGREED)
_SPENT: Final = (
    RequestState.AGREED,
    RequestState.ON_PROGRAMME,
    RequestState.ON_BREAK,
    RequestState.COMPLETED,
)

MASTERS_ONLY = "Fees by year are kept for a Masters only."
FEES_ARE_SIGNED = "The training cost agreement is signed, so its fees stay as they are."
STILL_TO_COME = "This date is still to come."
NO_TERMS_WRITTEN = "Nothing is paid before it is written down what a leaver would repay."
FEES_NEEDED_TO_SIGN = "The people team writes the fees of each year first: they are what is signed."
NOT_PEOPLE_TEAM = "The people team does this, never for themselves."


def unsigned(document: str, party: str) -> str:
    """Why nothing is paid before this signature is there."""
    return f"Nothing is paid before it is signed: {signature_words(document, party)}."


def signed_later(signed_on: date) -> str:
    """Why nothing was paid on a day before the last signature."""
    return f"It was signed on {date_words(signed_on)} only. Nothing is paid before."


def above_the_share(share_pence: int) -> str:
    """Why no more of a year's fee is paid than the trust's share."""
    return f"The trust's share of this year is {money(share_pence)}."


def deadline_passed(deadline_on: date) -> str:
    """Why a request cannot go to a panel whose deadline has passed."""
    return f"The deadline of this panel was {date_words(deadline_on)}. Choose the next."


def agree_terms(request: RouteRequest) -> None:
    """Write down what a leaver would repay, by the scale of the panel on the day, where a request is agreed.

    For every Masters of which the trust pays a share, whoever was named as the payer; never for an
    apprenticeship (DOMAIN section 4). Once written they stay. Under the request's lock.
    """
    is_due = request.state == RequestState.AGREED and request.route.kind == Route.Kind.MASTERS
    shares = list(request.fees.values_list("trust_percent", flat=True)) if is_due else []
    if is_due and not may_be_repaid(request.route.kind, shares):
        scale = request.panel.repayment if request.panel else SUGGESTED
        RepaymentTerms.objects.get_or_create(
            request=request,
            defaults={
                "during_percent": scale.during,
                "months": list(scale.months),
                "percents": list(scale.percents),
            },
        )


@transaction.atomic
def set_fees(
    *,
    request_id: int,
    years: Sequence[tuple[int, int]],
    by: Person,
    now: datetime,
    overspend_reason: str = "",
) -> list[RouteFee]:
    """Write the fee and the trust's percent of each year of the course, in their order.

    Raises ActionRefused for anybody but the people team, for what is no Masters, and once somebody has
    signed: they signed these fees. Raises RequestRefused where a place is awarded already, the panel's budget does
    not reach for what it costs more, and `overspend_reason` does not say why it is spent all the same.
    """
    panel = locked_panel_of(request_id)
    request = locked(request_id)
    _is_team(request, by, now)
    if request.route.kind != Route.Kind.MASTERS:
        raise ActionRefused(MASTERS_ONLY)
    if request.state not in _PRICED:
        raise ActionRefused("Fees are written while the people team checks it, and until it is signed.")
    if request.signatures.filter(document=RouteSignature.Document.TRAINING_COST).exists():
        raise ActionRefused(FEES_ARE_SIGNED)
    if not years:
        raise ActionRefused("Write the fee of the first year at least.")
    if any(fee < 0 or not 0 <= percent <= 100 for fee, percent in years):
        raise ActionRefused("The trust's share is a percentage from 0 to 100.")
    if request.state == RequestState.AGREED:
        more = sum(trust_share_pence(*year) for year in years) - (cost_of(request) or 0)
        over = over_budget(panel, max(0, more), overspend_reason)
        record_overspend(request, over, overspend_reason, by, now)
    kept = [
        RouteFee.objects.update_or_create(
            request=request, year_number=number, defaults={"fee_pence": fee, "trust_percent": percent}
        )[0]
        for number, (fee, percent) in enumerate(years, start=1)
    ]
    request.fees.filter(year_number__gt=len(kept)).delete()
    agree_terms(request)
    return kept


@transaction.atomic
def record_payment(
    *, request_id: int, year_number: int, paid_pence: int, paid_on: date, by: Person, now: datetime
) -> RouteFee:
    """Record what the trust has paid of a year's fee, in all.

    Raises ActionRefused before everybody has signed, and for a day before they had (DOMAIN section 4: before
    spend), for more than the trust's share, for a date to come, and for anybody but the people team.
    """
    request = locked(request_id)
    _is_team(request, by, now)
    if request.state not in _SPENT:
        raise ActionRefused("Nothing is paid before the request is agreed.")
    if missing := signatures_missing(request):
        raise ActionRefused(unsigned(*missing[0]))
    if paid_on > timezone.localdate(now):
        raise RequestRefused("paid_on", STILL_TO_COME)
    signed_on = last_signed_on(request)
    if paid_pence and signed_on and paid_on < signed_on:
        raise RequestRefused("paid_on", signed_later(signed_on))
    fee = request.fees.filter(year_number=year_number).first()
    if fee is None:
        raise ActionRefused("There is no fee for this year of the course.")
    share = trust_share_pence(fee.fee_pence, fee.trust_percent)
    if paid_pence > share:
        raise RequestRefused("paid", above_the_share(share))
    if paid_pence and not RepaymentTerms.objects.filter(request=request).exists():
        raise ActionRefused(NO_TERMS_WRITTEN)
    fee.paid_pence, fee.paid_on = paid_pence, paid_on
    fee.save(update_fields=["paid_pence", "paid_on"])
    return fee


@transaction.atomic
def waive_repayment(*, request_id: int, reason: str, by: Person, now: datetime) -> RepaymentTerms:
    """Say that nothing is repaid, for one of the reasons of the policy. Raises ActionRefused without terms."""
    request = locked(request_id)
    _is_team(request, by, now)
    if reason not in WAIVED:
        raise RequestRefused("reason", "Choose the reason.")
    terms = RepaymentTerms.objects.filter(request=request).first()
    if terms is None:
        raise ActionRefused("There is nothing to repay for this request.")
    terms.waived_reason, terms.waived_by = WAIVED[reason], by
    terms.save(update_fields=["waived_reason", "waived_by"])
    return terms


def may_sign_for_cost(request: RouteRequest) -> None:
    """Raises ActionRefused while the fees that somebody would sign for are not written."""
    if not request.fees.exists():
        raise ActionRefused(FEES_NEEDED_TO_SIGN)


def is_in_time(request: RouteRequest, on: date) -> None:
    """Raises RequestRefused for a panel whose deadline has passed."""
    panel = request.panel
    if panel is not None and panel.deadline_on < on:
        raise RequestRefused("panel", deadline_passed(panel.deadline_on))


def _is_team(request: RouteRequest, by: Person, now: datetime) -> None:
    if people_team_for(request, by, timezone.localdate(now)) is None:
        raise ActionRefused(NOT_PEOPLE_TEAM)
