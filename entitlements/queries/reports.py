"""The entitlement report: the figures of everybody's Statement, filtered, grouped and drawn.

Nothing is reckoned here but sums and averages of what the one statement of SQL has written; the
percentage is each person's, stopped at 100, before it is averaged (R11). People who are owed
nothing (casual, R16) are counted apart and in no average.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Avg, Count, F, Max, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Concat, Greatest, Least, NullIf, TruncMonth

from entitlements.models import AcademicYear, ClosedStatement, LedgerEntry, Statement, StatementStatus
from entitlements.queries.facts import policy_of
from staff.loose_types import ColumnValues
from staff.models import StaffGroup

NOT_OWED = StatementStatus.NOT_APPLICABLE
MET_OR_PLANNED = "met_or_planned"
OWED = "owed"  # everybody whom the figures count
MUCH_OWN_TIME = "much_own_time"  # whose counted minutes are their own above the policy's share (R13)
# From the best to those that are in no average: the order of every list of them.
STATUSES = (
    StatementStatus.MET,
    StatementStatus.PLANNED,
    StatementStatus.ON_TRACK,
    StatementStatus.BEHIND,
    StatementStatus.PAUSED,
    NOT_OWED,
)


@dataclass(frozen=True)
class Grouping:
    """One way to group: its words, and the fields of the key and of the name as a ClosedStatement has them."""

    words: str
    key: str
    name: str


GROUPINGS = {
    "school": Grouping("School", "school__code", "school__name"),
    "staff_group": Grouping("Staff group", "staff_group", "staff_group"),
    "job_family": Grouping("Job family", "job_family", "job_family"),
    "department": Grouping("Department", "department__name", "department__name"),
    "manager": Grouping("Manager", "line_manager", ""),
    "status": Grouping("Status", "status", "status"),
}
# A closed year keeps what the report groups by (R17); of an open one it is read from the contract.
_OF_CONTRACT = {
    "school": "main_contract__school",
    "school_phase": "main_contract__school__phase",
    "department": "main_contract__department",
    "line_manager": "main_contract__line_manager",
    "job_family": "main_contract__job_role__job_family",
    "staff_group": "main_contract__job_role__staff_group",
}
SORTS = {
    "name": ("person__last_name", "person__first_name", "person"),
    "shortfall": ("-shortfall_minutes", "person__last_name", "person"),
    "percent": ("percent", "person__last_name", "person"),
    "own_time": ("-own_time_minutes", "person__last_name", "person"),
}


@dataclass(frozen=True)
class Scope:
    """Whom the report is about. Empty means everybody; `includes_leavers` adds who has gone by the date."""

    year: AcademicYear
    school: str = ""
    staff_group: str = ""
    job_family: str = ""
    department: str = ""
    manager: str = ""
    status: str = ""
    includes_leavers: bool = False
    group_by: str = "school"
    sort: str = "name"


@dataclass(frozen=True)
class Group:
    """The figures of one group, whole minutes; None where nobody in it is owed anything."""

    key: str
    name: str
    people: int
    not_owed: int
    expected: int
    counted: int
    own_time: int
    planned: int
    shortfall: int
    percent: int | None
    to_date_percent: int | None
    met: int
    on_track: int
    behind: int
    paused: int

    def share(self, number: int) -> int:
        """A number of people in per cent of the group, rounded."""
        return round(100 * number / self.people) if self.people else 0


@dataclass(frozen=True)
class Promise:
    """How many of a staff group in schools of one phase are on track or better, in per cent."""

    staff_group: str
    phase: str
    percent: int

    @property
    def words(self) -> str:
        """The staff group in words."""
        return str(StaffGroup(self.staff_group).label)


@dataclass(frozen=True)
class Trend:
    """Average minutes a person at the end of each month: recorded so far, and expected."""

    labels: list[str] = field(default_factory=list)
    recorded: list[int | None] = field(default_factory=list)
    expected: list[int] = field(default_factory=list)


Rows: TypeAlias = QuerySet[Any]
"""Statements or ClosedStatements, with `percent`: which of them, the year of the scope says."""


def statements_in(scope: Scope) -> Rows:
    """The statements the scope names; those of a closed year are the frozen ones (R17)."""
    rows: Rows
    if scope.year.closed_at is not None:
        rows = ClosedStatement.objects.filter(year=scope.year)
    else:
        rows = Statement.objects.filter(year=scope.year)
    if not scope.includes_leavers:
        rows = rows.filter(is_in_contract=True)
    if scope.status == MET_OR_PLANNED:
        rows = rows.filter(status__in=[StatementStatus.MET, StatementStatus.PLANNED])
    elif scope.status == OWED:
        rows = rows.exclude(status=NOT_OWED)
    elif scope.status == MUCH_OWN_TIME:
        percent = policy_of(scope.year).own_time_alert_percent
        rows = rows.filter(own_time_minutes__gt=F("counted_minutes") * Value(percent) / 100)
    elif scope.status:
        rows = rows.filter(status=scope.status)
    for name in ("school", "staff_group", "job_family", "department"):
        if value := getattr(scope, name):
            rows = rows.filter(**{_field(scope, GROUPINGS[name].key): value})
    if scope.manager:
        manager = _field(scope, "line_manager")
        none = scope.manager == "none"
        rows = rows.filter(**{f"{manager}__isnull": True} if none else {manager: scope.manager})
    return rows.annotate(percent=_percent("counted_minutes"))


def _field(scope: Scope, path: str) -> str:
    """Where the scope's statements have a field of a ClosedStatement."""
    name, separator, rest = path.partition("__")
    if scope.year.closed_at is None:
        name = _OF_CONTRACT.get(name, name)
    return f"{name}{separator}{rest}"


