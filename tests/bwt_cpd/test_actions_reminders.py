"""Reminders: each thing once, one digest per person and day (RELIABILITY row 11)."""

import threading
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from bwt_cpd.actions import reminders
from bwt_cpd.queries.reminders import KINDS
from bwt_cpd.queries.reminders_entitlements import CAME_TODAY, before_closing, left_to_find, waited
from bwt_cpd.queries.reminders_pathways import PREFERENCES
from courses.models import Booking
from entitlements.academic_year import YearDates
from entitlements.models import AcademicYear, EntitlementPolicy, Statement
from pathways.models import CoachingAgreement, NeedsCycle, RouteRequest, TeachingInterest
from staff.models import Message, MessagePreference, Person, Reminder
from tests.factories.courses import BookingFactory, SessionFactory
from tests.factories.entitlements import AcademicYearFactory, ClaimFactory, EntitlementPolicyFactory
from tests.factories.pathways_coaching import CoachingAgreementFactory, CoachProfileFactory
from tests.factories.pathways_golden_thread import (
    EarlyCareerFactory,
    EarlyCareerReviewFactory,
    TeachingInterestFactory,
)
from tests.factories.pathways_induction import InductionFactory, InductionStepFactory
from tests.factories.pathways_needs import NeedsCycleFactory, NeedsRatingFactory
from tests.factories.pathways_requests import a_request_in
from tests.factories.staff import ContractFactory, ResponsibilityFactory, SchoolFactory

ON = date(2026, 12, 9)
NOW = datetime(2026, 12, 9, 7, tzinfo=UTC)
NUDGED_ON = date(2026, 11, 3)


def _booked(person, *, starts_at=datetime(2026, 12, 10, 15, 45, tzinfo=UTC)):
    session = SessionFactory(starts_at=starts_at)
    return BookingFactory(session=session, person=person, state_changed_at=NOW - timedelta(days=20))


def test_booking_for_tomorrow_is_reminded_of_once(teacher):
    booking = _booked(teacher.person)

    first, again = (reminders.send_reminders(on=ON, now=NOW), reminders.send_reminders(on=ON, now=NOW))

    message = Message.objects.get()
    assert (first, again) == (1, 0)
    assert message.subject.startswith(f"Tomorrow: {booking.session.course.title}")
    assert message.not_after == booking.session.starts_at


def _move(session, starts_at):
    part = session.parts.get()
    part.starts_at, part.ends_at = starts_at, starts_at + (part.ends_at - part.starts_at)
    part.save(update_fields=["starts_at", "ends_at"])
    session.starts_at, session.ends_at = part.starts_at, part.ends_at
    session.save(update_fields=["starts_at", "ends_at"])


@pytest.mark.parametrize(
    ("kind", "first_on", "again_on"),
    [
        ("session_tomorrow", date(2026, 12, 9), date(2026, 12, 15)),
        ("session_in_a_week", date(2026, 12, 4), date(2026, 12, 10)),
    ],
)
def test_session_that_was_moved_after_a_reminder_is_reminded_of_again(teacher, kind, first_on, again_on):
    booking = _booked(teacher.person)

    for on in (first_on, first_on, again_on, again_on):
        if on == again_on:
            _move(booking.session, datetime(2026, 12, 16, 15, 45, tzinfo=UTC))
        reminders.send_reminders(on=on, now=datetime(on.year, on.month, on.day, 7, tzinfo=UTC))

    told = Reminder.objects.filter(kind=kind).values_list("reminded_on", flat=True)
    assert sorted(told) == [first_on, again_on]


def test_reminder_of_a_release_that_kept_no_date_counts_for_the_date_it_was_about(teacher):
    booking = _booked(teacher.person)
    key = f"part:{booking.session.parts.get().pk}"
    for kind, on in (("session_tomorrow", ON), ("session_in_a_week", date(2026, 12, 3))):
        Reminder.objects.create(person=teacher.person, kind=kind, subject_key=key, reminded_on=on)

    again = [
        reminders.send_reminders(on=on, now=datetime(on.year, on.month, on.day, 7, tzinfo=UTC))
        for on in (date(2026, 12, 4), ON)
    ]
    _move(booking.session, datetime(2026, 12, 11, 15, 45, tzinfo=UTC))
    moved_by_a_day = reminders.send_reminders(on=date(2026, 12, 10), now=NOW + timedelta(days=1))

    assert (again, moved_by_a_day) == ([0, 0], 1)


