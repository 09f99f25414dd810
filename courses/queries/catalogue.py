"""The list of courses: which ones, in which order, and what each card says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils.timezone import localdate

from courses.models import LIVE_STATES, Booking, Course, Session
from courses.queries.readers import Reader
from courses.queries.searching import Words, exactly, meant, nearly
from courses.wording import audience_words
from staff.wording import ordinal

PER_PAGE = 25
DATES_PER_CARD = 3


@dataclass(frozen=True)
class Choices:
    """What can be chosen in the filters: (id, code, name), in order of name."""

    hubs: list[tuple[int, str, str]]
    strands: list[tuple[int, str, str]]
    schools: list[tuple[int, str, str]]
    audiences: list[str]


def choices() -> Choices:
    """Hubs, strands, schools where something is held, and job families: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT 'hub', id, code, name FROM staff_hub
            UNION ALL SELECT 'strand', id, slug, name FROM courses_strand
            UNION ALL SELECT 'school', id, code, name FROM staff_school WHERE kind <> 'partner'
            UNION ALL SELECT DISTINCT 'family', 0, job_family, job_family FROM staff_jobrole
            ORDER BY 4
            """
        )
        rows = cursor.fetchall()
    by_kind: dict[str, list[tuple[int, str, str]]] = {
        "hub": [],
        "strand": [],
        "school": [],
        "family": [],
    }
    for kind, *row in rows:
        by_kind[kind].append(tuple(row))
    return Choices(
        by_kind["hub"],
        by_kind["strand"],
        by_kind["school"],
        [name for _, _, name in by_kind["family"]],
    )


def sessions_shown_to(reader: Reader) -> QuerySet[Session]:
    """Sessions that take place and that the reader may know of: not those for staff of another school."""
    return Session.objects.filter(status=Session.Status.SCHEDULED).filter(
        Q(is_own_school_only=False) | Q(school_id__in=reader.school_ids)
    )


def sessions_open_to(reader: Reader, *, now: datetime) -> QuerySet[Session]:
    """Those of them that are to come."""
    return sessions_shown_to(reader).filter(starts_at__gt=now)


def listed_courses() -> QuerySet[Course]:
    """What is on offer, without the wide columns that no list shows."""
    return (
        Course.objects.filter(is_published=True)
        .select_related("hub")
        .only(
            "code",
            "slug",
            "title",
            "audience",
            "mode",
            "minutes",
            "hub__code",
            "hub__name",
        )
    )


@dataclass(frozen=True)
class Found:
    """One page of courses, how many there are, and what was meant where nothing was spelt so."""

    page: Page
    total: int
    did_you_mean: str = ""


class _Counted(Paginator):
    """A paginator that is told the count, since it came with the rows."""

    def __init__(self, total: int) -> None:
        super().__init__(range(total), PER_PAGE)

    @cached_property
    def count(self) -> int:
        return len(self.object_list)


def find(
    courses: QuerySet[Course],
    *,
    words: Words,
    sessions: QuerySet[Session],
    needs_session: bool,
    sort: str,
    number: int,
) -> Found:
    """One page of 25 courses with `next_starts_at`, the first of `sessions` (None: no date yet).

    `needs_session` leaves out courses without one. `sort`: best, soonest, title, shortest; best
    without words is soonest. One query; a second where nothing is spelt as typed or the page lies
    beyond the end.
    """
    own = sessions.filter(course=OuterRef("pk")).order_by("starts_at")
    courses = courses.annotate(next_starts_at=Subquery(own.values("starts_at")[:1]))
    if needs_session:
        courses = courses.filter(Exists(own))
    matching = exactly(courses, words) if words.text else courses
    rows, total, number = _slice(matching, words, sort, number)
    did_you_mean = ""
    if not total and words.guessable:
        rows, total, number = _slice(nearly(courses, words), words, sort, number)
        did_you_mean = meant(words, [course.title for course in rows])
    page = Page(rows, number, _Counted(total))
    return Found(page, total, did_you_mean)


def _slice(courses: QuerySet[Course], words: Words, sort: str, number: int) -> tuple[list[Any], int, int]:
    soonest: list[Any] = [F("next_starts_at").asc(nulls_last=True), "title", "pk"]
    order = {
        "title": ["title", "pk"],
        "shortest": ["minutes", *soonest],
        "soonest": soonest,
    }.get(sort)
    if order is None:
        order = ["-rank", *soonest] if words.text else soonest
    # Counted in the same statement: the filters would otherwise be evaluated twice.
    ordered = courses.annotate(total=Window(Count("*"))).order_by(*order)
    rows: list[Any] = list(ordered[(number - 1) * PER_PAGE : number * PER_PAGE])
    if not rows and number > 1:
        return _slice(courses, words, sort, 1)
    return rows, (rows[0].total if rows else 0), number


# What a card says -------------------------------------------------------------------------
@dataclass
class Card:
    """One course in the list. `session` is the date it shows: mine, else the first that matches;
    None where there is no date. Sessions have `my_state`, `my_turn` and `waiting`. `dates` counts all that are to come."""

    course: Course
    session: Any = None
    others: list[Any] = field(default_factory=list)
    dates: int = 0

    @property
    def audience(self) -> str:
        """Whom it is for, short."""
        return audience_words(self.course.audience)

    @property
    def state(self) -> str:
        """My own state, which takes the place of the places left; empty without one."""
        return getattr(self.session, "my_state", None) or ""

    @property
    def state_words(self) -> str:
        """ "3rd of 9 waiting"; else the state's own words."""
        if self.session is None or self.state != Booking.State.WAITING:
            return ""
        return f"{ordinal(self.session.my_turn)} of {self.session.waiting} waiting"

    @property
    def is_over_days(self) -> bool:
        """Whether the date shown is the first of several days."""
        return self.session is not None and localdate(self.session.starts_at) != localdate(
            self.session.ends_at
        )

    @property
    def action(self) -> str:
        """What the button says; nothing where I have my answer."""
        if self.state:
            return "Answer the offer" if self.state == Booking.State.OFFERED else ""
        if self.session is None:
            return "Register interest"
        return "View and book" if self.session.places_left > 0 else "Join the waiting list"

    @property
    def elsewhen(self) -> Any:
        """Another date with places, for somebody who has none yet."""
        if self.session is None or self.state in {"booked", "offered"}:
            return None
        if self.session.places_left > 0 and not self.state:
            return None
        return next((session for session in self.others if session.places_left > 0), None)


