"""What the database holds of what an HR file can say, in the shape of the file's rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q

from staff.import_rows import AbsenceRow, ContractRow, PersonRow, RoleRow, SchoolRow
from staff.loose_types import DatabaseRow
from staff.models import Absence, Contract, Department, JobRole, Person, Responsibility, School, User
from staff.rules.import_plan import SignIn, StaffState

_Rows: TypeAlias = Iterable[DatabaseRow]


def load_state(kinds: Collection[str], on: date) -> StaffState:
    """What these kinds of file are compared with on a date. At most 8 queries however many rows."""
    state = StaffState()
    _load_places(state)
    people: _Rows = Person.objects.filter(payroll_number__isnull=False).values_list(
        "pk", "erased_at", "payroll_number", "first_name", "last_name", "work_email", "trn"
    )
    for pk, erased_at, *values in people:
        row = PersonRow(0, *values)
        state.people[row.payroll_number] = row
        state.person_ids[row.payroll_number] = pk
        if erased_at is not None:
            state.erased.add(row.payroll_number)
    if {"people", "contracts"} & set(kinds):
        _load_contracts(state)
    if "people" in kinds:
        people_team = Responsibility.objects.in_force(on).filter(
            kind=Responsibility.Kind.PEOPLE_TEAM, person=OuterRef("person")
        )
        sign_ins: _Rows = User.objects.annotate(
            is_guarded=Q(is_superuser=True) | Exists(people_team)
        ).values_list("pk", "email", "staff_number", "person__payroll_number", "is_guarded")
        state.sign_ins = [
            SignIn(pk, email or "", number or "", *rest) for pk, email, number, *rest in sign_ins
        ]
    if "absences" in kinds:
        _load_absences(state)
    return state


def _load_places(state: StaffState) -> None:
    state.departments = dict(Department.objects.values_list("name", "pk"))
    schools: _Rows = School.objects.values_list(
        "pk", "code", "name", "kind", "phase", "town", "local_authority", "urn"
    )
    for pk, *values in schools:
        state.schools[values[0]] = SchoolRow(0, *values)
        state.school_ids[values[0]] = pk
    roles: _Rows = JobRole.objects.values_list(
        "pk", "code", "title", "department__name", "job_family", "staff_group"
    )
    for pk, *values in roles:
        state.roles[values[0]] = RoleRow(0, *values)
        state.role_ids[values[0]] = pk


def _load_contracts(state: StaffState) -> None:
    contracts: _Rows = Contract.objects.filter(person__payroll_number__isnull=False).values_list(
        "contract_id",
        "person__payroll_number",
        "school__code",
        "job_role__code",
        "fte_numerator",
        "fte_denominator",
        "week_days_numerator",
        "week_days_denominator",
        "weeks_per_year",
        "starts_on",
        "ends_on",
        "line_manager__payroll_number",
        "is_main",
    )
    for found in contracts:
        key, payroll, school, role, *numbers, weeks, starts_on, ends_on, manager, is_main = found
        fte, week_days = Fraction(numbers[0], numbers[1]), Fraction(numbers[2], numbers[3])
        state.contracts[key] = ContractRow(
            0, key, payroll, school, role, fte, week_days, weeks, starts_on, ends_on, manager or "", is_main
        )


def _load_absences(state: StaffState) -> None:
    found: dict[str, set[AbsenceRow]] = defaultdict(set)
    ids: dict[AbsenceRow, list[int]] = defaultdict(list)
    absences: _Rows = Absence.objects.filter(person__payroll_number__isnull=False).values_list(
        "pk", "person__payroll_number", "absence_class", "starts_on", "ends_on"
    )
    for pk, *values in absences:
        row = AbsenceRow(0, *values)
        found[row.payroll_number].add(row)
        ids[row].append(pk)
    state.absences = dict(found)
    state.absence_ids = dict(ids)
