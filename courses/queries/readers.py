"""Who is reading the catalogue: the schools and the audience they belong to today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from courses.rules import PARTNERS, Employment
from staff.models import Contract, Person
from staff.queries.main_contract import MAIN_FIRST
from staff.queries.prepared import Prepared


@dataclass(frozen=True)
class Reader:
    """What the catalogue needs to know of somebody. Empty for an administrator without a staff record.

    `employments` are also those that begin later, for booking ahead; the rest is as of today.
    """

    person_id: int | None = None
    school_ids: tuple[int, ...] = ()
    job_families: tuple[str, ...] = ()
    staff_groups: tuple[str, ...] = ()
    role_title: str = ""
    is_partner: bool = False
    employments: tuple[Employment, ...] = ()

    @property
    def audience(self) -> list[str]:
        """The words of `Course.audience` that mean them: everybody, their job families and groups."""
        return ["all", *self.job_families, *self.staff_groups, *([PARTNERS] if self.is_partner else [])]


def reader_for(person: Person | None, *, on: date) -> Reader:
    """The reader on a day, by contracts in force; a partner's delegate belongs to the partner.

    One query, none for nobody. The role's title is that of the main contract.
    """
    if person is None:
        return Reader()
    rows = _CONTRACTS.rows(person.pk, on)
    held = [row for row in rows if row[0] <= on]
    schools = [row[2] for row in held]
    if person.partner_id:
        schools.append(person.partner_id)
    return Reader(
        person_id=person.pk,
        school_ids=tuple(dict.fromkeys(schools)),
        job_families=tuple(dict.fromkeys(row[3] for row in held)),
        staff_groups=tuple(dict.fromkeys(row[4] for row in held)),
        role_title=held[0][5] if held else "",
        is_partner=bool(person.partner_id),
        employments=tuple(
            Employment(starts_on, ends_on, school, frozenset((family, group)))
            for starts_on, ends_on, school, family, group, _ in rows
        ),
    )


def _contracts(person_id: int, on: date) -> QuerySet[Contract, tuple]:
    return (
        Contract.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), person=person_id)
        .order_by(*MAIN_FIRST)
        .values_list(
            "starts_on",
            "ends_on",
            "school_id",
            "job_role__job_family",
            "job_role__staff_group",
            "job_role__title",
        )
    )


_CONTRACTS: Final = Prepared(_contracts)
