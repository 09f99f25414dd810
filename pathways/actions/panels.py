"""The yearly Masters panel: its ranking, and its decisions taken together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pathways.actions.panel_budget import over_budget
from pathways.actions.request_steps import RequestRefused
from pathways.actions.requests import award, decline_request
from pathways.models import MastersPanel, PanelRanking, RouteRequest
from pathways.queries.panels import applicants_of, awarded_count, cost_of, has_applied_to
from pathways.queries.request_deciders import rankers_of
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import counted

PLACE_GIVEN_TWICE = "Two people have the same place. Give each place once."
WHY_NOT_NEEDED = "Say why not: each of them reads it."


def too_few_places(left: int, chosen: int) -> str:
    """Why a panel can't give an award to everyone chosen."""
    return f"{counted(left, 'place')} left, and you chose {chosen}."


@dataclass
class Decided:
    """What one meeting of the panel came to."""

    awarded: list[RouteRequest] = field(default_factory=list)
    declined: list[RouteRequest] = field(default_factory=list)


@transaction.atomic
def rank(*, panel_id: int, ranks: Mapping[int, int | None], by: Person, now: datetime) -> None:
    """Keep the ranking of who waits for this panel: place by request, None for not ranked.

    Each change is a row with who made it. Raises ActionRefused for a place given twice, for who does not wait for
    it, for one's own request, and for whoever has applied to this panel or stands in for one who has.
    """
    panel = MastersPanel.objects.select_for_update().get(pk=panel_id)
    _is_judge(panel, by)
    given = [place for place in ranks.values() if place is not None]
    if len(given) != len(set(given)):
        raise ActionRefused(PLACE_GIVEN_TWICE)
    waiting = {one.pk: one for one in _locked_applicants(panel)}
    if not ranks.keys() <= waiting.keys():
        raise ActionRefused("Somebody in this list no longer waits for the panel. Look at it again.")
    changed = [one for key, one in waiting.items() if key in ranks and ranks[key] != one.panel_rank]
    rankers = rankers_of(changed, timezone.localdate(now))
    for one in changed:
        ranker = next((found for found in rankers[one.pk] if found.person == by), None)
        if ranker is None:
            raise ActionRefused("The people team does this, never for themselves or in their own round.")
        PanelRanking.objects.create(
            request=one, place=ranks[one.pk], actor=by, on_behalf_of=ranker.delegated_from, made_at=now
        )
        one.panel_rank = ranks[one.pk]
        one.save(update_fields=["panel_rank"])


@transaction.atomic
def decide_panel(
    *,
    panel_id: int,
    awarded: list[int],
    declined: list[int],
    words: str,
    by: Person,
    now: datetime,
    overspend_reason: str = "",
) -> Decided:
    """Award and decline together, all or nothing; each is told by mail, as when decided alone.

    Raises ActionRefused for more places than there are, for somebody both awarded and declined, for whoever has
    applied to this panel, and wherever one of the steps is refused; RequestRefused for a refusal without words,
    and where all the awards together cost more than is left and `overspend_reason` does not say why.
    """
    panel = MastersPanel.objects.select_for_update().get(pk=panel_id)
    _is_judge(panel, by)
    if not awarded and not declined:
        raise ActionRefused("Choose for at least one person what the panel decided.")
    if set(awarded) & set(declined):
        raise ActionRefused("Somebody is both awarded and not. Choose one.")
    if declined and not words.strip():
        raise RequestRefused("words", WHY_NOT_NEEDED)
    left = panel.places - awarded_count(panel) if panel.places else None
    if left is not None and len(awarded) > left:
        raise ActionRefused(too_few_places(left, len(awarded)))
    waiting = {one.pk: one for one in _locked_applicants(panel)}
    if not set(awarded) | set(declined) <= waiting.keys():
        raise ActionRefused("Somebody in this list no longer waits for the panel. Look at it again.")
    costs = [cost_of(waiting[key]) for key in awarded]
    if costs and None not in costs:
        over_budget(panel, sum(cost or 0 for cost in costs), overspend_reason)
    done = Decided()
    RouteRequest.objects.filter(pk__in=awarded, panel=None).update(panel=panel)
    for key in sorted(awarded):
        done.awarded.append(award(request_id=key, by=by, now=now, overspend_reason=overspend_reason))
    for key in sorted(declined):
        done.declined.append(
            decline_request(request_id=key, by=by, now=now, words=words, reason_code="places")
        )
    return done


def _locked_applicants(panel: MastersPanel) -> QuerySet[RouteRequest]:
    rows = applicants_of(panel).select_related("person", "route").prefetch_related("fees")
    return rows.select_for_update(of=("self",))


def _is_judge(panel: MastersPanel, by: Person) -> None:
    if has_applied_to(panel, by):
        raise ActionRefused("You have applied to this panel, so a colleague ranks and decides in this round.")
