"""One course: what it is, its dates, who from my school is going, and what else is near.

The page asks little of the database on purpose (at most 12 statements with the frame round it), so
what belongs to one row comes along in that row's statement: related courses with the course,
trainers and company with the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, JSONObject

from courses.models import LIVE_STATES, Booking, Course, Interest, Session, SessionPart
from courses.queries.catalogue import sessions_open_to, sessions_shown_to
from courses.queries.panels import Panel, booking_panels
from courses.queries.readers import Reader
from staff.models import Contract, Person

PAST_FOR = timedelta(days=365)
MOST_PAST = 6
RELATED = 3
FULL_NAME = Concat("first_name", Value(" "), "last_name")


@dataclass(frozen=True)
class Entry:
    """One date to choose from (a session of `sessions_of`), with the reader's booking panel.

    `names` are those of the counted colleagues the reader may see: all where they run the session,
    else the people they manage.
    """

    session: Any
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
    past: list[Any]
    related: list[Related]


def courses_for_page(reader: Reader, *, now: datetime) -> QuerySet[Course]:
    """Courses with hub, strand and kind, `is_interested` (the reader), `interested` (how many wait for
    a date) and `near` (three courses of the strand for the same people, those with a date first).
    """
    untold = Interest.objects.filter(course=OuterRef("pk"), told_at__isnull=True)
    dates = sessions_open_to(reader, now=now).filter(course=OuterRef("pk")).order_by("starts_at")
    near = (
        Course.objects.filter(is_published=True, strand=OuterRef("strand"))
        .filter(Q(audience__overlap=OuterRef("audience")) | Q(audience__contains=["all"]))
        .exclude(pk=OuterRef("pk"))
        .annotate(starts=Subquery(dates.values("starts_at")[:1]))
        .order_by(F("starts").asc(nulls_last=True), "title")
        .values(json=JSONObject(slug="slug", title="title", minutes="minutes", starts="starts"))[:RELATED]
    )
    return (
        Course.objects.select_related("hub", "strand", "kind")
        .defer("search")
        .annotate(
            is_interested=Exists(untold.filter(person_id=reader.person_id or 0)),
            interested=Coalesce(
                Subquery(untold.order_by().values("course").annotate(n=Count("pk")).values("n")), 0
            ),
            near=ArraySubquery(near),
        )
    )


def sessions_of(course: Course, *, reader: Reader, now: datetime, on: date, manages: bool) -> list[Any]:
    """The course's sessions of the last year and to come, by date; all of them for who manages it.

    Each has `parts`, `leaders` (names), `waiting` (how many), `mine` (the reader's live booking in a
    list, or none), `colleagues` (how many of the reader's schools have a place) and `names` (of those,
    whom the reader may see). Two queries.
    """
    me = reader.person_id or 0
    sessions = Session.objects.all() if manages else sessions_shown_to(reader)
    bookings = Booking.objects.filter(session=OuterRef("pk")).order_by()
    going = bookings.filter(state=Booking.State.BOOKED).exclude(person_id=me)
    employed = Contract.objects.in_force(on).filter(person=OuterRef("person"))
    is_colleague = Q(Exists(employed.filter(school__in=reader.school_ids))) | Q(
        person__partner__in=reader.school_ids
    )
    is_report = Q(Exists(employed.filter(line_manager_id=me)))
    leads = Session.trainers.through.objects.filter(session=OuterRef("session"), person_id=me)
    may_be_named = is_report | (is_colleague & (Q() if manages else Q(Exists(leads))))
    leaders = Person.objects.filter(sessions_led=OuterRef("pk")).order_by("last_name", "pk")
    found: list[Any] = list(
        sessions.filter(course=course, starts_at__gt=now - PAST_FOR)
        .annotate(
            my_booking=FilteredRelation(
                "bookings", condition=Q(bookings__person_id=me, bookings__state__in=LIVE_STATES)
            ),
            waiting=_counted(bookings.filter(state=Booking.State.WAITING)),
            colleagues=_counted(going.filter(is_colleague)),
            names=ArraySubquery(
                going.filter(may_be_named)
                .order_by("person__last_name", "person__first_name")
                .values_list(Concat("person__first_name", Value(" "), "person__last_name"))
            ),
            leaders=ArraySubquery(leaders.values_list(FULL_NAME)),
        )
        .select_related("school", "my_booking")  # type: ignore[misc]  # a FilteredRelation
        .prefetch_related("parts")
        .order_by("starts_at", "pk")
    )
    for session in found:
        session.course = course
        mine = getattr(session, "my_booking", None)  # Django sets nothing where there is none
        session.mine = [mine] if mine else []
    return found


def page_of(
    course: Any, *, person: Person | None, reader: Reader, now: datetime, on: date, manages: bool
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


def _counted(bookings: QuerySet[Booking]) -> Coalesce:
    return Coalesce(Subquery(bookings.values("session").annotate(n=Count("pk")).values("n")), 0)
