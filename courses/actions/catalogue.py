"""Writes to the catalogue that are more than one row, or that somebody is told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.actions.sessions import PartTimes
from courses.models import LIVE_STATES, Booking, Course, Interest, Session, SessionPart
from staff.actions.messages import Letter, post_messages
from staff.models import Person, School
from staff.refusals import ActionRefused
from staff.wording import counted, when

MOST_SESSIONS = 120


# Interest ---------------------------------------------------------------------------------
@transaction.atomic
def register_interest(*, person: Person, course_id: int, by: Person) -> Interest:
    """`person` is told when the course has a date. Asking twice changes nothing; asking again after
    having been told puts them back on the list.
    """
    if by.pk != person.pk:
        raise ActionRefused("Everybody registers their own interest.")
    if not Course.objects.filter(pk=course_id, is_published=True).exists():
        raise ActionRefused("This course is not on offer at the moment.")
    interest, _ = Interest.objects.update_or_create(
        course_id=course_id, person=person, defaults={"told_at": None}
    )
    return interest


@transaction.atomic
def withdraw_interest(*, person: Person, course_id: int, by: Person) -> None:
    """`person` is no longer told; nothing happens where they were not waiting to be."""
    if by.pk != person.pk:
        raise ActionRefused("Everybody withdraws their own interest.")
    Interest.objects.filter(course_id=course_id, person=person).delete()


def tell_interested(*, course: Course, now: datetime) -> int:
    """Write to everybody who asked for a date of a published course that has one to come.

    In the caller's transaction; each is told once. Returns how many. At most five statements.
    """
    first = (
        Session.objects.filter(course=course, status=Session.Status.SCHEDULED, starts_at__gt=now)
        .order_by("starts_at")
        .select_related("school")
        .first()
    )
    if first is None or not course.is_published:
        return 0
    waiting = list(
        Interest.objects.select_for_update(of=("self",))
        .filter(course=course, told_at__isnull=True, person__erased_at__isnull=True)
        .select_related("person")
    )
    letters = [_dates_letter(interest.person, course, first, now) for interest in waiting]
    Interest.objects.filter(pk__in=[interest.pk for interest in waiting]).update(told_at=now)
    return post_messages(letters, now=now)


def _dates_letter(person: Person, course: Course, first: Session, now: datetime) -> Letter:
    place = first.school.name if first.school else "Online"
    return Letter(
        person=person,
        kind="course_has_date",
        subject=f"A date for {course.title}",
        template="notice",
        dedupe_key=f"course_has_date:{course.pk}:{person.pk}:{first.pk}",
        not_after=first.starts_at if first.starts_at > now else None,
        context={
            "title": "There is a date",
            "intro": [f"You asked to be told when {course.title} has a date. It has one now."],
            "facts": [("First date", when(first.starts_at, first.ends_at)), ("Place", place)],
            "action_url": f"{settings.PUBLIC_URL}{course.get_absolute_url()}",
            "action_words": "See the dates and book",
            "site_url": settings.PUBLIC_URL,
        },
    )


# Publishing -------------------------------------------------------------------------------
@transaction.atomic
def set_published(*, course_id: int, is_published: bool, by: Person | None, now: datetime) -> Course:
    """Show a course in the catalogue or take it out. Published, those who wait for a date are told.

    Raises ActionRefused for taking out a course on whose sessions to come people hold or wait for places.
    """
    course = Course.objects.select_for_update(of=("self",)).get(pk=course_id)
    if course.is_published == is_published:
        return course
    if not is_published:
        held = Booking.objects.filter(
            session__course=course, session__starts_at__gt=now, state__in=LIVE_STATES
        ).count()
        if held:
            raise ActionRefused(
                f"{counted(held, 'person has', 'people have')} a place or wait for one. "
                "Cancel those sessions first, so that everybody is told."
            )
    course.is_published = is_published
    course.save(update_fields=["is_published"])
    if is_published:
        tell_interested(course=course, now=now)
    return course


# Sessions ---------------------------------------------------------------------------------
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


def add_sessions(
    *, course_id: int, plans: Sequence[SessionPlan], by: Person | None, now: datetime
) -> list[Session]:
    """Make one or many sessions of a course at once, all or none; those who wait for a date are told.

    Raises ActionRefused without dates, for dates out of order, above 120 at once, and for a place
    that is a partner's. The number of statements does not depend on the number of sessions.
    """
    _check(plans)
    with transaction.atomic():
        course = Course.objects.select_for_update(of=("self",)).get(pk=course_id)
        schools = {
            school.pk: school for school in School.objects.filter(pk__in={plan.school_id for plan in plans})
        }
        taken = set(Session.objects.filter(code__startswith=course.code).values_list("code", flat=True))
        coded = [_coded(plan, course, schools, taken) for plan in plans]
        sessions = Session.objects.bulk_create(_session(plan, course) for plan in coded)
        SessionPart.objects.bulk_create(
            SessionPart(
                session=session,
                number=number,
                starts_at=part.starts_at,
                ends_at=part.ends_at,
                minutes=part.minutes,
            )
            for session, plan in zip(sessions, coded, strict=True)
            for number, part in enumerate(parts_of(plan.spans, minutes=course.minutes), start=1)
        )
        Session.trainers.through.objects.bulk_create(
            Session.trainers.through(session_id=session.pk, person_id=trainer)
            for session, plan in zip(sessions, coded, strict=True)
            for trainer in dict.fromkeys(plan.trainer_ids)
        )
        tell_interested(course=course, now=now)
    return sessions


def _check(plans: Sequence[SessionPlan]) -> None:
    if not plans:
        raise ActionRefused("Give at least one date and one place.")
    if len(plans) > MOST_SESSIONS:
        raise ActionRefused(f"That would be {len(plans)} sessions; at most {MOST_SESSIONS} are made at once.")
    for plan in plans:
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
