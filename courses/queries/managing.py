"""What hub leads see of their catalogue: courses, sessions, and who is on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat

from courses.models import LIVE_STATES, Booking, Course, Interest, Session
from staff.models import Contract, Person, StaffGroup
from staff.queries.main_contract import MAIN_FIRST

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def courses_in_table(courses: QuerySet[Course], *, now: datetime) -> QuerySet[Course]:
    """Courses with `next_starts_at`, `dates` to come, their `places`, how many are `taken` and `waiting`,
    and how many are `interested`. One query.
    """
    to_come = Session.objects.filter(
        course=OuterRef("pk"), status=Session.Status.SCHEDULED, starts_at__gt=now
    ).order_by()
    grouped = to_come.values("course")
    waiting = (
        Booking.objects.filter(
            session__course=OuterRef("pk"), session__starts_at__gt=now, state=Booking.State.WAITING
        )
        .order_by()
        .values("session__course")
    )
    interested = (
        Interest.objects.filter(course=OuterRef("pk"), told_at__isnull=True).order_by().values("course")
    )
    return (
        courses.select_related("hub")
        .only("code", "slug", "title", "is_published", "hub__name")
        .annotate(
            next_starts_at=Subquery(to_come.order_by("starts_at").values("starts_at")[:1]),
            dates=_count(grouped),
            places=Coalesce(Subquery(grouped.annotate(n=Sum("capacity")).values("n")), 0),
            taken=Coalesce(
                Subquery(grouped.annotate(n=Sum(F("booked_count") + F("offered_count"))).values("n")), 0
            ),
            waiting=_count(waiting),
            interested=_count(interested),
        )
    )


def sessions_in_table(course: Course) -> QuerySet[Session]:
    """All sessions of a course, the latest first, with school, `leaders`, `taken` and `waiting`. One query."""
    waiting = (
        Booking.objects.filter(session=OuterRef("pk"), state=Booking.State.WAITING)
        .order_by()
        .values("session")
    )
    leaders = Person.objects.filter(sessions_led=OuterRef("pk")).order_by("last_name", "pk")
    return (
        course.sessions.select_related("school")
        .annotate(
            taken=F("booked_count") + F("offered_count"),
            waiting=_count(waiting),
            leaders=ArraySubquery(leaders.values_list(Concat("first_name", Value(" "), "last_name"))),
        )
        .order_by("-starts_at", "-pk")
    )


class OnList(TypedDict):
    """What a list of people reads with each booking."""

    school_name: str
    role_title: str


def people_on(session: Session, *, words: str = "", on: date) -> QuerySet[WithAnnotations[Booking, OnList]]:
    """Who has or waits for a place, with `school_name` and `role_title` of the main contract: those with
    places first by name, then those who asked, then the queue in its order. One query.

    `words` narrows by name or payroll number.
    """
    contracts = Contract.objects.in_force(on).filter(person=OuterRef("person")).order_by(*MAIN_FIRST)
    order = Case(
        When(state="booked", then=0),
        When(state="offered", then=1),
        When(state="requested", then=2),
        default=3,
        output_field=IntegerField(),
    )
    bookings = Booking.objects.filter(session=session, state__in=LIVE_STATES)
    for word in words.split()[:5]:
        bookings = bookings.filter(
            Q(person__first_name__icontains=word)
            | Q(person__last_name__icontains=word)
            | Q(person__payroll_number__istartswith=word)
        )
    return (
        bookings.select_related("person", "person__partner")
        .annotate(
            school_name=Coalesce(
                Subquery(contracts.values("school__name")[:1]), F("person__partner__name"), Value("")
            ),
            role_title=Coalesce(Subquery(contracts.values("job_role__title")[:1]), Value("")),
            rank=order,
        )
        .order_by(
            "rank", Case(When(state="waiting", then=F("position"))), "person__last_name", "person__first_name"
        )
    )


def reach_of(audience: Iterable[str], *, on: date) -> tuple[int, int]:
    """How many people an audience means on a day, and at how many schools. One query."""
    words = set(audience)
    contracts = Contract.objects.in_force(on)
    if "all" not in words:
        groups = words & set(StaffGroup.values)
        contracts = contracts.filter(Q(job_role__job_family__in=words) | Q(job_role__staff_group__in=groups))
    counts = contracts.aggregate(
        people=Count("person", distinct=True), schools=Count("school", distinct=True)
    )
    return counts["people"], counts["schools"]


def _count(grouped: QuerySet) -> Coalesce:
    """How many of a grouped subquery, 0 for none."""
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0)
