"""Which of somebody's contracts speaks for them, as orders of a query (R6)."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import F, QuerySet
from django.db.models.functions import Collate

from staff.models import Contract

_FTE: Final = F("fte_numerator") * 1.0 / F("fte_denominator")
_NUMBER: Final = Collate("contract_id", "C")

MAIN_FIRST: Final = ("-is_main", _FTE.desc(), _NUMBER.asc())
"""The one marked so, else the highest fte, else the lowest number: of contracts in force on one day."""
MAIN_LAST: Final = ("is_main", _FTE.asc(), _NUMBER.desc())
"""The other way round, for a dict by person in which the last one stays."""


def main_contracts(on: date) -> QuerySet[Contract]:
    """The main contract of everybody who has one in force on that date."""
    in_force = Contract.objects.in_force(on).order_by("person_id", *MAIN_FIRST).distinct("person_id")
    return Contract.objects.filter(pk__in=in_force.values("pk"))
