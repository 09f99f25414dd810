"""A month of the catalogue, week by week."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BooleanField, Count, ExpressionWrapper, F, FilteredRelation, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone

from courses.models import LIVE_STATES, Booking, Course, Session, SessionPart
from courses.queries.readers import Reader
from courses.queries.searching import Words, exactly
from staff.wording import LONDON

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

PER_DAY = 4
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month that "2026-11" names; ValueError for anything else or beyond 2000 to 2100."""
        year, number = (int(part) for part in text.split("-"))
        date(year, number, 1)
        if not 2000 <= year <= 2100:
            raise ValueError(text)
        return cls(year, number)

    @classmethod
    def of(cls, on: date) -> Month:
        """The month that holds a day."""
        return cls(on.year, on.month)

    @property
    def first_day(self) -> date:
        """The 1st."""
        return date(self.year, self.number, 1)

    @property
    def next(self) -> Month:
        """The month after."""
        return Month.of(self.first_day + timedelta(days=31))

    @property
    def previous(self) -> Month:
        """The month before."""
        return Month.of(self.first_day - timedelta(days=1))

    @property
    def name(self) -> str:
        """ "November 2026"."""
        return f"{MONTH_NAMES[self.number - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


class OfPart(TypedDict):
    """What a cell reads with each part."""

    on: date
    my_state: str | None
    title: str
    slug: str
    total: int
    is_booked: bool


@dataclass
class Day:
    """One cell: at most four parts in order of time, and how many there are."""

    on: date
    is_of_month: bool
    is_today: bool = False
    parts: list[WithAnnotations[SessionPart, OfPart]] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        """How many do not fit in the cell."""
        return self.total - len(self.parts)


def weeks_of(
    month: Month,
    *,
    courses: QuerySet[Course],
    words: Words,
    sessions: QuerySet[Session],
    reader: Reader,
    today: date,
) -> list[list[Day]]:
    """Monday to Sunday, week by week; each part has `title`, `slug`, `my_state`, `is_booked` (by me),
    `last` (its number of parts). One query."""
    days = [
        [Day(on, on.month == month.number, on == today) for on in week]
        for week in Calendar().monthdatescalendar(month.year, month.number)
    ]
    by_date: dict[date, Day] = {day.on: day for week in days for day in week if day.is_of_month}
    if words.text:
        courses = exactly(courses, words)
    for part in _parts(month, courses, sessions, reader):
        day = by_date[part.on]
        day.parts.append(part)
        day.total = part.total
    return days


def _parts(
    month: Month, courses: QuerySet[Course], sessions: QuerySet[Session], reader: Reader
) -> Iterable[WithAnnotations[SessionPart, OfPart]]:
    mine = Q(session__bookings__person_id=reader.person_id or 0, session__bookings__state__in=LIVE_STATES)
    return (
        SessionPart.objects.filter(
            starts_at__gte=_midnight(month.first_day),
            starts_at__lt=_midnight(month.next.first_day),
            session__in=sessions.filter(course__in=courses.order_by().values("pk")),
        )
        .annotate(
            on=TruncDate("starts_at", tzinfo=LONDON),
            mine=FilteredRelation("session__bookings", condition=mine),
        )
        .annotate(
            my_state=F("mine__state"),
            is_booked=ExpressionWrapper(Q(mine__state=Booking.State.BOOKED), output_field=BooleanField()),
            title=F("session__course__title"),
            slug=F("session__course__slug"),
            place=F("session__school__name"),
            turn=Window(RowNumber(), partition_by=["on"], order_by=["starts_at", "pk"]),
            total=Window(Count("*"), partition_by=["on"]),
        )
        .filter(Q(turn__lte=PER_DAY) | Q(my_state__isnull=False))
        .order_by("starts_at", "pk")
    )


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))
