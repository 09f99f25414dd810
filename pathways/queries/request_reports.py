"""Cost, time to decision and refusal rate of requests by staff group (DOMAIN section 4: an equality report)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import TYPE_CHECKING, Final, TypedDict

from django.db.models import CharField, DateTimeField, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from pathways.models import Route, RouteRequest
from pathways.queries.panels import cost_of
from pathways.rules.suppression import HIDDEN
from pathways.rules.suppression_filtered import hidden_in_filtered
from pathways.rules.working_days import working_days_since
from staff.models import Contract, StaffGroup
from staff.queries.main_contract import MAIN_FIRST
from staff.wording import counted, money

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

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

_GROUPS: Final = (*(group.value for group in StaffGroup), "")
_EVERYBODY: Final = "everybody"
_PEOPLE: Final = 3  # beside the three outcomes: all of them


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
    """The groups that have somebody, and everybody."""

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
    kind: str
    outcome: int
    days: int | None
    cost_pence: int


def requests_report(first: date, last: date, *, kind: str = "") -> Report:
    """The report of requests begun from one day to another, by kind of route or all. Two queries.

    Each person counts once, with the latest of their requests that were sent, in the staff group of their
    main contract on the day it was begun and under the kind of that request. A refusal is a request
    declined, not appealed or not upheld; the rate is of those decided. Time runs in working days from
    sending to the agreement or the refusal.
    Small groups are hidden, worked out once over every kind and all of them together, so that no report
    can be subtracted from another; cost and time go with the number of people.
    """
    everyone = list(_cases(first, last))
    groups = [name for name in _GROUPS if any(case.group == name for case in everyone)]
    kinds = [one for one in Route.Kind.values if any(case.kind == one for case in everyone)]
    hidden = hidden_in_filtered(
        [
            [[_count(everyone, group, outcome, one) for one in kinds] for outcome in range(3)]
            for group in groups
        ]
    )
    layer = kinds.index(kind) if kind in kinds else len(kinds)
    cases = [case for case in everyone if not kind or case.kind == kind]
    labels = dict(StaffGroup.choices)
    rows = []
    for number, group in enumerate([*groups, _EVERYBODY]):
        # A group with nobody of this kind is listed too: leaving it out would say that it is nobody.
        its = [case for case in cases if group in (case.group, _EVERYBODY)]
        name = "Everybody" if group == _EVERYBODY else labels.get(group, "No contract then")
        rows.append(_row(name, its, {outcome for outcome in range(4) if (number, outcome, layer) in hidden}))
    return Report(rows[:-1], rows[-1], not cases)


def _count(cases: list[_Case], group: str, outcome: int, kind: str) -> int:
    return sum((case.group, case.outcome, case.kind) == (group, outcome, kind) for case in cases)


def _row(name: str, cases: list[_Case], hidden: set[int]) -> ReportRow:
    """One line; `hidden` are the outcomes to hide, 3 for the number of people."""
    is_hidden = _PEOPLE in hidden
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


def _cases(first: date, last: date) -> Iterator[_Case]:
    began = Contract.objects.filter(person=OuterRef("person"), starts_on__lte=OuterRef("created_at__date"))
    there = began.filter(Q(ends_on=None) | Q(ends_on__gte=OuterRef("created_at__date")))
    rows = (
        RouteRequest.objects.filter(created_at__date__gte=first, created_at__date__lte=last)
        .exclude(decision_count=0)
        .select_related("route")
        .prefetch_related("fees")
        .annotate(
            group=Coalesce(
                Subquery(there.order_by(*MAIN_FIRST).values("job_role__staff_group")[:1]),
                Value(""),
                output_field=CharField(),
            ),
            sent_at=_first("sent"),
            decided_at=Min("decisions__made_at", filter=Q(decisions__to_state__in=["agreed", "declined"])),
        )
        .order_by("person", "-created_at", "-pk")
    )
    seen = set()
    for row in rows:
        if row.person_id not in seen:
            seen.add(row.person_id)
            yield _case(row)


def _first(step: str) -> Min:
    return Min("decisions__made_at", filter=Q(decisions__step=step), output_field=DateTimeField())


class _OfCase(TypedDict):
    """What is read with each request."""

    group: str
    sent_at: datetime | None
    decided_at: datetime | None


def _case(row: WithAnnotations[RouteRequest, _OfCase]) -> _Case:
    days = None
    if row.sent_at and row.decided_at:
        days = working_days_since(timezone.localdate(row.sent_at), timezone.localdate(row.decided_at))
    outcome = _OUTCOMES.get(row.state, 2)
    # The price of a Masters is what its fees come to: they count once, as the trust's share of each year.
    is_by_year = row.route.kind == Route.Kind.MASTERS
    cost = (cost_of(row) if is_by_year else row.price_pence) or 0
    return _Case(
        row.group, row.route.kind, outcome, days if outcome < 2 else None, cost if outcome == 0 else 0
    )
