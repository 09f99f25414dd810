"""The people of a team: whose they are, with their figures, narrowed, in order, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Concat, Least

from bwt_cpd.filters import ALL, MINE, TeamChoice
from courses.models import Booking, Session
from entitlements.models import AcademicYear, Statement
from entitlements.queries.standing import Standing, contracts_in, standing_from
from entitlements.queries.year import speaking
from staff.models import Absence, Contract, Delegation, Person, School, User
from staff.queries.deciders import LINE_MANAGER, people_decided_by

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SHOWN_TOGETHER = 4
LOOKS_AHEAD = timedelta(days=28)
WIDER_KINDS = {"headteacher", "people_team"}
_FIGURES = (
    "entitlement_minutes",
    "expected_minutes",
    "expected_to_date_minutes",
    "recorded_minutes",
    "counted_minutes",
    "planned_minutes",
    "shortfall_minutes",
    "own_time_minutes",
)


@dataclass(frozen=True)
class Member:
    """One row: somebody with a contract today. `standing` is None until their figures are computed.

    `is_away` is all that is said of an absence.
    """

    person: Person
    contract: Contract | None
    standing: Standing | None
    is_away: bool
    next_at: datetime | None


@dataclass(frozen=True)
class Totals:
    """Over everybody chosen but for the status: people, and how many in each status."""

    people: int
    fine: int
    behind: int
    paused: int
    counted_minutes: int
    percent: int | None


@dataclass(frozen=True)
class Together:
    """A session that takes several of the people away at once."""

    title: str
    starts_at: datetime
    ends_at: datetime
    names: list[str]


def people_in_scope(user: User, person: Person, on: date, wish: str) -> tuple[QuerySet[Person], str, bool]:
    """Those with a contract today: one's own reports, or everybody one decides about; which, and whether
    there is a choice. One's own first, unless there are none."""
    employed = Exists(Contract.objects.in_force(on).filter(person=OuterRef("pk")))
    reports = people_decided_by(person, on, kinds=(LINE_MANAGER,)).filter(employed)
    has_wider = any(held.kind in WIDER_KINDS for held in user.responsibilities)
    has_wider = Delegation.objects.in_force(on).filter(to_person=person).exists() or has_wider
    if not has_wider:
        return reports, MINE, False
    has_reports = reports.exists()
    scope = (wish or MINE) if has_reports else ALL
    if scope == MINE:
        return reports, MINE, True
    return people_decided_by(person, on).filter(employed), ALL, has_reports


def schools_of(people: QuerySet[Person], on: date) -> dict[str, str]:
    """Where these people work, code to name. One query."""
    contracts = Contract.objects.in_force(on).filter(person__in=people)
    return dict(
        School.objects.filter(pk__in=contracts.values("school")).order_by("name").values_list("code", "name")
    )


class Figures(TypedDict):
    """What is read with each person, beside the minutes named in _FIGURES."""

    status: str | None
    percent: float | None
    is_away: bool
    next_at: datetime | None


def with_figures(
    people: QuerySet[Person], year: AcademicYear, *, on: date, now: datetime
) -> QuerySet[WithAnnotations[Person, Figures]]:
    """Each person with the figures of the year's statement, `percent`, `is_away` and `next_at`."""
    coming = (
        Booking.objects.filter(
            person=OuterRef("pk"),
            state=Booking.State.BOOKED,
            session__status=Session.Status.SCHEDULED,
            session__starts_at__gt=now,
        )
        .order_by("session__starts_at")
        .values("session__starts_at")
    )
    percent = Case(
        When(statement__expected_minutes=0, then=100.0),
        default=Least(
            Value(100.0), F("statement__counted_minutes") * 100.0 / F("statement__expected_minutes")
        ),
    )
    return (
        people.annotate(
            statement=FilteredRelation("statements", condition=Q(statements__year=year)),
        )
        .annotate(
            status=F("statement__status"),
            main_contract_id=F("statement__main_contract"),
            **{name: F(f"statement__{name}") for name in _FIGURES},
        )
        .annotate(
            percent=percent,
            is_away=Exists(Absence.objects.in_force(on).filter(person=OuterRef("pk"))),
            next_at=Subquery(coming[:1]),
        )
    )


