"""Bringing in courses and sessions from CSV files (DESIGN section 5, `import_catalogue`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

import pghistory
from django.db import transaction
from django.utils.text import slugify

from courses.actions.catalogue import tell_interested
from courses.actions.planning import SessionPlan, Terms, change_terms, parts_of, write_sessions
from courses.actions.sessions import PartTimes, change_capacity, change_session
from courses.import_rows import CatalogueRow, CourseRow, ReadFile, SessionRow, read_catalogue_file
from courses.models import Course, Session, Strand
from courses.queries.imports import Known, known_names, unknown_in_course, unknown_in_session
from staff.actions.imports import RowsRefused
from staff.csv_files import Change, RowError
from staff.models import Person
from staff.refusals import ActionRefused

COURSE_FIELDS = (
    *("title", "hub_id", "strand_id", "audience", "mode", "minutes", "kind_id"),
    *("summary", "outcomes", "for_whom"),
)


@dataclass
class Outcome:
    """What was, or would be, done: one line a change, and how many rows were as they are."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0


class _DryRun(Exception):
    """Takes back what a dry run wrote."""


def import_catalogue(
    *, files: Sequence[tuple[str, BinaryIO]], by: Person | None, now: datetime, is_dry_run: bool = False
) -> Outcome:
    """Read files of courses and of sessions, told by their header, and write what differs.

    One transaction; a second run changes nothing. Courses are matched by `code`, sessions by
    `session_code`; strands that are not there are made. A session that people are on is moved as a
    hub lead would move it: they are told. RowsRefused names every bad row; nothing is written then,
    nor in a dry run. New rows take a constant number of statements, each changed session some of its own.
    """
    read = [read_catalogue_file(name, stream) for name, stream in files]
    outcome = Outcome()
    try:
        with transaction.atomic(), pghistory.context(action="import_catalogue", by=by.pk if by else None):
            errors = [error for one in read for error in one.errors]
            known = known_names(read)
            courses = _write_courses(read, known, outcome, errors)
            _write_sessions(read, courses, known, outcome=outcome, errors=errors, by=by, now=now)
            if errors:
                raise RowsRefused(sorted(errors))
            if is_dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return outcome


def _rows(read: list[ReadFile], kind: str) -> list[tuple[str, CatalogueRow]]:
    """The good rows of one kind, each with the name of its file."""
    return [(one.name, row) for one in read if one.kind == kind for row in one.rows]


def _all_rows(read: list[ReadFile], kind: str) -> list[tuple[str, CatalogueRow]]:
    """The good and the spoilt."""
    return [(one.name, row) for one in read if one.kind == kind for row in (*one.rows, *one.spoilt)]


# Courses ----------------------------------------------------------------------------------
def _write_courses(
    read: list[ReadFile], known: Known, outcome: Outcome, errors: list[RowError]
) -> dict[str, Course]:
    """Write the courses; returns every course there is now, by code."""
    rows, everything = _rows(read, "courses"), _all_rows(read, "courses")
    errors += [error for name, row in everything for error in unknown_in_course(name, row, known)]
    courses = {
        course.code: course for course in Course.objects.select_for_update(of=("self",)).defer("search")
    }
    if errors:
        # Sessions are still checked against the codes that the file means to bring in.
        return courses | {row.code: Course(code=row.code) for _, row in everything if row.code not in courses}
    _make_strands({row.strand for _, row in rows} - known.strands.keys(), known, outcome)
    new, changed = [], []
    for _, row in rows:
        values = _course_values(row, known)
        course = courses.get(row.code)
        if course is None:
            slug = slugify(f"{row.title}-{row.code}")[:120]
            courses[row.code] = course = Course(code=row.code, slug=slug, **values)
            new.append(course)
            outcome.changes.append(Change("courses", "new", row.code, row.title))
        elif different := [name for name, value in values.items() if getattr(course, name) != value]:
            for name in different:
                setattr(course, name, values[name])
            changed.append(course)
            words = ", ".join(name.removesuffix("_id") for name in different)
            outcome.changes.append(Change("courses", "changed", row.code, words))
        else:
            outcome.unchanged += 1
    Course.objects.bulk_create(new, batch_size=1000)
    Course.objects.bulk_update(changed, COURSE_FIELDS, batch_size=500)
    return courses


