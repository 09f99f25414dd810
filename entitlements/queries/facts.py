"""Rows of the database as the facts that the rules reckon with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from entitlements.academic_year import YearDates
from entitlements.models import AcademicYear, Statement
from entitlements.rules.contracts import ContractFacts, main_contract
from entitlements.rules.policy import EntitlementPolicy
from staff.models import Contract
from staff.refusals import ActionRefused


def policy_of(year: AcademicYear) -> EntitlementPolicy:
    """The numbers of a year as the rules take them; the proposed ones where no policy was written."""
    stored = getattr(year, "policy", None)
    if stored is None:
        return EntitlementPolicy()
    shared = {field.name for field in fields(EntitlementPolicy)} & {
        field.name
        for field in stored._meta.fields  # noqa: SLF001 - Django's own door to fields
    }
    return EntitlementPolicy(**{name: getattr(stored, name) for name in shared})


def facts_of(contract: Contract) -> ContractFacts:
    """A contract as the rules take it; reads `contract.job_role`."""
    return ContractFacts(
        contract_id=contract.contract_id,
        staff_group=contract.job_role.staff_group,
        fte=contract.fte,
        days_per_week=contract.days_per_week,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        is_main=contract.is_main,
        school=str(contract.school_id),
    )


def years_with_figures(on: date) -> QuerySet[AcademicYear]:
    """The open years whose figures are stored, with their policies, the earliest first. One query when read.

    Those that have begun, and those to come in which a booking has made somebody a statement already.
    """
    stored = Statement.objects.filter(year=OuterRef("pk"))
    return (
        AcademicYear.objects.filter(
            Q(starts_on__lte=on) | Exists(stored), closed_at__isnull=True, policy__isnull=False
        )
        .select_related("policy")
        .order_by("starts_on")
    )


def closing_year(on: date) -> AcademicYear | None:
    """The year that is over and about to be closed, for what still waits in it; from 1 to 29 September.

    One query then, none on other days.
    """
    dates = YearDates.for_date(on).previous
    if on > dates.last_day_to_decide:
        return None
    return AcademicYear.objects.filter(starts_on=dates.first_day, closed_at__isnull=True).first()


@dataclass(frozen=True)
class Contracts:
    """The contracts of some people, to find the one that a credit falls under."""

    by_person: dict[int, dict[str, Contract]]

    @classmethod
    def of(cls, person_ids: Collection[int]) -> Contracts:
        """Read them all; one query."""
        found: dict[int, dict[str, Contract]] = defaultdict(dict)
        rows = Contract.objects.filter(person__in=set(person_ids)).select_related("job_role")
        for contract in rows.order_by("contract_id"):
            found[contract.person_id][contract.contract_id] = contract
        return cls(found)

    def main(self, person_id: int, on: date) -> Contract | None:
        """The main contract on a date (R6)."""
        mine = self.by_person.get(person_id, {})
        main = main_contract([facts_of(contract) for contract in mine.values()], on)
        return mine[main.contract_id] if main else None

    def named(self, person_id: int, pk: int) -> Contract | None:
        """One of the person's contracts by its key."""
        return next((one for one in self.by_person.get(person_id, {}).values() if one.pk == pk), None)


def years_for(dates: Iterable[date], *, lock: bool = False) -> dict[date, AcademicYear]:
    """The open academic year of each date, with its policy; one query.

    Raises ActionRefused for a date whose year is not set up, or is closed (R17).
    """
    wanted = set(dates)
    starts = {YearDates.for_date(on).first_day for on in wanted}
    rows = AcademicYear.objects.filter(starts_on__in=starts).select_related("policy")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    years = {year.starts_on: year for year in rows}
    found = {}
    for on in wanted:
        dates_of = YearDates.for_date(on)
        year = years.get(dates_of.first_day)
        if year is None:
            raise ActionRefused(f"The year {dates_of.label} is not set up in the portal.")
        if year.closed_at is not None:
            raise ActionRefused(f"The year {dates_of.label} is closed; its figures no longer change.")
        found[on] = year
    return found
