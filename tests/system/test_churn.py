"""Places under churn (RELIABILITY row 3): threads book, cancel, agree, change capacity and end offers
at once, and a checker looks at committed states all the while.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, connections

from courses.actions import bookings as actions
from courses.actions import offers
from courses.actions.sessions import change_capacity
from courses.models import Booking, Session
from staff import clock
from staff.models import Message, Person
from staff.refusals import ActionRefused
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory, ResponsibilityFactory

pytestmark = pytest.mark.full

# One statement sees one moment: counters that do not fit the rows, and free places beside
# somebody who waits, has a contract and no place at that time.
WRONG = """
WITH held AS (
    SELECT session_id, count(*) FILTER (WHERE state = 'booked') AS booked,
           count(*) FILTER (WHERE state = 'offered') AS offered
      FROM courses_booking GROUP BY session_id)
SELECT s.id, 'counters', s.booked_count, h.booked, s.offered_count, h.offered
  FROM courses_session s JOIN held h ON h.session_id = s.id
 WHERE s.booked_count <> h.booked OR s.offered_count <> h.offered OR h.booked + h.offered > s.capacity
UNION ALL
SELECT s.id, 'free beside a waiter', s.capacity, s.booked_count, s.offered_count, b.person_id
  FROM courses_session s JOIN courses_booking b ON b.session_id = s.id AND b.state = 'waiting'
 WHERE s.booked_count + s.offered_count < s.capacity
   AND NOT EXISTS (
       SELECT 1 FROM courses_booking o JOIN courses_session t ON t.id = o.session_id
        WHERE o.person_id = b.person_id AND o.state IN ('booked', 'offered') AND t.id <> s.id
          AND t.starts_at < s.ends_at AND s.starts_at < t.ends_at)
UNION ALL
SELECT s.id, 'two places at one time', b.person_id, b.id, o.id, t.id
  FROM courses_booking b JOIN courses_session s ON s.id = b.session_id
  JOIN courses_booking o ON o.person_id = b.person_id AND o.id > b.id AND o.state IN ('booked', 'offered')
  JOIN courses_session t ON t.id = o.session_id AND t.starts_at < s.ends_at AND s.starts_at < t.ends_at
 WHERE b.state IN ('booked', 'offered')
"""


@dataclass
class Churn:
    """What the threads share: who and where, when to stop, and what was seen to be wrong."""

    people: list[int]
    sessions: list[int]
    decider: int
    until: float
    wrong: list[object] = field(default_factory=list)
    moves: int = 0
    checks: int = 0

    def is_over(self) -> bool:
        return time.monotonic() > self.until or bool(self.wrong)


def some(chance: random.Random, *states: str) -> int | None:
    rows = list(Booking.objects.filter(state__in=states).values_list("pk", flat=True)[:200])
    return chance.choice(rows) if rows else None


def a_move(churn: Churn, chance: random.Random) -> None:
    now = clock.now()
    person = Person.objects.get(pk=chance.choice(churn.people))
    session_id = chance.choice(churn.sessions)
    roll = chance.random()
    if roll < 0.5:
        actions.book(person=person, session_id=session_id, by=person, now=now)
    elif roll < 0.75 and (pk := some(chance, "booked", "waiting", "offered", "requested")):
        actions.cancel_booking(booking_id=pk, by=None, now=now)
    elif roll < 0.8 and (pk := some(chance, "offered")):
        actions.accept_offer(booking_id=pk, by=None, now=now)
    elif roll < 0.85 and (pk := some(chance, "offered")):
        actions.decline_offer(booking_id=pk, by=None, now=now)
    elif roll < 0.9 and (pk := some(chance, "requested")):
        decider = Person.objects.get(pk=churn.decider)
        agrees = chance.random() < 0.8
        actions.decide_request(booking_id=pk, by=decider, is_agreed=agrees, reason="So", now=now)
    elif roll < 0.97:
        change_capacity(session_id=session_id, capacity=chance.randint(1, 4), by=None, now=now)
    else:
        # One offer has run out (one row: more of them would be locked in no order).
        Booking.objects.filter(state="offered", pk=some(chance, "offered")).update(offer_ends_at=now)
        offers.end_offers(now=now)


def mover(churn: Churn, seed: int) -> None:
    chance = random.Random(seed)
    try:
        while not churn.is_over():
            with suppress(ActionRefused):
                a_move(churn, chance)
            churn.moves += 1
    except Exception as failure:  # noqa: BLE001 - whatever it is, the test says it
        churn.wrong.append(repr(failure))
    finally:
        connections.close_all()


def checker(churn: Churn) -> None:
    try:
        while not churn.is_over():
            with connection.cursor() as cursor:
                cursor.execute(WRONG)
                churn.wrong += cursor.fetchall()
            churn.checks += 1
            time.sleep(0.01)
    finally:
        connections.close_all()


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def run(*, seconds: float, threads: int) -> Churn:
    """Sessions that overlap each other, few places, few people: everything meets everything."""
    first = ContractFactory()
    shared = {"school": first.school, "job_role": first.job_role, "department": first.department}
    people = [ContractFactory(**shared).person.pk for _ in range(12)]
    decider = ResponsibilityFactory(kind="people_team", person=ContractFactory(**shared).person).person
    course, start = CourseFactory(), clock.now() + timedelta(days=7)
    sessions = [
        SessionFactory(
            course=course,
            school=first.school,
            starts_at=start + timedelta(minutes=70 * number),
            capacity=2,
            offer_hours=24 if number % 2 else None,
            needs_approval=number == 4,
        ).pk
        for number in range(5)
    ]
    churn = Churn(people, sessions, decider.pk, time.monotonic() + seconds)
    targets: list[Callable[[], None]] = [lambda seed=seed: mover(churn, seed) for seed in range(threads)]
    running = [threading.Thread(target=target) for target in [*targets, lambda: checker(churn)]]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(seconds + 60)
    return churn


def handed_on() -> Counter[int]:
    """How often each booking went from waiting to a place, by the audit trail."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT booking FROM (
                SELECT pgh_obj_id AS booking, state,
                       lag(state) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS before
                  FROM courses_bookingevent) moves
             WHERE before = 'waiting' AND state IN ('booked', 'offered')
            """
        )
        return Counter(booking for (booking,) in cursor.fetchall())


def told_of_a_place() -> Counter[int]:
    """How many letters about a place that came free there are about each booking."""
    told = Message.objects.filter(kind__in=["booking_promoted", "booking_offered"])
    return Counter(int(key.split(":")[1]) for key in told.values_list("dedupe_key", flat=True))


def check_the_end(churn: Churn) -> None:
    assert churn.wrong == []
    assert churn.moves > 50
    assert churn.checks > 20
    assert deadlocks() == 0
    promoted = handed_on()
    assert promoted
    assert set(promoted.values()) == {1}  # nobody twice
    assert told_of_a_place() == promoted  # and each of them, nobody else, was told once
    assert Session.objects.filter(next_position=1).count() < len(churn.sessions)


def test_places_hold_under_churn(cloned_database):
    check_the_end(run(seconds=8, threads=6))


def test_places_hold_under_a_minute_of_churn(cloned_database):
    check_the_end(run(seconds=90, threads=12))


def test_without_the_hand_over_a_place_stands_free_beside_a_waiter(cloned_database, monkeypatch):
    """The control: promotion after the transaction instead of in it."""
    for module in (actions, offers):
        monkeypatch.setattr(module, "fill_all", lambda *args: [])

    churn = run(seconds=8, threads=6)

    assert any("free beside a waiter" in str(wrong) for wrong in churn.wrong)
