"""Asking for a coach, answering, meeting: both accounts move together."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.models import CharField, Sum, TextField

from entitlements.models import LedgerEntry
from pathways.actions import coaching, coaching_meetings
from pathways.actions.coaching import answer, ask_coach, end, offer_coaching, withdraw
from pathways.actions.coaching_meetings import log_meeting, remove_meeting
from pathways.models import CoachingAgreement, CoachingMeeting
from pathways.queries.coaching_due import due_on
from pathways.rules.coaching import NO_PLACE_FREE, NOT_IN_LINE
from staff.models import Contract, Delegation, Message
from staff.refusals import ActionRefused
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, EntitlementPolicyFactory
from tests.factories.pathways_coaching import CoachingAgreementFactory, CoachProfileFactory
from tests.factories.staff import ContractFactory, PersonFactory

BEGAN, ON = date(2026, 10, 1), date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def year(db):
    year = AcademicYearFactory(name="2026/27")
    EntitlementPolicyFactory(year=year)
    for what in ("coaching", "mentoring"):
        ActivityKindFactory(code=f"{what}_given", counts_as="capped_giving", direction="given")
        ActivityKindFactory(code=f"{what}_received")
    return year


@pytest.fixture
def coach(db):
    return CoachProfileFactory(person=ContractFactory().person, capacity=1)


@pytest.fixture
def seeker(db):
    return ContractFactory().person


@pytest.fixture
def agreement(year):
    return CoachingAgreementFactory(starts_on=BEGAN)


def ask(coach, seeker, **more):
    return ask_coach(coach_id=coach.person_id, coachee=seeker, by=seeker, topic="confidence", now=NOW, **more)


def minutes_of(person):
    return LedgerEntry.objects.filter(person=person).aggregate(total=Sum("minutes"))["total"] or 0


def log(agreement, by=None, held_on=date(2026, 11, 20), minutes=50):
    return log_meeting(
        agreement_id=agreement.pk, by=by or agreement.coach, held_on=held_on, minutes=minutes, now=NOW
    )


# Asking and answering ----------------------------------------------------------------------------
def test_ask_agree_complete(coach, seeker, year):
    asked = ask(coach, seeker)
    assert ask(coach, seeker) == asked
    assert Message.objects.filter(person=coach.person).count() == 1

    agreed = answer(agreement_id=asked.pk, by=coach.person, agrees=True, now=NOW)
    assert (agreed.state, agreed.starts_on) == ("agreed", ON)
    with pytest.raises(ActionRefused) as refusal:
        end(agreement_id=asked.pk, by=seeker, is_complete=True, now=NOW)
    assert refusal.value.sentence == coaching.NOTHING_LOGGED
    log(agreed, held_on=ON)
    done = end(agreement_id=asked.pk, by=seeker, is_complete=True, now=NOW)

    assert (done.state, done.ended_on) == ("completed", ON)
    assert Message.objects.filter(person=seeker).count() == 1
    assert Message.objects.filter(person=coach.person).count() == 2


def test_last_place_goes_to_the_first_who_asks(coach, seeker):
    ask(coach, seeker)

    with pytest.raises(ActionRefused) as refusal:
        ask(coach, ContractFactory().person)
    assert refusal.value.sentence == NO_PLACE_FREE


def test_declining_frees_the_place(coach, seeker):
    answer(agreement_id=ask(coach, seeker).pk, by=coach.person, agrees=False, now=NOW)

    assert ask(coach, ContractFactory().person).state == "asked"


@pytest.mark.parametrize("is_above", [True, False])
def test_never_anybody_of_ones_own_line_however_far(db, is_above):
    top = ContractFactory()
    middle = ContractFactory(line_manager=top.person)
    bottom = ContractFactory(line_manager=middle.person)
    coach, seeker = (top, bottom) if is_above else (bottom, top)
    profile = CoachProfileFactory(person=coach.person)

    with pytest.raises(ActionRefused) as refusal:
        ask(profile, seeker.person)
    assert refusal.value.sentence == NOT_IN_LINE


def test_never_whoever_stands_in_for_the_line_manager(coach, db):
    mine = ContractFactory(line_manager=ContractFactory().person)
    Delegation.objects.create(
        from_person=mine.line_manager, to_person=coach.person, starts_on=date(2026, 11, 1), ends_on=ON
    )

    with pytest.raises(ActionRefused) as refusal:
        ask(coach, mine.person)
    assert refusal.value.sentence == NOT_IN_LINE
    after = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Europe/London"))
    asked = ask_coach(
        coach_id=coach.person_id, coachee=mine.person, by=mine.person, topic="confidence", now=after
    )
    assert asked.state == "asked"


def test_never_somebody_for_whose_manager_one_stands_in(coach, seeker):
    Contract.objects.filter(person=coach.person).update(line_manager=ContractFactory().person)
    manager = Contract.objects.get(person=coach.person).line_manager
    Delegation.objects.create(from_person=manager, to_person=seeker, starts_on=ON, ends_on=ON)

    with pytest.raises(ActionRefused) as refusal:
        ask(coach, seeker)
    assert refusal.value.sentence == NOT_IN_LINE


def test_never_the_manager_of_a_second_contract(coach, seeker):
    ContractFactory(person=seeker, is_main=False, line_manager=coach.person)

    with pytest.raises(ActionRefused) as refusal:
        ask(coach, seeker)
    assert refusal.value.sentence == NOT_IN_LINE


def test_manager_of_a_contract_that_is_over_may_coach(coach, seeker):
    ContractFactory(
        person=seeker,
        is_main=False,
        line_manager=coach.person,
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 8, 31),
    )

    assert ask(coach, seeker).state == "asked"


def test_who_becomes_the_manager_after_being_asked_cannot_agree(coach, seeker):
    asked = ask(coach, seeker)
    Contract.objects.filter(person=seeker).update(line_manager=coach.person)

    with pytest.raises(ActionRefused) as refusal:
        answer(agreement_id=asked.pk, by=coach.person, agrees=True, now=NOW)
    assert refusal.value.sentence == coaching.CAME_INTO_LINE
    assert answer(agreement_id=asked.pk, by=coach.person, agrees=False, now=NOW).state == "declined"


@pytest.mark.parametrize("meetings", [3, 7])
def test_coaching_is_four_to_six_meetings(coach, seeker, meetings):
    with pytest.raises(ActionRefused) as refusal:
        ask(coach, seeker, meetings=meetings)
    assert refusal.value.sentence == coaching.HOW_MANY_MEETINGS
    asked = ask(coach, seeker, meetings=6)
    with pytest.raises(ActionRefused) as refusal:
        answer(agreement_id=asked.pk, by=coach.person, agrees=True, meetings=meetings, now=NOW)
    assert refusal.value.sentence == coaching.HOW_MANY_MEETINGS

    agreed = answer(agreement_id=asked.pk, by=coach.person, agrees=True, meetings=5, now=NOW)
    assert (asked.meetings_planned, agreed.meetings_planned) == (6, 5)


def test_somebody_coaches_and_is_coached_even_by_one_another(coach, year):
    other = CoachProfileFactory(person=ContractFactory().person)
    there = ask(coach, other.person)
    back = ask(other, coach.person)

    for asked, by in ((there, coach.person), (back, other.person)):
        answer(agreement_id=asked.pk, by=by, agrees=True, now=NOW)
        log(asked, by=by, held_on=ON)

    assert minutes_of(coach.person) == minutes_of(other.person) == 100
    assert set(LedgerEntry.objects.filter(person=coach.person).values_list("kind__code", flat=True)) == {
        "coaching_given",
        "coaching_received",
    }


def test_only_for_oneself_and_only_a_coach(coach, seeker):
    with pytest.raises(ActionRefused) as refusal:
        ask_coach(coach_id=coach.person_id, coachee=seeker, by=coach.person, topic="confidence", now=NOW)
    assert refusal.value.sentence == coaching.FOR_YOURSELF
    with pytest.raises(ActionRefused) as refusal:
        ask_coach(
            coach_id=ContractFactory().person_id, coachee=seeker, by=seeker, topic="confidence", now=NOW
        )
    assert refusal.value.sentence == coaching.NO_SUCH_COACH
    with pytest.raises(ActionRefused) as refusal:
        ask(coach, PersonFactory())
    assert refusal.value.sentence == coaching.ONLY_COLLEAGUES


def test_each_side_does_its_own(coach, seeker):
    asked = ask(coach, seeker)

    with pytest.raises(ActionRefused):
        answer(agreement_id=asked.pk, by=seeker, agrees=True, now=NOW)
    with pytest.raises(ActionRefused):
        withdraw(agreement_id=asked.pk, by=coach.person, now=NOW)
    with pytest.raises(ActionRefused):
        end(agreement_id=asked.pk, by=seeker, is_complete=False, now=NOW)
    assert withdraw(agreement_id=asked.pk, by=seeker, now=NOW).state == "withdrawn"
    with pytest.raises(ActionRefused) as refusal:
        answer(agreement_id=asked.pk, by=coach.person, agrees=True, now=NOW)
    assert refusal.value.sentence == coaching.not_open(CoachingAgreement.objects.get(pk=asked.pk))


def test_profile_says_when_supervision_is_due(seeker):
    about = {
        "training": "ilm3",
        "approaches": ["grow"],
        "topics": ["confidence"],
        "phases": [],
        "capacity": 2,
        "about": " Listens. ",
        "is_open": True,
        "on": ON,
    }
    profile = offer_coaching(person=seeker, by=seeker, supervised_on=date(2026, 11, 1), **about)

    assert (profile.supervision_due_on, profile.about) == (date(2027, 3, 1), "Listens.")
    with pytest.raises(ActionRefused) as refusal:
        offer_coaching(person=seeker, by=seeker, supervised_on=date(2026, 11, 25), **about)
    assert refusal.value.sentence == coaching.SUPERVISED_LATER
    with pytest.raises(ActionRefused) as refusal:
        offer_coaching(person=seeker, by=PersonFactory(), supervised_on=None, **about)
    assert refusal.value.sentence == coaching.OWN_PROFILE


def test_saving_the_profile_again_does_not_put_supervision_off(seeker):
    about = {
        "training": "ilm3",
        "approaches": [],
        "topics": ["confidence"],
        "phases": [],
        "capacity": 2,
        "about": "",
        "is_open": True,
        "supervised_on": None,
    }
    first = offer_coaching(person=seeker, by=seeker, on=ON, **about)
    again = offer_coaching(person=seeker, by=seeker, on=date(2027, 2, 1), **about)

    assert first.supervision_due_on == again.supervision_due_on == date(2027, 3, 24)


def test_there_is_nowhere_to_write_what_was_said():
    for model in (CoachingAgreement, CoachingMeeting):
        words = [
            field.name
            for field in model._meta.get_fields()
            if isinstance(field, CharField | TextField) and not field.choices
        ]
        assert words == []


# Meetings ---------------------------------------------------------------------------------------
def test_meeting_counts_for_both_once(agreement):
    first = log(agreement)
    assert log(agreement, by=agreement.coachee) == first

    entries = LedgerEntry.objects.order_by("source_key")
    assert [(one.person_id, one.kind.code, one.minutes, one.source_key) for one in entries] == [
        (agreement.coach_id, "coaching_given", 50, f"coaching:{first.pk}:given:1"),
        (agreement.coachee_id, "coaching_received", 50, f"coaching:{first.pk}:received:1"),
    ]


def test_mentoring_is_credited_as_such(year):
    log(CoachingAgreementFactory(approach="mentoring", starts_on=BEGAN))

    assert set(LedgerEntry.objects.values_list("kind__code", flat=True)) == {
        "mentoring_given",
        "mentoring_received",
    }


def test_nothing_in_the_ledger_names_the_other_or_the_topic(agreement):
    log(agreement)

    titles = set(LedgerEntry.objects.values_list("title", flat=True))
    assert titles == {
        coaching_meetings.TITLES["coaching_given"],
        coaching_meetings.TITLES["coaching_received"],
    }


def test_nothing_in_the_ledger_names_who_logged_it_or_took_it_back(agreement):
    meeting = log(agreement)
    remove_meeting(meeting_id=meeting.pk, by=agreement.coachee, now=NOW)

    assert list(LedgerEntry.objects.values_list("created_by", flat=True)) == [None] * 4
    meeting.refresh_from_db()
    assert meeting.logged_by == agreement.coach


def test_removing_takes_both_back_and_it_can_be_logged_anew(agreement):
    meeting = log(agreement)
    remove_meeting(meeting_id=meeting.pk, by=agreement.coachee, now=NOW)
    remove_meeting(meeting_id=meeting.pk, by=agreement.coachee, now=NOW)
    assert (minutes_of(agreement.coach), minutes_of(agreement.coachee)) == (0, 0)
    assert LedgerEntry.objects.count() == 4

    log(agreement, minutes=40)
    assert (minutes_of(agreement.coach), minutes_of(agreement.coachee)) == (40, 40)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"held_on": date(2026, 11, 25)}, coaching_meetings.STILL_TO_COME),
        ({"held_on": date(2026, 9, 30)}, coaching_meetings.before_it_began(BEGAN)),
        ({"minutes": 9}, coaching_meetings.HOW_LONG),
        ({"minutes": 181}, coaching_meetings.HOW_LONG),
    ],
)
def test_meeting_that_cannot_be_is_refused_and_credits_nothing(agreement, change, sentence):
    with pytest.raises(ActionRefused) as refusal:
        log(agreement, **change)
    assert refusal.value.sentence == sentence
    assert not LedgerEntry.objects.exists()
    assert not CoachingMeeting.objects.exists()


def test_second_meeting_of_another_length_on_one_day_is_refused(agreement):
    log(agreement)

    with pytest.raises(ActionRefused) as refusal:
        log(agreement, minutes=30)
    assert refusal.value.sentence == coaching_meetings.logged_already(date(2026, 11, 20))


def test_seventh_meeting_is_refused_until_one_is_taken_out(agreement):
    first, *_ = [log(agreement, held_on=date(2026, 11, day)) for day in range(2, 8)]

    with pytest.raises(ActionRefused) as refusal:
        log(agreement, held_on=ON)
    assert refusal.value.sentence == coaching_meetings.ALL_LOGGED
    remove_meeting(meeting_id=first.pk, by=agreement.coach, now=NOW)
    assert log(agreement, held_on=ON).minutes == 50


def test_outsider_keeps_no_log(agreement):
    meeting = log(agreement)

    with pytest.raises(ActionRefused):
        log(agreement, by=PersonFactory(), held_on=ON)
    with pytest.raises(ActionRefused):
        remove_meeting(meeting_id=meeting.pk, by=PersonFactory(), now=NOW)


@pytest.mark.parametrize("state", ["asked", "declined", "withdrawn", "ended"])
def test_nothing_is_logged_before_it_is_agreed_or_after_it_ended(year, state):
    with pytest.raises(ActionRefused) as refusal:
        log(CoachingAgreementFactory(state=state, starts_on=BEGAN))
    assert refusal.value.sentence == coaching_meetings.NOT_AGREED


def test_coach_without_an_answer_and_due_supervision_are_reminded(db):
    asked = CoachingAgreementFactory(state="asked", starts_on=None)
    CoachingAgreement.objects.filter(pk=asked.pk).update(asked_at=NOW.replace(day=17))
    CoachingAgreementFactory(state="agreed", starts_on=BEGAN)
    profile = CoachProfileFactory(supervision_due_on=date(2026, 12, 8))
    CoachProfileFactory(supervision_due_on=date(2026, 12, 9))

    assert {(one.person_id, one.kind) for one in due_on(ON)} == {
        (asked.coach_id, "coaching_asked"),
        (profile.person_id, "coaching_supervision"),
    }
