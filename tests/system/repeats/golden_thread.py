"""The forms of the Golden Thread: early career teachers, capacity, interest in training to teach."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from django.urls import reverse

from entitlements.models import AcademicYear
from pathways.models import EarlyCareer, EarlyCareerReview, TeachingInterest, TrainingCapacity
from staff import clock
from staff.models import Person
from tests.factories.pathways_golden_thread import (
    AppropriateBodyFactory,
    EarlyCareerFactory,
    TeachingInterestFactory,
    walk,
)
from tests.factories.staff import ContractFactory, JobRoleFactory
from tests.system.repeats.cases import Cases, Form, Get

WORDS = {"words": "As we said on the phone."}


def _starter(get: Get) -> Person:
    """An early career teacher of Beanfield."""
    get("headteacher")
    return ContractFactory(
        school=get("beanfield"), job_role=JobRoleFactory(code="TCH-ECT"), starts_on="2026-09-01"
    ).person


def an_induction(get: Get) -> EarlyCareer:
    """With one review, of which the teacher of the tests is the tutor."""
    career = EarlyCareerFactory(
        person=_starter(get),
        school=get("beanfield"),
        induction_tutor=get("teacher").person,
        starts_on=date(2026, 9, 1),
        ends_on=date(2028, 7, 20),  # as it is planned for these hours, so that one change writes once
    )
    EarlyCareerReview.objects.create(early_career=career, term=1, kind="formal", due_on="2026-12-11")
    return career


def _helpers(get: Get) -> dict[str, object]:
    return {
        "appropriate_body": AppropriateBodyFactory().pk,
        "mentor": get("line_manager").person.pk,
        "induction_tutor": get("teacher").person.pk,
        "lead_provider": "Ambition",
    }


def to_register(get: Get) -> Form:
    path = reverse("pathways:ect-register", args=[_starter(get).pk])
    return Form("headteacher", path, {"starts_on": "2026-09-01", **_helpers(get)})


def to_change(get: Get) -> Form:
    path = reverse("pathways:ect-edit", args=[an_induction(get).pk])
    return Form("headteacher", path, _helpers(get))


def to_review(get: Get) -> Form:
    review = an_induction(get).reviews.get()
    data = {"held_on": "2026-11-20", "is_on_track": "yes", **WORDS}
    return Form("teacher", reverse("pathways:ect-review", args=[review.pk]), data)


def to_complete(get: Get) -> Form:
    career = an_induction(get)
    career.reviews.update(held_on="2026-11-20", is_on_track=True, recorded_by=get("teacher").person)
    path = reverse("pathways:ect-complete", args=[career.pk])
    return Form("people_team", path, {"completed_on": "2026-11-26"})


def to_set_capacity(get: Get) -> Form:
    get("headteacher")
    path = reverse("pathways:capacity-edit", args=[get("beanfield").pk])
    return Form("headteacher", path, {"mentors": "4", "placements": "2"})


# Training to teach ----------------------------------------------------------------------------
def an_interest(get: Get, *states: str) -> TeachingInterest:
    """The one interest of the teaching assistant."""
    person, team = get("teaching_assistant").person, get("people_team").person
    for open_one in TeachingInterest.objects.filter(person=person).exclude(state__in=["withdrawn", "placed"]):
        walk(open_one, "withdrawn", by=team)
    return walk(TeachingInterestFactory(person=person), *states, by=team)


def to_express(get: Get) -> Form:
    data = {"phase": "primary", "has_degree": "on", "has_english_and_maths": "on", "has_science": "on"}
    get("people_team")
    return Form("teaching_assistant", reverse("pathways:teach-mine"), data)


def to_move(who: str, to: str, states: tuple[str, ...], get: Get) -> Form:
    interest = an_interest(get, *states)
    return Form(who, reverse("pathways:teach-move", args=[interest.pk, to]), WORDS)


def to_place(get: Get) -> Form:
    school, year = get("beanfield"), AcademicYear.objects.get(name="2026/27")
    TrainingCapacity.objects.update_or_create(
        school=school, year=year, defaults={"mentors": 9, "placements": 9}
    )
    interest = an_interest(get, "advised", "applied", "offered")
    path = reverse("pathways:teach-move", args=[interest.pk, "placed"])
    starts_on = clock.today() + timedelta(days=30)
    data = {"school": school.pk, "mentor": get("line_manager").person.pk, "starts_on": starts_on, **WORDS}
    return Form("people_team", path, data)


CASES: Cases = {
    "pathways:ect-register": (
        to_register,
        {
            "+pathways.earlycareer": 1,
            "+pathways.earlycareerreview": 6,
            "+staff.message": 2,
            "trail of pathways.earlycareer": 2,
        },
    ),
    "pathways:ect-edit": (
        to_change,
        {
            "+pathways.earlycareerreview": 5,
            "+staff.message": 2,
            "pathways.earlycareer": 1,
            "pathways.earlycareerreview": 1,
        },
    ),
    "pathways:ect-review": (to_review, {"pathways.earlycareerreview": 1}),
    "pathways:ect-complete": (to_complete, {"pathways.earlycareer": 1}),
    "pathways:capacity-edit": (
        to_set_capacity,
        {"+pathways.trainingcapacity": 1, "trail of pathways.trainingcapacity": 2},
    ),
    "pathways:teach-mine": (to_express, {"+pathways.teachinginterest": 1}),
    "pathways:teach-move, advised": (
        partial(to_move, "people_team", "advised", ()),
        {"+pathways.teachingintereststep": 1, "+staff.message": 1, "pathways.teachinginterest": 1},
    ),
    "pathways:teach-move, applied": (
        partial(to_move, "teaching_assistant", "applied", ("advised",)),
        {"+pathways.teachingintereststep": 1, "pathways.teachinginterest": 1},
    ),
    "pathways:teach-move, withdrawn": (
        partial(to_move, "teaching_assistant", "withdrawn", ()),
        {"+pathways.teachingintereststep": 1, "pathways.teachinginterest": 1},
    ),
    "pathways:teach-move, placed": (
        to_place,
        {"+pathways.teachingintereststep": 1, "+staff.message": 2, "pathways.teachinginterest": 1},
    ),
}
