"""Asking for a place and giving it up: `courses.actions.bookings` and what follows from it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from courses.actions import bookings
from courses.actions.bookings import accept_offer, book, cancel_booking, decide_request, decline_offer
from courses.actions.letters import KINDS
from courses.actions.offers import UNDECIDED, end_offers, end_requests
from courses.models import Booking, BookingDecision, Session
from courses.queries.bookings import bookings_of, bookings_waiting_for
from courses.rules import HeldTime
from entitlements.models import PlannedCredit
from staff.models import Delegation, Message
from staff.refusals import ActionRefused
from staff.wording import day_words, time_words
from tests.factories.courses import CourseFactory, SessionFactory
from tests.factories.staff import ContractFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def session(primary_hub):
    return SessionFactory(course=CourseFactory(hub=primary_hub, title="Phonics"), capacity=1)


def somebody():
    return ContractFactory().person


def ask(person, session, now=NOW):
    return book(person=person, session_id=session.pk, by=person, now=now)


def held_by(booking):
    session = booking.session
    return HeldTime(session.starts_at, session.ends_at, session.pk, booking.pk, session.course.title)


def counters(session):
    session.refresh_from_db()
    return session.booked_count, session.offered_count, session.next_position


def planned(person):
    return list(PlannedCredit.objects.filter(person=person).values_list("source_key", "minutes", "status"))


def kinds_sent(person):
    return list(Message.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def event_of(message):
    return Calendar.from_ical(message.calendar).walk("VEVENT")[0]


# Asking -----------------------------------------------------------------------------------
def test_a_free_place_is_booked_planned_and_told(session):
    person = somebody()

    booking = ask(person, session)

    assert booking.state == "booked"
    assert counters(session) == (1, 0, 2)
    assert planned(person) == [(f"booking:{booking.pk}:1", 120, "planned")]
    message = Message.objects.get(person=person)
    assert (message.kind, message.subject) == ("booking_booked", "Booked: Phonics, Thu 10 Dec")
    assert message.calendar_method == "REQUEST"
    event = event_of(message)
    assert event["uid"] == f"booking-{booking.pk}-part-1@127.0.0.1"
    assert (event["sequence"], event["status"], str(event["summary"])) == (0, "CONFIRMED", "Phonics")


def test_a_full_session_makes_them_wait_and_says_where(session):
    ask(somebody(), session)
    second, third = somebody(), somebody()
    ask(second, session)

    booking = ask(third, session)

    assert booking.state == "waiting"
    assert counters(session) == (1, 0, 4)
    assert planned(third) == []
    message = Message.objects.get(person=third)
    assert "You are 2nd of 2 waiting." in message.body_text
    assert message.calendar == ""


def test_asking_again_gives_the_same_booking_and_no_second_letter(session):
    person = somebody()

    first, second = ask(person, session), ask(person, session, NOW + timedelta(hours=1))

    assert first.pk == second.pk
    assert counters(session) == (1, 0, 2)
    assert kinds_sent(person) == ["booking_booked"]


def test_asking_after_cancelling_is_a_new_booking_at_the_end(session):
    person = somebody()
    first = ask(person, session)
    cancel_booking(booking_id=first.pk, by=person, now=NOW)

    second = ask(person, session)

    assert (second.pk != first.pk, second.position) == (True, 2)
    assert kinds_sent(person) == ["booking_booked", "booking_cancelled", "booking_booked"]


def test_a_clash_is_refused_with_the_way_to_what_clashes(session):
    person = somebody()
    other = SessionFactory(starts_at=session.starts_at + timedelta(hours=1))
    there = ask(person, other)

    with pytest.raises(ActionRefused) as refusal:
        ask(person, session)

    assert refusal.value.link == reverse("courses:booking-detail", args=[there.pk])
    assert counters(session) == (0, 0, 1)


def test_waiting_elsewhere_at_that_time_is_no_clash(session):
    person = somebody()
    full = SessionFactory(starts_at=session.starts_at, capacity=1)
    ask(somebody(), full)
    assert ask(person, full).state == "waiting"

    assert ask(person, session).state == "booked"


def test_a_session_that_needs_agreement_holds_no_place(session, teacher, line_manager):
    Session.objects.filter(pk=session.pk).update(needs_approval=True)

    booking = ask(teacher.person, session)

    assert booking.state == "requested"
    assert counters(session) == (0, 0, 2)
    assert kinds_sent(teacher.person) == ["booking_requested"]
    assert kinds_sent(line_manager.person) == ["booking_to_agree"]


def test_whoever_stands_in_for_the_manager_is_asked_to_agree_too(session, teacher, line_manager, cpd_lead):
    Session.objects.filter(pk=session.pk).update(needs_approval=True)
    day = NOW.date()
    Delegation.objects.create(
        from_person=line_manager.person, to_person=cpd_lead.person, starts_on=day, ends_on=day
    )

    ask(teacher.person, session)

    assert kinds_sent(line_manager.person) == kinds_sent(cpd_lead.person) == ["booking_to_agree"]


def test_one_live_booking_is_held_by_the_database(session):
    booking = ask(somebody(), session)

    with pytest.raises(IntegrityError, match="booking_one_live"), transaction.atomic():
        Booking.objects.create(session=session, person=booking.person, state="waiting", position=9)


def test_counters_beyond_capacity_are_refused_by_the_database(session):
    ask(somebody(), session)

    with pytest.raises(IntegrityError, match="session_places_within_capacity"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(offered_count=1)


def test_booking_takes_few_statements(session):
    person = somebody()

    with CaptureQueriesContext(connection) as queries:
        ask(person, session)

    assert len(statements(queries)) <= 20


def statements(queries):
    return [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]


# Giving up --------------------------------------------------------------------------------
def test_a_freed_place_goes_to_the_first_who_waits(session):
    first, second, third = somebody(), somebody(), somebody()
    booked = ask(first, session)
    waiting, last = ask(second, session), ask(third, session)

    cancel_booking(booking_id=booked.pk, by=first, now=NOW)

    waiting.refresh_from_db()
    last.refresh_from_db()
    assert (waiting.state, last.state) == ("booked", "waiting")
    assert counters(session) == (1, 0, 4)
    assert planned(first) == []
    assert planned(second) == [(f"booking:{waiting.pk}:1", 120, "planned")]
    assert kinds_sent(second) == ["booking_waiting", "booking_promoted"]
    assert kinds_sent(third) == ["booking_waiting"]


def test_a_cancellation_takes_the_entry_off_calendars(session):
    person = somebody()
    booking = ask(person, session)

    cancel_booking(booking_id=booking.pk, by=person, now=NOW)

    invited, cancelled = Message.objects.filter(person=person).order_by("pk")
    assert cancelled.calendar_method == "CANCEL"
    assert event_of(cancelled)["uid"] == event_of(invited)["uid"]
    assert event_of(cancelled)["sequence"] > event_of(invited)["sequence"]
    assert event_of(cancelled)["status"] == "CANCELLED"


def test_cancelling_twice_is_cancelling_once(session):
    person = somebody()
    booking = ask(person, session)

    for _ in range(3):
        cancel_booking(booking_id=booking.pk, by=person, now=NOW)

    assert counters(session) == (0, 0, 2)
    assert kinds_sent(person) == ["booking_booked", "booking_cancelled"]


def test_a_session_that_has_begun_is_not_cancelled(session):
    booking = ask(somebody(), session)

    with pytest.raises(ActionRefused, match="has begun"):
        cancel_booking(booking_id=booking.pk, by=booking.person, now=session.starts_at)


def test_somebody_who_now_clashes_is_passed_by_and_keeps_their_place_in_the_line(session):
    first, busy, free = somebody(), somebody(), somebody()
    booked = ask(first, session)
    passed_by, promoted = ask(busy, session), ask(free, session)
    ask(busy, SessionFactory(starts_at=session.starts_at))

    cancel_booking(booking_id=booked.pk, by=first, now=NOW)

    passed_by.refresh_from_db()
    promoted.refresh_from_db()
    assert (passed_by.state, promoted.state) == ("waiting", "booked")


def test_somebody_who_left_the_trust_is_passed_by(session):
    first, left, free = somebody(), somebody(), somebody()
    booked = ask(first, session)
    passed_by, promoted = ask(left, session), ask(free, session)
    left.contracts.update(ends_on=session.starts_at.date() - timedelta(days=1))

    cancel_booking(booking_id=booked.pk, by=first, now=NOW)

    passed_by.refresh_from_db()
    promoted.refresh_from_db()
    assert (passed_by.state, promoted.state) == ("waiting", "booked")


def test_a_partners_delegate_who_waits_is_promoted(session, partner):
    booked = ask(somebody(), session)
    waiting = ask(partner.person, session)

    cancel_booking(booking_id=booked.pk, by=booked.person, now=NOW)

    waiting.refresh_from_db()
    assert waiting.state == "booked"


def test_giving_up_one_place_gives_the_one_waited_for_at_that_time(session):
    """The place stands free because only this person waits and they clash: then they no longer do."""
    person = somebody()
    booked = ask(somebody(), session)
    waiting = ask(person, session)
    other = ask(person, SessionFactory(starts_at=session.starts_at))
    cancel_booking(booking_id=booked.pk, by=booked.person, now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"

    cancel_booking(booking_id=other.pk, by=person, now=NOW)

    waiting.refresh_from_db()
    assert waiting.state == "booked"
    assert counters(session)[:2] == (1, 0)


def test_nobody_is_promoted_once_the_session_has_begun(session):
    booked, waiting = ask(somebody(), session), ask(somebody(), session)

    end_offers(now=session.starts_at)
    with pytest.raises(ActionRefused):
        cancel_booking(booking_id=booked.pk, by=booked.person, now=session.starts_at)

    waiting.refresh_from_db()
    assert waiting.state == "waiting"


# Offers -----------------------------------------------------------------------------------
@pytest.fixture
def offered(session):
    """One person is offered the place of another who cancelled, for a day; a third waits behind."""
    Session.objects.filter(pk=session.pk).update(offer_hours=24)
    first = ask(somebody(), session)
    second, third = ask(somebody(), session), ask(somebody(), session)
    cancel_booking(booking_id=first.pk, by=first.person, now=NOW)
    second.refresh_from_db()
    return second, third


def test_an_offer_holds_the_place_until_its_deadline(session, offered):
    second, _ = offered

    assert (second.state, second.offer_ends_at) == ("offered", NOW + timedelta(hours=24))
    assert counters(session)[:2] == (0, 1)
    assert planned(second.person) == []
    message = Message.objects.get(person=second.person, kind="booking_offered")
    day = day_words(session.starts_at)
    until = f"{day_words(second.offer_ends_at)}, {time_words(second.offer_ends_at)}"
    assert message.subject == KINDS["offered"].subject.format(title="Phonics", day=day, until=until)
    assert message.not_after == second.offer_ends_at
    assert event_of(message)["status"] == "TENTATIVE"


def test_an_offer_taken_is_booked_once(session, offered):
    second, _ = offered

    for _ in range(2):
        accept_offer(booking_id=second.pk, by=second.person, now=NOW)

    assert counters(session)[:2] == (1, 0)
    assert planned(second.person) == [(f"booking:{second.pk}:1", 120, "planned")]
    assert kinds_sent(second.person) == ["booking_waiting", "booking_offered", "booking_booked"]


def test_an_offer_is_not_taken_after_its_deadline(session, offered):
    second, _ = offered

    with pytest.raises(ActionRefused, match="ran out on Wed 25 Nov 2026 at 09:00"):
        accept_offer(booking_id=second.pk, by=second.person, now=second.offer_ends_at)

    assert counters(session)[:2] == (0, 1)


def test_an_offer_declined_goes_to_the_next(session, offered):
    second, third = offered

    decline_offer(booking_id=second.pk, by=second.person, now=NOW)

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state) == ("cancelled", "offered")
    assert counters(session)[:2] == (0, 1)


def test_a_booked_place_is_not_declined(session):
    booking = ask(somebody(), session)

    with pytest.raises(ActionRefused) as refusal:
        decline_offer(booking_id=booking.pk, by=booking.person, now=NOW)

    assert refusal.value.sentence == bookings.IS_BOOKED


def test_offers_that_ran_out_go_to_the_next_and_again_changes_nothing(session, offered):
    second, third = offered
    later = NOW + timedelta(hours=24)

    ended = [end_offers(now=later), end_offers(now=later)]

    second.refresh_from_db()
    third.refresh_from_db()
    assert ended == [1, 0]
    assert (second.state, third.state) == ("lapsed", "offered")
    assert third.offer_ends_at == later + timedelta(hours=24)
    assert kinds_sent(second.person) == ["booking_waiting", "booking_offered", "booking_lapsed"]
    lapsed = Message.objects.get(person=second.person, kind="booking_lapsed")
    assert lapsed.calendar_method == "CANCEL"


def test_a_place_that_became_possible_by_a_new_contract_is_found_by_the_sweep(session):
    booked = ask(somebody(), session)
    left = somebody()
    waiting = ask(left, session)
    left.contracts.update(ends_on=NOW.date())
    cancel_booking(booking_id=booked.pk, by=booked.person, now=NOW)
    left.contracts.update(ends_on=None)

    end_offers(now=NOW)

    waiting.refresh_from_db()
    assert waiting.state == "booked"


# Agreeing ---------------------------------------------------------------------------------
@pytest.fixture
def requested(session, teacher):
    Session.objects.filter(pk=session.pk).update(needs_approval=True)
    return ask(teacher.person, session)


def test_a_request_nobody_decided_ends_when_the_session_begins_and_again_changes_nothing(session, requested):
    early = end_requests(now=session.starts_at - timedelta(minutes=1))
    ended = [end_requests(now=session.starts_at), end_requests(now=session.starts_at)]

    requested.refresh_from_db()
    assert (early, ended) == (0, [1, 0])
    assert (requested.state, requested.state_reason) == (
        "declined",
        UNDECIDED,
    )
    assert (requested.state_changed_at, requested.state_changed_by) == (session.starts_at, None)
    assert kinds_sent(requested.person) == ["booking_requested", "booking_undecided"]
    message = Message.objects.get(kind="booking_undecided")
    letter = KINDS["undecided"]
    assert message.subject == letter.subject.format(title="Phonics", day=day_words(session.starts_at))
    assert letter.intro.format(title="Phonics") in message.body_text
    assert counters(session)[:2] == (0, 0)


def test_what_was_decided_or_is_over_is_not_ended_as_undecided(session, requested, line_manager):
    decide_request(booking_id=requested.pk, by=line_manager.person, is_agreed=False, reason="Cover", now=NOW)
    withdrawn = ask(somebody(), session)
    cancel_booking(booking_id=withdrawn.pk, by=withdrawn.person, now=NOW)

    assert end_requests(now=session.starts_at) == 0


def test_a_request_of_long_ago_ends_without_a_letter(session, requested):
    ended = end_requests(now=session.starts_at + timedelta(days=15))

    requested.refresh_from_db()
    assert (ended, requested.state) == (1, "declined")
    assert kinds_sent(requested.person) == ["booking_requested"]


def test_agreed_it_is_booked(session, requested, line_manager):
    for _ in range(2):
        decide_request(booking_id=requested.pk, by=line_manager.person, is_agreed=True, now=NOW)

    requested.refresh_from_db()
    assert requested.state == "booked"
    assert counters(session)[:2] == (1, 0)
    decision = BookingDecision.objects.get()
    assert (decision.actor, decision.is_agreed) == (line_manager.person, True)
    assert kinds_sent(requested.person) == ["booking_requested", "booking_agreed"]


def test_agreed_on_a_full_session_it_waits_by_its_place_in_the_asking(session, requested, line_manager):
    person = somebody()
    Session.objects.filter(pk=session.pk).update(needs_approval=False)
    ask(person, session)
    later = ask(somebody(), session)

    decide_request(booking_id=requested.pk, by=line_manager.person, is_agreed=True, now=NOW)

    requested.refresh_from_db()
    assert requested.state == "waiting"
    assert requested.position < later.position
    message = Message.objects.get(person=requested.person, kind="booking_waiting")
    assert "You are 1st of 2 waiting." in message.body_text


def test_not_agreed_it_says_why(session, requested, line_manager):
    with pytest.raises(ActionRefused) as without_a_reason:
        decide_request(booking_id=requested.pk, by=line_manager.person, is_agreed=False, reason=" ", now=NOW)

    decide_request(booking_id=requested.pk, by=line_manager.person, is_agreed=False, reason="Cover", now=NOW)

    requested.refresh_from_db()
    assert (requested.state, requested.state_reason) == ("declined", "Cover")
    assert "Cover" in Message.objects.get(person=requested.person, kind="booking_not_agreed").body_text
    with pytest.raises(ActionRefused) as the_other_way:
        decide_request(booking_id=requested.pk, by=line_manager.person, is_agreed=True, now=NOW)
    assert without_a_reason.value.sentence == bookings.REASON_NEEDED
    assert the_other_way.value.sentence == bookings.DECIDED_ALREADY


@pytest.mark.parametrize("who", ["teacher", "outsider", "teaching_assistant"])
def test_only_who_decides_about_the_person_decides(session, requested, who, request):
    actor = request.getfixturevalue(who).person

    with pytest.raises(ActionRefused) as refusal:
        decide_request(booking_id=requested.pk, by=actor, is_agreed=True, now=NOW)

    assert refusal.value.sentence == bookings.NOT_YOURS_TO_DECIDE
    requested.refresh_from_db()
    assert requested.state == "requested"


def test_a_decision_on_ones_own_request_is_refused_by_the_database(requested):
    with pytest.raises(IntegrityError, match="booking_decision_not_on_own"), transaction.atomic():
        BookingDecision.objects.create(
            booking=requested, requester=requested.person, actor=requested.person, is_agreed=True
        )


def test_a_place_taken_meanwhile_at_that_time_is_said_to_who_decides(session, requested, line_manager):
    taken = ask(requested.person, SessionFactory(starts_at=session.starts_at))

    with pytest.raises(ActionRefused) as refusal:
        decide_request(booking_id=requested.pk, by=line_manager.person, is_agreed=True, now=NOW)

    assert refusal.value.sentence == bookings.has_place_then(requested.person, held_by(taken))
    assert BookingDecision.objects.count() == 0


def test_requests_wait_for_who_may_decide(
    requested, line_manager, headteacher, people_team, outsider, teacher
):
    on = NOW.date()

    found = {
        user: list(bookings_waiting_for(user.person, on))
        for user in (line_manager, headteacher, people_team, outsider, teacher)
    }

    assert found[line_manager] == found[headteacher] == found[people_team] == [requested]
    assert found[outsider] == found[teacher] == []


# What I see -------------------------------------------------------------------------------
def test_my_bookings_say_what_is_what(session, teacher):
    person = teacher.person
    ask(somebody(), session)
    waiting = ask(person, session)
    booked = ask(person, SessionFactory(starts_at=session.starts_at + timedelta(days=1)))
    gone = ask(person, SessionFactory(starts_at=session.starts_at + timedelta(days=2)))
    cancel_booking(booking_id=gone.pk, by=person, now=NOW)

    mine = bookings_of(person, now=NOW)

    assert [line.booking for line in mine.booked] == [booked]
    assert [line.booking for line in mine.waiting] == [waiting]
    assert mine.waiting[0].standing.sentence == "You are 1st of 1 waiting."
    assert [(line.booking, line.state) for line in mine.past] == [(gone, "cancelled")]


@pytest.mark.parametrize("number", [1, 4])
def test_my_bookings_take_the_same_statements_however_many(
    session, teacher, number, django_assert_max_num_queries
):
    for day in range(number):
        one = SessionFactory(starts_at=session.starts_at + timedelta(days=day), capacity=1)
        ask(somebody(), one)
        ask(teacher.person, one)

    with django_assert_max_num_queries(6):
        bookings_of(teacher.person, now=NOW)
