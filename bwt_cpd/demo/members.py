"""What the steps of the demo trust hand on to each other: its people, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bwt_cpd.demo import shape
from staff.models import Contract, Hub, JobRole, Person, School


@dataclass
class Member:
    """One person while the trust is being made up."""

    person: Person
    school: str
    role: str
    starts_on: date
    ends_on: date | None
    terms: shape.Terms
    manager: Member | None = None
    demo_name: str = ""
    away: list[tuple[date, date | None]] = field(default_factory=list)


@dataclass(frozen=True)
class Trust:
    """What the later steps need of the people step."""

    schools: dict[str, School]
    roles: dict[str, JobRole]
    hubs: dict[str, Hub]
    members: list[Member]
    partner: Person
    contracts: dict[int, Contract]