def narrowed(
    people: QuerySet[WithAnnotations[Person, Figures]], choice: TeamChoice, on: date
) -> QuerySet[WithAnnotations[Person, Figures]]:
    """Those of the chosen school whose name has the words."""
    if choice.school:
        here = Contract.objects.in_force(on).filter(person=OuterRef("pk"), school__code=choice.school)
        people = people.filter(Exists(here))
    for word in choice.words.split():
        people = people.annotate(name=Concat("first_name", Value(" "), "last_name")).filter(
            name__icontains=word
        )
    return people


def in_order(
    people: QuerySet[WithAnnotations[Person, Figures]], sort: str
) -> QuerySet[WithAnnotations[Person, Figures]]:
    """By name unless asked otherwise; who has no figure comes last."""
    name = ["last_name", "first_name", "pk"]
    first = {
        "least": [F("percent").asc(nulls_last=True)],
        "next": [F("next_at").asc(nulls_last=True)],
        "school": [F("statement__main_contract__school__name").asc(nulls_last=True)],
    }.get(sort, [])
    return people.order_by(*first, *name)


def out_together(people: QuerySet[Person], *, now: datetime) -> list[Together]:
    """Sessions of the next four weeks with two or more of these people, soonest first. One query."""
    name = Concat("bookings__person__first_name", Value(" "), "bookings__person__last_name")
    theirs = Q(bookings__state=Booking.State.BOOKED, bookings__person__in=people)
    sessions = (
        Session.objects.filter(
            theirs, status=Session.Status.SCHEDULED, starts_at__range=(now, now + LOOKS_AHEAD)
        )
        .order_by("starts_at", "pk")
        .values("pk", "starts_at", "ends_at", "course__title")
        .annotate(names=ArrayAgg(name, order_by=["bookings__person__last_name", "bookings__person"]))
        .annotate(number=Count("bookings"))
        .filter(number__gt=1)
    )
    return [
        Together(row["course__title"], row["starts_at"], row["ends_at"], row["names"])
        for row in sessions[:SHOWN_TOGETHER]
    ]


def totals_of(people: QuerySet[WithAnnotations[Person, Figures]]) -> Totals:
    """One query."""
    found = people.order_by().aggregate(
        people=Count("pk"),
        fine=Count("pk", filter=Q(status__in=["met", "planned", "on_track"])),
        behind=Count("pk", filter=Q(status="behind")),
        paused=Count("pk", filter=Q(status="paused")),
        counted_minutes=Sum("counted_minutes"),
        average=Avg("percent", filter=~Q(status="not_applicable")),
    )
    average = found.pop("average")
    found["counted_minutes"] = found["counted_minutes"] or 0
    return Totals(**found, percent=None if average is None else int(average))


def members_of(
    people: Sequence[WithAnnotations[Person, Figures]], year: AcademicYear, on: date
) -> list[Member]:
    """The rows of people with figures (`with_figures`), in their order. One query."""
    contracts = contracts_in(year, [person.pk for person in people])
    return [_member(person, contracts[person.pk], year, on) for person in people]


def _member(
    person: WithAnnotations[Person, Figures], contracts: Sequence[Contract], year: AcademicYear, on: date
) -> Member:
    standing = None
    if person.status:
        row = Statement(
            person=person,
            year=year,
            status=person.status,
            is_in_contract=True,
            **{name: getattr(person, name) for name in _FIGURES},
        )
        standing = standing_from(row, year, on, contracts)
    return Member(
        person=person,
        contract=speaking(contracts, on),
        standing=standing,
        is_away=person.is_away,
        next_at=person.next_at,
    )
