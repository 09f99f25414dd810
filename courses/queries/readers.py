"""Who is reading the catalogue: the schools and the audience they belong to today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from staff.models import Contract, Person


@dataclass(frozen=True)
class Reader:
    """What the catalogue needs to know of somebody. Empty for an administrator without a staff record."""

    person_id: int | None = None
    school_ids: tuple[int, ...] = ()
    job_families: tuple[str, ...] = ()
    staff_groups: tuple[str, ...] = ()
    role_title: str = ""
    is_partner: bool = False

    @property
    def audience(self) -> list[str]:
        """The words of `Course.audience` that mean them: everybody, their job families and groups."""
        return ["all", *self.job_families, *self.staff_groups, *(["partner"] if self.is_partner else [])]


def reader_for(person: Person | None, *, on: date) -> Reader:
    """The reader on a day, by contracts in force; a partner's delegate belongs to the partner.

    One query, none for nobody. The role's title is that of the main contract.
    """
    if person is None:
        return Reader()
    held = list(
        Contract.objects.in_force(on)
        .filter(person=person)
        .order_by("-is_main", "starts_on")
        .values_list(
            "school_id",
            "job_role__job_family",
            "job_role__staff_group",
            "job_role__title",
        )
    )
    schools = [school for school, *_ in held]
    if person.partner_id:
        schools.append(person.partner_id)
    return Reader(
        person_id=person.pk,
        school_ids=tuple(dict.fromkeys(schools)),
        job_families=tuple(dict.fromkeys(family for _, family, _, _ in held)),
        staff_groups=tuple(dict.fromkeys(group for _, _, group, _ in held)),
        role_title=held[0][3] if held else "",
        is_partner=bool(person.partner_id),
    )
