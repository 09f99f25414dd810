"""Inductions and meetings when several do the same at the same moment, on a database that commits."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from entitlements.models import LedgerEntry
from pathways.actions.coaching import ask_coach
from pathways.actions.coaching_meetings import log_meeting
from pathways.actions.induction import start_inductions
from pathways.models import CoachingAgreement, CoachingMeeting, Induction, InductionStep
from staff.models import Message
from staff.refusals import ActionRefused
from tests.at_once import at_once
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, EntitlementPolicyFactory
from tests.factories.pathways_coaching import CoachingAgreementFactory, CoachProfileFactory
from tests.factories.pathways_induction import InductionTemplateStepFactory
from tests.factories.staff import ContractFactory

ON = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/London"))


def test_five_runs_at_once_begin_each_induction_once(cloned_database):
    InductionTemplateStepFactory()
    for _ in range(20):
        ContractFactory(starts_on=ON)

    begun = at_once(*[lambda: start_inductions(on=ON, now=NOW)] * 5)

    assert sum(begun) == 20
    assert (Induction.objects.count(), InductionStep.objects.count()) == (20, 20)
    assert Message.objects.count() == 20


def test_both_sides_logging_one_meeting_at_once_credit_it_once(cloned_database):
    EntitlementPolicyFactory(year=AcademicYearFactory(name="2026/27"))
    for code in ("coaching_given", "coaching_received"):
        ActivityKindFactory(code=code)
    agreement = CoachingAgreementFactory(starts_on=ON - timedelta(days=30))

    def log(by):
        return log_meeting(agreement_id=agreement.pk, by=by, held_on=ON, minutes=60, now=NOW)

    at_once(*[lambda: log(agreement.coach), lambda: log(agreement.coachee)] * 3)

    assert CoachingMeeting.objects.count() == 1
    assert LedgerEntry.objects.count() == 2


def test_six_who_ask_at_once_share_no_place(cloned_database):
    coach = CoachProfileFactory(person=ContractFactory().person, capacity=2)
    seekers = [ContractFactory().person for _ in range(6)]

    def ask(seeker):
        return ask_coach(coach_id=coach.person_id, coachee=seeker, by=seeker, topic="confidence", now=NOW)

    results = at_once(*[lambda seeker=seeker: ask(seeker) for seeker in seekers])

    assert CoachingAgreement.objects.count() == 2
    assert sum(isinstance(result, ActionRefused) for result in results) == 4


def test_without_the_lock_more_ask_than_there_are_places(cloned_database, monkeypatch):
    """The control: without the lock of the coach's profile, the last place is given away twice.

    The moment between looking and writing is made long enough to be met.
    """
    save = CoachingAgreement.save

    def slowly(agreement, *args, **options):
        time.sleep(0.1)
        save(agreement, *args, **options)

    coach = CoachProfileFactory(person=ContractFactory().person, capacity=1)
    seekers = [ContractFactory().person for _ in range(6)]
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    monkeypatch.setattr(CoachingAgreement, "save", slowly)

    def ask(seeker):
        return ask_coach(coach_id=coach.person_id, coachee=seeker, by=seeker, topic="confidence", now=NOW)

    at_once(*[lambda seeker=seeker: ask(seeker) for seeker in seekers])

    assert CoachingAgreement.objects.count() > 1
