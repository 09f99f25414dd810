"""The register of a session as its trainer sees it, and the registers somebody keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.models import Attendance, Booking, Session, SessionPart
from entitlements.models import AcademicYear
from staff.models import Contract, Person, Responsibility
from staff.queries.main_contract import MAIN_LAST

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LOOKS_BACK = timedelta(days=60)
LOOKS_AHEAD = timedelta(days=14)
MOST_DONE = 12
MOST_FOUND = 12
NO_MARK = "unmarked"


@dataclass(frozen=True)
class Row:
    """One person on the list: their role and school on the day, and the mark as it is saved."""

    booking: Booking
    about: str
    mark: str = NO_MARK
    minutes: int | None = None

    @property
    def name(self) -> str:
        """As they are addressed."""
        return self.booking.person.full_name

    @property
    def is_marked(self) -> bool:
        """Whether the register says something of them."""
        return self.mark != NO_MARK

    @property
    def is_part(self) -> bool:
        """Whether they were there for part of it."""
        return self.mark == Attendance.Mark.PART


@dataclass(frozen=True)
class Register:
    """One part of a session with everybody who has a place, by name."""

    session: Session
    part: SessionPart
    parts: Sequence[SessionPart]
    rows: Sequence[Row]
    now: datetime

    @property
    def is_open(self) -> bool:
        """Whether marks are taken: from the moment the part begins."""
        return self.part.starts_at <= self.now and self.session.status == Session.Status.SCHEDULED

    @property
    def marked(self) -> int:
        """How many have a mark."""
        return sum(row.mark != NO_MARK for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each mark: present, part, absent, unmarked."""
        found = Counter(row.mark for row in self.rows)
        return {mark: found[mark] for mark in ("present", "part", "absent", NO_MARK)}


def register_of(session: Session, number: int | None, *, now: datetime) -> Register | None:
    """The register of a part: of the latest that has begun where no number is given. None: no such part.

    Four queries whatever the length: parts, bookings, marks, contracts.
    """
    parts = list(session.parts.all())
    begun = [part for part in parts if part.starts_at <= now]
    if number is None:
        part = begun[-1] if begun else parts[0] if parts else None
    else:
        part = next((one for one in parts if one.number == number), None)
    if part is None:
        return None
    bookings = Booking.objects.filter(session=session, state=Booking.State.BOOKED).select_related(
        "person__partner"
    )
    ordered = list(bookings.order_by("person__first_name", "person__last_name", "pk"))
    marks = {row.booking_id: row for row in Attendance.objects.filter(part=part)}
    about = about_people([booking.person for booking in ordered], on=timezone.localdate(part.starts_at))
    rows = [_row(booking, about, marks) for booking in ordered]
    return Register(session, part, parts, rows, now)


def _row(booking: Booking, about: Mapping[int, str], marks: Mapping[int, Attendance]) -> Row:
    mark = marks.get(booking.pk)
    words = about.get(booking.person_id, "")
    return Row(booking, words, mark.mark, mark.minutes) if mark else Row(booking, words)


def about_people(people: Sequence[Person], *, on: date) -> dict[int, str]:
    """ "Teaching assistant, Beanfield Primary School" by the main contract; a visitor by their trust. One query.

    Reads `partner` of each person.
    """
    contracts = (
        Contract.objects.in_force(on)
        .filter(person__in=people)
        .order_by(*MAIN_LAST)
        .values_list("person_id", "job_role__title", "school__name")
    )
    words = {pk: f"{title}, {school}" for pk, title, school in contracts}
    for person in people:
        if person.partner is not None:
            words.setdefault(person.pk, f"Visitor, {person.partner.name}")
    return words


def parts_to_mark() -> QuerySet[SessionPart]:
    """Dated parts of sessions that stand, on which somebody booked has no mark: what "to mark" means everywhere.

    Those to come are among them: who asks says by when a part has begun or ended. Those of a closed year are not:
    its account takes nothing any more (R17).
    """
    closed = AcademicYear.objects.filter(
        closed_at__isnull=False,
        starts_on__lte=OuterRef("starts_at__date"),
        ends_on__gte=OuterRef("starts_at__date"),
    )
    return SessionPart.objects.filter(
        _needs_marks(), ~Exists(closed.order_by()), session__status=Session.Status.SCHEDULED
    )


