"""What people are to be reminded of about requests on a date, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse

from pathways.models import RouteRequest
from pathways.queries.request_deciders import WAITING, asked_about_many
from pathways.rules.working_days import DECIDE_WITHIN, REMIND_AFTER, working_days_since
from staff.wording import date_words, in_london

_DAY_AFTER: Final = DECIDE_WITHIN + 1


@dataclass(frozen=True)
class Due:
    """One line for one person: what to do, and where."""

    person_id: int
    kind: str
    subject_key: str
    line: str
    url: str
    label: str


def due_on(on: date) -> Iterator[Due]:
    """Who is reminded on this date: who is asked, on working day 5 and 10; the next up on the day after.

    Said once for each day by `subject_key`. Queries: those of `asked_about_many` and one.
    """
    if on.weekday() > 4:
        return
    rows = list(RouteRequest.objects.filter(state__in=WAITING).select_related("person", "route"))
    asked = asked_about_many(rows, on)
    for row in rows:
        day = working_days_since(_day(row), on)
        what = f"{row.person}: {row.route.title}"
        if day in REMIND_AFTER:
            people, kind = asked[row.pk].now, "request_reminder"
            due = f", due by {date_words(row.due_on)}" if row.due_on else ""
            line = f"Decide about a request: {what}{due}."
        elif day == _DAY_AFTER:
            people, kind = asked[row.pk].next_up, "request_overdue"
            line = f"A decision is overdue and may be taken by you: {what}."
        else:
            continue
        for one in people:
            yield Due(
                one.person.pk,
                kind,
                f"request:{row.pk}:{row.decision_count}:{day}",
                line,
                reverse("pathways:request-detail", args=[row.pk]),
                "Read it and decide",
            )


def _day(request: RouteRequest) -> date:
    local = in_london(request.state_since_at)
    return date(local.year, local.month, local.day)