def _percent(minutes: str) -> Least:
    """Whole per cent of what is expected, between 0 and 100; nothing expected is 100, as `shown_percent`."""
    share = Greatest(F(minutes), 0) * 100 / NullIf(F("expected_minutes"), 0)
    return Least(Coalesce(share, 100), 100)


def _figures() -> ColumnValues:
    owed = ~Q(status=NOT_OWED)
    return {
        "people": Count("pk", filter=owed),
        "not_owed": Count("pk", filter=~owed),
        "expected": Coalesce(Sum("expected_minutes"), 0),
        "counted": Coalesce(Sum("counted_minutes", filter=owed), 0),
        "own_time": Coalesce(Sum("own_time_minutes", filter=owed), 0),
        "planned": Coalesce(Sum("planned_minutes", filter=owed), 0),
        "shortfall": Coalesce(Sum("shortfall_minutes"), 0),
        "average": Avg("percent", filter=owed),
        "average_to_date": Avg(_percent("expected_to_date_minutes"), filter=owed),
        "met": Count("pk", filter=Q(status__in=[StatementStatus.MET, StatementStatus.PLANNED])),
        "on_track": Count("pk", filter=Q(status=StatementStatus.ON_TRACK)),
        "behind": Count("pk", filter=Q(status=StatementStatus.BEHIND)),
        "paused": Count("pk", filter=Q(status=StatementStatus.PAUSED)),
    }


def _group(row: ColumnValues, key: str = "", name: str = "") -> Group:
    average, to_date = row.pop("average"), row.pop("average_to_date")
    return Group(
        key=key,
        name=name,
        percent=None if average is None else int(average),
        to_date_percent=None if to_date is None else int(to_date),
        **row,
    )


def total(scope: Scope) -> Group:
    """Everybody in the scope as one group. One query."""
    return _group(statements_in(scope).aggregate(**_figures()))