def sessions_to_mark(*, ended_by: datetime) -> QuerySet[Session]:
    """Sessions with a part that had ended by then and is to mark."""
    ended = parts_to_mark().filter(session=OuterRef("pk"), ends_at__lte=ended_by)
    return Session.objects.filter(Exists(ended.order_by()))


def _needs_marks() -> Exists:
    """Whether somebody who has a place is without a mark at the part asked about."""
    marks = Attendance.objects.filter(booking=OuterRef("pk"), part=OuterRef(OuterRef("pk")))
    booked = Booking.objects.filter(session=OuterRef("session"), state=Booking.State.BOOKED)
    return Exists(booked.filter(~Exists(marks.exclude(mark=NO_MARK))).order_by())


class OfPart(TypedDict):
    """What a list of registers reads with each part."""

    marked: int
    needs_marks: bool
    of: int


def parts_with_registers(
    person: Person, *, now: datetime, on: date
) -> QuerySet[WithAnnotations[SessionPart, OfPart]]:
    """Dated parts of what somebody trains or of a hub they lead, by start: from two months back to two weeks
    ahead, and however old while somebody is to mark.

    With session, course and school, `marked` (marks made), `needs_marks` and `of` (parts of the session).
    The people team sees those of its own only: the whole trust's are in the admin. One query.
    """
    held = Responsibility.objects.in_force(on).filter(
        person=person, kind="hub_lead", hub=OuterRef("session__course__hub")
    )
    own = Exists(Session.trainers.through.objects.filter(session=OuterRef("session"), person=person))
    marks = Attendance.objects.filter(part=OuterRef("pk")).exclude(mark=NO_MARK).order_by()
    parts = SessionPart.objects.filter(session=OuterRef("session")).order_by()
    return (
        SessionPart.objects.filter(
            own | Exists(held),
            session__status=Session.Status.SCHEDULED,
            starts_at__lt=now + LOOKS_AHEAD,
        )
        .annotate(
            needs_marks=_needs_marks(),
            marked=Coalesce(Subquery(marks.values("part").annotate(n=Count("pk")).values("n")), 0),
            of=Coalesce(Subquery(parts.values("session").annotate(n=Count("pk")).values("n")), 1),
        )
        .filter(Q(starts_at__gt=now - LOOKS_BACK) | Q(needs_marks=True))
        .select_related("session__course", "session__school")
        .order_by("starts_at", "pk")
    )


@dataclass(frozen=True)
class Registers:
    """Somebody's registers, a dated part each: to mark (the oldest first), to come, and done (the latest first)."""

    to_mark: list[WithAnnotations[SessionPart, OfPart]]
    to_come: list[WithAnnotations[SessionPart, OfPart]]
    done: list[WithAnnotations[SessionPart, OfPart]]


def registers_of(person: Person, *, now: datetime, on: date) -> Registers:
    """The registers somebody keeps, by what is to be done. One query."""
    found = list(parts_with_registers(person, now=now, on=on))
    begun = [part for part in found if part.starts_at <= now]
    return Registers(
        to_mark=[part for part in begun if part.needs_marks],
        to_come=[part for part in found if part.starts_at > now],
        done=[part for part in reversed(begun) if not part.needs_marks][:MOST_DONE],
    )


def people_to_add(session: Session, words: str, *, on: date) -> list[Person]:
    """People whose name or staff number has these words, who could be added at the door; at most twelve. One query.

    Staff with a contract on the day and partners' delegates, without those who are booked already.
    """
    wanted = Q()
    for word in words.split()[:4]:
        wanted &= (
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(payroll_number__iexact=word)
        )
    booked = Booking.objects.filter(session=session, state=Booking.State.BOOKED, person=OuterRef("pk"))
    employed = Contract.objects.in_force(on).filter(person=OuterRef("pk"))
    people = Person.objects.filter(
        wanted, Q(partner__isnull=False) | Exists(employed), ~Exists(booked), erased_at__isnull=True
    )
    return list(people.select_related("partner").order_by("first_name", "last_name", "pk")[:MOST_FOUND])