def test_two_sessions_come_in_one_digest(teacher):
    _booked(teacher.person)
    _booked(teacher.person, starts_at=datetime(2026, 12, 15, 15, 45, tzinfo=UTC))

    reminders.send_reminders(on=ON, now=NOW)

    message = Message.objects.get()
    assert message.subject.endswith("and 1 more")
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"session_tomorrow", "session_in_a_week"}


def test_digest_is_of_use_until_its_most_pressing_item_is_over(teacher):
    tomorrow = _booked(teacher.person).session
    _booked(teacher.person, starts_at=datetime(2026, 12, 15, 15, 45, tzinfo=UTC))
    cycle = NeedsCycleFactory(closes_on=ON + timedelta(days=7))
    NeedsRatingFactory(cycle=cycle, person=teacher.person)

    reminders.send_reminders(on=ON, now=NOW)

    message = Message.objects.get(person=teacher.person)
    assert Reminder.objects.filter(person=teacher.person).count() == 3
    assert message.not_after == tomorrow.starts_at


def test_what_is_over_is_left_out_and_not_remembered(teacher):
    over = datetime(2026, 12, 10, 15, 45, tzinfo=UTC)
    _booked(teacher.person, starts_at=over)
    cycle = NeedsCycleFactory(closes_on=ON + timedelta(days=7))
    NeedsRatingFactory(cycle=cycle, person=teacher.person)

    reminders.send_reminders(on=ON, now=over)

    told = Reminder.objects.filter(person=teacher.person).values_list("kind", flat=True)
    assert list(told) == ["needs_self"]
    assert "Tomorrow" not in Message.objects.get(person=teacher.person).body_text


def test_the_command_for_a_date_long_past_writes_nothing_and_ends_well(teacher, capsys):
    _booked(teacher.person, starts_at=datetime(2020, 12, 10, 15, 45, tzinfo=UTC))
    Booking.objects.update(state_changed_at=datetime(2020, 11, 10, tzinfo=UTC))

    call_command("send_reminders", on="2020-12-09")

    assert (capsys.readouterr().out, Message.objects.count()) == ("0 digests written.\n", 0)


def test_waiting_and_cancelled_people_are_not_reminded(teacher, teaching_assistant):
    session = SessionFactory(starts_at=datetime(2026, 12, 10, 15, 45, tzinfo=UTC))
    BookingFactory(session=session, person=teacher.person, state="waiting")
    BookingFactory(session=session, person=teaching_assistant.person, state="cancelled")

    assert reminders.send_reminders(on=ON, now=NOW) == 0


def test_what_is_not_wanted_is_not_sent(teacher):
    MessagePreference.objects.create(person=teacher.person, wants_session_reminders=False)
    _booked(teacher.person)

    assert reminders.send_reminders(on=ON, now=NOW) == 0


def test_claim_that_waits_a_week_goes_to_the_line_manager(teacher, line_manager):
    ClaimFactory(person=teacher.person, waiting_since_at=NOW - timedelta(days=8))

    reminders.send_reminders(on=ON, now=NOW)

    assert list(Message.objects.values_list("person_id", flat=True)) == [line_manager.person.pk]


def test_claim_that_waits_four_weeks_is_escalated_to_the_head(teacher, line_manager, headteacher):
    ClaimFactory(person=teacher.person, waiting_since_at=NOW - timedelta(days=29))

    reminders.send_reminders(on=ON, now=NOW)

    assert set(Message.objects.values_list("person_id", flat=True)) == {
        line_manager.person.pk,
        headteacher.person.pk,
    }


