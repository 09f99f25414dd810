"""What an import of HR files is about to do: what is held now, and every change with its words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from staff.csv_files import Change, RowError
from staff.import_rows import AbsenceRow, ContractRow, PersonRow, RoleRow, SchoolRow

HELD_ABOVE_PERCENT = 5


@dataclass(frozen=True)
class SignIn:
    """A sign-in as the import sees it; without a person it is a pure administrator's.

    `is_guarded`: of an administrator or the people team, whose e-mail no file changes.
    """

    pk: int
    email: str
    staff_number: str
    payroll_number: str | None
    is_guarded: bool = False


@dataclass
class StaffState:
    """The rows by key, and the primary keys behind them. Only what the files at hand ask for is loaded."""

    schools: dict[str, SchoolRow] = field(default_factory=dict)
    roles: dict[str, RoleRow] = field(default_factory=dict)
    people: dict[str, PersonRow] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    contracts: dict[str, ContractRow] = field(default_factory=dict)
    absences: dict[str, set[AbsenceRow]] = field(default_factory=dict)
    sign_ins: list[SignIn] = field(default_factory=list)
    departments: dict[str, int] = field(default_factory=dict)
    school_ids: dict[str, int] = field(default_factory=dict)
    role_ids: dict[str, int] = field(default_factory=dict)
    person_ids: dict[str, int] = field(default_factory=dict)
    absence_ids: dict[AbsenceRow, list[int]] = field(default_factory=dict)


@dataclass
class StaffPlan:
    """Everything the files would write, and why they may not."""

    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0

    schools: dict[str, list[SchoolRow]] = field(default_factory=lambda: {"new": [], "changed": []})
    roles: dict[str, list[RoleRow]] = field(default_factory=lambda: {"new": [], "changed": []})
    people: dict[str, list[PersonRow]] = field(default_factory=lambda: {"new": [], "changed": []})
    contracts: dict[str, list[ContractRow]] = field(
        default_factory=lambda: {"new": [], "changed": [], "ended": [], "removed": []}
    )
    new_role_contracts: set[str] = field(default_factory=set)
    moved_departments: dict[str, tuple[str, str]] = field(default_factory=dict)
    new_absences: list[AbsenceRow] = field(default_factory=list)
    gone_absences: list[AbsenceRow] = field(default_factory=list)
    ended_absences: list[AbsenceRow] = field(default_factory=list)
    new_sign_ins: list[SignIn] = field(default_factory=list)
    changed_sign_ins: list[SignIn] = field(default_factory=list)

    live_contracts: int = 0
    leaving_contracts: int = 0
    changed_people: set[str] = field(default_factory=set)

    @property
    def is_held(self) -> bool:
        """Whether more than 5% of the live contracts would end by being left out."""
        return self.leaving_contracts * 100 > HELD_ABOVE_PERCENT * self.live_contracts

    @property
    def held_words(self) -> str:
        """Why it is held, as a sentence."""
        share = self.leaving_contracts * 100 / max(1, self.live_contracts)
        return (
            f"{self.leaving_contracts:,} of {self.live_contracts:,} live contracts ({share:.1f}%) are not in the "
            f"files and would end; above {HELD_ABOVE_PERCENT}% this needs to be confirmed."
        )

    def counts(self) -> dict[str, int]:
        """How many rows of each kind of change: {"contracts: new": 3, …}, in the order of the work."""
        found: dict[str, int] = defaultdict(int)
        for change in self.changes:
            found[f"{change.file}: {change.what}"] += 1
        return dict(found)


def live_on(contract: ContractRow, on: date) -> bool:
    """Whether the contract is in force on that date."""
    return contract.starts_on <= on and (contract.ends_on is None or contract.ends_on >= on)
