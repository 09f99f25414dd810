"""Puts facts of the rules into the database, to hold the SQL against the rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from entitlements.models import AcademicYear, ActivityKind, LedgerEntry, PlannedCredit
from entitlements.rules.absences import AbsenceFacts
from entitlements.rules.contracts import ContractFacts
from entitlements.rules.policy import CountsAs
from entitlements.rules.statement import CreditFacts
from staff.models import Absence, Contract, JobRole, Person
from tests.factories.entitlements import AcademicYearFactory
from tests.factories.staff import JobRoleFactory, SchoolFactory

_numbers = count(1)
KIND_OF = {
    CountsAs.FULL: "course",
    CountsAs.COMPLIANCE: "compliance",
    CountsAs.GIVING: "coaching_given",
    CountsAs.NOMINAL: "accreditation",
}


def store_people(facts: Sequence[Sequence[ContractFacts]]) -> list[Person]:
    """A person for each, with these contracts; their numbers and ids are made up to be unique."""
    roles = {
        group: JobRoleFactory(code=f"ROLE-{group}", staff_group=group)
        for group in ("teacher", "leadership", "support", "casual")
    }
    school = SchoolFactory()
    people = Person.objects.bulk_create(
        Person(payroll_number=f"X{next(_numbers):07d}", first_name="Some", last_name="Body") for _ in facts
    )
    Contract.objects.bulk_create(
        contract_row(each, person, roles[each.staff_group], school.pk)
        for person, contracts in zip(people, facts, strict=True)
        for each in contracts
    )
    return people


def contract_row(facts: ContractFacts, person: Person, role: JobRole, school_id: int) -> Contract:
    """An unsaved contract with these facts."""
    return Contract(
        contract_id=f"{person.payroll_number}-{facts.contract_id}",
        person=person,
        school_id=school_id,
        department=role.department,
        job_role=role,
        fte_numerator=facts.fte.numerator,
        fte_denominator=facts.fte.denominator,
        week_days_numerator=facts.days_per_week.numerator,
        week_days_denominator=facts.days_per_week.denominator,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        is_main=facts.is_main,
    )


def store_absences(people: Sequence[Person], facts: Sequence[Sequence[AbsenceFacts]]) -> None:
    """The absences of each person."""
    Absence.objects.bulk_create(
        Absence(
            person=person,
            absence_class=each.absence_class,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
        )
        for person, absences in zip(people, facts, strict=True)
        for each in absences
    )


def store_credits(people: Sequence[Person], facts: Sequence[Sequence[CreditFacts]]) -> None:
    """Ledger entries and planned credits as given, and beside each a credit that was reversed."""
    kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
    years: dict[str, AcademicYear] = {}
    entries, plans = [], []
    for person, credits in zip(people, facts, strict=True):
        for each in credits:
            name = _year_name(each)
            years.setdefault(name, AcademicYearFactory(name=name))
            shared = {
                "person": person,
                "year": years[name],
                "kind": kinds[KIND_OF[each.counts_as]],
                "minutes": each.minutes,
                "occurred_on": each.occurred_on,
                "title": "Something",
                "source_key": f"test:{next(_numbers)}",
                "body": each.body if each.counts_as is CountsAs.NOMINAL else "",
                "is_own_time": each.own_time,
            }
            if each.is_verified:
                entries.append(LedgerEntry(**shared))
                entries.append(
                    LedgerEntry(**{**shared, "source_key": f"test:{next(_numbers)}", "minutes": 600})
                )
            else:
                plans.append(PlannedCredit(**shared))
    written = LedgerEntry.objects.bulk_create(entries)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            person_id=entry.person_id,
            year_id=entry.year_id,
            kind_id=entry.kind_id,
            minutes=-entry.minutes,
            occurred_on=entry.occurred_on,
            title=entry.title,
            source_key=f"reversal:{entry.pk}",
            body=entry.body,
            is_own_time=entry.is_own_time,
            reverses=entry,
            reason="A mistake",
        )
        for entry in written[1::2]
    )
    PlannedCredit.objects.bulk_create(plans)


def _year_name(credit: CreditFacts) -> str:
    on = credit.occurred_on
    first = on.year if on.month >= 9 else on.year - 1
    return f"{first}/{(first + 1) % 100:02d}"
