"""Early career teachers: registering an induction, who helps, its reviews, and its end (DOMAIN section 3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from pathways.actions.early_career_letters import tell_help
from pathways.actions.training_capacity import refuse_mentor_beyond_capacity
from pathways.models import AppropriateBody, EarlyCareer, EarlyCareerReview
from pathways.queries.early_career import plans_of, schools_served, teaching_schools
from pathways.rules.early_career import Plan, why_not_this_body
from staff.models import Contract, Person, School
from staff.queries.deciders import may_decide_about
from staff.queries.main_contract import MAIN_FIRST
from staff.refusals import ActionRefused
from staff.wording import date_words

LEADING: Final = ("headteacher", "people_team")
NOT_TUTOR = "The induction tutor records the reviews."
STILL_TO_COME = "This day is still to come. Record the review when you have held it."
WHAT_IS_MISSING = "Say in a line what is missing and what helps, so that they can act on it."
NOT_PEOPLE_TEAM = "The people team records the appropriate body's decision."
REVIEW_MISSING = "A review is still missing. The induction tutor records it first."
NOT_PASSED = "The last assessment was not passed, so the induction cannot be completed."
TWO_PEOPLE = "The induction tutor judges, the mentor helps: choose two people."
NOT_LEADING = "The headteacher or the people team arranges inductions."
COMPLETED = "This induction is completed. Nothing in it changes any more."


def before_it_began(starts_on: date) -> str:
    """Why a review before the first day of an induction is not recorded."""
    return f"The induction began on {date_words(starts_on)}. Correct the day."


def own_helper(what: str) -> str:
    """Why no one can be the "mentor" or "induction tutor" of their own induction."""
    return f"Nobody is their own {what}."


def body_refused(
    body: AppropriateBody, *, schools: Collection[School], trained_with: AppropriateBody | None
) -> str:
    """Why this body cannot check an induction served at these schools, in a sentence; empty where it can.

    One query at most.
    """
    conflicting = next((school for school in schools if school.pk == body.lead_school_id), None)
    return why_not_this_body(
        body.name,
        is_lead_school=conflicting is not None,
        has_trained=trained_with is not None and trained_with.pk == body.pk,
        school=conflicting.name if conflicting else "",
        lead_school=body.lead_school.name if body.lead_school else "",
    )


@transaction.atomic
def register_induction(
    *,
    person: Person,
    by: Person,
    starts_on: date,
    appropriate_body: AppropriateBody,
    trained_with: AppropriateBody | None = None,
    lead_provider: str = "",
    delivery_partner: str = "",
    mentor: Person | None = None,
    induction_tutor: Person | None = None,
    now: datetime,
) -> EarlyCareer:
    """Begin somebody's induction at the school of their main contract; its reviews are planned at once.

    Registered already: that one. Raises ActionRefused for anybody but head and people team, a body that
    may not check it, and a mentor or tutor who cannot be it.
    """
    on = timezone.localdate(now)
    _check_leads(by, person, on)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if there := EarlyCareer.objects.filter(person=person).first():
        return there
    contract = (
        Contract.objects.in_force(max(on, starts_on))
        .filter(person=person, job_role__staff_group__in=["teacher", "leadership"])
        .select_related("school")
        .order_by(*MAIN_FIRST)
        .first()
    )
    if contract is None:
        raise ActionRefused("There is no teaching contract on that day. Correct the first day.")
    schools = schools_served(person.pk, contract.school, max(on, starts_on))
    if refused := body_refused(appropriate_body, schools=schools, trained_with=trained_with):
        raise ActionRefused(refused)
    career = EarlyCareer(
        person=person,
        school=contract.school,
        starts_on=starts_on,
        appropriate_body=appropriate_body,
        trained_with=trained_with,
        lead_provider=lead_provider.strip(),
        delivery_partner=delivery_partner.strip(),
    )
    _set_helpers(career, mentor, induction_tutor, on)
    career.save()
    plan_reviews([career], on=on)
    tell_help(career, now=now)
    return career


@transaction.atomic
def change_induction(
    *,
    early_career_id: int,
    by: Person,
    appropriate_body: AppropriateBody,
    trained_with: AppropriateBody | None,
    lead_provider: str,
    delivery_partner: str,
    mentor: Person | None,
    induction_tutor: Person | None,
    terms_agreed: int | None,
    extends_for_family: bool,
    now: datetime,
) -> EarlyCareer:
    """Change who helps, who checks, and what was agreed; what is due is planned anew."""
    on = timezone.localdate(now)
    career = _locked(early_career_id)
    _check_leads(by, career.person, on)
    _check_open(career)
    schools = schools_served(career.person_id, career.school, on)
    if refused := body_refused(appropriate_body, schools=schools, trained_with=trained_with):
        raise ActionRefused(refused)
    career.appropriate_body, career.trained_with = appropriate_body, trained_with
    career.lead_provider, career.delivery_partner = lead_provider.strip(), delivery_partner.strip()
    career.terms_agreed, career.extends_for_family = terms_agreed, extends_for_family
    _set_helpers(career, mentor, induction_tutor, on)
    career.save()
    plan_reviews([career], on=on)
    tell_help(career, now=now)
    return career


@transaction.atomic
def record_review(
    *, review_id: int, by: Person, held_on: date, is_on_track: bool, words: str, on: date
) -> EarlyCareerReview:
    """Record a progress review or formal assessment, as the induction tutor; again, it is corrected.

    Raises ActionRefused for anybody else, a day to come or before the induction, and "not on track" in no words.
    """
    found = EarlyCareerReview.objects.get(pk=review_id)
    career = _locked(found.early_career_id)
    review = EarlyCareerReview.objects.select_for_update(no_key=True).get(pk=review_id)
    if by.pk != career.induction_tutor_id:
        raise ActionRefused(NOT_TUTOR)
    _check_open(career)
    if held_on > on:
        raise ActionRefused(STILL_TO_COME)
    if held_on < career.starts_on:
        raise ActionRefused(before_it_began(career.starts_on))
    if not is_on_track and not words.strip():
        raise ActionRefused(WHAT_IS_MISSING)
    review.held_on, review.is_on_track = held_on, is_on_track
    review.words, review.recorded_by = words.strip(), by
    review.save()
    return review


@transaction.atomic
def complete_induction(*, early_career_id: int, by: Person, completed_on: date, on: date) -> EarlyCareer:
    """Record that the appropriate body has said it is passed. Twice is once.

    Raises ActionRefused for anybody but the people team, and while a review is missing or the last one
    is not on track.
    """
    career = _locked(early_career_id)
    if not may_decide_about(by, career.person, on, kinds=("people_team",)):
        raise ActionRefused(NOT_PEOPLE_TEAM)
    if career.completed_on is not None:
        return career
    if completed_on > on:
        raise ActionRefused("This day is still to come.")
    reviews = list(career.reviews.order_by("term"))
    if not reviews or any(review.held_on is None for review in reviews):
        raise ActionRefused(REVIEW_MISSING)
    if not reviews[-1].is_on_track:
        raise ActionRefused(NOT_PASSED)
    career.completed_on = completed_on
    career.save(update_fields=["completed_on"])
    return career


@transaction.atomic
def plan_reviews(careers: Iterable[EarlyCareer], *, on: date) -> int:
    """Bring terms, last day and reviews of inductions in line with contracts and absences.

    What is recorded stays; what is open moves, comes or goes. Returns how many inductions changed.
    A fixed number of statements however many.
    """
    careers = list(careers)
    plans = plans_of(careers, on)
    there: dict[int, dict[int, EarlyCareerReview]] = {career.pk: {} for career in careers}
    for known in EarlyCareerReview.objects.filter(early_career__in=careers).select_for_update(no_key=True):
        there[known.early_career_id][known.term] = known
    new: list[EarlyCareerReview] = []
    moved: list[EarlyCareerReview] = []
    surplus: list[int] = []
    changed: set[int] = set()
    for career in careers:
        plan, held = plans[career.pk], there[career.pk]
        for row in plan.rows:
            review = held.get(row.number)
            if review is None:
                new.append(
                    EarlyCareerReview(early_career=career, term=row.number, kind=row.kind, due_on=row.due_on)
                )
                changed.add(career.pk)
            elif review.held_on is None and (review.kind, review.due_on) != (row.kind, row.due_on):
                review.kind, review.due_on = row.kind, row.due_on
                moved.append(review)
                changed.add(career.pk)
        gone = [one.pk for one in held.values() if one.term > plan.terms and one.held_on is None]
        surplus += gone
        if _takes_over(career, plan) or gone:
            changed.add(career.pk)
    EarlyCareerReview.objects.filter(pk__in=surplus).delete()
    EarlyCareerReview.objects.bulk_update(moved, ["kind", "due_on"], batch_size=500)
    EarlyCareerReview.objects.bulk_create(new, batch_size=500)
    EarlyCareer.objects.bulk_update(
        [career for career in careers if career.pk in changed], ["terms_needed", "ends_on"], batch_size=500
    )
    return len(changed)


def keep_inductions_planned(*, on: date) -> int:
    """Plan every induction that runs anew, since contracts and absences come in at night.

    Who has moved serves the rest of it at the new school. Where the appropriate body is run from there, the
    induction stays as it was and is shown as needing another body, which people have to find.
    """
    with transaction.atomic():
        running = EarlyCareer.objects.filter(completed_on__isnull=True).order_by("pk")
        careers = list(
            running.select_related("appropriate_body").select_for_update(no_key=True, of=("self",))
        )
        _follow_moves(careers, on)
        return plan_reviews(careers, on=on)


def _follow_moves(careers: Iterable[EarlyCareer], on: date) -> None:
    """Two statements however many."""
    now_at = teaching_schools({career.person_id for career in careers}, on)
    moved = []
    for career in careers:
        schools = now_at.get(career.person_id, [])
        if (
            schools
            and career.school_id not in schools
            and schools[0] != career.appropriate_body.lead_school_id
        ):
            career.school_id = schools[0]
            moved.append(career)
    EarlyCareer.objects.bulk_update(moved, ["school"], batch_size=500)


def _takes_over(career: EarlyCareer, plan: Plan) -> bool:
    """Whether the plan says another length than is stored, which it then takes over."""
    if (career.terms_needed, career.ends_on) == (plan.terms, plan.ends_on):
        return False
    career.terms_needed, career.ends_on = plan.terms, plan.ends_on
    return True


def _set_helpers(career: EarlyCareer, mentor: Person | None, tutor: Person | None, on: date) -> None:
    """Mentor and tutor are two people, neither of them the teacher, and work in the trust."""
    for person, what in ((mentor, "mentor"), (tutor, "induction tutor")):
        if person is None:
            continue
        if person.pk == career.person_id:
            raise ActionRefused(own_helper(what))
        if not Contract.objects.in_force(on).filter(person=person).exists():
            raise ActionRefused(f"{person} has no contract today. Choose another {what}.")
    if mentor is not None and tutor is not None and mentor.pk == tutor.pk:
        raise ActionRefused(TWO_PEOPLE)
    if mentor is not None and mentor.pk != career.mentor_id:
        refuse_mentor_beyond_capacity(career.school, mentor, on)
    career.mentor, career.induction_tutor = mentor, tutor


def _check_leads(by: Person, person: Person, on: date) -> None:
    if not may_decide_about(by, person, on, kinds=LEADING):
        raise ActionRefused(NOT_LEADING)


def _check_open(career: EarlyCareer) -> None:
    if career.completed_on is not None:
        raise ActionRefused(COMPLETED)


def _locked(early_career_id: int) -> EarlyCareer:
    return (
        EarlyCareer.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person", "school")
        .get(pk=early_career_id)
    )