def _requested(person, *, on, begins_on):
    return BookingFactory(
        person=person,
        session=SessionFactory(
            starts_at=datetime(begins_on.year, begins_on.month, begins_on.day, 15, 45, tzinfo=UTC),
            course__title="Oracy",
        ),
        state="requested",
        created_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
    )


def _told_of_places(on):
    return {(item.kind, item.person_id) for item in reminders.items_due(on) if item.kind.startswith("place_")}


def test_a_place_that_waits_three_days_goes_to_who_is_nearest_and_later_to_the_head_too(
    teacher, line_manager, headteacher, people_team
):
    _requested(teacher.person, on=ON - timedelta(days=3), begins_on=ON + timedelta(days=30))

    assert _told_of_places(ON - timedelta(days=1)) == set()
    assert _told_of_places(ON) == {("place_waiting", line_manager.person.pk)}
    assert _told_of_places(ON + timedelta(days=4)) == {
        ("place_escalated", user.person.pk) for user in (line_manager, headteacher)
    }


def test_a_place_presses_when_the_session_is_near_until_it_begins(teacher, line_manager, headteacher):
    booking = _requested(teacher.person, on=ON, begins_on=ON + timedelta(days=4))

    reminders.send_reminders(on=ON, now=NOW)
    again = reminders.send_reminders(on=ON + timedelta(days=1), now=NOW + timedelta(days=1))

    message = Message.objects.get(person=line_manager.person)
    assert (
        message.subject == "Decide whether Tessa Teacher goes to Oracy, Sun 13 Dec: once it begins nobody can"
    )
    assert message.not_after <= booking.session.starts_at
    assert set(Message.objects.values_list("person_id", flat=True)) == {
        line_manager.person.pk,
        headteacher.person.pk,
    }
    assert (again, _told_of_places(ON + timedelta(days=5))) == (0, set())


def test_a_place_that_was_decided_is_not_reminded_of(teacher, line_manager):
    booking = _requested(teacher.person, on=ON - timedelta(days=3), begins_on=ON + timedelta(days=30))
    booking.state = "declined"
    booking.save()

    assert _told_of_places(ON) == set()


def test_statements_do_not_depend_on_the_rows(teacher, teaching_assistant, outsider):
    _booked(teacher.person)
    with CaptureQueriesContext(connection) as with_one:
        reminders.send_reminders(on=ON, now=NOW)
    for user in (teaching_assistant, outsider):
        _booked(user.person, starts_at=datetime(2026, 12, 11, 15, 45, tzinfo=UTC))

    with CaptureQueriesContext(connection) as with_more:
        reminders.send_reminders(on=ON + timedelta(days=1), now=NOW + timedelta(days=1))

    assert len(with_more) == len(with_one)


def _pathways_due(teacher, line_manager, teaching_assistant, headteacher):
    """Something of each kind of the parts of pathways that is due on ON, a Wednesday."""
    request = a_request_in("manager", person=teaching_assistant.person)
    late = a_request_in("manager", person=teacher.person)
    for one, since in ((request, date(2026, 12, 2)), (late, date(2026, 11, 24))):
        at = datetime(since.year, since.month, since.day, 9, tzinfo=UTC)
        RouteRequest.objects.filter(pk=one.pk).update(state_since_at=at)
    asked = CoachingAgreementFactory(coach=teacher.person, state="asked", starts_on=None)
    CoachingAgreement.objects.filter(pk=asked.pk).update(asked_at=NOW - timedelta(days=7))
    CoachProfileFactory(person=teacher.person, supervision_due_on=ON + timedelta(days=14))
    induction = InductionFactory(contract=teaching_assistant.person.contracts.get())
    InductionStepFactory(induction=induction, due_on=ON + timedelta(days=2))
    InductionStepFactory(induction=induction, due_on=ON - timedelta(days=3))
    cycle = NeedsCycleFactory(closes_on=ON + timedelta(days=7))
    NeedsRatingFactory(cycle=cycle, person=teacher.person)
    for days in (7, -7):
        contract = ContractFactory(school=SchoolFactory(code="KSA"))
        career = EarlyCareerFactory(
            person=contract.person, school=contract.school, induction_tutor=teacher.person
        )
        career.reviews.all().delete()
        EarlyCareerReviewFactory(early_career=career, due_on=ON + timedelta(days=days))
    team = ResponsibilityFactory(kind="people_team", person__first_name="Priya").person
    wish = TeachingInterestFactory()
    TeachingInterest.objects.filter(pk=wish.pk).update(created_at=NOW - timedelta(days=20))
    return team


