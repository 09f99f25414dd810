"""What a set of HR files would change: rows against what is held now, compared without a database.

Every mistake that takes two rows to see is found here: unknown schools, roles and people, two
main contracts at once, an e-mail twice. A manager who is unknown, oneself or in a circle is a
warning and the row comes in without (DESIGN section 5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, timedelta

from staff.csv_files import Change, RowError
from staff.import_rows import AbsenceRow, ContractRow, FileRow, FileRows, PersonRow, RowKey
from staff.rules.contracts import MainContract, Managed, circles, overlapping_mains
from staff.rules.import_plan import SignIn, StaffPlan, StaffState, live_on

_WORDS = {
    "manager_payroll_number": "manager",
    "absence_class": "class",
    "school_code": "school",
    "role_code": "role",
}


# What a contract refers to, in words.
REFERENCES = {"school_code": "school", "role_code": "role", "payroll_number": "person"}


def no_such(what: str, key: str) -> str:
    """The error for a row that names something unknown; `what` is a key of REFERENCES."""
    return f"There is no {what} {key}."


def email_twice(email: str, payroll_number: str) -> str:
    """The error for a person whose email is also on another row of the file."""
    return f"{email} is the e-mail of {payroll_number} too."


def sign_in_taken(name: str, payroll_number: str) -> str:
    """The error for a person whose email or staff number is another person's sign-in."""
    return f"{name} is the sign-in of {payroll_number}."


def guarded_sign_in(payroll_number: str) -> str:
    """Why a new email isn't taken over for a person who can see everyone's records."""
    return f"{payroll_number} is an administrator or in the people team; their sign-in stays as it is."


def belongs_to_another(contract: str, payroll_number: str) -> str:
    """The error for a contract that is under another person's staff number."""
    return f"Contract {contract} belongs to {payroll_number}."


def two_main_contracts(contract: str, other: str, on: date, other_line: int | None = None) -> str:
    """What is wrong with a main contract beside another one (R6), which may be on a line of the same file."""
    where = "" if other_line is None else f" (line {other_line})"
    return f"{contract} and {other}{where} are both main on {on}."


def without_manager(manager: str, why: str, contract: str) -> str:
    """Why a contract comes in without its manager; `why` is one of the three below."""
    return f"{manager} {why}; {contract} comes in without a manager."


OWN_MANAGER = "is the person themselves"
UNKNOWN_MANAGER = "is unknown"
CIRCLE_OF_MANAGERS = "is in a circle of managers"


def not_in_the_files(payroll_number: str) -> str:
    """In words, a contract that ends because the files leave it out."""
    return f"of {payroll_number}, not in the files"


def make_plan(files: Mapping[str, FileRows], state: StaffState, *, on: date, is_full: bool) -> StaffPlan:
    """Compare the files with what is held. `on` is today; `is_full` ends what the files leave out."""
    plan = StaffPlan()
    for file in files.values():
        plan.errors.extend(file.errors)
    _Planner(plan, files, state, on, is_full).run()
    plan.errors.sort()
    plan.warnings.sort()
    return plan


