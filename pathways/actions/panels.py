"""The yearly Masters panel: its ranking, and its decisions taken together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pathways.actions.request_steps import RequestRefused
from pathways.actions.requests import award, decline_request
from pathways.models import MastersPanel, RouteRequest
from pathways.queries.panels import applicants_of, awarded_count
from pathways.queries.request_deciders import people_team_for
from staff.models import Person
from staff.refusals import ActionRefused
from staff.wording import counted


@dataclass
class Decided:
    """What one meeting of the panel came to."""

    awarded: list[RouteRequest] = field(default_factory=list)
    declined: list[RouteRequest] = field(default_factory=list)


@transaction.atomic
def rank(*, panel_id: int, ranks: Mapping[int, int | None], by: Person, now: datetime) -> None:
    """Keep the ranking of who waits for this panel: place by request, None for not ranked.

    Raises ActionRefused for a place given twice, for who does not wait for it, and for one's own request.
    """
    panel = MastersPanel.objects.select_for_update().get(pk=panel_id)
    given = [place for place in ranks.values() if place is not None]
    if len(given) != len(set(given)):
        raise ActionRefused("Two people have the same place. Give each place once.")
    waiting = {one.pk: one for one in applicants_of(panel).select_for_update(of=("self",))}
    for key, place in ranks.items():
        if key not in waiting:
            raise ActionRefused("Somebody in this list no longer waits for the panel. Look at it again.")
        found = waiting[key]
        if place != found.panel_rank:
            _is_team(found, by, now)
            found.panel_rank = place
            found.save(update_fields=["panel_rank"])


@transaction.atomic
def decide_panel(
    *, panel_id: int, awarded: list[int], declined: list[int], words: str, by: Person, now: datetime
) -> Decided:
    """Award and decline together, all or nothing; each is told by mail, as when decided alone.

    Raises ActionRefused for more places than there are, for somebody both awarded and declined, for a
    refusal without words, and wherever one of the steps is refused.
    """
    panel = MastersPanel.objects.select_for_update().get(pk=panel_id)
    if not awarded and not declined:
        raise ActionRefused("Choose for at least one person what the panel decided.")
    if set(awarded) & set(declined):
        raise ActionRefused("Somebody is both awarded and not. Choose one.")
    if declined and not words.strip():
        raise RequestRefused("words", "Say why not: each of them reads it.")
    left = panel.places - awarded_count(panel) if panel.places else None
    if left is not None and len(awarded) > left:
        raise ActionRefused(f"{counted(left, 'place')} left, and you chose {len(awarded)}.")
    waiting = {one.pk for one in applicants_of(panel)}
    if not set(awarded) | set(declined) <= waiting:
        raise ActionRefused("Somebody in this list no longer waits for the panel. Look at it again.")
    done = Decided()
    RouteRequest.objects.filter(pk__in=awarded, panel=None).update(panel=panel)
    for key in sorted(awarded):
        done.awarded.append(award(request_id=key, by=by, now=now))
    for key in sorted(declined):
        done.declined.append(
            decline_request(request_id=key, by=by, now=now, words=words, reason_code="places")
        )
    return done


def _is_team(request: RouteRequest, by: Person, now: datetime) -> None:
    if people_team_for(request, by, timezone.localdate(now)) is None:
        raise ActionRefused("The people team does this, never for themselves.")
