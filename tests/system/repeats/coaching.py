"""The forms of coaching: offering, asking, answering, meeting, ending."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone

from pathways.actions.coaching_meetings import log_meeting
from pathways.models import CoachingAgreement
from staff import clock
from tests.factories.pathways_coaching import CoachingAgreementFactory, CoachProfileFactory
from tests.factories.staff import ContractFactory
from tests.system.repeats.cases import Cases, Form, Get


def an_agreement(get: Get, **fields: object) -> CoachingAgreement:
    """The outsider of another school coaches the teaching assistant, or is asked to."""
    people = {"coach": get("outsider").person, "coachee": get("teaching_assistant").person}
    CoachingAgreement.objects.filter(**people, state__in=["asked", "agreed"]).update(
        state="ended", ended_on=date(2026, 11, 1)
    )
    return CoachingAgreementFactory(**people, **fields)


def _asked(get: Get) -> CoachingAgreement:
    return an_agreement(get, state="asked", starts_on=None, asked_at=clock.now())


def to_offer(get: Get) -> Form:
    data = {
        "training": "ilm3",
        "topics": ["confidence"],
        "capacity": 2,
        "about": "I listen.",
        "is_open": "on",
    }
    return Form("outsider", reverse("pathways:coaching-offer"), data)


def to_ask(get: Get) -> Form:
    coach = CoachProfileFactory(person=ContractFactory(school=get("kettering")).person).person
    data = {"coach": coach.pk, "topic": "confidence", "approach": "grow", "meetings": 4}
    return Form("teaching_assistant", reverse("pathways:coaching-find"), data)


def to_answer(answer: str, get: Get) -> Form:
    path = reverse("pathways:coaching-answer", args=[_asked(get).pk])
    return Form("outsider", path, {"answer": answer, "meetings": 5})


def to_withdraw(get: Get) -> Form:
    return Form("teaching_assistant", reverse("pathways:coaching-withdraw", args=[_asked(get).pk]))


def to_log(get: Get) -> Form:
    """They have met yesterday."""
    data = {"held_on": clock.today() - timedelta(days=1), "minutes": 60}
    return Form("outsider", reverse("pathways:coaching-log", args=[an_agreement(get).pk]), data)


def _met(get: Get) -> tuple[CoachingAgreement, int]:
    agreement = an_agreement(get)
    now = clock.now()
    held_on = timezone.localdate(now) - timedelta(days=2)
    meeting = log_meeting(agreement_id=agreement.pk, by=agreement.coach, held_on=held_on, minutes=60, now=now)
    return agreement, meeting.pk


def to_remove(get: Get) -> Form:
    _, meeting = _met(get)
    return Form("outsider", reverse("pathways:coaching-meeting-remove", args=[meeting]))


def to_end(how: str, get: Get) -> Form:
    agreement, _ = _met(get)
    return Form("outsider", reverse("pathways:coaching-end", args=[agreement.pk]), {"how": how})


CASES: Cases = {
    "pathways:coaching-offer": (to_offer, {"+pathways.coachprofile": 1}),
    "pathways:coaching-find": (to_ask, {"+pathways.coachingagreement": 1, "+staff.message": 1}),
    "pathways:coaching-answer, agrees": (
        partial(to_answer, "agree"),
        {"+staff.message": 1, "pathways.coachingagreement": 1},
    ),
    "pathways:coaching-answer, declines": (
        partial(to_answer, "decline"),
        {"+staff.message": 1, "pathways.coachingagreement": 1},
    ),
    "pathways:coaching-withdraw": (to_withdraw, {"+staff.message": 1, "pathways.coachingagreement": 1}),
    "pathways:coaching-log": (to_log, {"+entitlements.ledgerentry": 2, "+pathways.coachingmeeting": 1}),
    "pathways:coaching-meeting-remove": (
        to_remove,
        {"+entitlements.ledgerentry": 2, "pathways.coachingmeeting": 1},
    ),
    "pathways:coaching-end, complete": (
        partial(to_end, "complete"),
        {"+staff.message": 1, "pathways.coachingagreement": 1},
    ),
    "pathways:coaching-end, early": (
        partial(to_end, "early"),
        {"+staff.message": 1, "pathways.coachingagreement": 1},
    ),
}
