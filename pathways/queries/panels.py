"""The yearly Masters panel: who waits for it, and what it has given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from pathways.models import MastersPanel, RouteRequest
from pathways.rules.funding import trust_share_pence
from staff.models import Person

_GIVEN = ("agreed", "on_programme", "on_break", "completed")


@dataclass(frozen=True)
class Applicant:
    """One line of the panel's list: the request, what it costs the trust in all, whether it is the reader's own."""

    request: RouteRequest
    cost_pence: int | None
    is_own: bool


@dataclass(frozen=True)
class PanelView:
    """A panel with who waits for it and what it has given so far."""

    panel: MastersPanel
    waiting: list[Applicant]
    awarded: Sequence[RouteRequest]
    cost_pence: int
    places_left: int | None
    is_open: bool


def applicants_of(panel: MastersPanel) -> QuerySet[RouteRequest]:
    """Who waits for this panel, in its ranking; those who named none wait for any."""
    rows = RouteRequest.objects.filter(Q(panel=panel) | Q(panel=None), state="panel")
    return rows.order_by(F("panel_rank").asc(nulls_last=True), "created_at", "pk")


def awarded_count(panel: MastersPanel) -> int:
    """How many places this panel has given. One query."""
    return RouteRequest.objects.filter(panel=panel, state__in=_GIVEN).count()


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
    """The page of a panel for one of the people team; `seen` is what they may read. Three queries."""
    rows = list(
        applicants_of(panel)
        .filter(pk__in=seen.values("pk"))
        .select_related("person", "route")
        .prefetch_related("fees")
    )
    awarded = list(
        RouteRequest.objects.filter(panel=panel, state__in=_GIVEN)
        .select_related("person", "route")
        .annotate(paid=Sum("fees__paid_pence"))
        .prefetch_related("fees")
        .order_by("person__last_name", "pk")
    )
    return PanelView(
        panel=panel,
        waiting=[Applicant(row, cost_of(row), row.person_id == reader.pk) for row in rows],
        awarded=awarded,
        cost_pence=sum(cost_of(row) or 0 for row in awarded),
        places_left=max(0, panel.places - len(awarded)) if panel.places else None,
        is_open=panel.deadline_on >= on,
    )


def cost_of(request: RouteRequest) -> int | None:
    """What a request costs the trust over all its years; None while no fee is written. Prefetch `fees`."""
    fees = list(request.fees.all())
    return sum(trust_share_pence(fee.fee_pence, fee.trust_percent) for fee in fees) if fees else None
