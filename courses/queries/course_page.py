"""One course: what it is, its dates, who from my school is going, and what else is near.

The page asks little of the database on purpose (at most 12 statements with the frame round it), so
what belongs to one row comes along in that row's statement: related courses with the course,
trainers and company with the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import FilteredRelation, Q, QuerySet
from django.db.models.expressions import RawSQL

from courses.models import LIVE_STATES, Course, Session, SessionPart
from courses.queries.catalogue import sessions_shown_to
from courses.queries.panels import Panel, booking_panels
from courses.queries.readers import Reader
from staff.loose_types import JsonObject
from staff.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

PAST_FOR = timedelta(days=365)
MOST_PAST = 6


class OfCourse(TypedDict):
    """What the page reads with its course."""

    near: list[JsonObject]


class OfSession(TypedDict):
    """What the page reads with each session."""

    colleagues: int
    names: list[str]
    leaders: list[str]
    waiting: int


@dataclass(frozen=True)
class Entry:
    """One date to choose from (a session of `sessions_of`), with the reader's booking panel.

    `names` are those of the counted colleagues the reader may see: all where they run the session,
    else the people they manage.
    """

    session: WithAnnotations[Session, OfSession]
    panel: Panel

    @property
    def colleagues(self) -> int:
        """How many people of the reader's schools have a place; the reader not counted."""
        return self.session.colleagues

    @property
    def names(self) -> list[str]:
        """The names the reader may see, in order."""
        return self.session.names

    @property
    def leaders(self) -> list[str]:
        """Who leads it, by name."""
        return self.session.leaders

    @property
    def parts(self) -> list[SessionPart]:
        """The dated parts where there is more than one."""
        parts = list(self.session.parts.all())
        return parts if len(parts) > 1 else []


@dataclass(frozen=True)
class Related:
    """Another course of the strand; `next_starts_at` None: no date yet."""

    slug: str
    title: str
    minutes: int
    next_starts_at: datetime | None


@dataclass(frozen=True)
class CoursePage:
    """What the page shows. `upcoming` and `past` by date, the past ones latest first."""

    course: Course
    upcoming: list[Entry]
    past: list[WithAnnotations[Session, OfSession]]
    related: list[Related]


# In SQL by hand: put together by the ORM, these cost more computing than the rest of the page.
_NEAR = """ARRAY(
    SELECT json_build_object('slug', slug, 'title', title, 'minutes', minutes, 'starts', starts) FROM (
        SELECT other.slug, other.title, other.minutes, (
            SELECT MIN(session.starts_at) FROM courses_session session
            WHERE session.course_id = other.id AND session.status = 'scheduled' AND session.starts_at > %s
                AND (NOT session.is_own_school_only OR session.school_id = ANY(%s))
        ) AS starts
        FROM courses_course other
        WHERE other.is_published AND other.strand_id = courses_course.strand_id AND other.id <> courses_course.id
            AND (other.audience && courses_course.audience OR 'all' = ANY(other.audience))
        ORDER BY starts NULLS LAST, other.title LIMIT 3
    ) near
)"""
_INTERESTED = """(SELECT COUNT(*) FROM courses_interest untold
    WHERE untold.course_id = courses_course.id AND untold.told_at IS NULL)"""
_IS_INTERESTED = """EXISTS (SELECT 1 FROM courses_interest mine
    WHERE mine.course_id = courses_course.id AND mine.told_at IS NULL AND mine.person_id = %s)"""
_WAITING = """(SELECT COUNT(*) FROM courses_booking queue
    WHERE queue.session_id = courses_session.id AND queue.state = 'waiting')"""
_LEADERS = """ARRAY(SELECT leader.first_name || ' ' || leader.last_name
    FROM courses_session_trainers leads JOIN staff_person leader ON leader.id = leads.person_id
    WHERE leads.session_id = courses_session.id ORDER BY leader.last_name, leader.id)"""
_GOING = """courses_booking going JOIN staff_person person ON person.id = going.person_id
    WHERE going.session_id = courses_session.id AND going.state = 'booked' AND going.person_id <> %s"""
_EMPLOYED = """EXISTS (SELECT 1 FROM staff_contract contract WHERE contract.person_id = going.person_id
    AND contract.starts_on <= %s AND (contract.ends_on IS NULL OR contract.ends_on >= %s) AND {which})"""
