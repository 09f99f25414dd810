"""Offers that run out while several workers look for them at the same moment (DESIGN section 6)."""

from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from courses.actions.bookings import accept_offer, book, cancel_booking
from courses.actions.offers import end_offers
from courses.models import Booking, Session
from entitlements.models import PlannedCredit
from staff.models import Message
from staff.refusals import ActionRefused
from tests.at_once import at_once
from tests.factories.courses import SessionFactory
from tests.factories.staff import ContractFactory

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)


def ask(session):
    person = ContractFactory().person
    return book(person=person, session_id=session.pk, by=person, now=NOW)


def sessions_with_offers(number: int, *, places: int) -> list[Session]:
    """So many sessions whose places are all on offer until LATER, with as many and one more waiting behind."""
    made = []
    for day in range(number):
        session = SessionFactory(
            starts_at=NOW + timedelta(days=10 + day), capacity=places, course__title=f"Course {day}"
        )
        Session.objects.filter(pk=session.pk).update(offer_hours=24)
        first = [ask(session) for _ in range(places)]
        for _ in range(2 * places + 1):
            ask(session)
        for booking in first:
            cancel_booking(booking_id=booking.pk, by=None, now=NOW)
        made.append(session)
    return made


def states(session: Session) -> list[str]:
    return list(Booking.objects.filter(session=session).order_by("position").values_list("state", flat=True))


def test_five_runs_at_once_end_each_offer_once(cloned_database):
    sessions = sessions_with_offers(4, places=3)

    ended = at_once(*[lambda: end_offers(now=LATER)] * 5)

    assert sum(ended) == 12
    for session in sessions:
        assert states(session) == ["cancelled"] * 3 + ["lapsed"] * 3 + ["offered"] * 3 + ["waiting"]
        session.refresh_from_db()
        assert (session.booked_count, session.offered_count) == (0, 3)
    kinds = Message.objects.filter(kind__in=["booking_lapsed", "booking_offered"])
    assert kinds.filter(kind="booking_lapsed").count() == 12
    assert kinds.filter(kind="booking_offered").count() == 24
    assert end_offers(now=LATER) == 0


def test_an_answer_at_the_moment_of_the_deadline_and_the_sweep_agree(cloned_database):
    """Five sweeps at the deadline while each person says yes a moment before it: the place is theirs or it is not."""
    sessions = sessions_with_offers(3, places=2)
    offered = list(Booking.objects.filter(state="offered"))
    just_before = LATER - timedelta(seconds=1)
    answers = [
        lambda booking=booking: accept_offer(booking_id=booking.pk, by=booking.person, now=just_before)
        for booking in offered
    ]

    results = at_once(*[lambda: end_offers(now=LATER)] * 5, *answers)

    said_yes = [one for one in results[5:] if not isinstance(one, Exception)]
    assert all(isinstance(one, ActionRefused) for one in results[5:] if isinstance(one, Exception))
    assert sum(results[:5]) == len(offered) - len(said_yes)
    assert Booking.objects.filter(state="booked").count() == PlannedCredit.objects.count() == len(said_yes)
    for session in sessions:
        session.refresh_from_db()
        assert states(session).count("booked") == session.booked_count
        assert states(session).count("offered") == session.offered_count
        assert session.booked_count + session.offered_count == 2


def test_without_the_lock_an_offer_is_ended_more_than_once(cloned_database, monkeypatch):
    """The control: without the sessions' lock each run counts the same offers as its own."""
    sessions_with_offers(4, places=3)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)

    ended = at_once(*[lambda: end_offers(now=LATER)] * 5)

    assert [one for one in ended if isinstance(one, Exception)] or sum(ended) > 12
