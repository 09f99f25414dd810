"""The only ways in which the ledger and what is planned are written.

Every function refreshes the statements of the people it touched in the same transaction, as of
`today` (the last day of a year that is over), so that a screen read right after shows the new figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Sum

from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, ActivityKind, LedgerEntry, PlannedCredit
from entitlements.queries.facts import policy_of, years_for
from entitlements.queries.worth import Credit, Worth, prices_for
from entitlements.rules.credits import exceeds_daily_limit
from entitlements.rules.policy import Unit
from staff.models import Person
from staff.refusals import ActionRefused

__all__ = [
    "Credit",
    "credit",
    "credit_many",
    "plan_many",
    "refresh",
    "reverse",
    "reverse_many",
    "unplan_many",
    "write_credits",
    "write_plans",
    "write_reversals",
]

IS_A_REVERSAL = "A reversal cannot be reversed; credit the time again instead."
TIMED = [unit.value for unit in Unit if not unit.is_nominal]


def credit_many(credits: Sequence[Credit], *, by: Person | None, today: date) -> list[LedgerEntry]:
    """Credit each, in the order given; a `source_key` that is there already is left as it is (idempotent).

    A fixed number of statements however many credits. Raises ActionRefused, nothing written, when a year is
    closed or unknown, or a day-unit or nominal credit falls on a date without a contract (R12).
    A day above the plausible minutes is accepted and flagged (R15).
    """
    if not credits:
        return []
    with transaction.atomic():
        prices = prices_for(credits)
        worth = [prices.worth(one) for one in credits]
        written = write_credits(worth, by=by)
        refresh(((one.credit.person_id, one.year) for one in worth), today)
    return written


def write_credits(worth: Sequence[Worth], *, by: Person | None) -> list[LedgerEntry]:
    """Write the entries alone; the caller refreshes the statements. Three statements for 2,000 entries."""
    flagged = _implausible(worth)
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                person_id=one.credit.person_id,
                year=one.year,
                kind=one.kind,
                minutes=one.minutes,
                occurred_on=one.credit.occurred_on,
                title=one.credit.title[:200],
                source_key=one.credit.source_key,
                external_id=one.credit.external_id,
                amount=one.amount,
                cpd_fraction=one.credit.cpd_fraction,
                contract=one.contract,
                is_contract_given=one.contract is not None and one.credit.contract_id is not None,
                body=" ".join(one.credit.body.split()),
                is_own_time=one.credit.is_own_time,
                is_flagged=one.credit.is_flagged or (one.credit.person_id, one.credit.occurred_on) in flagged,
                replaces_id=one.credit.replaces_id,
                created_by=by,
            )
            for one in worth
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )
    keys = [one.credit.source_key for one in worth]
    written = {entry.source_key: entry for entry in LedgerEntry.objects.filter(source_key__in=keys)}
    return [written[key] for key in keys]


def credit(one: Credit, *, by: Person | None, today: date) -> LedgerEntry:
    """Credit one; see credit_many."""
    return credit_many([one], by=by, today=today)[0]


def reverse_many(
    entries: Sequence[LedgerEntry], *, reason: str, by: Person | None, today: date
) -> list[LedgerEntry]:
    """Reverse each once, on the date of what it reverses (R9); one reversed before is left as it is.

    Where a corrected contract had an entry credited anew, what stands in its place is reversed with it.
    Raises ActionRefused without a reason or in a closed year.
    """
    with transaction.atomic():
        years = years_for(entry.occurred_on for entry in entries)
        written = write_reversals(entries, reason=reason, by=by)
        refresh(((entry.person_id, years[entry.occurred_on]) for entry in entries), today)
    return written


def write_reversals(entries: Sequence[LedgerEntry], *, reason: str, by: Person | None) -> list[LedgerEntry]:
    """Write the reversals alone; the caller refreshes the statements. Three statements for 2,000 entries."""
    if not reason.strip():
        raise ActionRefused("Say why it is reversed: the person reads it.")
    if any(entry.reverses_id is not None for entry in entries):
        raise ActionRefused(IS_A_REVERSAL)
    pks = [entry.pk for entry in entries]
    successors = LedgerEntry.objects.filter(replaces__in=pks, reversed_by__isnull=True, reverses__isnull=True)
    LedgerEntry.objects.bulk_create(
        [
            _reversal(entry, reason, by)
            for entry in {entry.pk: entry for entry in [*entries, *successors]}.values()
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )
    written = {entry.reverses_id: entry for entry in LedgerEntry.objects.filter(reverses__in=pks)}
    return [written[pk] for pk in pks]


def reverse(entry: LedgerEntry, *, reason: str, by: Person | None, today: date) -> LedgerEntry:
    """Reverse one; see reverse_many."""
    return reverse_many([entry], reason=reason, by=by, today=today)[0]


def plan_many(
    plans: Sequence[Credit], *, status: str, today: date, kinds: Mapping[str, ActivityKind] | None = None
) -> None:
    """Write or replace the PlannedCredit of each `source_key` (without a revision, as in `booking:17:3`).

    `kinds`: those the caller has read already, by their code; if all that are asked for, they are not read again.
    """
    if not plans:
        return
    prices = prices_for(plans, kinds)
    worth = [prices.worth(one) for one in plans]
    with transaction.atomic(savepoint=False):
        write_plans([(one, status) for one in worth])
        refresh(((one.credit.person_id, one.year) for one in worth), today)


def write_plans(worth: Sequence[tuple[Worth, str]]) -> None:
    """Write what is planned, each with its status, alone; the caller refreshes the statements."""
    PlannedCredit.objects.bulk_create(
        [
            PlannedCredit(
                person_id=one.credit.person_id,
                year=one.year,
                kind=one.kind,
                minutes=one.minutes,
                occurred_on=one.credit.occurred_on,
                title=one.credit.title[:200],
                source_key=one.credit.source_key,
                external_id=one.credit.external_id,
                status=status,
                body=" ".join(one.credit.body.split()),
                is_own_time=one.credit.is_own_time,
            )
            for one, status in {one.credit.source_key: (one, status) for one, status in worth}.values()
        ],
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["source_key"],
        update_fields=[
            "person",
            "year",
            "kind",
            "minutes",
            "occurred_on",
            "title",
            "status",
            "body",
            "is_own_time",
        ],
    )


def unplan_many(source_keys: Sequence[str], *, today: date) -> None:
    """Remove what is planned under these keys; keys that are not there are no matter."""
    if not source_keys:
        return
    with transaction.atomic():
        gone = list(PlannedCredit.objects.filter(source_key__in=source_keys).select_related("year__policy"))
        if not gone:
            return
        PlannedCredit.objects.filter(pk__in=[one.pk for one in gone]).delete()
        refresh(((one.person_id, one.year) for one in gone), today)


def _implausible(worth: Sequence[Worth]) -> set[tuple[int, date]]:
    """The people and dates that would hold more minutes than is plausible (R15); one query.

    Nominal credits take no time on their date.
    """
    worth = [one for one in worth if not Unit(one.kind.unit).is_nominal]
    people, dates = {one.credit.person_id for one in worth}, {one.credit.occurred_on for one in worth}
    sums: Counter[tuple[int, date]] = Counter()
    there = LedgerEntry.objects.filter(
        person__in=people, occurred_on__in=dates, kind__unit__in=TIMED
    ).order_by()
    for person_id, on, minutes in there.values_list("person_id", "occurred_on").annotate(Sum("minutes")):
        sums[person_id, on] += minutes
    policies = {}
    for one in worth:
        key = one.credit.person_id, one.credit.occurred_on
        sums[key] += one.minutes
        policies[key] = policy_of(one.year)
    return {key for key, policy in policies.items() if exceeds_daily_limit(sums[key], policy)}


def _reversal(entry: LedgerEntry, reason: str, by: Person | None) -> LedgerEntry:
    return LedgerEntry(
        person_id=entry.person_id,
        year_id=entry.year_id,
        kind_id=entry.kind_id,
        minutes=-entry.minutes,
        occurred_on=entry.occurred_on,
        title=entry.title,
        source_key=f"reversal:{entry.pk}",
        external_id=entry.external_id,
        amount=entry.amount,
        cpd_fraction=entry.cpd_fraction,
        contract_id=entry.contract_id,
        is_contract_given=entry.is_contract_given,
        body=entry.body,
        is_own_time=entry.is_own_time,
        reverses=entry,
        reason=reason.strip()[:300],
        created_by=by,
    )


def refresh(touched: Iterable[tuple[int, AcademicYear]], today: date) -> None:
    """The statements of these people for these years as of today; one statement a year."""
    by_year: dict[AcademicYear, set[int]] = defaultdict(set)
    for person_id, year in touched:
        by_year[year].add(person_id)
    for year, person_ids in by_year.items():
        recompute_statements(year, on=year.figures_on(today), person_ids=person_ids)
