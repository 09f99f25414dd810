"""When a claim has waited so long that others are asked too (R9): a number of the year's policy."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import DateField, ExpressionWrapper, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from entitlements.models import EntitlementPolicy
from entitlements.rules.policy import EntitlementPolicy as Rules

_PROPOSED: Final = Rules().claim_escalation_days


def escalation_days(on: date) -> int:
    """After how many days a claim is escalated, by the policy of the year that holds the date. One query."""
    stored = _stored(on).first()
    return _PROPOSED if stored is None else stored


def is_escalated(on: date) -> Q:
    """Filter of claims: those that have waited as long by that date. No query of its own.

    No condition of Python on the date, so that `staff.queries.prepared` may prepare it.
    """
    days = Coalesce(Subquery(_stored(on)[:1]), Value(_PROPOSED))
    last = ExpressionWrapper(Cast(Value(on), DateField()) - days, output_field=DateField())
    return Q(waiting_since_at__date__lte=last)


def _stored(on: date) -> QuerySet[EntitlementPolicy, int]:
    of_the_year = EntitlementPolicy.objects.filter(year__starts_on__lte=on, year__ends_on__gte=on)
    return of_the_year.values_list("claim_escalation_days", flat=True)
