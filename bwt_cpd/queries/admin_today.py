"""The first page of the admin: today's figures and what waits for the people team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from courses.models import Booking, Session
from courses.queries.registers import sessions_to_mark
from entitlements.models import AcademicYear, Claim, LedgerEntry
from entitlements.queries.claims import OPEN_STATES
from entitlements.queries.escalation import escalation_days
from entitlements.queries.facts import closing_year
from entitlements.queries.reports import MUCH_OWN_TIME, Group, Scope, statements_in, total
from staff.models import Contract, JobRun, Message, Person
from staff.wording import date_words

FLAGGED_SHOWN: Final = timedelta(days=28)
LATE_CLAIMS: Final = "Claims waiting too long"
OWN_TIME: Final = "People with much of it in their own time"
TO_CHECK: Final = "New entries to check: too long a day, or two at one time"
NO_SIGN_IN: Final = "People without a sign-in"


@dataclass(frozen=True)
class Waiting:
    """One thing that needs somebody, with how many and where."""

    words: str
    number: int
    url: str


@dataclass(frozen=True)
class Today:
    """The figures of the dashboard. `figures` is None before the year or its statements are there."""

    year: AcademicYear | None
    figures: Group | None
    people: int
    sessions_this_week: int
    places_booked: int
    waiting: list[Waiting]
    last_runs: list[JobRun]


def today(on: date, now: datetime) -> Today:
    """Everything on the first page. 12 queries, and in the month after a year three about what waits in it."""
    year = AcademicYear.objects.select_related("policy").filter(starts_on__lte=on, ends_on__gte=on).first()
    figures = total(Scope(year=year)) if year else None
    week = Session.objects.filter(
        status="scheduled", starts_at__gte=now, starts_at__lt=now + timedelta(days=7)
    ).aggregate(
        sessions=Count("pk"),
    )
    return Today(
        year=year,
        figures=figures if figures and figures.people else None,
        people=Contract.objects.in_force(on).aggregate(people=Count("person", distinct=True))["people"],
        sessions_this_week=week["sessions"],
        places_booked=Booking.objects.filter(state="booked", session__starts_at__gte=now).count(),
        waiting=[found for found in _waiting(year, on, now) if found.number],
        last_runs=list(JobRun.objects.order_by("name", "-started_at").distinct("name")),
    )


def _waiting(year: AcademicYear | None, on: date, now: datetime) -> list[Waiting]:
    long_since = on - timedelta(days=escalation_days(on))
    late_claims = Claim.objects.filter(state="waiting", waiting_since_at__date__lte=long_since)
    registers = sessions_to_mark(ended_by=now)
    mail = Message.objects.aggregate(failed=Count("pk", filter=Q(state="failed")))
    unmanaged = statements_in(Scope(year=year, manager="none")).count() if year else 0
    own_time = statements_in(Scope(year=year, status=MUCH_OWN_TIME)).count() if year else 0
    flagged_since = on - FLAGGED_SHOWN
    flagged = LedgerEntry.objects.filter(
        is_flagged=True, reversed_by__isnull=True, created_at__date__gte=flagged_since
    )
    last_year = closing_year(on)
    no_sign_in = Person.objects.filter(user__isnull=True, contracts__isnull=False).distinct()
    return [
        *(_before_closing(last_year, registers) if last_year else []),
        Waiting(
            LATE_CLAIMS,
            late_claims.count(),
            _list("entitlements_claim", f"state__exact=waiting&waiting_since_at__date__lte={long_since}"),
        ),
        Waiting("Registers not marked yet", registers.count(), _list("courses_session", "register=open")),
        Waiting("Messages that failed", mail["failed"], _list("staff_message", "state__exact=failed")),
        Waiting("People without a line manager", unmanaged, f"{_report()}?manager=none"),
        Waiting(
            OWN_TIME,
            own_time,
            f"{_report()}?status={MUCH_OWN_TIME}&sort=own_time",
        ),
        Waiting(
            TO_CHECK,
            flagged.count(),
            _list(
                "entitlements_ledgerentry",
                f"is_flagged__exact=1&reversal=stands&created_at__date__gte={flagged_since}",
            ),
        ),
        Waiting(
            NO_SIGN_IN,
            no_sign_in.count(),
            _list("staff_person", "user__isnull=True&contracts__isnull=False"),
        ),
    ]


def _before_closing(year: AcademicYear, registers: QuerySet[Session]) -> list[Waiting]:
    """What of a year that is over nobody has decided or marked: it counts no more once the year is closed."""
    closes = f"{year} closes on {date_words(year.dates.closes_on)}"
    claims = Claim.objects.filter(
        state__in=OPEN_STATES, occurred_on__gte=year.starts_on, occurred_on__lte=year.ends_on
    )
    held = registers.filter(starts_at__date__gte=year.starts_on, starts_at__date__lte=year.ends_on)
    dates = "{0}__gte={1.starts_on}&{0}__lte={1.ends_on}"
    return [
        Waiting(
            f"Claims not decided yet: {closes}",
            claims.count(),
            _list(
                "entitlements_claim",
                f"state__in={','.join(OPEN_STATES)}&{dates.format('occurred_on', year)}",
            ),
        ),
        Waiting(
            f"Registers to mark: {closes}",
            held.count(),
            _list("courses_session", f"register=open&{dates.format('starts_at__date', year)}"),
        ),
    ]


def _list(model: str, query: str) -> str:
    return reverse(f"admin:{model}_changelist") + (f"?{query}" if query else "")


def _report() -> str:
    return reverse("admin-report-entitlement-people")
