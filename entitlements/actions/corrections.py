"""What a corrected contract means for credits that were worth a day of it (R12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db import transaction

from entitlements.actions.ledger import refresh, write_credits, write_reversals
from entitlements.models import LedgerEntry
from entitlements.queries.worth import Credit, Worth, prices_for
from entitlements.rules.policy import Unit
from staff.models import Person
from staff.refusals import ActionRefused

REASON = "The contract on that day was corrected"


@transaction.atomic
def recredit(*, by: Person | None, today: date, person_ids: Collection[int] | None = None) -> int:
    """Reverse and credit anew the day-unit and nominal entries of open years that are now worth other minutes.

    Of some people or of everybody; returns how many. An entry whose day has no contract left is left as
    it is: the person was there, and the next file may put the contract back. A fixed number of statements
    for each 2,000 changed entries.
    """
    standing = LedgerEntry.objects.filter(
        reverses__isnull=True,
        reversed_by__isnull=True,
        year__closed_at__isnull=True,
        kind__unit__in=[unit.value for unit in Unit if unit.needs_contract],
        amount__isnull=False,
    ).select_related("kind", "year")
    if person_ids is not None:
        standing = standing.filter(person__in=person_ids)
    entries = {f"recredit:{entry.replaces_id or entry.pk}": entry for entry in standing}
    changed = _changed(entries)
    if not changed:
        return 0
    roots = [entry.replaces_id or entry.pk for entry, _ in changed]
    before = Counter(
        LedgerEntry.objects.filter(replaces__in=roots, reverses__isnull=True).values_list(
            "replaces", flat=True
        )
    )
    write_reversals([entry for entry, _ in changed], reason=REASON, by=by)
    write_credits([_numbered(worth, before) for _, worth in changed], by=by)
    refresh(((entry.person_id, worth.year) for entry, worth in changed), today)
    return len(changed)


def _changed(entries: dict[str, LedgerEntry]) -> list[tuple[LedgerEntry, Worth]]:
    """The entries that the contracts of today make worth other minutes, each with its new worth."""
    credits = [_credit_again(entry, key) for key, entry in entries.items()]
    prices = prices_for(credits)
    found = []
    for one, entry in zip(credits, entries.values(), strict=True):
        try:
            worth = prices.worth(one)
        except ActionRefused:
            continue
        if worth.minutes != entry.minutes:
            found.append((entry, worth))
    return found


def _credit_again(entry: LedgerEntry, key: str) -> Credit:
    return Credit(
        person_id=entry.person_id,
        kind_code=entry.kind.code,
        occurred_on=entry.occurred_on,
        title=entry.title,
        source_key=key,
        amount=entry.amount,
        cpd_fraction=entry.cpd_fraction,
        contract_id=entry.contract_id if entry.is_contract_given else None,
        is_own_time=entry.is_own_time,
        body=entry.body,
        external_id=entry.external_id,
        replaces_id=entry.replaces_id or entry.pk,
    )


def _numbered(worth: Worth, before: Counter[int | None]) -> Worth:
    """The source key ends in its revision: one more than there were for the first entry."""
    number = before[worth.credit.replaces_id] + 1
    credit = replace(worth.credit, source_key=f"{worth.credit.source_key}:{number}")
    return replace(worth, credit=credit)