DUE = {
    "request_reminder": "Liam",
    "request_overdue": "Helen",
    "coaching_asked": "Tessa",
    "coaching_supervision": "Tessa",
    "induction_due": "Marta",
    "induction_late": "Liam",
    "review_due": "Tessa",
    "review_late": "Tessa",
    "interest_unanswered": "Priya",
    "needs_self": "Tessa",
    "needs_team": "Liam",
}


def test_each_kind_of_pathways_goes_to_whom_it_concerns_once(
    teacher, line_manager, teaching_assistant, headteacher
):
    _pathways_due(teacher, line_manager, teaching_assistant, headteacher)

    first, again = (reminders.send_reminders(on=ON, now=NOW), reminders.send_reminders(on=ON, now=NOW))

    told = set(Reminder.objects.values_list("kind", "person__first_name"))
    assert told == set(DUE.items()) | {("induction_late", "Marta")}
    assert (first, again) == (5, 0)
    assert Message.objects.filter(person=line_manager.person).count() == 1


@pytest.mark.parametrize("kind", sorted(DUE))
def test_each_kind_of_pathways_can_be_done_without(
    teacher, line_manager, teaching_assistant, headteacher, kind
):
    _pathways_due(teacher, line_manager, teaching_assistant, headteacher)
    person = Person.objects.get(first_name=DUE[kind])
    MessagePreference.objects.create(person=person, **{PREFERENCES[kind]: False})

    reminders.send_reminders(on=ON, now=NOW)

    kinds = set(Reminder.objects.filter(person=person).values_list("kind", flat=True))
    assert kind not in kinds
    assert kinds == {
        one for one, who in DUE.items() if who == DUE[kind] and PREFERENCES[one] != PREFERENCES[kind]
    }


def test_every_kind_has_its_place_in_the_digest():
    assert set(PREFERENCES) <= set(KINDS)


def test_the_most_pressing_is_the_first_line(teacher, line_manager, teaching_assistant, headteacher):
    _pathways_due(teacher, line_manager, teaching_assistant, headteacher)
    _booked(line_manager.person)

    reminders.send_reminders(on=ON, now=NOW)

    message = Message.objects.get(person=line_manager.person)
    lines = [item.line for item in reminders.items_due(ON) if item.person_id == line_manager.person.pk]
    assert message.subject.startswith("Tomorrow: ")
    assert message.subject.endswith(", and 4 more")
    # Of two requests that wait, the older one is overdue, so that its next in line is told besides.
    begin = [line.split(":")[0].split(" ")[0] for line in lines]
    assert begin == ["Tomorrow", "Decide", "Decide", "Induction", "Rate"]


def test_the_policy_of_the_year_says_when_a_claim_is_escalated(teacher, line_manager, headteacher):
    year = AcademicYearFactory(name="2026/27")
    EntitlementPolicyFactory(year=year)
    EntitlementPolicy.objects.filter(year=year).update(claim_escalation_days=10)
    ClaimFactory(person=teacher.person, waiting_since_at=NOW - timedelta(days=9))

    before = {item.kind for item in reminders.items_due(ON)}
    after = {(item.kind, item.person_id) for item in reminders.items_due(ON + timedelta(days=1))}

    assert before == {"claim_waiting"}
    assert after == {("claim_escalated", user.person.pk) for user in (line_manager, headteacher)}


LAST_YEAR = YearDates(2025)
BY_29_SEPTEMBER = before_closing(LAST_YEAR)


