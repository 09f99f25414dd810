"""The yearly Masters panel: who waits for it, what it has given, and what is left of its budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from pathways.models import MastersPanel, PanelOverspend, Route, RouteFee, RouteRequest
from pathways.queries.request_deciders import asked_about_many, rankers_of
from pathways.rules.funding import trust_share_pence
from pathways.rules.panels import PanelBudget
from pathways.rules.repayment import scale_lines
from staff.models import Person

_GIVEN = ("agreed", "on_programme", "on_break", "completed")


@dataclass(frozen=True)
class Applicant:
    """One line of the panel's list: the request, what it costs the trust in all, and whether the reader may give
    it a place in the ranking and may decide about it."""

    request: RouteRequest
    cost_pence: int | None
    may_rank: bool
    may_decide: bool


@dataclass(frozen=True)
class PanelView:
    """A panel with who waits for it, what it has given so far and what it spent above its budget, and why.

    `has_applied` is whether the reader has applied to it, and so judges nobody here.
    """

    panel: MastersPanel
    waiting: list[Applicant]
    awarded: Sequence[RouteRequest]
    budget: PanelBudget
    overspends: Sequence[PanelOverspend]
    places_left: int | None
    is_open: bool
    has_applied: bool

    @property
    def scale(self) -> list[tuple[str, str]]:
        """What a leaver repays whose place it awards: when, and the share."""
        return scale_lines(self.panel.repayment)

    @property
    def may_rank(self) -> list[RouteRequest]:
        """Those the reader ranks."""
        return [one.request for one in self.waiting if one.may_rank]

    @property
    def may_decide(self) -> list[RouteRequest]:
        """Those the reader decides about."""
        return [one.request for one in self.waiting if one.may_decide]


def applicants_of(panel: MastersPanel) -> QuerySet[RouteRequest]:
    """Who waits for this panel, in its ranking; those who named none wait for any."""
    rows = RouteRequest.objects.filter(Q(panel=panel) | Q(panel=None), state="panel")
    return rows.order_by(F("panel_rank").asc(nulls_last=True), "created_at", "pk")


def has_applied_to(panel: MastersPanel, person: Person) -> bool:
    """Whether somebody has applied to this panel and not withdrawn. One query."""
    theirs = RouteRequest.objects.filter(person=person, route__kind=Route.Kind.MASTERS)
    return (
        theirs.filter(Q(panel=panel) | Q(panel=None, state="panel"))
        .exclude(state__in=["draft", "withdrawn"])
        .exists()
    )


def awarded_count(panel: MastersPanel) -> int:
    """How many places this panel has given. One query."""
    return RouteRequest.objects.filter(panel=panel, state__in=_GIVEN).count()


def budget_of(panel: MastersPanel) -> PanelBudget:
    """The budget of a panel and what its awards cost: the trust's share of every year of whoever has a place, and
    what was paid for who has withdrawn since. One query."""
    fees = RouteFee.objects.filter(request__panel=panel, request__state__in=[*_GIVEN, "withdrawn"])
    rows = fees.values_list("request__state", "fee_pence", "trust_percent", "paid_pence")
    awarded = sum(
        paid if state == "withdrawn" else trust_share_pence(fee, percent)
        for state, fee, percent, paid in rows
    )
    return PanelBudget(panel.budget_pence, awarded)


def next_panel(on: date) -> MastersPanel | None:
    """The panel whose deadline comes next. One query."""
    return MastersPanel.objects.filter(deadline_on__gte=on).order_by("deadline_on").first()


def panels_for_list() -> QuerySet[MastersPanel]:
    """Every panel, the latest first, with `waiting` and `given`. One query."""
    return MastersPanel.objects.annotate(
        waiting=Count("requests", filter=Q(requests__state="panel")),
        given=Count("requests", filter=Q(requests__state__in=_GIVEN)),
    ).order_by("-deadline_on")


def panel_view(panel: MastersPanel, reader: Person, seen: QuerySet[RouteRequest], on: date) -> PanelView:
    """The page of a panel for one of the people team; `seen` is what they may read. A fixed number of queries."""
    rows = list(
        applicants_of(panel)
        .filter(pk__in=seen.values("pk"))
        .select_related("person", "route")
        .prefetch_related("fees")
    )
    awarded = list(
        RouteRequest.objects.filter(panel=panel, state__in=_GIVEN)
        .select_related("person", "route")
        .prefetch_related("fees")
        .order_by("person__last_name", "pk")
    )
    return PanelView(
        panel=panel,
        waiting=_waiting(rows, reader, on),
        awarded=awarded,
        budget=budget_of(panel),
        overspends=list(
            PanelOverspend.objects.filter(request__panel=panel).select_related("request__person", "made_by")
        ),
        places_left=max(0, panel.places - len(awarded)) if panel.places else None,
        is_open=panel.deadline_on >= on,
        has_applied=has_applied_to(panel, reader),
    )


def was_decided_so(panel: MastersPanel, by: Person, pressed: Mapping[int, str], words: str) -> bool:
    """Whether somebody has decided this panel just so (`award` or `decline` by request): the form was sent before.

    Each of them stands where that led. Two queries.
    """
    steps = {"award": ("awarded", ""), "decline": ("declined", words.strip())}
    rows = RouteRequest.objects.filter(panel=panel, pk__in=pressed).prefetch_related("decisions")
    last = {row.pk: max(row.decisions.all(), key=lambda one: one.number, default=None) for row in rows}
    return bool(pressed) and all(
        (found := last.get(key)) is not None
        and (found.actor_id, (found.step, found.words)) == (by.pk, steps.get(decision))
        for key, decision in pressed.items()
    )


def _waiting(rows: list[RouteRequest], reader: Person, on: date) -> list[Applicant]:
    rankers, asked = rankers_of(rows, on), asked_about_many(rows, on)
    return [
        Applicant(
            row,
            cost_of(row),
            may_rank=any(one.person == reader for one in rankers[row.pk]),
            may_decide=any(one.person == reader for one in asked[row.pk].now),
        )
        for row in rows
    ]


def cost_of(request: RouteRequest) -> int | None:
    """What a request costs the trust over all its years; None while no fee is written. Prefetch `fees`."""
    return cost_of_fees(request.fees.all())


def cost_of_fees(fees: Iterable[RouteFee]) -> int | None:
    """The trust's share of these years together; None for none."""
    shares = [trust_share_pence(fee.fee_pence, fee.trust_percent) for fee in fees]
    return sum(shares) if shares else None
