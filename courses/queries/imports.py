"""What the rows of the catalogue files may name, and which of them name something else."""

from __future__ import annotations

from dataclasses import dataclass

from courses.import_rows import CourseRow, ReadFile, SessionRow
from courses.models import Course, Session, Strand
from courses.rules import PARTNERS
from entitlements.models import ActivityKind
from staff.csv_files import RowError
from staff.models import Hub, JobRole, Person, School, StaffGroup


@dataclass(frozen=True)
class Known:
    """What rows may name, by the name they use."""

    hubs: dict[str, int]
    kinds: dict[str, int]
    schools: dict[str, int]
    audiences: frozenset[str]
    people: dict[str, int]
    strands: dict[str, int]


def known_names(read: list[ReadFile]) -> Known:
    """Six queries."""
    families = JobRole.objects.values_list("job_family", flat=True).distinct()
    numbers = {
        number
        for one in read
        if one.kind == "sessions"
        for row in (*one.rows, *one.spoilt)
        for number in row.trainers or ()
    }
    return Known(
        hubs=dict(Hub.objects.values_list("code", "pk")),
        kinds=dict(ActivityKind.objects.values_list("code", "pk")),
        schools=dict(School.objects.exclude(kind="partner").values_list("code", "pk")),
        audiences=frozenset({"all", PARTNERS, *StaffGroup.values, *families}),
        people={
            person.payroll_number or "": person.pk
            for person in Person.objects.filter(payroll_number__in=numbers).only("payroll_number")
        },
        strands=dict(Strand.objects.values_list("name", "pk")),
    )


def no_such_hub(code: str) -> str:
    """The error for a course of an unknown hub."""
    return f"There is no hub {code}."


def no_such_kind(code: str) -> str:
    """The error for a course of an unknown kind of CPD."""
    return f"There is no kind of CPD {code}."


def no_such_audience(word: str) -> str:
    """The error for a course for an unknown group."""
    return f"“{word}” is neither all, partner, a staff group nor a job family."


def session_of_another_course(course_code: str) -> str:
    """What is wrong with a session that comes under another course than its own."""
    return f"This session is of {course_code}."


def unknown_in_course(name: str, row: CourseRow, known: Known) -> list[RowError]:
    """What a course row names that is not there."""
    errors = []
    if row.hub and row.hub not in known.hubs:
        errors.append(RowError(name, row.line, "hub", no_such_hub(row.hub)))
    if row.kind and row.kind not in known.kinds:
        errors.append(RowError(name, row.line, "kind", no_such_kind(row.kind)))
    errors.extend(
        RowError(name, row.line, "audience", no_such_audience(word))
        for word in row.audience or ()
        if word not in known.audiences
    )
    return errors


def unknown_in_session(
    name: str, row: SessionRow, courses: dict[str, Course], known: Known, there: dict[str, Session]
) -> list[RowError]:
    """What a session row names that is not there, or that its session is not: by code, `courses` and `there`."""

    def wrong(column: str, reason: str) -> RowError:
        return RowError(name, row.line, column, reason)

    errors = []
    if row.course_code and row.course_code not in courses:
        errors.append(wrong("course_code", f"There is no course {row.course_code}."))
    if row.school and row.school not in known.schools:
        errors.append(wrong("school", f"There is no school {row.school}."))
    errors += [
        wrong("trainer_payroll_number", f"There is nobody with payroll number {number}.")
        for number in row.trainers or ()
        if number not in known.people
    ]
    session = there.get(row.session_code)
    if session is None:
        return errors
    if row.course_code and session.course.code != row.course_code:
        errors.append(wrong("course_code", session_of_another_course(session.course.code)))
    if session.status == Session.Status.CANCELLED:
        errors.append(wrong("session_code", "This session was cancelled; take its row out."))
    return errors
