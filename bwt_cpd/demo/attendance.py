"""Who booked, who waits, who came: bookings, registers, training days and claims of the demo trust."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from bwt_cpd.demo.bulk import write_columns
from bwt_cpd.demo.catalogue import Occasion
from bwt_cpd.demo.filling import Filling
from bwt_cpd.demo.members import Member, Trust
from courses.actions import letters
from courses.actions.credits import credit_of, day_of, planned_key, register_key
from courses.models import Attendance, Booking, Session, SessionPart
from entitlements.actions.ledger import Credit, credit_many, plan_many
from staff import clock
from staff.actions.messages import post_messages

CHUNK: Final = 5000


@dataclass
class Register:
    """All the registers while they are being made up: marks, what they credit, what is still planned."""

    attendances: list[Attendance] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    plans: dict[str, list[Credit]] = field(default_factory=lambda: {"planned": [], "attended": []})

    def leave_open(self, occasion: Occasion, booking: Booking, part: SessionPart, status: str) -> None:
        """A place that is not marked yet is planned."""
        key = planned_key(booking.pk, part.number)
        self.plans[status].append(credit_of(booking, occasion.session, part, occasion.days, source_key=key))

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
            self.credits.append(
                credit_of(booking, occasion.session, part, occasion.days, source_key=key, minutes=minutes)
            )


def book_and_mark(random: Random, trust: Trust, occasions: list[Occasion], on: date) -> None:
    """Fill the sessions, some to the last place and beyond, and mark the registers of the past ones."""
    filling = Filling(random, trust, on)
    bookings = [booking for occasion in occasions for booking in filling.fill(occasion)]
    Booking.objects.bulk_create(bookings, batch_size=2000)
    write_columns(
        [occasion.session for occasion in occasions],
        ["capacity", "booked_count", "offered_count", "next_position", "offer_hours"],
    )
    _mark(random, occasions, bookings, on)
    _write_to_demo_people(trust, occasions, bookings)


def _write_to_demo_people(trust: Trust, occasions: list[Occasion], bookings: list[Booking]) -> None:
    """The mails about what is to come, as the demo people would have had them."""
    demo = {member.person.pk for member in trust.members if member.demo_name}
    to_come = {occasion.session.pk: occasion for occasion in occasions if not occasion.is_past}
    now = clock.now()  # later than the trust's own date where that is in the past
    post_messages(
        [
            letter
            for booking in bookings
            if booking.person_id in demo and booking.is_live and (found := to_come.get(booking.session_id))
            for letter in letters.write(
                [booking], found.session, found.parts, kind=booking.state, now=booking.state_changed_at
            )
            if letter.not_after is None or letter.not_after > now
        ],
        now=now,
    )


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
    write_columns(opened, ["register_saved_at"])
    Attendance.objects.bulk_create(register.attendances, batch_size=2000)
    credit_all(register.credits, on)
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
            if day > on or not is_employed(member, day) or random.random() > chance - 0.12 * (number == 3):
                continue
            credits.append(
                training_day(member, day, title, f"inset:{day}:{member.person.payroll_number}:1", fraction)
            )
        if trust_day > on and is_employed(member, trust_day) and random.random() < chance:
            title = "Trust training day: behaviour for learning"
            plans.append(
                training_day(
                    member, trust_day, title, f"inset:{trust_day}:{member.person.payroll_number}", "1"
                )
            )
    credit_all(credits, on)
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
            if day.weekday() > 4:
                day += timedelta(days=7 - day.weekday())
            if day <= on and is_employed(member, day) and random.random() < 0.8 - 0.2 * number:
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
    credit_all(credits, on)


def is_employed(member: Member, day: date) -> bool:
    """Whether they have a contract on the day and are not away."""
    return (
        member.starts_on <= day
        and (member.ends_on is None or day <= member.ends_on)
        and all(not (start <= day and (end is None or day <= end)) for start, end in member.away)
    )


def training_day(member: Member, day: date, title: str, key: str, fraction: str) -> Credit:
    """A training day of one person, of which this fraction was CPD."""
    return Credit(
        person_id=member.person.pk,
        kind_code="inset_day",
        occurred_on=day,
        title=title,
        amount=Decimal(1),
        cpd_fraction=Decimal(fraction),
        source_key=key,
    )


def credit_all(credits: list[Credit], on: date) -> None:
    """Credit them a few thousand at a time."""
    for chunk in _chunks(credits):
        credit_many(chunk, by=None, today=on)


def _chunks(credits: list[Credit]) -> Iterable[list[Credit]]:
    for start in range(0, len(credits), CHUNK):
        yield credits[start : start + CHUNK]
