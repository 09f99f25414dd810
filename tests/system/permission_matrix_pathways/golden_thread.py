"""Who gets which answer at the addresses of the Golden Thread of teaching; things of this part beside it."""

from __future__ import annotations

from typing import Any

from pathways.models import EarlyCareer, TeachingInterest
from tests.factories.pathways_golden_thread import (
    AppropriateBodyFactory,
    CareerStageFactory,
    EarlyCareerFactory,
    EarlyCareerReviewFactory,
    SchoolFundingFactory,
    TeachingInterestFactory,
    TrainingCapacityFactory,
)
from tests.factories.staff import ContractFactory, JobRoleFactory, SchoolFactory
from tests.system import world
from tests.system.expectations import ALL, Entry, of, page, row
from tests.system.world import Maker, World

# The mentor of these is the line manager and their tutor the hub lead; the line manager as such sees nothing.
#                                       smhltpna
TABLE: dict[str, Entry] = {
    "pathways:thread": page(ALL),
    "pathways:ect-list": page("nnynnynL"),
    "pathways:ect-register": of(
        "early career teacher to register",
        school=row("nnynnynL", "nnynnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
    "pathways:ect-detail": of("early career", own=row(ALL), school=row("nyyynynL"), other=row("nynynynL")),
    "pathways:ect-edit": of(
        "early career",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nxyxnynL", "nxyxnynL"),
        other=row("nxnxnynL", "nxnxnynL"),
    ),
    "pathways:ect-complete": of(
        "early career",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nxxxnynL", "nxxxnynL"),
        other=row("nxnxnynL", "nxnxnynL"),
    ),
    "pathways:ect-review": of(
        "early career review",
        own=row("xxxxxxxL", "xxxxxxxL"),
        school=row("nxxynxnL", "nxxynxnL"),
        other=row("nxnynxnL", "nxnynxnL"),
    ),
    "pathways:capacity-list": page("nnynnynL"),
    "pathways:capacity-edit": of(
        "school with capacity",
        school=row("nnynnynL", "nnynnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
    "pathways:teach-mine": page(ALL, ALL),
    "pathways:teach-board": page("nnnnnynL"),
    # An interest is the person's and the people team's alone: no manager hears of it before they do.
    "pathways:teach-detail": of(
        "teaching interest", own=row(ALL), school=row("nnnnnynL"), other=row("nnnnnynL")
    ),
    "pathways:teach-move": of(
        "step of a teaching interest",
        own=row("yyyyyyyL", "yyyyyyyL"),
        school=row("nnnnnynL", "nnnnnynL"),
        other=row("nnnnnynL", "nnnnnynL"),
    ),
}


def _career(made_for: World, role: str, scope: str) -> EarlyCareer:
    person: Any = made_for.owner(role, scope).person
    there = EarlyCareer.objects.filter(person=person).first()
    if there is not None:
        return there
    contract = person.contracts.first()
    mentor, tutor = made_for.users["manager"].person, made_for.users["hub"].person  # type: ignore[union-attr]
    return EarlyCareerFactory(
        person=person,
        school=contract.school if contract else SchoolFactory(),
        mentor=mentor if mentor != person else None,
        induction_tutor=tutor if tutor != person else None,
    )


def _interest(made_for: World, role: str, scope: str) -> TeachingInterest:
    person = made_for.owner(role, scope).person
    there = TeachingInterest.objects.filter(person=person).first()
    return there or TeachingInterestFactory(person=person)


def _to_register(made_for: World, role: str, scope: str) -> dict[str, object]:
    school = "BPS" if scope == "school" else "KSA"
    job = JobRoleFactory(code="TCH-ECT")
    return {"pk": ContractFactory(school=SchoolFactory(code=school), job_role=job).person.pk}


THINGS: dict[str, Maker] = {
    "early career": lambda made_for, role, scope: {"pk": _career(made_for, role, scope).pk},
    "early career review": lambda made_for, role, scope: {
        "pk": (
            (career := _career(made_for, role, scope)).reviews.first()
            or EarlyCareerReviewFactory(early_career=career)
        ).pk
    },
    "early career teacher to register": _to_register,
    "school with capacity": lambda made_for, role, scope: {
        "pk": SchoolFactory(code="BPS" if scope == "school" else "KSA").pk
    },
    "teaching interest": lambda made_for, role, scope: {"pk": _interest(made_for, role, scope).pk},
    "step of a teaching interest": lambda made_for, role, scope: {
        "pk": _interest(made_for, role, scope).pk,
        "to": "withdrawn",
    },
}
world.ROWS.update(
    {
        "pathways.careerstage": lambda made_for: CareerStageFactory(person=made_for.colleague.person),
        "pathways.appropriatebody": lambda made_for: AppropriateBodyFactory(),
        "pathways.schoolfunding": lambda made_for: SchoolFundingFactory(),
        "pathways.trainingcapacity": lambda made_for: TrainingCapacityFactory(year__name="2026/27"),
        "pathways.earlycareer": lambda made_for: _career(made_for, "staff", "school"),
        "pathways.teachinginterest": lambda made_for: _interest(made_for, "staff", "school"),
    }
)
