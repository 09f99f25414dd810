"""Who asked for which session of the demo trust, in what order, and what they got."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from bwt_cpd.demo import shape
from bwt_cpd.demo.catalogue import LONDON, Occasion
from bwt_cpd.demo.members import Member, Trust
from courses.models import Booking

# What the demo people who are looked at first have: places taken, to come, waiting and offered.
SCRIPTS: Final = {
    "ta": {"past": 2, "booked": 2, "waiting": 1, "offered": 1},
    "teacher": {"past": 3, "booked": 3, "waiting": 1, "offered": 0},
}
WHOLE_TRUST: Final = 1200
SOON: Final = timedelta(days=45)


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


class Filling:
    """Fills one session after another, some to the last place and beyond."""

    def __init__(self, random: Random, trust: Trust, on: date) -> None:
        self.random, self.trust = random, trust
        self.now = datetime.combine(on, time(8), tzinfo=LONDON)
        self.diary = Diary()
        self.keenness = {member.person.pk: random.betavariate(1.2, 2.2) for member in trust.members}
        self.scripts = {name: dict(script) for name, script in SCRIPTS.items()}
        self.audiences = self._audiences()
        self.share = min(1.0, len(trust.members) / WHOLE_TRUST)  # a small trust cannot fill every session

    def fill(self, occasion: Occasion) -> list[Booking]:
        """The bookings of one session in the order of asking; its counters follow."""
        session = occasion.session
        demand = self.random.choices((0.35, 0.6, 0.85, 1.0, 1.3), (22, 28, 25, 10, 15))[0]
        if self.random.random() > self.share:
            demand = 0.05
        if session.starts_at > self.now + timedelta(days=90):
            demand *= 0.4
        wanted = round(session.capacity * demand)
        candidates = self._candidates(occasion)
        scripted = [member for member in candidates if member.demo_name in self.scripts]
        others = [member for member in candidates if member.demo_name not in self.scripts]
        bookings: list[Booking] = []
        for member in [*self._first(occasion, scripted), *others]:
            if len(bookings) >= wanted:
                break
            if self._is_free(member, occasion) and (booking := self._place(occasion, member)):
                bookings.append(booking)
        return bookings + self._last(occasion, scripted, bookings)

    def _audiences(self) -> dict[str, list[Member]]:
        """Job family or `all` -> the people of it."""
        found: dict[str, list[Member]] = defaultdict(list)
        for member in self.trust.members:
            family = self.trust.roles[member.role].job_family
            if family != "Casual":
                found[family].append(member)
                found["all"].append(member)
        return found

    def _candidates(self, occasion: Occasion) -> list[Member]:
        """People whom it suits in an order of chance, the keen mostly first."""
        day = occasion.parts[0].starts_at.date()
        pool = {
            member.person.pk: member
            for family in occasion.course.audience
            for member in self.audiences.get(family, [])
            if self._suits(occasion, member, day)
        }
        return sorted(
            pool.values(),
            key=lambda member: self.random.random() ** (1 / (0.35 + self.keenness[member.person.pk])),
            reverse=True,
        )

    def _suits(self, occasion: Occasion, member: Member, day: date) -> bool:
        if member.starts_on > day or (member.ends_on is not None and member.ends_on < day):
            return False
        if occasion.course.hub.code == "PTH" and member.school not in shape.PRIMARIES:
            return False
        session = occasion.session
        if session.is_own_school_only and session.school_id != self.trust.schools[member.school].pk:
            return False
        return all(not (start <= day and (end is None or day <= end)) for start, end in member.away)

    def _is_free(self, member: Member, occasion: Occasion) -> bool:
        spans = [(part.starts_at, part.ends_at) for part in occasion.parts]
        return self.diary.is_free(member.person.pk, spans)

    def _first(self, occasion: Occasion, scripted: list[Member]) -> list[Member]:
        """A scripted person who is to have a place on this one asks before all others."""
        kind = "past" if occasion.is_past else "booked"
        is_near = occasion.is_past or occasion.session.starts_at < self.now + 2 * SOON
        for member in scripted:
            script = self.scripts[member.demo_name]
            is_theirs = script[kind] and is_near and self.random.random() < 0.12
            if is_theirs and len(occasion.parts) == 1 and self._is_free(member, occasion):
                script[kind] -= 1
                return [member]
        return []

    def _last(self, occasion: Occasion, scripted: list[Member], bookings: list[Booking]) -> list[Booking]:
        """A scripted person waits behind others, or is offered a place that came free."""
        session = occasion.session
        if occasion.is_past or len(bookings) < 4 or session.starts_at > self.now + SOON:
            return []
        taken = {booking.person_id for booking in bookings}
        for member in scripted:
            if member.person.pk in taken or not self._is_free(member, occasion):
                continue
            script = self.scripts[member.demo_name]
            waiting = [booking for booking in bookings if booking.state == Booking.State.WAITING]
            if script["offered"] and not waiting and session.starts_at > self.now + timedelta(days=4):
                script["offered"] -= 1
                session.capacity = session.booked_count
                return [self._offer(occasion, member, bookings)]
            if script["waiting"] and len(waiting) >= 2 and session.booked_count == session.capacity:
                script["waiting"] -= 1
                booking = self._place(occasion, member)
                return [booking] if booking else []
        return []

    def _offer(self, occasion: Occasion, member: Member, bookings: list[Booking]) -> Booking:
        """Somebody cancelled yesterday, and the place is offered until tomorrow evening."""
        session = occasion.session
        gone = next(booking for booking in bookings if booking.state == Booking.State.BOOKED)
        gone.state, gone.state_changed_at = Booking.State.CANCELLED, self.now - timedelta(hours=20)
        gone.state_reason = "Cover fell through"
        session.booked_count -= 1
        session.offered_count += 1
        session.offer_hours = 48
        booking = self._row(occasion, member, Booking.State.OFFERED)
        booking.offer_ends_at = self.now + timedelta(hours=33)
        booking.state_changed_at = gone.state_changed_at
        return booking

    def _place(self, occasion: Occasion, member: Member) -> Booking | None:
        """What somebody gets who asks now; nobody waits for what is over."""
        session = occasion.session
        if session.booked_count >= session.capacity:
            return None if occasion.is_past else self._row(occasion, member, Booking.State.WAITING)
        if session.needs_approval and not occasion.is_past and self.random.random() < 0.3:
            return self._row(occasion, member, Booking.State.REQUESTED)
        session.booked_count += 1
        self.diary.take(member.person.pk, [(part.starts_at, part.ends_at) for part in occasion.parts])
        return self._row(occasion, member, Booking.State.BOOKED)

    def _row(self, occasion: Occasion, member: Member, state: str) -> Booking:
        session = occasion.session
        before = timedelta(days=self.random.randint(5, 40), minutes=self.random.randint(0, 600))
        asked_at = min(session.starts_at - before, self.now - timedelta(hours=self.random.randint(24, 200)))
        position = session.next_position
        session.next_position += 1
        return Booking(
            session=session,
            person=member.person,
            state=state,
            position=position,
            created_at=asked_at,
            state_changed_at=asked_at,
        )