def _about_claims(on):
    found = [item for item in reminders.items_due(on) if item.kind in ("claim_waiting", "claim_escalated")]
    return [(item.line.split("”: ")[1], item.subject_key.split(":")[-1]) for item in found]


@pytest.mark.parametrize(
    ("occurred_on", "days", "on", "said"),
    [
        (date(2026, 8, 31), 8, date(2026, 9, 15), [(f"{waited(8)}{BY_29_SEPTEMBER}", "7")]),
        (date(2026, 9, 1), 8, date(2026, 9, 15), [(waited(8), "7")]),
        (date(2025, 8, 31), 8, date(2026, 9, 15), [(waited(8), "7")]),
        (date(2026, 8, 31), 1, date(2026, 9, 22), []),
        (date(2026, 8, 31), 1, date(2026, 9, 23), [(f"{waited(1)}{BY_29_SEPTEMBER}", "closing")]),
        (date(2026, 9, 1), 1, date(2026, 9, 23), []),
        (date(2026, 8, 31), 0, date(2026, 9, 29), [(f"{CAME_TODAY}{BY_29_SEPTEMBER}", "closing")]),
        (date(2026, 8, 31), 8, date(2026, 9, 30), [(waited(8), "7")]),
    ],
)
def test_before_a_year_closes_it_is_said_by_when_to_decide(
    teacher, line_manager, occurred_on, days, on, said
):
    since = datetime(on.year, on.month, on.day, 6, tzinfo=UTC) - timedelta(days=days)
    ClaimFactory(person=teacher.person, occurred_on=occurred_on, waiting_since_at=since)

    assert LAST_YEAR.last_day_to_decide == date(2026, 9, 29)
    assert _about_claims(on) == said


def test_nothing_is_said_of_a_year_that_is_closed_already(teacher, line_manager):
    AcademicYear.objects.filter(name="2025/26").update(closed_at=NOW)
    since = datetime(2026, 9, 16, 6, tzinfo=UTC)
    ClaimFactory(person=teacher.person, occurred_on=date(2026, 8, 31), waiting_since_at=since)

    assert _about_claims(date(2026, 9, 25)) == [(waited(9), "7")]


def _behind(person, *, planned, expected=1200, ends_on=None):
    """Somebody with nothing counted, in a year whose November note is due."""
    contract = person.contracts.get()
    contract.ends_on = ends_on
    contract.save()
    Statement.objects.update_or_create(
        year=AcademicYearFactory(name="2026/27"), person=person,
        defaults={
            "main_contract": contract, "status": "behind", "is_in_contract": True, "computed_on": NUDGED_ON,
            "entitlement_minutes": expected, "expected_minutes": expected, "expected_to_date_minutes": expected,
            "recorded_minutes": 0, "counted_minutes": 0, "planned_minutes": planned,
            "shortfall_minutes": expected, "own_time_minutes": 0,
        },
    )  # fmt: skip


def _notes():
    return [item.line for item in reminders.items_due(NUDGED_ON) if item.kind == "shortfall_nudge"]


@pytest.mark.parametrize(("planned", "left"), [(0, 1200), (600, 600)])
def test_the_note_of_a_term_says_what_is_left_to_find_and_what_is_planned(teacher, planned, left):
    _behind(teacher.person, planned=planned)

    assert _notes() == [left_to_find(left, planned, date(2027, 8, 31))]


@pytest.mark.parametrize(
    ("ends_on", "by"),
    [
        (None, date(2027, 8, 31)),
        (date(2027, 8, 31), date(2027, 8, 31)),
        (date(2027, 4, 9), date(2027, 4, 9)),
        (NUDGED_ON, None),
    ],
)
def test_the_note_names_the_last_day_of_whose_contract_ends_before_the_year_does(teacher, ends_on, by):
    _behind(teacher.person, planned=0, ends_on=ends_on)

    assert _notes() == ([left_to_find(1200, 0, by)] if by else [])


def test_who_has_planned_it_all_gets_no_note(teacher):
    _behind(teacher.person, planned=1200)

    assert _notes() == []


