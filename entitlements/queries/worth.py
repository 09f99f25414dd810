"""What credits are worth: everything that the rules need to know of them, read in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from entitlements.academic_year import YearDates
from entitlements.models import AcademicYear, ActivityKind
from entitlements.queries.facts import Contracts, facts_of, policy_of
from entitlements.rules.credits import CreditRefused, credit_minutes
from entitlements.rules.policy import Unit
from staff.models import Contract
from staff.refusals import ActionRefused


@dataclass(frozen=True, kw_only=True)
class Credit:
    """What is to be credited to one person. Give `minutes`, or `amount` for a day-unit or nominal kind.

    `source_key` says where it came from and ends in a revision, as in `register:412:7:1`.
    `contract_id` is the pk of the contract attended under; none means the main contract on the date (R8).
    `replaces_id` is the first entry of those that corrected contracts made anew (R12). `is_flagged` marks it
    for a look whatever the minutes of its date: it was at the time of something else (R15).
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
    replaces_id: int | None = None
    is_flagged: bool = False


@dataclass(frozen=True)
class Worth:
    """A credit with all that follows from it."""

    credit: Credit
    year: AcademicYear
    kind: ActivityKind
    contract: Contract | None
    minutes: int

    @property
    def amount(self) -> Decimal:
        """What was given, in the kind's unit."""
        return _amount(self.credit, Unit(self.kind.unit))


@dataclass(frozen=True)
class Prices:
    """Years, kinds and contracts of some credits; `worth` then asks nothing of the database."""

    years: dict[date, AcademicYear]
    kinds: dict[str, ActivityKind]
    contracts: Contracts

    def year_of(self, on: date) -> AcademicYear:
        """The open year of a date; ActionRefused where there is none or it is closed (R14, R17)."""
        dates = YearDates.for_date(on)
        year = self.years.get(dates.first_day)
        if year is None:
            raise ActionRefused(f"The year {dates.label} is not set up in the portal.")
        if year.closed_at is not None:
            raise ActionRefused(f"The year {dates.label} is closed; its figures no longer change.")
        return year

    def worth(self, one: Credit) -> Worth:
        """What one of them is worth in minutes (R8, R12); ActionRefused with a sentence where it is not."""
        year = self.year_of(one.occurred_on)
        kind = self.kinds.get(one.kind_code)
        if kind is None:
            raise ActionRefused(f"There is no kind of CPD called {one.kind_code}.")
        unit = Unit(kind.unit)
        contract = self._contract(one, unit)
        try:
            minutes = credit_minutes(
                unit,
                Fraction(_amount(one, unit)),
                facts_of(contract) if contract else None,
                policy_of(year),
                Fraction(one.cpd_fraction),
            )
        except CreditRefused as refusal:
            raise ActionRefused(str(refusal)) from refusal
        if unit.is_nominal and not one.body.strip():
            raise ActionRefused("Say which professional body it is.")
        return Worth(one, year, kind, contract, minutes)

    def _contract(self, one: Credit, unit: Unit) -> Contract | None:
        """The contract attended under: the one named, else the main one on the date (R8, R12)."""
        if not unit.needs_contract:
            return None
        if one.contract_id is not None and not unit.is_nominal:
            named = self.contracts.named(one.person_id, one.contract_id)
            return named if named and facts_of(named).is_in_force(one.occurred_on) else None
        return self.contracts.main(one.person_id, one.occurred_on)


def prices_for(credits: Iterable[Credit], known_kinds: Mapping[str, ActivityKind] | None = None) -> Prices:
    """All that is needed to say what these are worth; three queries, however many there are.

    Two where all their kinds are known already.
    """
    given = list(credits)
    codes = {one.kind_code for one in given}
    starts = {YearDates.for_date(one.occurred_on).first_day for one in given}
    years = AcademicYear.objects.filter(starts_on__in=starts).select_related("policy")
    kinds = dict(known_kinds or {})
    if not codes <= kinds.keys():
        kinds = {kind.code: kind for kind in ActivityKind.objects.filter(code__in=codes)}
    needy = {
        one.person_id
        for one in given
        if one.kind_code in kinds and Unit(kinds[one.kind_code].unit).needs_contract
    }
    return Prices(
        {year.starts_on: year for year in years}, kinds, Contracts.of(needy) if needy else Contracts({})
    )


def _amount(one: Credit, unit: Unit) -> Decimal:
    """What was given in the unit of the kind; minutes are no count of days."""
    if unit.needs_contract:
        if one.amount is None:
            raise ActionRefused("This kind of CPD is counted in days or pieces, not in minutes.")
        return one.amount
    given = one.minutes if one.minutes is not None else one.amount
    return Decimal(given or 0)