_IS_COLLEAGUE = (
    f"""(person.partner_id = ANY(%s) OR {_EMPLOYED.format(which="contract.school_id = ANY(%s)")})"""
)
_IS_REPORT = _EMPLOYED.format(which="contract.line_manager_id = %s")
_LEADS = """EXISTS (SELECT 1 FROM courses_session_trainers mine
    WHERE mine.session_id = courses_session.id AND mine.person_id = %s)"""
_COLLEAGUES = f"(SELECT COUNT(*) FROM {_GOING} AND {_IS_COLLEAGUE})"  # noqa: S608 - constants of this file
_NAMES = f"""ARRAY(SELECT person.first_name || ' ' || person.last_name FROM {_GOING}
    AND ({_IS_REPORT} OR (%s OR {_LEADS}) AND {_IS_COLLEAGUE})
    ORDER BY person.last_name, person.first_name)"""  # noqa: S608


def courses_for_page(reader: Reader, *, now: datetime) -> QuerySet[WithAnnotations[Course, OfCourse]]:
    """Courses with hub, strand and kind, `is_interested` (the reader), `interested` (how many wait for
    a date) and `near` (three courses of the strand for the same people, those with a date first).
    """
    return (
        Course.objects.select_related("hub", "strand", "kind")
        .defer("search")
        .annotate(
            is_interested=RawSQL(_IS_INTERESTED, [reader.person_id or 0]),  # noqa: S611 - no words of a reader's
            interested=RawSQL(_INTERESTED, []),  # noqa: S611
            near=RawSQL(_NEAR, [now, list(reader.school_ids)]),  # noqa: S611
        )
    )


def sessions_of(
    course: Course, *, reader: Reader, now: datetime, on: date, manages: bool
) -> list[WithAnnotations[Session, OfSession]]:
    """The course's sessions of the last year and to come, by date; all of them for who manages it.

    Each has `parts`, `leaders` (names), `waiting` (how many), `mine` (the reader's live booking in a
    list, or none), `colleagues` (how many of the reader's schools have a place) and `names` (of those,
    and of the people they manage, whom the reader may see). Two queries.
    """
    me, schools = reader.person_id or 0, list(reader.school_ids)
    sessions = Session.objects.all() if manages else sessions_shown_to(reader)
    is_colleague = [schools, on, on, schools]
    found: list[WithAnnotations[Session, OfSession]] = list(
        sessions.filter(course=course, starts_at__gt=now - PAST_FOR)
        .annotate(
            my_booking=FilteredRelation(
                "bookings", condition=Q(bookings__person_id=me, bookings__state__in=LIVE_STATES)
            ),
            waiting=RawSQL(_WAITING, []),  # noqa: S611
            leaders=RawSQL(_LEADERS, []),  # noqa: S611
            colleagues=RawSQL(_COLLEAGUES, [me, *is_colleague]),  # noqa: S611
            names=RawSQL(_NAMES, [me, on, on, me, manages, me, *is_colleague]),  # noqa: S611
        )
        .select_related("school", "my_booking")  # type: ignore[misc]  # a FilteredRelation
        .prefetch_related("parts")
        .order_by("starts_at", "pk")
    )
    for session in found:
        session.course = course
        mine = getattr(session, "my_booking", None)  # Django sets nothing where there is none
        session.mine = [mine] if mine else []  # type: ignore[attr-defined]  # beside what the query reads
    return found


def page_of(
    course: WithAnnotations[Course, OfCourse],
    *,
    person: Person | None,
    reader: Reader,
    now: datetime,
    on: date,
    manages: bool,
) -> CoursePage:
    """The page of a course (one of `courses_for_page`) for one reader. At most four queries."""
    sessions = sessions_of(course, reader=reader, now=now, on=on, manages=manages)
    to_come = [session for session in sessions if session.starts_at > now]
    past = [session for session in reversed(sessions) if session.starts_at <= now]
    panels = booking_panels(person, to_come, now=now, employments=reader.employments) if to_come else {}
    related = [
        Related(
            row["slug"], row["title"], row["minutes"], row["starts"] and datetime.fromisoformat(row["starts"])
        )
        for row in course.near
    ]
    return CoursePage(course, [Entry(one, panels[one.pk]) for one in to_come], past[:MOST_PAST], related)