def _make_strands(names: set[str], known: Known, outcome: Outcome) -> None:
    made = Strand.objects.bulk_create(Strand(name=name, slug=slugify(name)[:80]) for name in sorted(names))
    known.strands.update({strand.name: strand.pk for strand in made})
    outcome.changes += [Change("strands", "new", strand.name, "") for strand in made]


def _course_values(row: CourseRow, known: Known) -> dict[str, object]:
    return {
        "title": row.title,
        "hub_id": known.hubs[row.hub],
        "strand_id": known.strands[row.strand],
        "audience": list(row.audience),
        "mode": row.mode,
        "minutes": row.minutes,
        "kind_id": known.kinds[row.kind],
        "summary": row.summary,
        "outcomes": row.outcomes,
        "for_whom": row.for_whom,
    }


# Sessions ---------------------------------------------------------------------------------
def _write_sessions(
    read: list[ReadFile],
    courses: dict[str, Course],
    known: Known,
    *,
    outcome: Outcome,
    errors: list[RowError],
    by: Person | None,
    now: datetime,
) -> None:
    rows, everything = _rows(read, "sessions"), _all_rows(read, "sessions")
    codes = [row.session_code for _, row in everything]
    there = {
        session.code: session
        for session in Session.objects.filter(code__in=codes)
        .select_related("course")
        .prefetch_related("parts", "trainers")
    }
    for name, row in everything:
        errors += unknown_in_session(name, row, courses, known, there)
    if errors:
        return
    new = []
    for name, row in rows:
        plan = _plan(row, known)
        session = there.get(row.session_code)
        if session is None:
            new.append((courses[row.course_code], plan))
            outcome.changes.append(Change("sessions", "new", row.session_code, f"of {row.course_code}"))
            continue
        try:
            said = _change(session, plan, by, now)
        except ActionRefused as refusal:
            errors.append(RowError(name, row.line, "session_code", refusal.sentence))
            continue
        if said:
            outcome.changes.append(Change("sessions", "changed", row.session_code, ", ".join(said)))
        else:
            outcome.unchanged += 1
    write_sessions(new)
    wanted = {course.pk: course for course, _ in new if course.pk}
    for course in Course.objects.filter(
        pk__in=wanted, interests__told_at__isnull=True, interests__isnull=False
    ).distinct():
        tell_interested(course=course, now=now)


def _plan(row: SessionRow, known: Known) -> SessionPlan:
    return SessionPlan(
        spans=row.spans,
        school_id=known.schools[row.school] if row.school else None,
        capacity=row.capacity,
        room=row.room,
        online_link=row.online_link,
        code=row.session_code,
        trainer_ids=tuple(known.people[number] for number in row.trainers),
        terms=Terms(booking_opens_at=row.booking_opens_at, booking_closes_at=row.booking_closes_at),
    )


def _change(session: Session, plan: SessionPlan, by: Person | None, now: datetime) -> list[str]:
    """Bring one session to what the plan says; returns what was different, in words."""
    said = []
    parts = list(session.parts.all())
    is_moved = [(part.starts_at, part.ends_at) for part in parts] != list(plan.spans)
    place = (session.school_id, session.room, session.online_link)
    if is_moved or place != (plan.school_id, plan.room, plan.online_link):
        times = parts_of(plan.spans, minutes=session.course.minutes)
        if not is_moved:
            times = [PartTimes(part.starts_at, part.ends_at, part.minutes) for part in parts]
        change_session(
            session_id=session.pk,
            parts=times,
            school_id=plan.school_id,
            room=plan.room,
            online_link=plan.online_link,
            by=by,
            now=now,
        )
        said += ["times"] * is_moved + ["place"] * (place != (plan.school_id, plan.room, plan.online_link))
    if session.capacity != plan.capacity:
        change_capacity(session_id=session.pk, capacity=plan.capacity, by=by, now=now)
        said.append("capacity")
    window = (session.booking_opens_at, session.booking_closes_at)
    trainers = {trainer.pk for trainer in session.trainers.all()}
    if window != (plan.terms.booking_opens_at, plan.terms.booking_closes_at) or trainers != set(
        plan.trainer_ids
    ):
        terms = Terms(
            booking_opens_at=plan.terms.booking_opens_at,
            booking_closes_at=plan.terms.booking_closes_at,
            needs_approval=session.needs_approval,
            offer_hours=session.offer_hours,
            is_own_school_only=session.is_own_school_only,
        )
        change_terms(session_id=session.pk, terms=terms, trainer_ids=plan.trainer_ids, by=by)
        said += ["booking window or trainers"]
    return said
