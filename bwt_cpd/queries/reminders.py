"""What people are to be reminded of on a date: each thing once, in one line that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from courses.models import Booking, Session, SessionPart
from entitlements.academic_year import YearDates
from entitlements.durations import in_hours
from entitlements.models import Claim, Statement
from staff.models import MessagePreference, Person
from staff.queries.deciders import deciders_for
from staff.wording import date_words, day_words, time_range

# The termly note goes out in the fortnight from each of these days (month, day).
NUDGE_FROM: Final = ((11, 1), (2, 1), (5, 1))
NUDGE_FOR: Final = timedelta(days=14)
CLAIM_REMINDERS_AFTER: Final = (7, 14, 21)
ESCALATED_AFTER: Final = 28
JUST_BOOKED: Final = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to remind one person of. `kind` and `subject_key` make it once only."""

    person_id: int
    kind: str
    subject_key: str
    line: str
    url: str
    label: str
    not_after: datetime
    preference: str = "wants_session_reminders"


def items_due(on: date) -> list[Item]:
    """Everything to remind anybody of on this date, most pressing kind first.

    A fixed number of statements whatever the rows; who was reminded before is not looked at here.
    """
    everything = [*_sessions(on), *_open_registers(on), *_waiting_claims(on), *_nudges(on)]
    unwanted = _unwanted()
    return [item for item in everything if item.preference not in unwanted.get(item.person_id, set())]


def _unwanted() -> dict[int, set[str]]:
    """person -> the preferences that are switched off; one statement."""
    names = ("wants_session_reminders", "wants_shortfall_nudges", "wants_decision_reminders")
    return {
        row["person_id"]: {name for name in names if not row[name]}
        for row in MessagePreference.objects.values("person_id", *names)
    }


def _sessions(on: date) -> Iterator[Item]:
    """Booked parts tomorrow, and those within a week; not a week's reminder of what was just booked."""
    parts = (
        SessionPart.objects.filter(
            session__status=Session.Status.SCHEDULED,
            starts_at__range=(_midnight(on + timedelta(days=1)), _midnight(on + timedelta(days=8))),
        )
        .select_related("session__course", "session__school")
        .prefetch_related(
            Prefetch(
                "session__bookings", Booking.objects.filter(state=Booking.State.BOOKED), to_attr="booked"
            )
        )
        .order_by("starts_at")
    )
    for part in parts:
        is_tomorrow = timezone.localtime(part.starts_at).date() == on + timedelta(days=1)
        kind = "session_tomorrow" if is_tomorrow else "session_in_a_week"
        course = part.session.course
        place = part.session.school.name if part.session.school else "online"
        day = "Tomorrow" if is_tomorrow else day_words(part.starts_at)
        booked: list[Booking] = part.session.booked  # type: ignore[attr-defined]  # prefetched above
        for booking in booked:
            if not is_tomorrow and booking.state_changed_at > _midnight(on) - JUST_BOOKED:
                continue
            yield Item(
                person_id=booking.person_id,
                kind=kind,
                subject_key=f"part:{part.pk}",
                line=f"{day}: {course.title}, {time_range(part.starts_at, part.ends_at)}, {place}",
                url=course.get_absolute_url(),
                label="See the session",
                not_after=part.starts_at,
            )


def _open_registers(on: date) -> Iterator[Item]:
    """Sessions that ended yesterday to a week ago with booked people and no register, to their trainers."""
    sessions = (
        Session.objects.filter(
            status=Session.Status.SCHEDULED,
            register_saved_at__isnull=True,
            booked_count__gt=0,
            ends_at__range=(_midnight(on - timedelta(days=7)), _midnight(on)),
        )
        .select_related("course")
        .prefetch_related("trainers")
        .order_by("ends_at")
    )
    for session in sessions:
        for trainer in session.trainers.all():
            yield Item(
                person_id=trainer.pk,
                kind="register_open",
                subject_key=f"session:{session.pk}",
                line=f"The register of {session.course.title}, {date_words(session.starts_at)}, is still open. "
                "Nobody is credited until it is saved.",
                url=reverse("courses:session-register", args=[session.pk]),
                label="Open the register",
                not_after=_midnight(on + timedelta(days=7)),
                preference="wants_decision_reminders",
            )


def _waiting_claims(on: date) -> Iterator[Item]:
    """Claims that wait a week, two, three; after 28 days everybody who may decide is told (R9)."""
    waiting: QuerySet[Claim] = (
        Claim.objects.filter(
            state=Claim.State.WAITING,
            waiting_since_at__lt=_midnight(on - timedelta(days=CLAIM_REMINDERS_AFTER[0] - 1)),
        )
        .select_related("person")
        .order_by("waiting_since_at")
    )
    claims = list(waiting)
    deciders = deciders_for({claim.person_id for claim in claims}, on)
    for claim in claims:
        days = (on - timezone.localtime(claim.waiting_since_at).date()).days
        is_escalated = days >= ESCALATED_AFTER
        step = (
            ESCALATED_AFTER
            if is_escalated
            else max(after for after in CLAIM_REMINDERS_AFTER if after <= days)
        )
        found = deciders[claim.person_id]
        told = [one for one in found if one.kind != "people_team"] or found
        for decider in told if is_escalated else told[:1]:
            yield Item(
                person_id=decider.person.pk,
                kind=f"claim_waiting_{step}",
                subject_key=f"claim:{claim.pk}",
                line=f"{claim.person.full_name} has waited {days} days for an answer about “{claim.title}”.",
                url=reverse("inbox"),
                label="Open my inbox",
                not_after=_midnight(on + timedelta(days=2)),
                preference="wants_decision_reminders",
            )


def _nudges(on: date) -> Iterator[Item]:
    """A note each term to those who are behind."""
    year = YearDates.for_date(on)
    for term, (month, day) in enumerate(NUDGE_FROM, start=1):
        starts = date(year.first_day.year if month >= 9 else year.last_day.year, month, day)
        if not starts <= on < starts + NUDGE_FOR:
            continue
        behind = Statement.objects.filter(
            year__starts_on=year.first_day, status="behind", is_in_contract=True, shortfall_minutes__gt=0
        ).values_list("person_id", "shortfall_minutes")
        for person_id, shortfall in behind:
            yield Item(
                person_id=person_id,
                kind="shortfall_nudge",
                subject_key=f"{year.label}:{term}",
                line=f"You have {in_hours(shortfall or 0)} of your five CPD days still to find by 31 August. "
                "Here is what fits your role and school.",
                url=reverse("entitlements:year"),
                label="See what would fit",
                not_after=_midnight(on + timedelta(days=7)),
                preference="wants_shortfall_nudges",
            )


def people_by_id(person_ids: set[int]) -> dict[int, Person]:
    """The people who still work with us and can be written to; one statement."""
    return {person.pk: person for person in Person.objects.filter(pk__in=person_ids, erased_at__isnull=True)}


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
