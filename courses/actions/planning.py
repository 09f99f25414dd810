"""Making sessions, one or many at once, and changing how places on them are given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from courses.actions.catalogue import tell_interested
from courses.actions.sessions import PartTimes
from courses.models import Course, Session, SessionPart
from staff.models import Person, School
from staff.refusals import ActionRefused

MOST_SESSIONS = 120


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How places on a session are given: the booking window, who agrees, how freed places go."""

    booking_opens_at: datetime | None = None
    booking_closes_at: datetime | None = None
    needs_approval: bool = False
    offer_hours: int | None = None
    is_own_school_only: bool = False


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """A session to be made. `spans` are its dated parts, in order; `code` "" gets one made up."""

    spans: tuple[tuple[datetime, datetime], ...]
    school_id: int | None
    capacity: int
    room: str = ""
    online_link: str = ""
    code: str = ""
    trainer_ids: tuple[int, ...] = ()
    terms: Terms = Terms()


def parts_of(spans: Sequence[tuple[datetime, datetime]], *, minutes: int) -> list[PartTimes]:
    """The parts of a session, sharing out the course's `minutes` by their length; the last has the rest.

    Two halves of three hours of a course of 300 minutes count 150 each.
    """
    lengths = [(ends_at - starts_at) // timedelta(minutes=1) for starts_at, ends_at in spans]
    shares = [max(1, minutes * length // max(1, sum(lengths))) for length in lengths]
    shares[-1] = max(1, minutes - sum(shares[:-1]))
    return [PartTimes(*span, share) for span, share in zip(spans, shares, strict=True)]


def too_many_sessions(count: int) -> str:
    """Why so many sessions are not made at once."""
    return f"That would be {count} sessions; at most {MOST_SESSIONS} are made at once."


def add_sessions(
    *, course_id: int, plans: Sequence[SessionPlan], by: Person | None, now: datetime
) -> list[Session]:
    """Make one or many sessions of a course at once, all or none; those who wait for a date are told.

    What is there already at the same times and place is not made again, so that a form sent twice has one
    effect: two groups at once are two plans. Returns those made. Raises ActionRefused without dates, for dates out of order, and above 120 at once. The number of
    statements does not depend on the number of sessions.
    """
    if not plans:
        raise ActionRefused("Give at least one date and one place.")
    if len(plans) > MOST_SESSIONS:
        raise ActionRefused(too_many_sessions(len(plans)))
    with transaction.atomic():
        course = Course.objects.select_for_update(of=("self",)).get(pk=course_id)
        chosen = {plan.school_id for plan in plans if plan.school_id}
        schools = {school.pk: school for school in School.objects.filter(pk__in=chosen)}
        taken = set(Session.objects.filter(code__startswith=course.code).values_list("code", flat=True))
        coded = [_coded(plan, course, schools, taken) for plan in _not_there(plans, course)]
        sessions = write_sessions([(course, plan) for plan in coded])
        tell_interested(course=course, now=now)
    return sessions


def _not_there(plans: Sequence[SessionPlan], course: Course) -> list[SessionPlan]:
    """The plans beyond the sessions that the locked course has at their times and places. One query."""
    sessions = Session.objects.filter(
        course=course,
        status=Session.Status.SCHEDULED,
        starts_at__in={plan.spans[0][0] for plan in plans if plan.spans},
    )
    there: Counter[tuple[int | None, datetime, datetime]] = Counter(
        (one.school_id, one.starts_at, one.ends_at) for one in sessions
    )
    missing = []
    for plan in plans:
        key = (plan.school_id, plan.spans[0][0], plan.spans[-1][1]) if plan.spans else None
        if key is not None and there[key]:
            there[key] -= 1
        else:
            missing.append(plan)
    return missing


def write_sessions(planned: Iterable[tuple[Course, SessionPlan]]) -> list[Session]:
    """Write sessions with their parts and trainers in three statements, in the caller's transaction.

    Each plan has its code. Raises ActionRefused for dates that are out of order.
    """
    planned = list(planned)
    for _, plan in planned:
        _check(plan)
    sessions = Session.objects.bulk_create(
        [_session(plan, course) for course, plan in planned], batch_size=1000
    )
    pairs = list(zip(sessions, planned, strict=True))
    SessionPart.objects.bulk_create(
        [
            SessionPart(
                session=session,
                number=number,
                starts_at=part.starts_at,
                ends_at=part.ends_at,
                minutes=part.minutes,
            )
            for session, (course, plan) in pairs
            for number, part in enumerate(parts_of(plan.spans, minutes=course.minutes), start=1)
        ],
        batch_size=1000,
    )
    leads = Session.trainers.through
    leads.objects.bulk_create(
        [
            leads(session_id=session.pk, person_id=trainer)
            for session, (_, plan) in pairs
            for trainer in dict.fromkeys(plan.trainer_ids)
        ],
        batch_size=1000,
    )
    return sessions


def _check(plan: SessionPlan) -> None:
    if not plan.spans:
        raise ActionRefused("A session has at least one date.")
    if any(ends_at <= starts_at for starts_at, ends_at in plan.spans):
        raise ActionRefused("Each date ends after it begins.")
    if any(later[0] < sooner[1] for sooner, later in pairwise(plan.spans)):
        raise ActionRefused("The parts of a session follow one another without overlapping.")
    if plan.capacity < 1:
        raise ActionRefused("A session has at least one place.")


def _coded(plan: SessionPlan, course: Course, schools: dict[int, School], taken: set[str]) -> SessionPlan:
    """The plan with a code nobody else has: course, day, place, and a number where that is not enough."""
    if plan.code:
        return plan
    place = schools[plan.school_id].code if plan.school_id else "ONLINE"
    stem = f"{course.code}-{timezone.localtime(plan.spans[0][0]):%y%m%d}-{place}"[:36]
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    taken.add(code)
    return replace(plan, code=code)


def _session(plan: SessionPlan, course: Course) -> Session:
    return Session(
        course=course,
        code=plan.code,
        school_id=plan.school_id,
        room=plan.room,
        online_link=plan.online_link,
        starts_at=plan.spans[0][0],
        ends_at=plan.spans[-1][1],
        capacity=plan.capacity,
        **vars(plan.terms),
    )


@transaction.atomic
def change_terms(*, session_id: int, terms: Terms, trainer_ids: Sequence[int], by: Person | None) -> Session:
    """Change how places are given and who leads; bookings that stand are not touched.

    Raises ActionRefused for a cancelled session and for a window that closes before it opens.
    """
    session = Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session_id)
    if session.status == Session.Status.CANCELLED:
        raise ActionRefused("This session was cancelled.")
    if (
        terms.booking_opens_at
        and terms.booking_closes_at
        and terms.booking_closes_at <= terms.booking_opens_at
    ):
        raise ActionRefused("Booking closes after it opens.")
    for name, value in vars(terms).items():
        setattr(session, name, value)
    session.save(update_fields=list(vars(terms)))
    session.trainers.set(trainer_ids)
    return session
