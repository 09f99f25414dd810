"""What follows from places changing hands, gathered and written at the end of the transaction.

Credits and letters of everybody concerned are written together: people's rows are then locked once
and in order of their ids, so that two transactions that touch the same two people never wait for
each other, and each kind of write is one call however many people it is about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import connection

from courses.actions import letters
from courses.actions.credits import credit_of, creditable, minutes_by_day, planned_key
from courses.icalendars import Span
from courses.models import Booking, Session, SessionPart
from entitlements.actions.ledger import Credit, plan_many, unplan_many
from entitlements.models import ActivityKind
from staff.actions.messages import Letter, post_messages
from staff.wording import in_london


class Changes:
    """The credits and letters of one transaction, as of `now`; `settle` writes them."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = day_of(now)
        self._people: set[int] = set()
        self._unplanned: list[str] = []
        self._kinds: dict[str, ActivityKind] = {}
        self._planned: dict[str, list[Credit]] = defaultdict(list)
        self._letters: list[Letter] = []

    def plan(
        self,
        bookings: Iterable[Booking],
        session: Session,
        parts: Sequence[SessionPart],
        *,
        status: str = "planned",
    ) -> None:
        """These places will credit their people, part by part; what is planned already is replaced."""
        days = minutes_by_day(session)
        plans = [
            credit_of(booking, session, part, days, source_key=planned_key(booking.pk, part.number))
            for booking in bookings
            for part in parts
        ]
        self._people.update(one.person_id for one in plans)
        self._kinds[session.course.kind.code] = session.course.kind
        self._planned[status] += creditable(plans, session)

    def unplan(self, bookings: Iterable[Booking], numbers: Collection[int]) -> None:
        """These places will not credit their people for the parts of these numbers."""
        for booking in bookings:
            self._people.add(booking.person_id)
            self._unplanned += [planned_key(booking.pk, number) for number in numbers]

    def tell(
        self,
        bookings: Iterable[Booking],
        session: Session,
        parts: Sequence[SessionPart] | Sequence[Span],
        *,
        kind: str,
        more: Sequence[str] = (),
    ) -> None:
        """Write each of these people a letter of this kind; see `letters.write`."""
        self._letters += letters.write(bookings, session, parts, kind=kind, now=self.now, more=more)

    def post(self, letter: Letter) -> None:
        """Send one more letter with the others."""
        self._letters.append(letter)

    def settle(self) -> None:
        """Write what was gathered. A fixed number of statements however many people."""
        if self._unplanned or any(self._planned.values()):
            lock_people(self._people)
        if self._unplanned:
            unplan_many(self._unplanned, today=self.today)
        for status, plans in self._planned.items():
            if plans:
                plan_many(plans, status=status, today=self.today, kinds=self._kinds)
        if self._letters:
            post_messages(self._letters, now=self.now)


def lock_people(person_ids: Collection[int]) -> None:
    """Lock these people's rows in order of their ids, before the ledger locks some of them.

    One statement; none for a single person, whom the ledger locks itself.
    """
    if len(person_ids) < 2:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM staff_person WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(person_ids)],
        )


def day_of(moment: datetime) -> date:
    """The London day of a moment."""
    local = in_london(moment)
    return date(local.year, local.month, local.day)
