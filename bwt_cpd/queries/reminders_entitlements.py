"""Reminders of the five days: claims that wait for somebody, and a note each term to who is behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone

from bwt_cpd.queries.reminders_item import Item, midnight
from entitlements.academic_year import YearDates
from entitlements.durations import in_hours
from entitlements.models import Claim, Statement
from entitlements.queries.facts import closing_year
from entitlements.rules.sentences import month_day
from staff.models import Contract
from staff.queries.deciders import Decider, first_asked
from staff.wording import counted

# The termly note goes out in the fortnight from each of these days (month, day).
NUDGE_FROM: Final = ((11, 1), (2, 1), (5, 1))
NUDGE_FOR: Final = timedelta(days=14)
CLAIM_REMINDERS_AFTER: Final = (7, 14, 21)
LAST_CALL_FOR: Final = timedelta(days=7)
CAME_TODAY: Final = "it came today."


def claims_waiting(on: date, *, escalated_after: int) -> list[Claim]:
    """Claims that wait for a week, or for so many days; in the last week before a year closes every claim
    of it (R17). One query, in September two.
    """
    first = min(CLAIM_REMINDERS_AFTER[0], escalated_after)
    due = Q(waiting_since_at__lt=midnight(on - timedelta(days=first - 1)))
    closing = closing_year(on)
    if closing is not None and _is_last_call(closing.dates, on):
        due |= Q(occurred_on__gte=closing.starts_on, occurred_on__lte=closing.ends_on)
    waiting = Claim.objects.filter(due, state=Claim.State.WAITING).select_related("person")
    return list(waiting.order_by("waiting_since_at"))


def claims_to_decide(
    claims: Sequence[Claim], deciders: Mapping[int, Sequence[Decider]], on: date, *, escalated_after: int
) -> Iterator[Item]:
    """Those of `claims_waiting` after a week, two, three, to who is nearest; those that wait as long as the
    year's policy allows to everybody nearer than the people team (R9). Before a year closes the line says by
    when (R17). No query, in September one.
    """
    closing = closing_year(on)
    for claim in claims:
        since = timezone.localtime(claim.waiting_since_at).date()
        days = (on - since).days
        is_escalated = days >= escalated_after
        closes = closing.dates if closing is not None and claim.occurred_on in closing.dates else None
        if closes is not None and _is_last_call(closes, on):
            step = "closing"
        else:
            step = str(
                escalated_after if is_escalated else max(n for n in CLAIM_REMINDERS_AFTER if n <= days)
            )
        found = deciders[claim.person_id]
        told = [one for one in found if one.kind != "people_team"] or found
        for decider in told if is_escalated else first_asked(told):
            yield Item(
                person_id=decider.person.pk,
                kind="claim_escalated" if is_escalated else "claim_waiting",
                subject_key=f"claim:{claim.pk}:{since}:{step}",
                line=f"Decide about {claim.person.full_name}’s claim “{claim.title}”: "
                + (waited(days) if days else CAME_TODAY)
                + (before_closing(closes) if closes is not None else ""),
                url=reverse("inbox-claim", args=[claim.pk]),
                label="Read it and decide",
                not_after=midnight(min(on + timedelta(days=2), closes.closes_on if closes else date.max)),
                preference="wants_decision_reminders",
            )


def _is_last_call(year: YearDates, on: date) -> bool:
    return on > year.last_day_to_decide - LAST_CALL_FOR


def waited(days: int) -> str:
    """For how long a claim has been waiting, in the line about it."""
    return f"it has waited {counted(days, 'day')}."


def before_closing(year: YearDates) -> str:
    """By when a claim has to be decided, where its year is about to close."""
    return f" Decide by {month_day(year.last_day_to_decide)}: then the year {year} is closed."


def shortfalls(on: date) -> Iterator[Item]:
    """A note each term to those who are behind: what is left to find, and by when, as My CPD says it."""
    year = YearDates.for_date(on)
    for term, (month, day) in enumerate(NUDGE_FROM, start=1):
        starts = date(year.first_day.year if month >= 9 else year.last_day.year, month, day)
        if not starts <= on < starts + NUDGE_FOR:
            continue
        behind = Statement.objects.filter(
            year__starts_on=year.first_day,
            status="behind",
            is_in_contract=True,
            shortfall_minutes__gt=F("planned_minutes"),
        ).values_list("person_id", "shortfall_minutes", "planned_minutes", _last_day(year))
        for person_id, shortfall, planned, last_day in behind:
            if last_day <= on:
                continue
            yield Item(
                person_id=person_id,
                kind="shortfall_nudge",
                subject_key=f"{year.label}:{term}",
                line=left_to_find(shortfall - planned, planned, last_day),
                url=reverse("entitlements:year"),
                label="See what would fit",
                not_after=midnight(min(on + timedelta(days=7), last_day)),
                preference="wants_shortfall_nudges",
            )


def left_to_find(minutes: int, planned: int, last_day: date) -> str:
    """The line of the termly note."""
    beside = f", beside the {in_hours(planned)} already planned" if planned else ""
    return (
        f"Find {in_hours(minutes)} more of your five CPD days by {month_day(last_day)}{beside}: "
        "here is what fits your role and school."
    )


def _last_day(year: YearDates) -> Least:
    """Of the year, or of the last contract that somebody has in it (`last_day_of`)."""
    contracts = Contract.objects.filter(person=OuterRef("person"), starts_on__lte=year.last_day)
    ends = contracts.order_by(F("ends_on").desc(nulls_first=True)).values("ends_on")
    return Least(Subquery(ends[:1]), Value(year.last_day))
