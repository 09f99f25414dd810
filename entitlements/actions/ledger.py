"""The only ways in which the ledger and what is planned are written.

Every function refreshes the statements of the people it touched in the same transaction, as of
`today`, so that a screen read right after shows the new figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum

from entitlements.actions.statements import recompute_statements
from entitlements.models import AcademicYear, ActivityKind, LedgerEntry, PlannedCredit
from entitlements.queries.facts import Contracts, facts_of, policy_of, years_for
from entitlements.rules.credits import CreditRefused, credit_minutes, exceeds_daily_limit
from entitlements.rules.policy import Unit
from staff.models import Contract, Person
from staff.refusals import ActionRefused


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
    if not credits:
        return []
    with transaction.atomic():
        worth = _worth(credits)
        flagged = _implausible(worth)
        rows = [
            LedgerEntry(
                person_id=one.credit.person_id,
                year=one.year,
                kind=one.kind,
                minutes=one.minutes,
                occurred_on=one.credit.occurred_on,
                title=one.credit.title[:200],
                source_key=one.credit.source_key,
                external_id=one.credit.external_id,
                amount=one.credit.amount,
                cpd_fraction=one.credit.cpd_fraction,
                contract=one.contract,
                body=one.credit.body,
                is_own_time=one.credit.is_own_time,
                is_flagged=(one.credit.person_id, one.credit.occurred_on) in flagged,
                created_by=by,
            )
            for one in worth
        ]
        LedgerEntry.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
        keys = [one.source_key for one in credits]
        written = {entry.source_key: entry for entry in LedgerEntry.objects.filter(source_key__in=keys)}
        _refresh(((one.credit.person_id, one.year) for one in worth), today)
    return [written[key] for key in keys]


def credit(one: Credit, *, by: Person | None, today: date) -> LedgerEntry:
    """Credit one; see credit_many."""
    return credit_many([one], by=by, today=today)[0]


def reverse_many(
    entries: Sequence[LedgerEntry], *, reason: str, by: Person | None, today: date
) -> list[LedgerEntry]:
    """Reverse each once, on the date of what it reverses (R9); one reversed before is left as it is.

    Raises ActionRefused without a reason or in a closed year.
    """
    if not reason.strip():
        raise ActionRefused("Say why it is reversed: the person reads it.")
    if any(entry.reverses_id is not None for entry in entries):
        raise ActionRefused("A reversal cannot be reversed; credit the time again instead.")
    with transaction.atomic():
        years = years_for(entry.occurred_on for entry in entries)
        LedgerEntry.objects.bulk_create(
            [_reversal(entry, years[entry.occurred_on], reason, by) for entry in entries],
            batch_size=2000,
            ignore_conflicts=True,
        )
        _refresh(((entry.person_id, years[entry.occurred_on]) for entry in entries), today)
        written = {
            entry.reverses_id: entry
            for entry in LedgerEntry.objects.filter(reverses__in=[entry.pk for entry in entries])
        }
    return [written[entry.pk] for entry in entries]


def reverse(entry: LedgerEntry, *, reason: str, by: Person | None, today: date) -> LedgerEntry:
    """Reverse one; see reverse_many."""
    return reverse_many([entry], reason=reason, by=by, today=today)[0]


def plan_many(plans: Sequence[Credit], *, status: str, today: date) -> None:
    """Write or replace the PlannedCredit of each `source_key` (without a revision, as in `booking:17:3`)."""
    if not plans:
        return
    with transaction.atomic():
        worth = _worth(plans)
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
                    body=one.credit.body,
                    is_own_time=one.credit.is_own_time,
                )
                for one in {one.credit.source_key: one for one in worth}.values()
            ],
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["source_key"],
            update_fields=[
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
        _refresh(((one.credit.person_id, one.year) for one in worth), today)


def unplan_many(source_keys: Sequence[str], *, today: date) -> None:
    """Remove what is planned under these keys; keys that are not there are no matter."""
    with transaction.atomic():
        gone = list(PlannedCredit.objects.filter(source_key__in=source_keys).select_related("year__policy"))
        if not gone:
            return
        PlannedCredit.objects.filter(pk__in=[one.pk for one in gone]).delete()
        _refresh(((one.person_id, one.year) for one in gone), today)


@dataclass(frozen=True)
class _Worth:
    """A credit with all that follows from it."""

    credit: Credit
    year: AcademicYear
    kind: ActivityKind
    contract: Contract | None
    minutes: int


def _worth(credits: Sequence[Credit]) -> list[_Worth]:
    """What each credit is worth in minutes (R8, R12); three queries."""
    years = years_for(one.occurred_on for one in credits)
    kinds = {
        kind.code: kind for kind in ActivityKind.objects.filter(code__in={one.kind_code for one in credits})
    }
    if unknown := {one.kind_code for one in credits} - kinds.keys():
        raise ActionRefused(f"There is no kind of CPD called {min(unknown)}.")
    needy = {one.person_id for one in credits if Unit(kinds[one.kind_code].unit).needs_contract}
    contracts = Contracts.of(needy) if needy else Contracts({})
    policies = {year.pk: policy_of(year) for year in years.values()}
    found = []
    for one in credits:
        kind, year = kinds[one.kind_code], years[one.occurred_on]
        contract = _contract_of(one, kind, contracts)
        amount = one.minutes if one.minutes is not None else one.amount
        try:
            minutes = credit_minutes(
                Unit(kind.unit),
                Fraction(amount or 0),
                facts_of(contract) if contract else None,
                policies[year.pk],
                Fraction(one.cpd_fraction),
            )
        except CreditRefused as refusal:
            raise ActionRefused(str(refusal)) from refusal
        found.append(_Worth(one, year, kind, contract, minutes))
    return found


def _contract_of(one: Credit, kind: ActivityKind, contracts: Contracts) -> Contract | None:
    """The contract attended under: the one named, else the main one on the date (R8, R12)."""
    if not Unit(kind.unit).needs_contract:
        return None
    if one.contract_id is not None and not Unit(kind.unit).is_nominal:
        return contracts.named(one.person_id, one.contract_id)
    return contracts.main(one.person_id, one.occurred_on)


def _implausible(worth: Sequence[_Worth]) -> set[tuple[int, date]]:
    """The people and dates that would hold more minutes than is plausible (R15); one query."""
    people, dates = {one.credit.person_id for one in worth}, {one.credit.occurred_on for one in worth}
    sums: Counter[tuple[int, date]] = Counter()
    there = LedgerEntry.objects.filter(person__in=people, occurred_on__in=dates).order_by()
    for person_id, on, minutes in there.values_list("person_id", "occurred_on").annotate(Sum("minutes")):
        sums[person_id, on] += minutes
    policies = {}
    for one in worth:
        key = one.credit.person_id, one.credit.occurred_on
        sums[key] += one.minutes
        policies[key] = policy_of(one.year)
    return {key for key, policy in policies.items() if exceeds_daily_limit(sums[key], policy)}


def _reversal(entry: LedgerEntry, year: AcademicYear, reason: str, by: Person | None) -> LedgerEntry:
    return LedgerEntry(
        person_id=entry.person_id,
        year=year,
        kind_id=entry.kind_id,
        minutes=-entry.minutes,
        occurred_on=entry.occurred_on,
        title=entry.title,
        source_key=f"reversal:{entry.pk}",
        external_id=entry.external_id,
        amount=entry.amount,
        cpd_fraction=entry.cpd_fraction,
        contract_id=entry.contract_id,
        body=entry.body,
        is_own_time=entry.is_own_time,
        reverses=entry,
        reason=reason.strip()[:300],
        created_by=by,
    )


def _refresh(touched: Iterable[tuple[int, AcademicYear]], today: date) -> None:
    """The statements of these people for these years as of today; one statement a year."""
    by_year: dict[AcademicYear, set[int]] = defaultdict(set)
    for person_id, year in touched:
        by_year[year].add(person_id)
    for year, person_ids in by_year.items():
        recompute_statements(year, on=today, person_ids=person_ids)
