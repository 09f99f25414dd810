"""Who booked, who waits, who came: bookings, registers, training days and claims of the demo trust."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from django.utils import timezone

from bwt_cpd.demo.catalogue import Occasion
from bwt_cpd.demo.people import Member, Trust
from courses.actions.credits import credit_of, day_of, planned_key, register_key
from courses.models import Attendance, Booking, Session, SessionPart
from entitlements.actions.ledger import Credit, credit_many, plan_many

CHUNK: Final = 5000
PRIMARY_WORDS: Final = frozenset({"BPS", "CPA", "GPS", "OVP", "PPS", "TPS"})


@dataclass
class Diary:
    """When each person is taken, so that nobody is in two places."""

    taken: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))

    def is_free(self, person_id: int, spans: list[tuple[datetime, datetime]]) -> bool:
        """Whether none of the spans overlaps what is there."""
        mine = self.taken[person_id]
        for start, end in spans:
            at = bisect_left(mine, (start, end))
            if (at < len(mine) and mine[at][0] < end) or (at and mine[at - 1][1] > start):
                return False
        return True

    def take(self, person_id: int, spans: list[tuple[datetime, datetime]]) -> None:
        """Enter the spans."""
        for span in spans:
            insort(self.taken[person_id], span)


@dataclass
class Register:
    """All the registers while they are being made up: marks, what they credit, what is still planned."""

    attendances: list[Attendance] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    plans: dict[str, list[Credit]] = field(default_factory=lambda: {"planned": [], "attended": []})

    def leave_open(self, occasion: Occasion, booking: Booking, part: SessionPart, status: str) -> None:
        """A place that is not marked yet is planned."""
        key = planned_key(booking.pk, part.number)
        self.plans[status].append(credit_of(booking, occasion.session, part, source_key=key))

    def mark(self, random: Random, occasion: Occasion, booking: Booking, part: SessionPart) -> None:
        """Most people came, a few for part of it."""
        mark = random.choices(("present", "part", "absent"), (88, 4, 8))[0]
        minutes = part.minutes * 2 // 3 if mark == "part" else None
        self.attendances.append(
            Attendance(
                booking=booking, part=part, mark=mark, minutes=minutes, revision=1, marked_at=part.ends_at
            )
        )
        if mark != "absent":
            key = register_key(booking.pk, part.number, 1)
            self.credits.append(credit_of(booking, occasion.session, part, source_key=key, minutes=minutes))


def book_and_mark(random: Random, trust: Trust, occasions: list[Occasion], on: date) -> None:
    """Fill the sessions, some to the last place and beyond, and mark the registers of the past ones."""
    diary = Diary()
    audiences = _audiences(trust)
    keenness = {member.person.pk: random.betavariate(1.2, 2.2) for member in trust.members}
    by_demo = {member.demo_name: member for member in trust.members if member.demo_name}
    bookings: list[Booking] = []
    for occasion in occasions:
        bookings += _fill(random, trust, occasion, audiences, keenness, diary, by_demo, on)
    Booking.objects.bulk_create(bookings, batch_size=2000)
    Session.objects.bulk_update(
        [occasion.session for occasion in occasions],
        ["booked_count", "offered_count", "next_position", "register_saved_at"],
        batch_size=200,
    )
    _mark(random, occasions, bookings, on)


def _audiences(trust: Trust) -> dict[str, list[Member]]:
    """Job family or `all` -> the people of it."""
    found: dict[str, list[Member]] = defaultdict(list)
    for member in trust.members:
        family = trust.roles[member.role].job_family
        if family != "Casual":
            found[family].append(member)
            found["all"].append(member)
    return found


def _candidates(
    random: Random,
    trust: Trust,
    occasion: Occasion,
    audiences: dict[str, list[Member]],
    keenness: dict[int, float],
) -> list[Member]:
    """People whom it suits, the keen first, in an order of chance."""
    day = occasion.parts[0].starts_at.date()
    pool: dict[int, Member] = {}
    for family in occasion.course.audience:
        for member in audiences.get(family, []):
            if member.starts_on <= day and (member.ends_on is None or member.ends_on >= day):
                pool[member.person.pk] = member
    suits = [member for member in pool.values() if _suits(trust, occasion, member, day)]
    return sorted(
        suits, key=lambda member: random.random() ** (0.15 + keenness[member.person.pk]), reverse=True
    )


def _suits(trust: Trust, occasion: Occasion, member: Member, day: date) -> bool:
    if occasion.course.hub.code == "PTH" and member.school not in PRIMARY_WORDS:
        return False
    if occasion.session.is_own_school_only and occasion.session.school_id != trust.schools[member.school].pk:
        return False
    return all(not (start <= day and (end is None or day <= end)) for start, end in member.away)


def _fill(
    random: Random,
    trust: Trust,
    occasion: Occasion,
    audiences: dict[str, list[Member]],
    keenness: dict[int, float],
    diary: Diary,
    by_demo: dict[str, Member],
    on: date,
) -> list[Booking]:
    session = occasion.session
    spans = [(part.starts_at, part.ends_at) for part in occasion.parts]
    demand = random.choices((0.35, 0.6, 0.85, 1.0, 1.3), (22, 28, 25, 10, 15))[0]
    if not occasion.is_past and session.starts_at > timezone.now() + timedelta(days=90):
        demand *= 0.4
    wanted = round(session.capacity * demand)
    bookings: list[Booking] = []
    for member in _candidates(random, trust, occasion, audiences, keenness):
        if len(bookings) >= wanted:
            break
        if not diary.is_free(member.person.pk, spans):
            continue
        state = Booking.State.BOOKED
        if session.booked_count >= session.capacity:
            if occasion.is_past:
                break
            state = Booking.State.WAITING
        elif session.needs_approval and not occasion.is_past and random.random() < 0.3:
            state = Booking.State.REQUESTED
        asked_at = session.starts_at - timedelta(days=random.randint(5, 40), minutes=random.randint(0, 600))
        asked_at = min(asked_at, timezone.now() - timedelta(hours=random.randint(2, 200)))
        bookings.append(
            Booking(
                session=session,
                person=member.person,
                state=state,
                position=session.next_position,
                created_at=asked_at,
                state_changed_at=asked_at,
            )
        )
        session.next_position += 1
        if state == Booking.State.BOOKED:
            session.booked_count += 1
            diary.take(member.person.pk, spans)
    return bookings


def _mark(random: Random, occasions: list[Occasion], bookings: list[Booking], on: date) -> None:
    """Registers of what is past, part by part; the last few are still open. What is to come is planned."""
    by_session: dict[int, list[Booking]] = defaultdict(list)
    for booking in bookings:
        if booking.state == Booking.State.BOOKED:
            by_session[booking.session_id].append(booking)
    register = Register()
    opened: list[Session] = []
    for occasion in occasions:
        is_open = occasion.is_past and (on - day_of(occasion.parts[-1])).days < 12 and random.random() < 0.5
        if is_open:
            occasion.session.register_saved_at = None
            opened.append(occasion.session)
        for booking in by_session[occasion.session.pk]:
            for part in occasion.parts:
                if day_of(part) >= on or is_open:
                    register.leave_open(
                        occasion, booking, part, "attended" if day_of(part) < on else "planned"
                    )
                else:
                    register.mark(random, occasion, booking, part)
    Session.objects.bulk_update(opened, ["register_saved_at"], batch_size=200)
    Attendance.objects.bulk_create(register.attendances, batch_size=2000)
    _credit(register.credits, on)
    for status, planned in register.plans.items():
        for chunk in _chunks(planned):
            plan_many(chunk, status=status, today=on)


def training_days(random: Random, trust: Trust, on: date) -> None:
    """Each school's training days so far, and the trust's day in January as planned for most."""
    september = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
    days = [
        (september, "Training day: safeguarding and the year ahead", "0.4"),
        (september + timedelta(days=1), "Training day: teaching and learning", "0.8"),
        (september + timedelta(days=58), "Training day: assessment", "1"),
    ]
    trust_day = date(september.year + 1, 1, 4)
    credits, plans = [], []
    for member in trust.members:
        family = trust.roles[member.role].job_family
        if family == "Casual":
            continue
        chance = {"Teaching": 0.93, "School leadership": 0.97, "Classroom support": 0.72}.get(family, 0.42)
        for number, (day, title, fraction) in enumerate(days, start=1):
            if day > on or not _employed(member, day) or random.random() > chance - 0.12 * (number == 3):
                continue
            credits.append(
                _day(member, day, title, f"inset:{day}:{member.person.payroll_number}:1", fraction)
            )
        if trust_day > on and _employed(member, trust_day) and random.random() < chance:
            title = "Trust training day: behaviour for learning"
            plans.append(
                _day(member, trust_day, title, f"inset:{trust_day}:{member.person.payroll_number}", "1")
            )
    _credit(credits, on)
    for chunk in _chunks(plans):
        plan_many(chunk, status="planned", today=on)


def required_training(random: Random, trust: Trust, on: date) -> None:
    """The autumn's safeguarding update and other required modules, capped as they are (R10)."""
    september = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
    modules = (
        ("Annual safeguarding update", 60),
        ("Prevent awareness", 45),
        ("Cyber security awareness", 30),
    )
    credits = []
    for member in trust.members:
        for number, (title, minutes) in enumerate(modules):
            day = september + timedelta(days=random.randint(0, 70))
            if day <= on and _employed(member, day) and random.random() < 0.8 - 0.2 * number:
                credits.append(
                    Credit(
                        person_id=member.person.pk,
                        kind_code="compliance",
                        occurred_on=day,
                        title=title,
                        minutes=minutes,
                        source_key=f"required:{number}:{september.year}:{member.person.payroll_number}:1",
                    )
                )
    _credit(credits, on)


def _employed(member: Member, day: date) -> bool:
    return (
        member.starts_on <= day
        and (member.ends_on is None or day <= member.ends_on)
        and all(not (start <= day and (end is None or day <= end)) for start, end in member.away)
    )


def _day(member: Member, day: date, title: str, key: str, fraction: str) -> Credit:
    return Credit(
        person_id=member.person.pk,
        kind_code="inset_day",
        occurred_on=day,
        title=title,
        amount=Decimal(1),
        cpd_fraction=Decimal(fraction),
        source_key=key,
    )


def _credit(credits: list[Credit], on: date) -> None:
    for chunk in _chunks(credits):
        credit_many(chunk, by=None, today=on)


def _chunks(credits: list[Credit]) -> Iterable[list[Credit]]:
    for start in range(0, len(credits), CHUNK):
        yield credits[start : start + CHUNK]
