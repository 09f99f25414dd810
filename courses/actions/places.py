"""Places change hands here, and only under the session's row lock (DESIGN invariant 1).

The order of locks is the same everywhere, so that nobody waits in a circle: first the person who
asks, then sessions by their id. Who is promoted is locked last and never waited for: if that
person is booking something at this very moment, everything is let go and done again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.db import OperationalError, connection, transaction

from courses import rules
from courses.actions.changes import Changes
from courses.models import Booking, Session, SessionPart
from courses.queries.facts import who_can_take_a_place
from staff.queries.kept_plans import KeptPlan
from staff.refusals import ActionRefused

Answer = TypeVar("Answer")

PERSON_LOCKS = 0x435044  # a space of our own among the advisory locks
MOST_ATTEMPTS = 30
MOST_TIMEOUTS = 2
TIMED_OUT = "55P03"  # the lock was not to be had in time
TRY_AGAIN = (TIMED_OUT, "40P01", "40001")  # besides, a deadlock and a failed serialization


class SomebodyBusyError(Exception):
    """A person who would be promoted is booking elsewhere now, or the session changed: start again."""


def persistently(run: Callable[[Changes], Answer], *, now: datetime) -> Answer:
    """Run in a transaction and settle what it gathered; again from its start when somebody was in the way.

    Raises ActionRefused when it does not come to an end: nobody is shown a lock's error.
    """
    timed_out = 0
    for attempt in range(MOST_ATTEMPTS):
        try:
            with transaction.atomic():
                changes = Changes(now)
                answer = run(changes)
                changes.settle()
                return answer
        except SomebodyBusyError:
            time.sleep(random.uniform(0.002, 0.02) * min(attempt + 1, 5))  # noqa: S311 - no secret
        except OperationalError as failure:
            code = getattr(failure.__cause__, "pgcode", None)
            timed_out += code == TIMED_OUT
            if code not in TRY_AGAIN:
                raise
            if timed_out == MOST_TIMEOUTS:
                break
    raise ActionRefused("Many people are booking at this moment. Please try again.")


def lock_person(person_id: int) -> None:
    """Let this person ask for one thing at a time, until the transaction ends. Taken before any session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PERSON_LOCKS, person_id])


def lock_sessions(session_ids: Collection[int]) -> dict[int, Session]:
    """Lock the sessions, by id, and read them as they now are. One statement."""
    locked = (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .select_related("course__kind", "course__hub", "school")
        .filter(pk__in=session_ids)
        .order_by("pk")
    )
    return {session.pk: session for session in locked}


@dataclass(frozen=True)
class Taken:
    """What the one statement of `take_place` gave: the place in the order of asking, and a state."""

    position: int
    state: str


# The row is read as the lock finds it, so that at READ COMMITTED nothing comes between reading and counting.
# PostgreSQL 18 could say it by RETURNING old.…; this is for 15 on. Its plan is kept, as planning the join would
# take longer than running it: 0.45 ms in place of 0.7 ms for RETURNING old.…, and the same with eight at once.
_TAKE_PLACE: Final = KeptPlan(
    "take_place",
    """
    WITH before AS MATERIALIZED (
        SELECT id, next_position, needs_approval,
               NOT needs_approval AND booked_count + offered_count < capacity AS has_place
          FROM courses_session
         WHERE id = %(session)s AND status = 'scheduled' AND calendar_sequence = %(sequence)s
           FOR NO KEY UPDATE
    )
    UPDATE courses_session session
       SET next_position = before.next_position + 1,
           booked_count = booked_count + before.has_place::int
      FROM before WHERE session.id = before.id
    RETURNING before.next_position, before.needs_approval, before.has_place
    """,
    {"session": "bigint", "sequence": "integer"},
)


def take_place(session: Session) -> Taken:
    """Count the place or give a number in the queue, and lock the session with the same statement.

    `session` is as it was read before: if it has changed since, everything starts again.
    """
    rows = _TAKE_PLACE.run({"session": session.pk, "sequence": session.calendar_sequence})
    if not rows:
        raise SomebodyBusyError
    [(position, needs_approval, has_place)] = rows
    return Taken(position, rules.state_on_asking(needs_approval=needs_approval, places_left=int(has_place)))


def take_number(session: Session) -> int:
    """The next place in the order of asking, of a locked session. One statement."""
    number = session.next_position
    session.next_position += 1
    session.save(update_fields=["next_position"])
    return number


def count_places(session: Session, *, booked: int = 0, offered: int = 0, **fields: object) -> None:
    """Change the counters of a locked session by so many, and other fields with them. One statement, or none."""
    if not booked and not offered and not fields:
        return
    session.booked_count += booked
    session.offered_count += offered
    for name, value in fields.items():
        setattr(session, name, value)
    session.save(update_fields=["booked_count", "offered_count", *fields])


def fill(session: Session, changes: Changes, *, parts: Sequence[SessionPart] | None = None) -> list[Booking]:
    """Hand every free place of a locked session to the first who can take it, and tell them.

    Booked at once, or offered with a deadline where the session says so. Nothing on a session that
    is cancelled or has begun. Returns those promoted, in order. No statement when nothing is free.
    """
    now = changes.now
    is_over = session.status == Session.Status.CANCELLED or session.starts_at <= now
    if is_over or session.places_left <= 0:
        return []
    parts = list(session.parts.all()) if parts is None else parts
    promoted = list(who_can_take_a_place(session, parts)[: session.places_left])
    if not promoted:
        return []
    _hold_still(promoted, session, parts)
    state = rules.state_on_freed_place(session.offer_hours)
    ends_at = rules.offer_ends(now, session.offer_hours, session.starts_at) if session.offer_hours else None
    Booking.objects.filter(pk__in=[booking.pk for booking in promoted]).update(
        state=state, offer_ends_at=ends_at, state_changed_at=now, state_changed_by=None, state_reason=""
    )
    for booking in promoted:
        booking.state, booking.offer_ends_at, booking.state_changed_at = state, ends_at, now
    if state == Booking.State.OFFERED:
        count_places(session, offered=len(promoted))
        changes.tell(promoted, session, parts, kind="offered")
    else:
        count_places(session, booked=len(promoted))
        changes.plan(promoted, session, parts)
        changes.tell(promoted, session, parts, kind="promoted")
    return promoted


def _hold_still(promoted: Sequence[Booking], session: Session, parts: Sequence[SessionPart]) -> None:
    """Make sure that none of them takes a place elsewhere meanwhile, and that they still can take this one."""
    wanted = {booking.person_id for booking in promoted}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::int[]) AS id WHERE pg_try_advisory_xact_lock(%s, id)",
            [sorted(wanted), PERSON_LOCKS],
        )
        held = {row[0] for row in cursor.fetchall()}
    # What they did until the lock was theirs is only now to be seen.
    able = who_can_take_a_place(session, parts).filter(person__in=wanted)
    if held != wanted or able.count() != len(wanted):
        raise SomebodyBusyError


def fill_all(sessions: Iterable[Session], changes: Changes) -> list[Booking]:
    """Fill each of these locked sessions."""
    return [booking for session in sessions for booking in fill(session, changes)]