def groups(scope: Scope) -> list[Group]:
    """The figures by the scope's grouping: staff groups and statuses in their own order, others by name; somebody without a manager is in a group of their own. One query."""
    grouping = GROUPINGS[scope.group_by]
    name = F(_field(scope, grouping.name)) if grouping.name else _manager_name(scope)
    found = (
        statements_in(scope)
        .annotate(group_key=F(_field(scope, grouping.key)), group_name=name)
        .values("group_key", "group_name")
        .annotate(**_figures())
        .order_by("group_name", "group_key")
    )
    made = []
    row: ColumnValues
    for row in found:
        key, words = row.pop("group_key"), row.pop("group_name")
        made.append(
            _group(
                row,
                "none" if key is None else str(key),
                "Nobody named" if key is None else _name_of(scope.group_by, key, words),
            )
        )
    orders: dict[str, list[str]] = {"staff_group": list(StaffGroup.values), "status": list(STATUSES)}
    if order := orders.get(scope.group_by):
        made.sort(key=lambda group: order.index(group.key))
    return made


def promises(scope: Scope) -> list[Promise]:
    """Whether the promise holds alike for teachers and support staff, primary and secondary. One query."""
    good = (StatementStatus.MET, StatementStatus.PLANNED, StatementStatus.ON_TRACK)
    found = (
        statements_in(scope)
        .exclude(status__in=[NOT_OWED, StatementStatus.PAUSED])
        .values(group=F(_field(scope, "staff_group")), phase=F(_field(scope, "school_phase")))
        .annotate(people=Count("pk"), good=Count("pk", filter=Q(status__in=good)))
        .order_by("phase", "group")
    )
    made = [
        Promise(row["group"], (row["phase"] or "central").capitalize(), 100 * row["good"] // row["people"])
        for row in found
    ]
    order = list(StaffGroup.values)
    return sorted(made, key=lambda one: (one.phase == "Central", one.phase, order.index(one.staff_group)))


def _manager_name(scope: Scope) -> Concat:
    manager = _field(scope, "line_manager")
    return Concat(f"{manager}__last_name", Value(", "), f"{manager}__first_name")


def _name_of(group_by: str, key: str, words: str | None) -> str:
    if group_by == "staff_group":
        return str(StaffGroup(key).label)
    if group_by == "status":
        return str(StatementStatus(key).label)
    return str(words)


def people(scope: Scope) -> Rows:
    """The statements behind a number, one a person, with what a line shows of them. One query when read."""
    related = [_field(scope, name) for name in ("school", "department", "line_manager")]
    if scope.year.closed_at is None:
        related.append("main_contract__job_role")
    return statements_in(scope).select_related("person", "year", *related).order_by(*SORTS[scope.sort])


def computed_on(scope: Scope) -> date | None:
    """The date of the figures: the last day of a closed year, else when they were last computed. One query."""
    if scope.year.closed_at is not None:
        return scope.year.ends_on
    return Statement.objects.filter(year=scope.year).aggregate(latest=Max("computed_on"))["latest"]


def trend(scope: Scope, figures: Group, on: date) -> Trend:
    """How the average person's recorded time has grown by the end of each month, against what is expected.

    Recorded rather than counted: caps hold for the year and not for a month of it. One query.
    """
    owed = statements_in(scope).exclude(status=NOT_OWED).values("person")
    by_month = dict(
        LedgerEntry.objects.filter(year=scope.year, occurred_on__lte=on, person__in=owed)
        .annotate(month=TruncMonth("occurred_on"))
        .values_list("month")
        .annotate(minutes=Sum("minutes"))
    )
    made = Trend()
    if not figures.people:
        return made
    so_far, days = 0, (scope.year.ends_on - scope.year.starts_on).days + 1
    for first_day in _months(scope.year):
        last_day = min(_last_day(first_day), scope.year.ends_on)
        so_far += by_month.get(first_day, 0)
        elapsed = (last_day - scope.year.starts_on).days + 1
        made.labels.append(f"{first_day:%b}")
        made.recorded.append(so_far // figures.people if first_day <= on else None)
        made.expected.append(figures.expected * elapsed // (days * figures.people))
    return made


def _months(year: AcademicYear) -> Iterator[date]:
    day = year.starts_on.replace(day=1)
    while day <= year.ends_on:
        yield day
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _last_day(first_day: date) -> date:
    following = date(first_day.year + first_day.month // 12, first_day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
