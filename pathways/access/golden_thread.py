"""The only doors to the Golden Thread: 404 to outsiders, 403 to who only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from pathways.models import EarlyCareer, EarlyCareerReview, TeachingInterest
from pathways.queries.early_career import SEEN_BY
from pathways.queries.teaching_interest import interests
from pathways.rules.teaching_interest import OWN, PEOPLE_TEAM
from staff.access import person_or_404
from staff.models import Contract, Delegation, Person, Responsibility, School, User
from staff.queries.deciders import may_decide_about


class Standing(StrEnum):
    """How a reader stands to an early career teacher."""

    OWN = "own"
    TUTOR = "tutor"
    MENTOR = "mentor"
    HEAD = "head"
    PEOPLE_TEAM = "people_team"


@dataclass(frozen=True)
class Looked:
    """An induction, and how its reader stands to the teacher."""

    early_career: EarlyCareer
    standings: frozenset[Standing]

    @property
    def may_lead(self) -> bool:
        """Whether they may change who helps and who checks."""
        return bool(self.standings & {Standing.HEAD, Standing.PEOPLE_TEAM})


def get_early_career(user: User, pk: int, on: date) -> Looked:
    """An induction one may read: one's own, as tutor, mentor, head or people team; to all others 404."""
    career = get_object_or_404(
        EarlyCareer.objects.select_related(
            "person", "school", "mentor", "induction_tutor", "appropriate_body", "trained_with"
        ),
        pk=pk,
    )
    return Looked(career, _standings(person_or_404(user), career, on))


def get_early_career_to_lead(user: User, pk: int, on: date) -> Looked:
    """One whose helpers and body one may change; 403 to who only reads it."""
    looked = get_early_career(user, pk, on)
    if not looked.may_lead:
        raise PermissionDenied("The headteacher or the people team arranges inductions.")
    return looked


def get_early_career_to_complete(user: User, pk: int, on: date) -> Looked:
    """One that one may record as completed; 403 to who is not of the people team."""
    looked = get_early_career(user, pk, on)
    if Standing.PEOPLE_TEAM not in looked.standings:
        raise PermissionDenied("The people team records the appropriate body's decision.")
    return looked


def get_review_to_record(user: User, pk: int, on: date) -> tuple[EarlyCareerReview, Looked]:
    """A review one may record: 403 to whoever reads it and is not the induction tutor."""
    review = get_object_or_404(EarlyCareerReview, pk=pk)
    looked = get_early_career(user, review.early_career_id, on)
    if Standing.TUTOR not in looked.standings:
        raise PermissionDenied("The induction tutor records the reviews.")
    return review, looked


def get_teacher_to_register(user: User, pk: int, on: date) -> Person:
    """An early career teacher whose induction one may begin, as head or people team; else 404."""
    person = get_object_or_404(Person, pk=pk)
    posts = Contract.objects.in_force(on).filter(person=person, job_role__code="TCH-ECT")
    if not may_decide_about(user.person, person, on, kinds=SEEN_BY) or not posts.exists():
        raise Http404("There is no such teacher.")
    return person


def check_sees_early_careers(user: User, on: date) -> Person:
    """Whoever leads a school or is of the people team, by delegation too; to all others 404."""
    person = person_or_404(user)
    givers = Delegation.objects.in_force(on).filter(to_person=person).values_list("from_person", flat=True)
    holders = Responsibility.objects.in_force(on).filter(
        person__in=[person.pk, *givers], kind__in=SEEN_BY, hub__isnull=True
    )
    if not holders.exists():
        raise Http404("This list is for headteachers and the people team.")
    return person


@dataclass(frozen=True)
class CapacityScope:
    """The schools whose capacity one sees and sets: None is every one."""

    school_ids: frozenset[int] | None


def get_capacity_scope(user: User, on: date) -> CapacityScope:
    """The head their school, the people team every one; to all others 404."""
    held = Responsibility.objects.in_force(on).filter(
        person=person_or_404(user), kind__in=SEEN_BY, hub__isnull=True
    )
    found = list(held)
    if any(one.kind == "people_team" and one.school_id is None for one in found):
        return CapacityScope(None)
    schools = frozenset(
        one.school_id for one in found if one.kind == "headteacher" and one.school_id is not None
    )
    if not schools:
        raise Http404("This page is for headteachers and the people team.")
    return CapacityScope(schools)


def get_school_to_plan(user: User, pk: int, on: date) -> School:
    """A school whose capacity one may set; to all others 404."""
    scope = get_capacity_scope(user, on)
    school = get_object_or_404(School, pk=pk, kind=School.Kind.SCHOOL)
    if scope.school_ids is not None and school.pk not in scope.school_ids:
        raise Http404("There is no such school.")
    return school


def check_people_team(user: User, on: date) -> Person:
    """The people team of the trust; to all others 404."""
    person = person_or_404(user)
    if not _is_people_team(person, on):
        raise Http404("This board is the people team's.")
    return person


def get_interest(user: User, pk: int, on: date) -> tuple[TeachingInterest, str]:
    """An interest and as what one reads it: one's own, or as people team; to all others 404."""
    person = person_or_404(user)
    interest = get_object_or_404(interests(), pk=pk)
    if interest.person_id == person.pk:
        return interest, OWN
    if _is_people_team(person, on):
        return interest, PEOPLE_TEAM
    raise Http404("There is no such interest.")


def _is_people_team(person: Person, on: date) -> bool:
    held = Responsibility.objects.in_force(on).filter(
        person=person, kind="people_team", school__isnull=True, hub__isnull=True
    )
    return held.exists()


def _standings(reader: Person, career: EarlyCareer, on: date) -> frozenset[Standing]:
    if reader.pk == career.person_id:
        return frozenset({Standing.OWN})
    found = set()
    if reader.pk == career.induction_tutor_id:
        found.add(Standing.TUTOR)
    if reader.pk == career.mentor_id:
        found.add(Standing.MENTOR)
    day = max(on, career.starts_on)
    for standing, kind in ((Standing.HEAD, "headteacher"), (Standing.PEOPLE_TEAM, "people_team")):
        if may_decide_about(reader, career.person, day, kinds=(kind,)):
            found.add(standing)
    if not found:
        raise Http404("There is no such induction.")
    return frozenset(found)
