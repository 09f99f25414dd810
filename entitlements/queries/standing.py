"""Where one person stands in a year: the figures of their statement with what says them in words.

The figures come from `Statement` (or `ClosedStatement`) and are never computed here; where the stored
statement is not of the date, the same statement of SQL answers for it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from entitlements.models import AcademicYear, ClosedStatement, Statement, StatementStatus
from entitlements.queries.facts import facts_of, policy_of
from entitlements.queries.statements import statements_on
from entitlements.rules.contracts import last_day_of
from entitlements.rules.explanation import own_day_minutes
from entitlements.rules.policy import EntitlementPolicy, Status
from entitlements.rules.sentences import Figures, Words, words_about, words_for
from entitlements.rules.statement import alerts_own_time, shown_percent
from staff.models import Contract, Person


@dataclass(frozen=True)
class Standing:
    """The figures of one person for one year on a date, whole minutes; 0 where nothing is owed.

    `day_minutes` is the person's own working day, None without one; `last_day` the last of the year on
    which they have a contract. `frozen` are the figures of a
    closed year; `frozen_role` is the role and the school that it was closed with.
    """

    person_id: int
    year: AcademicYear
    on: date
    status: Status
    entitlement: int
    expected: int
    expected_to_date: int
    recorded: int
    counted: int
    planned: int
    shortfall: int
    own_time: int
    day_minutes: int | None
    last_day: date
    is_in_contract: bool
    is_frozen: bool = False
    frozen_role: str = ""

    @property
    def left(self) -> int:
        """Neither counted nor planned."""
        return max(0, self.shortfall - self.planned)

    @property
    def reached(self) -> int:
        """What will be counted if all goes as planned."""
        return self.counted + self.planned

    @property
    def is_owed(self) -> bool:
        """Whether there is a target at all."""
        return self.status is not Status.NOT_APPLICABLE

    @property
    def is_paused(self) -> bool:
        """Whether nothing is expected at the moment."""
        return self.status is Status.PAUSED

    @property
    def is_behind(self) -> bool:
        """Whether there is less than would be usual by now."""
        return self.status is Status.BEHIND

    @property
    def tick(self) -> int | None:
        """Where the tick of ring and bar stands; none while paused or once the year is over."""
        return None if self.is_paused or self.on >= self.year.ends_on else self.expected_to_date

    @property
    def arcs(self) -> int:
        """Five where they are owed five of their own working days, else one unbroken arc."""
        if not self.day_minutes:
            return 1
        return 5 if abs(self.expected - 5 * self.day_minutes) < 5 else 1

    @property
    def percent(self) -> int:
        """Counted in per cent of what is expected, stopped at 100 (R11)."""
        return shown_percent(self.counted, self.expected)

    @property
    def words(self) -> Words:
        """The headline and the sentence the person themselves is told."""
        return words_for(self._figures, day_minutes=self.day_minutes, last_day=self.last_day, on=self.on)

    def words_about(self, name: str) -> Words:
        """The same as who decides about them is told."""
        return words_about(
            self._figures, name, day_minutes=self.day_minutes, last_day=self.last_day, on=self.on
        )

    @property
    def _figures(self) -> Figures:
        return Figures(self.status, self.expected, self.expected_to_date, self.counted, self.planned)

    def alerts_own_time(self, policy: EntitlementPolicy) -> bool:
        """Whether so much of it is their own time that the people team looks at it (R13)."""
        return alerts_own_time(self.own_time, self.counted, policy)


def year_on(on: date) -> AcademicYear | None:
    """The academic year that holds a date, with its policy; None where nobody has made it yet."""
    return AcademicYear.objects.select_related("policy").filter(starts_on__lte=on, ends_on__gte=on).first()


def contracts_in(year: AcademicYear, person_ids: Collection[int]) -> dict[int, list[Contract]]:
    """For each person their contracts of the year, with role and school. One query."""
    found: dict[int, list[Contract]] = {pk: [] for pk in person_ids}
    contracts = Contract.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=year.starts_on),
        starts_on__lte=year.ends_on,
        person__in=person_ids,
    ).select_related("job_role", "school")
    for contract in contracts:
        found[contract.person_id].append(contract)
    return found


def standing_of(
    person: Person, year: AcademicYear, on: date, *, contracts: Sequence[Contract] | None = None
) -> Standing | None:
    """Where the person stands; None without a contract in the year (R7). Three queries at most.

    `contracts` of the year may be given where the caller has them.
    """
    row: Statement | ClosedStatement | None
    if year.closed_at is not None:
        row = ClosedStatement.objects.select_related("school").filter(person=person, year=year).first()
    else:
        day = year.figures_on(on)
        row = Statement.objects.filter(person=person, year=year, computed_on=day).first()
        row = row or next(iter(statements_on(year, day, person_ids=[person.pk])), None)
    if row is None:
        return None
    if contracts is None:
        contracts = contracts_in(year, [person.pk])[person.pk]
    return standing_from(row, year, on, contracts)


def standing_from(
    row: Statement | ClosedStatement, year: AcademicYear, on: date, contracts: Sequence[Contract]
) -> Standing:
    """A stored statement as a standing, with the person's contracts of the year; figures that are null become 0."""
    facts = [facts_of(contract) for contract in contracts]
    is_frozen = isinstance(row, ClosedStatement)
    return Standing(
        person_id=row.person_id,
        year=year,
        on=on,
        status=Status(StatementStatus(row.status).value),
        entitlement=row.entitlement_minutes or 0,
        expected=row.expected_minutes or 0,
        expected_to_date=row.expected_to_date_minutes or 0,
        recorded=row.recorded_minutes or 0,
        counted=row.counted_minutes or 0,
        planned=row.planned_minutes or 0,
        shortfall=row.shortfall_minutes or 0,
        own_time=row.own_time_minutes or 0,
        day_minutes=own_day_minutes(facts, policy_of(year), year.dates, year.figures_on(on)),
        last_day=last_day_of(facts, year.dates),
        is_in_contract=row.is_in_contract,
        is_frozen=is_frozen,
        frozen_role=f"{row.role_title}, {row.school}" if is_frozen else "",
    )