def cards_for(
    courses: Iterable[Course],
    *,
    reader: Reader,
    sessions: QuerySet[Session],
    now: datetime,
) -> list[Card]:
    """The cards of some courses, in their order: one query, at most three dates each and all of mine.

    `sessions` are those that match the filters; a booking of mine shows whether it matches or not.
    """
    cards = {course.pk: Card(course) for course in courses}
    for session in _sessions_on_cards(cards, reader=reader, sessions=sessions, now=now) if cards else []:
        card = cards[session.course_id]
        card.dates = session.dates
        if card.session is None:
            card.session = session
        else:
            card.others.append(session)
    return list(cards.values())


def _sessions_on_cards(
    course_ids: Iterable[int],
    *,
    reader: Reader,
    sessions: QuerySet[Session],
    now: datetime,
) -> Iterable[Any]:
    mine = Q(bookings__person_id=reader.person_id or 0, bookings__state__in=LIVE_STATES)
    waiting = Booking.objects.filter(session=OuterRef("pk"), state=Booking.State.WAITING).order_by()
    ahead = waiting.filter(position__lt=OuterRef("mine__position"))
    is_mine = Case(When(mine__state__isnull=False, then=0), default=1, output_field=IntegerField())
    order: list[Any] = [is_mine, F("matches").desc(), "starts_at", "pk"]
    return (
        sessions_open_to(reader, now=now)
        .filter(course__in=list(course_ids))
        .annotate(mine=FilteredRelation("bookings", condition=mine))
        .annotate(
            my_state=F("mine__state"),
            waiting=_counted(waiting),
            my_turn=_counted(ahead) + 1,
            matches=Exists(sessions.filter(pk=OuterRef("pk"))),
        )
        .annotate(
            turn=Window(RowNumber(), partition_by=["course_id"], order_by=order),
            dates=Window(Count("*"), partition_by=["course_id"]),
        )
        .filter(Q(turn__lte=DATES_PER_CARD) | Q(my_state__isnull=False))
        .select_related("school")
        .defer("school__local_authority", "school__urn", "online_link", "cancel_reason")
        .order_by("course_id", "turn")
    )


def _counted(bookings: QuerySet[Booking]) -> Coalesce:
    """How many, as a subquery."""
    return Coalesce(Subquery(bookings.values("session").annotate(n=Count("pk")).values("n")), 0)