class _Planner:
    """One comparison, kind by kind, in the order in which the rows would be written."""

    def __init__(
        self, plan: StaffPlan, files: Mapping[str, FileRows], state: StaffState, on: date, is_full: bool
    ) -> None:
        self.plan, self.files, self.state, self.on, self.is_full = plan, files, state, on, is_full

    def run(self) -> None:
        for kind, held in (("schools", self.state.schools), ("roles", self.state.roles)):
            if kind in self.files:
                self.compare(kind, self.files[kind].rows, held, getattr(self.plan, kind))
        self.roles_that_matter()
        if "people" in self.files:
            self.people()
        if "contracts" in self.files:
            self.contracts()
        if self.is_full and {"people", "contracts"} & set(self.files):
            self.leavers()
        if "absences" in self.files:
            self.absences()

    # Shared ------------------------------------------------------------------------------
    def compare(
        self, kind: str, rows: Mapping[RowKey, FileRow], held: Mapping[RowKey, FileRow], into: dict[str, list]
    ) -> None:
        """Sort rows into new, changed and unchanged, and say each change in words."""
        for key, row in rows.items():
            before = held.get(key)
            if before == row:
                self.plan.unchanged += 1
                continue
            what = "new" if before is None else "changed"
            into[what].append(row)
            self.note(kind, what, str(key), _new_words(row) if before is None else _difference(before, row))

    def note(self, kind: str, what: str, key: str, words: str) -> None:
        self.plan.changes.append(Change(kind, what, key, words))

    def refuse(self, kind: str, line: int, column: str, reason: str) -> None:
        self.plan.errors.append(RowError(self.files[kind].name, line, column, reason))

    def warn(self, kind: str, line: int, column: str, reason: str) -> None:
        self.plan.warnings.append(RowError(self.files[kind].name, line, column, reason))

    def known(self, kind: str, held: Mapping[str, object]) -> set[str]:
        """The keys that can be referred to: held now, or in the file at hand (on a bad row too)."""
        return set(held) | (self.files[kind].named if kind in self.files else set())

    # Roles -------------------------------------------------------------------------------
    def roles_that_matter(self) -> None:
        """A new staff group changes its people's figures; a new department moves their contracts."""
        groups = set()
        for row in self.plan.roles["changed"]:
            before = self.state.roles[row.code]
            if before.staff_group != row.staff_group:
                groups.add(row.code)
            if before.department != row.department:
                self.plan.moved_departments[row.code] = (before.department, row.department)
        if groups:
            self.plan.changed_people.update(
                held.payroll_number for held in self.state.contracts.values() if held.role_code in groups
            )

    # People ------------------------------------------------------------------------------
    def people(self) -> None:
        rows = self.files["people"].rows
        for payroll in [key for key in rows if key in self.state.erased]:
            self.warn(
                "people", rows[payroll].line, "payroll_number", f"{payroll} has been erased; left as it is."
            )
        rows = {key: row for key, row in rows.items() if key not in self.state.erased}
        self.compare("people", rows, self.state.people, self.plan.people)
        self.sign_ins(rows)

    def sign_ins(self, rows: Mapping[str, PersonRow]) -> None:
        """Everybody has a sign-in: by work e-mail, or by staff number where there is none."""
        of_person = {
            sign_in.payroll_number: sign_in for sign_in in self.state.sign_ins if sign_in.payroll_number
        }
        taken = {}
        for sign_in in self.state.sign_ins:
            if sign_in.payroll_number not in rows:
                for name in (sign_in.email, sign_in.staff_number):
                    if name:
                        taken[name] = sign_in
        first: dict[str, PersonRow] = {}
        for payroll, row in rows.items():
            name, column = (row.work_email, "work_email") if row.work_email else (payroll, "payroll_number")
            other = first.setdefault(name, row)
            if other is not row:
                self.refuse("people", row.line, column, email_twice(name, other.payroll_number))
                continue
            mine, holder = of_person.get(payroll), taken.get(name)
            if holder is not None and holder.payroll_number is not None:
                self.refuse("people", row.line, column, sign_in_taken(name, holder.payroll_number))
            elif mine is not None:
                self.keep_sign_in(mine, row, holder, column)
            elif holder is not None:  # an administrator who was here before their staff record
                self.plan.changed_sign_ins.append(replace(holder, payroll_number=payroll))
            else:
                number = "" if row.work_email else payroll
                self.plan.new_sign_ins.append(SignIn(0, row.work_email, number, payroll))

    def keep_sign_in(self, mine: SignIn, row: PersonRow, holder: SignIn | None, column: str) -> None:
        if holder is not None:
            self.refuse(
                "people", row.line, column, "It is the sign-in of an administrator without a staff record."
            )
            return
        number = mine.staff_number or ("" if row.work_email else row.payroll_number)
        wanted = replace(mine, email=row.work_email, staff_number=number)
        if wanted != mine and mine.is_guarded:  # a new e-mail is a way in
            self.warn("people", row.line, column, guarded_sign_in(row.payroll_number))
        elif wanted != mine:
            self.plan.changed_sign_ins.append(wanted)

    # Contracts ---------------------------------------------------------------------------
    def contracts(self) -> None:
        rows: dict[str, ContractRow] = self.files["contracts"].rows
        schools, roles = self.known("schools", self.state.schools), self.known("roles", self.state.roles)
        people = self.known("people", self.state.people)
        named = [(row.line, {name: getattr(row, name) for name in REFERENCES}) for row in rows.values()]
        for line, values in [*named, *self.files["contracts"].bad]:
            for column, there, what in zip(
                REFERENCES, (schools, roles, people), REFERENCES.values(), strict=True
            ):
                if column in values and values[column] not in there:
                    self.refuse("contracts", line, column, no_such(what, values[column]))
        for key, row in rows.items():
            before = self.state.contracts.get(key)
            if before is not None and before.payroll_number != row.payroll_number:
                self.refuse(
                    "contracts",
                    row.line,
                    "payroll_number",
                    belongs_to_another(key, before.payroll_number),
                )
        rows = self.with_known_managers(rows, people)
        self.two_mains(rows)
        self.compare("contracts", rows, self.state.contracts, self.plan.contracts)
        for row in [*self.plan.contracts["new"], *self.plan.contracts["changed"]]:
            before = self.state.contracts.get(row.contract_id)
            if before is None or before.role_code != row.role_code:
                self.plan.new_role_contracts.add(row.contract_id)
            self.plan.changed_people.add(row.payroll_number)

    def with_known_managers(self, rows: dict[str, ContractRow], people: set[str]) -> dict[str, ContractRow]:
        """The rows without the managers that cannot be, each of them a warning."""
        bad: dict[str, str] = {}
        for key, row in rows.items():
            manager = row.manager_payroll_number
            if manager and manager == row.payroll_number:
                bad[key] = OWN_MANAGER
            elif manager and manager not in people:
                bad[key] = UNKNOWN_MANAGER
        held = {key: row for key, row in self.state.contracts.items() if key not in rows}
        managed = [
            Managed(key, row.payroll_number, row.manager_payroll_number, row.starts_on, row.ends_on)
            for key, row in (*rows.items(), *held.items())
            if row.manager_payroll_number and key not in bad
        ]
        bad.update((str(key), CIRCLE_OF_MANAGERS) for key in circles(managed) if key in rows)
        for key, why in bad.items():
            manager = rows[key].manager_payroll_number
            self.warn(
                "contracts",
                rows[key].line,
                "manager_payroll_number",
                without_manager(manager, why, key),
            )
        return {
            key: replace(row, manager_payroll_number="") if key in bad else row for key, row in rows.items()
        }

    def two_mains(self, rows: Mapping[str, ContractRow]) -> None:
        """Two main contracts of one person on one day, told on the line of the one in the file (R6)."""
        mains: dict[str, list[MainContract]] = defaultdict(list)
        for row in rows.values():
            if row.is_main:
                mains[row.payroll_number].append(MainContract(row.contract_id, row.starts_on, row.ends_on))
        for key, held in self.state.contracts.items():
            if held.is_main and held.payroll_number in mains and key not in rows:
                ends_on = held.ends_on
                if self.is_full and (ends_on is None or ends_on >= self.on):
                    ends_on = self.on - timedelta(days=1)
                    if ends_on < held.starts_on:
                        continue
                mains[held.payroll_number].append(
                    MainContract(key, held.starts_on, ends_on, is_in_file=False)
                )
        for contracts in mains.values():
            for earlier, later in overlapping_mains(contracts):
                told, other = (later, earlier) if later.is_in_file else (earlier, later)
                other_line = rows[other.key].line if other.is_in_file else None
                self.refuse(
                    "contracts",
                    rows[told.key].line,
                    "is_main",
                    two_main_contracts(told.key, other.key, later.starts_on, other_line),
                )

    def leavers(self) -> None:
        """With `--full`, live contracts that the files leave out end the day before; those to come go."""
        live = [row for row in self.state.contracts.values() if live_on(row, self.on)]
        self.plan.live_contracts = len(live)
        last_day = self.on - timedelta(days=1)
        for key, row in self.state.contracts.items():
            if row.ends_on is not None and row.ends_on < self.on:
                continue
            if "contracts" in self.files:
                is_named = key in self.files["contracts"].named
            else:
                is_named = row.payroll_number in self.files["people"].named
            if is_named:
                continue
            self.plan.leaving_contracts += live_on(row, self.on)
            what = "ended" if row.starts_on <= last_day else "removed"
            self.plan.contracts[what].append(replace(row, ends_on=last_day) if what == "ended" else row)
            self.plan.changed_people.add(row.payroll_number)
            self.note("contracts", what, key, not_in_the_files(row.payroll_number))

    # Absences ----------------------------------------------------------------------------
    def absences(self) -> None:
        """Everybody named has theirs replaced: only what differs is written."""
        people = self.known("people", self.state.people)
        wanted: dict[str, set[AbsenceRow]] = defaultdict(set)
        for row in self.files["absences"].rows.values():
            if row.payroll_number not in people:
                self.refuse("absences", row.line, "payroll_number", no_such("person", row.payroll_number))
            wanted[row.payroll_number].add(row)
        for line, values in self.files["absences"].bad:
            payroll = values.get("payroll_number")
            if payroll is not None and payroll not in people:
                self.refuse("absences", line, "payroll_number", no_such("person", str(payroll)))
        for payroll, rows in wanted.items():
            held = self.state.absences.get(payroll, set())
            self.plan.unchanged += len(rows & held)
            self.new_and_gone(payroll, rows - held, held - rows)
        if self.is_full:
            self.absences_left_out(self.files["absences"].named)

    def new_and_gone(self, payroll: str, new: set[AbsenceRow], gone: set[AbsenceRow]) -> None:
        self.plan.new_absences.extend(sorted(new, key=lambda row: row.line))
        self.plan.gone_absences.extend(gone)
        if new or gone:
            self.plan.changed_people.add(payroll)
        for row in gone:
            self.note("absences", "removed", payroll, _absence_words(row))
        for row in new:
            self.note("absences", "new", payroll, _absence_words(row))

    def absences_left_out(self, named: set[str]) -> None:
        last_day = self.on - timedelta(days=1)
        for payroll, held in self.state.absences.items():
            for row in held if payroll not in named else ():
                if row.ends_on is not None and row.ends_on < self.on:
                    continue
                self.plan.changed_people.add(payroll)
                if row.starts_on > last_day:
                    self.plan.gone_absences.append(row)
                else:
                    self.plan.ended_absences.append(row)
                self.note("absences", "ended", payroll, _absence_words(row))


def _new_words(row: object) -> str:
    if isinstance(row, PersonRow):
        return f"{row.first_name} {row.last_name}"
    if isinstance(row, ContractRow):
        return (
            f"{row.payroll_number}, {row.role_code} at {row.school_code}, fte {row.fte}, from {row.starts_on}"
        )
    return str(getattr(row, "name", "") or getattr(row, "title", ""))


def _absence_words(row: AbsenceRow) -> str:
    return f"{row.absence_class} from {row.starts_on} to {row.ends_on or 'no end'}"


def _difference(before: FileRow, after: FileRow) -> str:
    """ "fte 1 → 3/5, ends_on none → 2026-12-31"."""
    parts = []
    for one in fields(after):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.compare and old != new:
            parts.append(f"{_WORDS.get(one.name, one.name)} {_value(old)} → {_value(new)}")
    return ", ".join(parts)


def _value(value: object) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
