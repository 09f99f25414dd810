"""Bringing in what the HR system says (DESIGN section 5, `import_staff`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from secrets import token_urlsafe
from typing import BinaryIO

import pghistory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError

from staff import clock
from staff.actions.bulk_rows import insert_rows, update_rows
from staff.audit import keys_checked_at_once
from staff.csv_files import RowError
from staff.import_rows import FILE_KINDS, ContractRow, read_file
from staff.models import Absence, Contract, Person
from staff.queries.imports import load_state
from staff.refusals import ActionRefused
from staff.rules.import_comparison import make_plan
from staff.rules.import_plan import StaffPlan, StaffState

_LOCK = 742_001  # of the advisory lock that lets one import run at a time


def not_written(why: str) -> str:
    """A reason, and that the whole run has been given up for it."""
    return f"{why} Nothing has been written."


def rows_are_wrong(count: int) -> str:
    """So many rows are why nothing of the run has been written."""
    return f"{count:,} {'row is' if count == 1 else 'rows are'} wrong; nothing has been written."


class RowsRefused(ActionRefused):
    """Rows that cannot come in; nothing of that run has been written. `errors` names each."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__(rows_are_wrong(len({(error.file, error.line) for error in errors})))
        self.errors = errors


@dataclass(frozen=True)
class SourceFile:
    """A file to read: the name it is called by in messages, and its bytes."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True)
class ImportOutcome:
    """What was, or would be, done. `changed_person_ids`: whose figures may now be others."""

    plan: StaffPlan
    changed_person_ids: list[int]


def import_staff(
    *,
    files: Mapping[str, SourceFile],
    on: date,
    by: Person | None,
    is_full: bool = False,
    confirms_leavers: bool = False,
    is_dry_run: bool = False,
) -> ImportOutcome:
    """Read any of the five files ("schools", "roles", "people", "contracts", "absences") and write what differs.

    One transaction; a second run of the same files writes nothing. `on` is today: with `is_full`
    the contracts that the files leave out end on the day before. About 12 statements to read and
    at most 20 to write for each 5,000 rows, however many there are.
    RowsRefused names every bad row; ActionRefused where leavers are held until confirmed.
    """
    if not files:
        raise ActionRefused("Choose at least one file.")
    read = {
        kind: read_file(kind, files[kind].name, files[kind].stream) for kind in FILE_KINDS if kind in files
    }
    # HistoryMiddleware's context, where there is one, keeps its user; this adds what caused it.
    with transaction.atomic(), pghistory.context(action="import_staff", by=by.pk if by else None):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        state = load_state(read, on)
        plan = make_plan(read, state, on=on, is_full=is_full)
        if plan.errors:
            raise RowsRefused(plan.errors)
        if is_dry_run:
            return ImportOutcome(plan, [])
        if plan.is_held and not confirms_leavers:
            raise ActionRefused(not_written(plan.held_words))
        _write(plan, state, on)
        return ImportOutcome(plan, sorted(state.person_ids[payroll] for payroll in plan.changed_people))


def _write(plan: StaffPlan, state: StaffState, on: date) -> None:
    try:
        with keys_checked_at_once():
            _write_places(plan, state)
            _write_people(plan, state)
            _write_sign_ins(plan, state)
            _write_contracts(plan, state)
            _write_absences(plan, state, on)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        # Found before and named by row as far as files and database tell; this is somebody writing meanwhile.
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        raise ActionRefused(
            f"The rows do not fit together ({constraint}). Nothing has been written."
        ) from error


def _write_places(plan: StaffPlan, state: StaffState) -> None:
    wanted = {row.department for row in (*plan.roles["new"], *plan.roles["changed"])} - set(state.departments)
    names = [(name,) for name in sorted(wanted)]
    for pk, name in insert_rows("staff_department", {"name": "text"}, names, returning="id, name"):
        state.departments[name] = pk
    columns = dict.fromkeys(("code", "name", "kind", "phase", "town", "local_authority", "urn"), "text")
    schools = {
        what: [[getattr(row, name) for name in columns] for row in rows]
        for what, rows in plan.schools.items()
    }
    for pk, code in insert_rows("staff_school", columns, schools["new"], returning="id, code"):
        state.school_ids[code] = pk
    update_rows("staff_school", columns, schools["changed"])
    columns = {
        "code": "text",
        "title": "text",
        "department_id": "bigint",
        "job_family": "text",
        "staff_group": "text",
    }
    roles = {
        what: [
            [row.code, row.title, state.departments[row.department], row.job_family, row.staff_group]
            for row in rows
        ]
        for what, rows in plan.roles.items()
    }
    for pk, code in insert_rows("staff_jobrole", columns, roles["new"], returning="id, code"):
        state.role_ids[code] = pk
    update_rows("staff_jobrole", columns, roles["changed"])
    for code, (before, after) in plan.moved_departments.items():
        Contract.objects.filter(job_role=state.role_ids[code], department=state.departments[before]).update(
            department=state.departments[after]
        )


def _write_people(plan: StaffPlan, state: StaffState) -> None:
    columns = dict.fromkeys(("payroll_number", "first_name", "last_name", "work_email", "trn"), "text")
    rows = {
        what: [[getattr(row, name) for name in columns] for row in rows] for what, rows in plan.people.items()
    }
    for pk, payroll in insert_rows("staff_person", columns, rows["new"], returning="id, payroll_number"):
        state.person_ids[payroll] = pk
    update_rows("staff_person", columns, rows["changed"])


def _write_sign_ins(plan: StaffPlan, state: StaffState) -> None:
    """Sign-ins without a usable password: single sign-on, a reset by mail or a printed code opens them."""
    columns = {"id": "bigint", "email": "text", "staff_number": "text", "person_id": "bigint"}
    changed = plan.changed_sign_ins
    # Two people may swap e-mails: each first lets go of its own under a name nobody has.
    update_rows(
        "staff_user",
        {"id": "bigint", "email": "text"},
        [(one.pk, f"moving-{one.pk}@invalid") for one in changed],
    )
    update_rows(
        "staff_user",
        columns,
        [
            (one.pk, one.email or None, one.staff_number or None, state.person_ids[one.payroll_number or ""])
            for one in changed
        ],
    )
    if changed:
        stale = EmailAddress.objects.filter(user__in=[one.pk for one in changed])
        stale.exclude(email=F("user__email")).delete()
    now = clock.now()
    insert_rows(
        "staff_user",
        {
            "password": "text", "is_superuser": "bool", "email": "text", "staff_number": "text", "person_id": "bigint",
            "is_active": "bool", "must_change_password": "bool", "colour_mode": "text", "date_joined": "timestamptz",
        },
        [
            (
                _unusable_password(), False, one.email or None, one.staff_number or None,
                state.person_ids[one.payroll_number or ""], True, False, "", now,
            )
            for one in plan.new_sign_ins
        ],
    )  # fmt: skip


def _unusable_password() -> str:
    """What `make_password(None)` gives, forty times as fast: it matters for 20,000 people."""
    return UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30)


def _write_contracts(plan: StaffPlan, state: StaffState) -> None:
    same = {
        "contract_id": "text", "person_id": "bigint", "school_id": "bigint", "job_role_id": "bigint",
        "fte_numerator": "int", "fte_denominator": "int", "week_days_numerator": "int", "week_days_denominator": "int",
        "weeks_per_year": "numeric", "starts_on": "date", "ends_on": "date", "line_manager_id": "bigint",
        "is_main": "bool",
    }  # fmt: skip
    with_department = {**same, "department_id": "bigint"}
    department_of = {code: state.departments[row.department] for code, row in state.roles.items()}
    for row in (*plan.roles["new"], *plan.roles["changed"]):
        department_of[row.code] = state.departments[row.department]

    def cells(row: ContractRow) -> list[object]:
        return [
            row.contract_id,
            state.person_ids[row.payroll_number],
            state.school_ids[row.school_code],
            state.role_ids[row.role_code],
            row.fte.numerator,
            row.fte.denominator,
            row.days_per_week.numerator,
            row.days_per_week.denominator,
            row.weeks_per_year,
            row.starts_on,
            row.ends_on,
            state.person_ids.get(row.manager_payroll_number),
            row.is_main,
        ]

    def moved(row: ContractRow) -> list[object]:
        return [*cells(row), department_of[row.role_code]]

    new_role, changed = plan.new_role_contracts, plan.contracts["changed"]
    _remove([row.contract_id for row in plan.contracts["removed"]])
    ended = [(row.contract_id, row.ends_on) for row in plan.contracts["ended"]]
    update_rows("staff_contract", {"contract_id": "text", "ends_on": "date"}, ended)
    update_rows("staff_contract", same, [cells(row) for row in changed if row.contract_id not in new_role])
    update_rows(
        "staff_contract", with_department, [moved(row) for row in changed if row.contract_id in new_role]
    )
    insert_rows("staff_contract", with_department, [moved(row) for row in plan.contracts["new"]])


def _remove(contract_ids: list[str]) -> None:
    """Contracts that never began and are wanted no more."""
    if not contract_ids:
        return
    try:
        Contract.objects.filter(contract_id__in=contract_ids).delete()
    except ProtectedError as error:
        kept = sorted({str(blocked) for blocked in error.protected_objects})[:3]
        raise ActionRefused(
            f"A contract still to begin is left out but has been used already ({'; '.join(kept)}). End it in the file."
        ) from error


def _write_absences(plan: StaffPlan, state: StaffState, on: date) -> None:
    gone = [pk for row in plan.gone_absences for pk in state.absence_ids[row]]
    if gone:
        Absence.objects.filter(pk__in=gone).delete()
    ended = [pk for row in plan.ended_absences for pk in state.absence_ids[row]]
    if ended:
        Absence.objects.filter(pk__in=ended).update(ends_on=date.fromordinal(on.toordinal() - 1))
    insert_rows(
        "staff_absence",
        {"person_id": "bigint", "absence_class": "text", "starts_on": "date", "ends_on": "date"},
        [
            (state.person_ids[row.payroll_number], row.absence_class, row.starts_on, row.ends_on)
            for row in plan.new_absences
        ],
    )
