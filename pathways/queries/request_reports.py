"""Cost, time to decision and refusal rate of requests by staff group (DOMAIN section 4: an equality report)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

from django.db.models import CharField, DateTimeField, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from pathways.models import RouteRequest
from pathways.queries.panels import cost_of
from pathways.rules.suppression import HIDDEN, hidden_in
from pathways.rules.working_days import working_days_since
from staff.models import Contract, StaffGroup
from staff.wording import counted, in_london, money

HEADER: Final = (
    "Staff group",
    "People",
    "Agreed",
    "Declined",
    "Under way or withdrawn",
    "Refusal rate",
    "Median time",
    "Cost agreed",
)
_OUTCOMES: Final = {
    **dict.fromkeys(("agreed", "on_programme", "on_break", "completed"), 0),
    **dict.fromkeys(("declined", "closed"), 1),
}


@dataclass(frozen=True)
class ReportRow:
    """One staff group, every figure as it may be read: "hidden" where it would be about too few people."""

    name: str
    cells: tuple[str, ...]

    def row(self) -> tuple[str, ...]:
        """As a line of a file."""
        return (self.name, *self.cells)


@dataclass(frozen=True)
class Report:
    """The groups and everybody; `people` is None where even the total is hidden."""

    rows: list[ReportRow]
    total: ReportRow
    is_empty: bool

    def table(self) -> Iterator[tuple[str, ...]]:
        """The lines of a file."""
        for row in (*self.rows, self.total):
            yield row.row()


@dataclass(frozen=True)
class _Case:
    group: str
    outcome: int
    days: int | None
    cost_pence: int


def requests_report(first: date, last: date, *, kind: str = "") -> Report:
    """The report of requests begun from one day to another, by kind of route or all. Two queries.

    Each person counts once, with the latest of their requests that were sent, in the staff group of their
    main contract on the day it was begun. A refusal is a request declined, not appealed or not upheld; the
    rate is of those decided. Time runs in working days from sending to the agreement or the refusal.
    Small groups are hidden, also against subtraction; cost and time go with the number of people.
    """
    cases = list(_cases(first, last, kind))
    names = [group.value for group in StaffGroup] + [""]
    groups = [name for name in names if any(case.group == name for case in cases)]
    counts = [[_count(cases, group, outcome) for outcome in range(3)] for group in groups]
    hidden = hidden_in(counts)
    labels = dict(StaffGroup.choices)
    rows = []
    for number, group in enumerate(groups):
        its = [case for case in cases if case.group == group]
        cells = {column for row, column in hidden.cells if row == number}
        rows.append(_row(labels.get(group, "No contract then"), its, cells, is_hidden=number in hidden.rows))
    total = _row("Everybody", cases, set(hidden.columns), is_hidden=hidden.total)
    return Report(rows, total, not cases)


def _count(cases: list[_Case], group: str, outcome: int) -> int:
    return sum(case.group == group and case.outcome == outcome for case in cases)


def _row(name: str, cases: list[_Case], hidden: set[int], *, is_hidden: bool) -> ReportRow:
    counts = [sum(case.outcome == outcome for case in cases) for outcome in range(3)]
    shown = [HIDDEN if column in hidden else str(number) for column, number in enumerate(counts)]
    decided = counts[0] + counts[1]
    may_rate = not is_hidden and not hidden & {0, 1}
    rate = f"{round(100 * counts[1] / decided)}%" if decided else "–"
    days = [case.days for case in cases if case.days is not None]
    taken = counted(round(median(days)), "working day") if days else "–"
    # Who was decided are fewer than all: their median and cost are hidden where those are.
    may_say = may_rate and not 0 < decided < 5
    cost = money(sum(case.cost_pence for case in cases))
    return ReportRow(
        name,
        (
            HIDDEN if is_hidden else str(len(cases)),
            *shown,
            rate if may_rate else HIDDEN,
            taken if may_say else HIDDEN,
            cost if may_say else HIDDEN,
        ),
    )


def _cases(first: date, last: date, kind: str) -> Iterator[_Case]:
    began = Contract.objects.filter(person=OuterRef("person"), starts_on__lte=OuterRef("created_at__date"))
    there = began.filter(Q(ends_on=None) | Q(ends_on__gte=OuterRef("created_at__date")))
    rows = (
        RouteRequest.objects.filter(created_at__date__gte=first, created_at__date__lte=last)
        .exclude(decision_count=0)
        .select_related("route")
        .prefetch_related("fees")
        .annotate(
            group=Coalesce(
                Subquery(there.order_by("-is_main", "starts_on").values("job_role__staff_group")[:1]),
                Value(""),
                output_field=CharField(),
            ),
            sent_at=_first("sent"),
            decided_at=Min("decisions__made_at", filter=Q(decisions__to_state__in=["agreed", "declined"])),
        )
        .order_by("person", "-created_at", "-pk")
    )
    if kind:
        rows = rows.filter(route__kind=kind)
    seen = set()
    for row in rows:
        if row.person_id not in seen:
            seen.add(row.person_id)
            yield _case(row)


def _first(step: str) -> Min:
    return Min("decisions__made_at", filter=Q(decisions__step=step), output_field=DateTimeField())


def _case(row: Any) -> _Case:
    days = None
    if row.sent_at and row.decided_at:
        sent, decided = in_london(row.sent_at), in_london(row.decided_at)
        days = working_days_since(
            date(sent.year, sent.month, sent.day), date(decided.year, decided.month, decided.day)
        )
    outcome = _OUTCOMES.get(row.state, 2)
    cost = (row.price_pence or 0) + (cost_of(row) or 0) if outcome == 0 else 0
    return _Case(row.group, outcome, days if outcome < 2 else None, cost)
