"""What the entitlement report draws: tiles, bars, rows and a heatmap, each number with where it leads."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from entitlements.models import AcademicYear
from entitlements.queries.reports import MET_OR_PLANNED, OWED, Group, Promise
from staff.wording import date_words

Query = dict[str, str]


def people_url(query: Query) -> str:
    """The people behind a number."""
    return f"{reverse('admin-report-entitlement-people')}?{urlencode(query)}"


AS_REPORTED = "It is closed: the figures as reported."
STILL_OPEN = "It is not closed: late entries still count."


def year_ended(year: AcademicYear, figures: str) -> str:
    """A year that is over, and what that means for its figures."""
    return f"{year}, which ended on {date_words(year.ends_on)}. {figures}"


def year_words(year: AcademicYear, on: date | None, today: date) -> str:
    """Which year it is and how far its figures go: to come, running, over but open, or closed."""
    if year.closed_at is not None:
        return year_ended(year, AS_REPORTED)
    if year.starts_on > today:
        return (
            f"{year}, which begins on {date_words(year.starts_on)}: what will be owed by today's contracts."
        )
    if year.ends_on < today:
        return year_ended(year, STILL_OPEN)
    return f"{year}, as of {date_words(on)}." if on else f"{year}."


def percent_words(percent: int | None) -> str:
    """ "63%", or a dash where nobody is owed anything."""
    return "–" if percent is None else f"{percent}%"


def hours(minutes: int) -> str:
    """ "1,006 h": a group's sum in whole hours; the people behind it have their minutes."""
    return f"{round(minutes / 60):,} h"


def _counted(row: Group, query: Query) -> Query:
    """The query of those whom the figures of a group count: without its casual staff, if it has both."""
    is_mixed = row.people and row.not_owed and not query.get("status")
    return {**query, "status": OWED} if is_mixed else query


def cells(row: Group, query: Query) -> list[dict[str, str]]:
    """The figures of one group in the order of the table, each with its label and link."""
    query = _counted(row, query)
    to_people, to_shortfall = people_url(query), people_url({**query, "sort": "shortfall"})
    casual = f" + {row.not_owed:,} casual" if row.not_owed else ""

    def time(minutes: int) -> str:
        return hours(minutes) if row.people else "–"

    return [
        {"label": "People", "words": f"{row.people:,}", "more": casual, "url": to_people},
        {"label": "Target", "words": time(row.expected), "url": to_people},
        {"label": "Counted", "words": time(row.counted), "url": to_people},
        {"label": "Own time", "words": time(row.own_time), "url": people_url({**query, "sort": "own_time"})},
        {"label": "Planned", "words": time(row.planned), "url": to_people},
        {"label": "Shortfall", "words": time(row.shortfall), "url": to_shortfall},
        {
            "label": "Percentage",
            "words": percent_words(row.percent),
            "url": people_url({**query, "sort": "percent"}),
        },
        {"label": "Behind", "words": f"{row.behind:,}", "url": people_url({**query, "status": "behind"})},
    ]


def tiles(figures: Group, query: Query) -> list[dict[str, str]]:
    """The figures on top, as the component `tiles` takes them."""

    def tile(words: str, number: int, status: str) -> dict[str, str]:
        note = "1 person" if number == 1 else f"{number:,} people"
        url = people_url({**query, "status": status})
        return {"words": words, "figure": f"{figures.share(number)}%", "note": note, "url": url}

    query = _counted(figures, query)
    left_out = f"{figures.not_owed:,} casual left out" if figures.not_owed else "nobody left out"
    return [
        {
            "words": "People counted",
            "figure": f"{figures.people:,}",
            "note": left_out,
            "url": people_url(query),
        },
        {
            "words": "Of the target",
            "figure": percent_words(figures.percent),
            "note": "on average, each stopped at 100%",
            "url": people_url({**query, "sort": "percent"}),
        },
        tile("Met or planned", figures.met, MET_OR_PLANNED),
        tile("On track", figures.on_track, "on_track"),
        tile("Behind", figures.behind, "behind"),
        tile("Paused", figures.paused, "paused"),
    ]


def bar(row: Group, query: Query) -> dict[str, object]:
    """One bar: the average percentage, with the tick where it is expected by now; amber well under it."""
    expected = row.to_date_percent
    return {
        "words": row.name,
        "value": row.percent,
        "mark": expected,
        "shown": "none owed" if row.percent is None else f"{row.percent}%",
        "low": row.percent is not None and expected is not None and row.percent * 10 < expected * 8,
        "url": people_url(query),
    }


def heatmap(promises: list[Promise], query: Query) -> dict[str, object]:
    """Staff groups down, phases across: how many of them are on track or better."""
    phases = list(dict.fromkeys(promise.phase for promise in promises))
    by_place = {(promise.staff_group, promise.phase): promise for promise in promises}
    rows = []
    for key, words in dict.fromkeys((promise.staff_group, promise.words) for promise in promises):
        found = [by_place.get((key, phase)) for phase in phases]
        rows.append((words, people_url({**query, "staff_group": key}), found))
    return {"phases": phases, "rows": rows}
