"""What people are to be reminded of about requests on a date, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils import timezone

from pathways.models import RouteRequest
from pathways.queries.due import Due
from pathways.queries.request_deciders import WAITING, asked_about_many
from pathways.rules.working_days import DECIDE_WITHIN, REMIND_AFTER, working_days_since
from staff.wording import date_words

_DAY_AFTER: Final = DECIDE_WITHIN + 1


def due_on(on: date) -> Iterator[Due]:
    """Who is reminded on this date: who is asked, from working day 5 and again from 10; the next up from the
    day after.

    Each is said once, by its `subject_key`: a night that was missed, or somebody who had a digest already,
    loses nothing. Queries: those of `asked_about_many` and one.
    """
    if on.weekday() > 4:
        return
    rows = list(RouteRequest.objects.filter(state__in=WAITING).select_related("person", "route"))
    asked = asked_about_many(rows, on)
    for row in rows:
        day = working_days_since(timezone.localdate(row.state_since_at), on)
        reached = max((one for one in REMIND_AFTER if one <= day), default=None)
        what = f"{row.person}: {row.route.title}"
        if reached is not None:
            due = f", due by {date_words(row.due_on)}" if row.due_on else ""
            for one in asked[row.pk].now:
                yield _due(
                    row, one.person.pk, "request_reminder", reached, f"Decide about a request: {what}{due}."
                )
        if day >= _DAY_AFTER:
            line = f"A decision is overdue and may be taken by you: {what}."
            for one in asked[row.pk].next_up:
                yield _due(row, one.person.pk, "request_overdue", _DAY_AFTER, line)


def _due(row: RouteRequest, person_id: int, kind: str, reached: int, line: str) -> Due:
    return Due(
        person_id,
        kind,
        f"request:{row.pk}:{row.decision_count}:{reached}",
        line,
        reverse("pathways:request-detail", args=[row.pk]),
        "Read it and decide",
    )
