"""Credits from the registers of other systems: e-learning, Teams, training days (DESIGN section 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pghistory
from django.db import connection, transaction

from entitlements.academic_year import YearDates
from entitlements.actions import corrections
from entitlements.actions.ledger import refresh, write_credits, write_plans, write_reversals
from entitlements.actions.years import ensure_years
from entitlements.activity_rows import ActivityRow, read_activities
from entitlements.models import AcademicYear, ActivityKind, LedgerEntry, PlannedCredit
from entitlements.queries.worth import Credit, Prices, Worth, prices_for
from entitlements.rules.policy import Unit
from staff.actions.imports import RowsRefused, SourceFile
from staff.audit import keys_checked_at_once
from staff.csv_files import Change, RowError
from staff.loose_types import ColumnValues
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import date_words

_LOCK = 742_002  # of the advisory lock that lets one import run at a time
REASON = "The register it came from was corrected"
BY_ITSELF = (REASON, corrections.REASON)  # reversals that nobody decided on


@dataclass
class ActivityPlan:
    """What a file would change, row by row; `unchanged` rows are there already, `warnings` are no errors."""

    reverse: list[LedgerEntry] = field(default_factory=list)
    credit: list[Worth] = field(default_factory=list)
    unplan: list[PlannedCredit] = field(default_factory=list)
    plan: list[tuple[Worth, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unchanged: int = 0

    def counts(self) -> dict[str, int]:
        """How many of each change, those that there are."""
        counts = {
            "credited": len(self.credit),
            "reversed": len(self.reverse),
            "planned": len(self.plan),
            "no longer planned": len(self.unplan),
        }
        return {words: count for words, count in counts.items() if count}


@dataclass(frozen=True)
class _Standing:
    """What is in the books for the external ids of a file."""

    entries: dict[str, LedgerEntry]
    taken_back: dict[str, LedgerEntry]
    plans: dict[str, PlannedCredit]
    revisions: Counter[str]


def import_activities(
    *, file: SourceFile, by: Person | None, today: date, is_dry_run: bool = False
) -> ActivityPlan:
    """Credit what a file says, or plan it where it is not verified yet; the second run changes nothing.

    A row whose external id stands with other facts or another status is reversed and credited anew. What
    somebody has reversed by hand stays so, with a warning, until the row says something else. All in
    one transaction, in a number of statements that grows by batches of 2,000 rows. RowsRefused names every
    bad row, and nothing of that run is written. Years that are not there yet are made.
    """
    rows, bad, errors = read_activities(file.name, file.stream)
    with transaction.atomic(), pghistory.context(action="import_activities", by=by.pk if by else None):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        ensure_years({YearDates.for_date(row.occurred_on) for row in rows})
        plan = _plan(file.name, rows, bad, errors)
        if errors:
            raise RowsRefused(sorted(errors, key=lambda error: (error.line, error.column)))
        if is_dry_run:
            transaction.set_rollback(True)
        else:
            with keys_checked_at_once():
                _write(plan, by=by, today=today)
    return plan


def _plan(
    name: str,
    rows: Sequence[ActivityRow],
    bad: Sequence[tuple[int, ColumnValues]],
    errors: list[RowError],
) -> ActivityPlan:
    """Compare the file with the books; what is wrong is added to `errors`, what else is wrong with bad rows too."""
    numbers = {row.payroll_number for row in rows} | {values.get("payroll_number", "") for _, values in bad}
    found_people = Person.objects.filter(payroll_number__in=numbers)
    people = {number: pk for number, pk in found_people.values_list("payroll_number", "pk") if number}
    kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
    for line, values in bad:
        found = _not_there(values.get("payroll_number"), values.get("kind"), people, kinds)
        errors.extend(RowError(name, line, column, reason) for column, reason in found)
    good = []
    for row in rows:
        if found := list(_unknown(row, people, kinds)):
            errors.extend(RowError(name, row.line, column, reason) for column, reason in found)
        else:
            good.append(row)
    standing = _standing([row.external_id for row in good])
    credits = [_credit(row, people[row.payroll_number], kinds[row.kind], standing) for row in good]
    prices = prices_for(credits)
    plan = ActivityPlan()
    for row, credit in zip(good, credits, strict=True):
        try:
            _compare(plan, row, credit, standing, prices)
        except ActionRefused as refusal:
            errors.append(RowError(name, row.line, _column(refusal, row), refusal.sentence))
    return plan


def _unknown(
    row: ActivityRow, people: dict[str, int], kinds: dict[str, ActivityKind]
) -> Iterable[tuple[str, str]]:
    yield from _not_there(row.payroll_number, row.kind, people, kinds)
    if row.kind not in kinds:
        return
    unit = Unit(kinds[row.kind].unit)
    if row.amount % 1 and (unit is Unit.MINUTES or unit.is_nominal):
        yield (
            "amount",
            f"{row.amount} is not a whole number of {'minutes' if unit is Unit.MINUTES else 'pieces'}.",
        )
    if unit.is_nominal and not row.body:
        yield "body", "It is empty; a membership or award names its professional body."


def no_such_kind(code: str) -> str:
    """The error for an activity of an unknown kind."""
    return f"There is no kind of CPD called {code}."


def _not_there(
    payroll_number: str | None, kind: str | None, people: dict[str, int], kinds: dict[str, ActivityKind]
) -> Iterable[tuple[str, str]]:
    """What of these two, where they could be read, nobody knows."""
    if payroll_number is not None and payroll_number not in people:
        yield "payroll_number", f"Nobody has the payroll number {payroll_number}."
    if kind is not None and kind not in kinds:
        yield "kind", no_such_kind(kind)


def _standing(external_ids: Sequence[str]) -> _Standing:
    """Entries that stand, or that somebody took back last, and plans of these ids, and how many revisions
    each id has had; two queries.
    """
    revisions: Counter[str] = Counter()
    entries, last = {}, {}
    found = LedgerEntry.objects.filter(external_id__in=external_ids, reverses__isnull=True).select_related(
        "kind", "year", "reversed_by"
    )
    for entry in found.order_by("pk"):
        revisions[entry.external_id] += 1
        last[entry.external_id] = entry
        if not hasattr(entry, "reversed_by"):
            entries[entry.external_id] = entry
    plans = PlannedCredit.objects.filter(external_id__in=external_ids).select_related("kind", "year")
    taken_back = {
        key: entry
        for key, entry in last.items()
        if hasattr(entry, "reversed_by") and entry.reversed_by.reason not in BY_ITSELF
    }
    return _Standing(entries, taken_back, {plan.external_id: plan for plan in plans}, revisions)


def _credit(row: ActivityRow, person_id: int, kind: ActivityKind, standing: _Standing) -> Credit:
    is_verified = row.status == "verified"
    revision = f":{standing.revisions[row.external_id] + 1}" if is_verified else ""
    return Credit(
        person_id=person_id,
        kind_code=row.kind,
        occurred_on=row.occurred_on,
        title=row.title or kind.title,
        source_key=f"import:{row.external_id}{revision}",
        amount=row.amount,
        cpd_fraction=row.cpd_fraction,
        is_own_time=row.own_time,
        body=row.body,
        external_id=row.external_id,
    )


def _compare(
    plan: ActivityPlan, row: ActivityRow, credit: Credit, standing: _Standing, prices: Prices
) -> None:
    """Add to the plan what one row changes. ActionRefused where it cannot be credited (R12, R17)."""
    entry, planned = standing.entries.get(row.external_id), standing.plans.get(row.external_id)
    is_verified = row.status == "verified"
    if is_verified and entry and not planned and _facts(credit) == _facts_of(entry):
        plan.unchanged += 1
        return
    place = f"line {row.line}, {row.payroll_number}"

    def note(what: str, words: str) -> None:
        plan.changes.append(Change("activities", what, row.external_id, f"{words} ({place})"))

    gone = standing.taken_back.get(row.external_id)
    if is_verified and gone and not (entry or planned) and _facts(credit) == _facts_of(gone):
        plan.warnings.append(
            f"line {row.line}: {row.external_id} of {row.payroll_number}: reversed by hand "
            f"({gone.reversed_by.reason}), so it is left as it is"
        )
        plan.unchanged += 1
        return
    worth = prices.worth(credit)
    if not is_verified and not entry and planned and _planned(worth, row.status) == _planned_of(planned):
        plan.unchanged += 1
        return
    if entry:
        if entry.year.closed_at is not None:
            raise ActionRefused(
                "What was credited for it lies in a closed year; its figures no longer change."
            )
        plan.reverse.append(entry)
        note("reversed", f"{entry.minutes} minutes of {date_words(entry.occurred_on)}")
    if planned and (is_verified or planned.person_id != credit.person_id):
        plan.unplan.append(planned)
    if is_verified:
        plan.credit.append(worth)
        note("credited", f"{worth.minutes} minutes on {date_words(row.occurred_on)}")
    else:
        plan.plan.append((worth, row.status))
        note("planned", f"{worth.minutes} minutes on {date_words(row.occurred_on)}")


def _facts(credit: Credit) -> tuple[object, ...]:
    return (
        credit.person_id,
        credit.kind_code,
        credit.occurred_on,
        credit.title,
        credit.amount,
        credit.cpd_fraction,
        credit.body,
        credit.is_own_time,
    )


def _facts_of(entry: LedgerEntry) -> tuple[object, ...]:
    return (
        entry.person_id,
        entry.kind.code,
        entry.occurred_on,
        entry.title,
        entry.amount,
        entry.cpd_fraction,
        entry.body,
        entry.is_own_time,
    )


def _planned(worth: Worth, status: str) -> tuple[object, ...]:
    one = worth.credit
    facts = (one.person_id, one.kind_code, one.occurred_on, one.title, one.body, one.is_own_time)
    return (*facts, worth.minutes, status)


def _planned_of(plan: PlannedCredit) -> tuple[object, ...]:
    facts = (plan.person_id, plan.kind.code, plan.occurred_on, plan.title, plan.body, plan.is_own_time)
    return (*facts, plan.minutes, plan.status)


def _column(refusal: ActionRefused, row: ActivityRow) -> str:
    """Which cell a refusal is about: nearly always the date, by its contract or its year."""
    return "amount" if "amount" in refusal.sentence.lower() else "occurred_on"


def _write(plan: ActivityPlan, *, by: Person | None, today: date) -> None:
    if plan.reverse:
        write_reversals(plan.reverse, reason=REASON, by=by)
    if plan.unplan:
        PlannedCredit.objects.filter(pk__in=[one.pk for one in plan.unplan]).delete()
    if plan.credit:
        write_credits(plan.credit, by=by)
    if plan.plan:
        write_plans(plan.plan)
    years = {worth.year.pk: worth.year for worth in [*plan.credit, *(worth for worth, _ in plan.plan)]}
    before = [(entry.person_id, entry.year_id) for entry in plan.reverse]
    before += [(gone.person_id, gone.year_id) for gone in plan.unplan]
    if missing := {year_id for _, year_id in before} - years.keys():
        years |= {
            year.pk: year for year in AcademicYear.objects.filter(pk__in=missing).select_related("policy")
        }
    after = [(worth.credit.person_id, worth.year.pk) for worth in plan.credit]
    after += [(worth.credit.person_id, worth.year.pk) for worth, _ in plan.plan]
    refresh(((person_id, years[year_id]) for person_id, year_id in [*before, *after]), today)