def test_whoever_has_left_is_not_written_to(teacher):
    _booked(teacher.person)
    teacher.person.contracts.update(ends_on=ON - timedelta(days=1))

    assert reminders.send_reminders(on=ON, now=NOW) == 0


def test_statements_do_not_depend_on_the_rows_of_any_kind(
    teacher, line_manager, teaching_assistant, headteacher
):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            _claimed_and_due(line_manager)
        with CaptureQueriesContext(connection) as seen:
            reminders.items_due(ON)
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert counts[0] <= 40


def _claimed_and_due(line_manager):
    """One more of everything, about somebody new."""
    contract = ContractFactory(line_manager=line_manager.person)
    ClaimFactory(person=contract.person, waiting_since_at=NOW - timedelta(days=8))
    request = a_request_in("manager", person=contract.person)
    RouteRequest.objects.filter(pk=request.pk).update(state_since_at=datetime(2026, 12, 2, 9, tzinfo=UTC))
    induction = InductionFactory(contract=contract)
    InductionStepFactory(induction=induction, due_on=ON + timedelta(days=2))
    cycle = NeedsCycle.objects.first() or NeedsCycleFactory(closes_on=ON + timedelta(days=7))
    NeedsRatingFactory(cycle=cycle, person=contract.person)
    asked = CoachingAgreementFactory(coach=contract.person, state="asked", starts_on=None)
    CoachingAgreement.objects.filter(pk=asked.pk).update(asked_at=NOW - timedelta(days=7))
    _booked(contract.person)
    _requested(contract.person, on=ON - timedelta(days=3), begins_on=ON + timedelta(days=30))


def _five_at_once() -> list[str]:
    """Start them together; the constraints by which runs were refused."""
    barrier = threading.Barrier(5)
    refused = []

    def run() -> None:
        barrier.wait()
        try:
            reminders.send_reminders(on=ON, now=NOW)
        except IntegrityError as failure:
            refused.append(failure.__cause__.diag.constraint_name)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_started_five_times_at_once_and_again_an_hour_later_reminds_once(
    cloned_database, teacher, line_manager
):
    _booked(teacher.person)
    ClaimFactory(person=teacher.person, waiting_since_at=NOW - timedelta(days=8))

    refused = _five_at_once()
    reminders.send_reminders(on=ON, now=NOW + timedelta(hours=1))

    sent = Message.objects.values_list("person_id", flat=True)
    assert sorted(sent) == sorted([teacher.person.pk, line_manager.person.pk])
    assert refused == []


def _take_off(guard, monkeypatch):
    """One of the three things that keep a reminder from being repeated."""
    if guard == "lock":
        monkeypatch.setattr(reminders, "_wait_for_other_runs", lambda: None)
    elif guard == "look-ups":
        monkeypatch.setattr(reminders, "_served", lambda digest_keys: set())
        monkeypatch.setattr(reminders, "_reminded_on", lambda person_ids: {})
    else:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE staff_reminder DROP CONSTRAINT reminder_once")
            cursor.execute("ALTER TABLE staff_message DROP CONSTRAINT staff_message_dedupe_key_key")


@pytest.mark.parametrize(
    ("taken_off", "messages"),
    [
        # The controls: five at once and one an hour later all write.
        (("lock", "look-ups", "constraints"), 6),
        (("look-ups", "constraints"), 6),
        # The constraints hold alone, and the lock with the look-ups hold without them.
        (("lock", "look-ups"), 1),
        (("look-ups",), 1),
        (("lock",), 1),
        (("constraints",), 1),
    ],
)
def test_what_keeps_a_reminder_from_being_repeated(
    cloned_database, teacher, monkeypatch, taken_off, messages
):
    _booked(teacher.person)
    for guard in taken_off:
        _take_off(guard, monkeypatch)

    _five_at_once()
    with suppress(IntegrityError):
        reminders.send_reminders(on=ON, now=NOW + timedelta(hours=1))

    assert (Message.objects.count(), Reminder.objects.count()) == (messages, messages)
