"""The only ways in which the ledger and what is planned are written.

Every function refreshes the statements of the people it touched in the same transaction, as of
`today`, so that a screen read right after shows the new figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from entitlements.models import LedgerEntry
from staff.models import Person


@dataclass(frozen=True, kw_only=True)
class Credit:
    """What is to be credited to one person. Give `minutes`, or `amount` for a day-unit or nominal kind.

    `source_key` says where it came from and ends in a revision, as in `register:412:7:1`.
    `contract_id` is the pk of the contract attended under; none means the main contract on the date (R8).
    """

    person_id: int
    kind_code: str
    occurred_on: date
    title: str
    source_key: str
    minutes: int | None = None
    amount: Decimal | None = None
    cpd_fraction: Decimal = Decimal(1)
    contract_id: int | None = None
    is_own_time: bool = False
    body: str = ""
    external_id: str = ""


def credit_many(credits: Sequence[Credit], *, by: Person | None, today: date) -> list[LedgerEntry]:
    """Credit each, in the order given; a `source_key` that is there already is left as it is (idempotent).

    A fixed number of statements however many credits. Raises ActionRefused, nothing written, when a year is
    closed or unknown, or a day-unit or nominal credit falls on a date without a contract (R12).
    A day above the plausible minutes is accepted and flagged (R15).
    """
    raise NotImplementedError


def credit(one: Credit, *, by: Person | None, today: date) -> LedgerEntry:
    """Credit one; see credit_many."""
    return credit_many([one], by=by, today=today)[0]


def reverse_many(
    entries: Sequence[LedgerEntry], *, reason: str, by: Person | None, today: date
) -> list[LedgerEntry]:
    """Reverse each once, on the date of what it reverses (R9); one reversed before is left as it is.

    Raises ActionRefused without a reason or in a closed year.
    """
    raise NotImplementedError


def reverse(entry: LedgerEntry, *, reason: str, by: Person | None, today: date) -> LedgerEntry:
    """Reverse one; see reverse_many."""
    return reverse_many([entry], reason=reason, by=by, today=today)[0]


def plan_many(plans: Sequence[Credit], *, status: str, today: date) -> None:
    """Write or replace the PlannedCredit of each `source_key` (without a revision, as in `booking:17:3`)."""
    raise NotImplementedError


def unplan_many(source_keys: Sequence[str], *, today: date) -> None:
    """Remove what is planned under these keys; keys that are not there are no matter."""
    raise NotImplementedError
