"""Places of people who leave before the session: `courses.actions.leavers`."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bwt_cpd.schedule import BEAT_SCHEDULE
from courses import tasks
from courses.actions.bookings import book
from courses.actions.leavers import give_up_places_of_leavers
from courses.rules import no_contract_on
from entitlements.models import PlannedCredit
from staff.models import Message
from tests.at_once import at_once
from tests.factories.courses import SessionFactory
from tests.factories.staff import ContractFactory

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NIGHT = NOW + timedelta(hours=18)
LAST_DAY = date(2026, 12, 9)  # the session is on 10 December


def ask(session, contract=None):
    person = (contract or ContractFactory()).person
    return book(person=person, session_id=session.pk, by=person, now=NOW)


def end(booking, on):
    contract = booking.person.contracts.get()
    contract.ends_on = on
    contract.save()


def state(booking):
    booking.refresh_from_db()
    return booking.state


@pytest.mark.django_db
def test_a_leavers_place_goes_to_the_first_who_waits_and_both_are_told():
    session = SessionFactory(capacity=1)
    leaver, waiter, other_leaver = ask(session), ask(session), ask(session)
    end(leaver, LAST_DAY)
    end(other_leaver, LAST_DAY)

    assert give_up_places_of_leavers(now=NIGHT) == 2

    assert [state(one) for one in (leaver, waiter, other_leaver)] == ["cancelled", "booked", "cancelled"]
    session.refresh_from_db()
    assert (session.booked_count, session.offered_count) == (1, 0)
    assert list(PlannedCredit.objects.values_list("person", flat=True)) == [waiter.person_id]
    told = Message.objects.filter(not_before=NIGHT).order_by("kind").values_list("person", "kind")
    assert list(told) == [
        (leaver.person_id, "booking_cancelled"),
        (other_leaver.person_id, "booking_left"),
        (waiter.person_id, "booking_promoted"),
    ]
    cancelled = Message.objects.get(kind="booking_cancelled")
    assert no_contract_on(LAST_DAY + timedelta(days=1)) in cancelled.body_text
    assert cancelled.calendar_method == "CANCEL"
    assert give_up_places_of_leavers(now=NIGHT) == 0


@pytest.mark.django_db
def test_who_has_left_already_is_not_written_to():
    booking = ask(SessionFactory())
    end(booking, NOW.date())

    assert give_up_places_of_leavers(now=NIGHT) == 1

    assert not Message.objects.filter(not_before=NIGHT).exists()


@pytest.mark.django_db
def test_who_is_there_on_the_day_keeps_the_place(partner):
    session = SessionFactory()
    to_the_day, again, delegate = ask(session), ask(session), book(
        person=partner.person, session_id=session.pk, by=None, now=NOW
    )  # fmt: skip
    end(to_the_day, date(2026, 12, 10))
    end(again, date(2026, 11, 30))
    ContractFactory(person=again.person, starts_on=date(2026, 12, 10))

    assert give_up_places_of_leavers(now=NIGHT) == 0
    assert [state(one) for one in (to_the_day, again, delegate)] == ["booked"] * 3


@pytest.mark.django_db
def test_the_day_is_that_of_london():
    """23:30 on 24 June in UTC is 00:30 on 25 June in London."""
    session = SessionFactory(starts_at=datetime(2027, 6, 24, 23, 30, tzinfo=UTC))
    booking = ask(session)
    end(booking, date(2027, 6, 24))

    assert give_up_places_of_leavers(now=NIGHT) == 1


def test_five_runs_at_once_end_each_booking_once(cloned_database):
    session = SessionFactory(capacity=3)
    leaving = [ask(session) for _ in range(3)]
    waiting = [ask(session) for _ in range(4)]
    for booking in leaving:
        end(booking, LAST_DAY)

    ended = at_once(*[lambda: give_up_places_of_leavers(now=NIGHT)] * 5)

    assert sum(ended) == 3
    assert [state(one) for one in waiting] == ["booked"] * 3 + ["waiting"]


def test_it_runs_every_night():
    assert BEAT_SCHEDULE["give_up_places_of_leavers"]["task"] == tasks.give_up_places_of_leavers.name
