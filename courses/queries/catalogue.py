"""The list of courses: which ones, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, DateTimeField, F, Q, QuerySet, Window
from django.db.models.expressions import OrderBy, RawSQL

from courses.models import Course, Session
from courses.queries.narrowing import EVERYTHING, Narrowing
from courses.queries.readers import Reader
from courses.queries.searching import Words, exactly, meant, nearly, respelt
from courses.rules import Employment

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

PER_PAGE = 25


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


def sessions_bookable_by(reader: Reader, *, now: datetime) -> QuerySet[Session]:
    """Those of them of which the reader can have a place now: booking is open, a place is free, and on the day it
    begins they have a contract, at the school where it is for its own staff only.

    What `rules.may_book` allows, set-based, but for the course's audience and what else they do at that time.
    """
    here_then = Q(is_own_school_only=False) if reader.is_partner else Q(pk__in=[])
    for one in reader.employments:
        here_then |= begins_during(one) & (Q(is_own_school_only=False) | Q(school=one.school_id))
    return sessions_open_to(reader, now=now).filter(
        here_then,
        Q(booking_opens_at__isnull=True) | Q(booking_opens_at__lte=now),
        Q(booking_closes_at__isnull=True) | Q(booking_closes_at__gt=now),
        capacity__gt=F("booked_count") + F("offered_count"),
    )


def begins_during(contract: Employment) -> Q:
    """Filter of sessions: those on whose first day this contract is in force."""
    days = Q(starts_at__date__gte=contract.starts_on)
    return days if contract.ends_on is None else days & Q(starts_at__date__lte=contract.ends_on)


def listed_courses() -> QuerySet[Course]:
    """What is on offer, without the wide columns that no list shows."""
    return Course.objects.filter(is_published=True).only(
        "code", "slug", "title", "audience", "mode", "minutes"
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


# By hand, as in courses/queries/cards.py; the index of sessions by course and start answers it.
_NEXT = """(SELECT MIN(session.starts_at) FROM courses_session session
    WHERE session.course_id = courses_course.id AND session.status = 'scheduled' AND session.starts_at > %s
        AND (NOT session.is_own_school_only OR session.school_id = ANY(%s)) AND {fits})"""


def find(
    courses: QuerySet[Course],
    *,
    words: Words,
    reader: Reader,
    now: datetime,
    narrowing: Narrowing = EVERYTHING,
    sort: str = "best",
    number: int = 1,
) -> Found:
    """One page of 25 courses with `next_starts_at`, the first session that fits (None: no date yet).

    A `narrowing` leaves out courses without such a session. `sort`: best, soonest, title, shortest;
    best without words is soonest. One query; a second where the page lies beyond the end or nothing
    is spelt as typed, and two more where nothing is spelt nearly so either.
    """
    fits, values = narrowing.sql("session")
    next_starts_at = RawSQL(  # noqa: S611 - the condition is made of constants
        _NEXT.format(fits=fits), [now, list(reader.school_ids), *values], DateTimeField()
    )
    courses = courses.annotate(next_starts_at=next_starts_at)
    if narrowing:
        courses = courses.filter(next_starts_at__isnull=False)
    matching = exactly(courses, words) if words.text else courses
    rows, total, number = _slice(matching, words, sort, number)
    did_you_mean = ""
    if not total and words.guessable:
        rows, total, number = _slice(nearly(courses, words), words, sort, number)
        did_you_mean = meant(words, [course.title for course in rows])
        if not did_you_mean:  # near by accident
            rows, total, number = [], 0, 1
    if not total and words.guessable and (guess := respelt(words, courses.values_list("title", flat=True))):
        rows, total, number = _slice(exactly(courses, guess), guess, sort, number)
        did_you_mean = guess.text if total else ""
    page = Page(rows, number, _Counted(total))
    return Found(page, total, did_you_mean)


class _Total(TypedDict):
    """What is read with each course of a page."""

    total: int


def _slice(
    courses: QuerySet[Course], words: Words, sort: str, number: int
) -> tuple[list[WithAnnotations[Course, _Total]], int, int]:
    soonest: list[str | OrderBy] = [F("next_starts_at").asc(nulls_last=True), "title", "pk"]
    orders: dict[str, list[str | OrderBy]] = {
        "title": ["title", "pk"],
        "shortest": ["minutes", *soonest],
        "soonest": soonest,
    }
    order = orders.get(sort)
    if order is None:
        order = ["-rank", *soonest] if words.text else soonest
    # Counted in the same statement: the filters would otherwise be evaluated twice.
    ordered = courses.annotate(total=Window(Count("*"))).order_by(*order)
    rows = list(ordered[(number - 1) * PER_PAGE : number * PER_PAGE])
    if not rows and number > 1:
        return _slice(courses, words, sort, 1)
    return rows, (rows[0].total if rows else 0), number
