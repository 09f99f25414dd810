"""What the Golden Thread writes and refuses, in the actions and in SQL."""

from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pathways.actions import early_career, teaching_interest, training_capacity
from pathways.actions.early_career import (
    body_refused,
    change_induction,
    complete_induction,
    keep_inductions_planned,
    record_review,
    register_induction,
)
from pathways.actions.reference_golden_thread import load_appropriate_bodies
from pathways.actions.teaching_interest import express_interest, move_interest, place_trainee
from pathways.models import (
    AppropriateBody,
    EarlyCareer,
    EarlyCareerReview,
    TeachingInterest,
    TeachingInterestStep,
)
from pathways.queries.golden_thread import thread_for_home
from pathways.queries.golden_thread_due import due_on
from pathways.rules.teaching_interest import ALLOWED
from staff.models import Contract, Message
from staff.refusals import ActionRefused
from tests.factories.entitlements import AcademicYearFactory
from tests.factories.pathways_golden_thread import (
    AppropriateBodyFactory,
    EarlyCareerFactory,
    EarlyCareerReviewFactory,
    TeachingInterestFactory,
    TrainingCapacityFactory,
    walk,
)
from tests.factories.staff import (
    AbsenceFactory,
    ContractFactory,
    JobRoleFactory,
    PersonFactory,
    SchoolFactory,
)
from tests.pathways.test_at_once import at_once

SEPTEMBER, ON = date(2026, 9, 1), date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/London"))
STATES = TeachingInterest.State.values


@pytest.fixture
def ect(beanfield):
    role = JobRoleFactory(code="TCH-ECT", title="Early career teacher")
    return ContractFactory(school=beanfield, job_role=role, starts_on=SEPTEMBER).person


@pytest.fixture
def body(db):
    return AppropriateBodyFactory()


def register(person, by, body, **facts):
    return register_induction(
        person=person, by=by.person, starts_on=SEPTEMBER, appropriate_body=body, now=NOW, **facts
    )


def change(career, by, **facts):
    kept = {
        name: getattr(career, name)
        for name in (
            "appropriate_body",
            "trained_with",
            "lead_provider",
            "delivery_partner",
            "mentor",
            "induction_tutor",
            "terms_agreed",
            "extends_for_family",
        )
    }
    return change_induction(early_career_id=career.pk, by=by.person, now=NOW, **{**kept, **facts})


# Inductions ----------------------------------------------------------------------------------
def test_registering_plans_the_reviews_and_tells_who_helps(ect, headteacher, cpd_lead, line_manager, body):
    career = register(ect, headteacher, body, mentor=line_manager.person, induction_tutor=cpd_lead.person)

    assert list(career.reviews.values_list("term", "kind")) == [
        (1, "progress"), (2, "progress"), (3, "formal"), (4, "progress"), (5, "progress"), (6, "formal"),
    ]  # fmt: skip
    assert (career.terms_needed, career.ends_on) == (6, date(2028, 7, 20))
    told = Message.objects.filter(kind="induction_help").values_list("person", flat=True)
    assert set(told) == {line_manager.person_id, cpd_lead.person_id}
    assert register(ect, headteacher, body) == career


@pytest.mark.parametrize("who", ["line_manager", "teacher", "outsider"])
def test_nobody_but_head_and_people_team_registers(ect, body, request, who):
    with pytest.raises(ActionRefused) as refusal:
        register(ect, request.getfixturevalue(who), body)
    assert refusal.value.sentence == early_career.NOT_LEADING


def test_body_run_from_the_school_is_refused_in_the_action_and_in_sql(ect, headteacher, beanfield):
    home = AppropriateBodyFactory(name="NTSH", lead_school=beanfield)

    with pytest.raises(ActionRefused) as refusal:
        register(ect, headteacher, home)
    assert refusal.value.sentence == body_refused(home, schools=[beanfield], trained_with=None)
    with pytest.raises(IntegrityError, match="early_career_not_at_the_bodys_school"), transaction.atomic():
        EarlyCareerFactory(person=ect, school=beanfield, appropriate_body=home)
    career = EarlyCareerFactory(person=ect, school=beanfield, starts_on=SEPTEMBER)
    with pytest.raises(ActionRefused) as refusal:
        change(career, headteacher, appropriate_body=home)
    assert refusal.value.sentence == body_refused(home, schools=[beanfield], trained_with=None)
    with pytest.raises(IntegrityError, match="early_career_not_at_the_bodys_school"), transaction.atomic():
        EarlyCareer.objects.update(appropriate_body=home)


def test_a_second_contract_at_the_bodys_school_counts_too(ect, headteacher, beanfield):
    other = SchoolFactory(code="BWA", name="Brooke Weston Academy")
    there = AppropriateBodyFactory(name="NTSH", lead_school=other)
    first = ect.contracts.get()
    ContractFactory(
        person=ect, school=other, job_role=first.job_role, department=first.department, is_main=False
    )

    with pytest.raises(ActionRefused) as refusal:
        register(ect, headteacher, there)
    assert refusal.value.sentence == body_refused(there, schools=[other], trained_with=None)
    career = register(ect, headteacher, AppropriateBodyFactory(name="Another hub"))
    with pytest.raises(ActionRefused) as refusal:
        change(career, headteacher, appropriate_body=there)
    assert refusal.value.sentence == body_refused(there, schools=[other], trained_with=None)


def test_an_induction_follows_its_teacher_to_another_school_at_night(ect, headteacher, body):
    career = register(ect, headteacher, body)
    new = SchoolFactory(code="KSA")
    Contract.objects.filter(person=ect).update(school=new)

    keep_inductions_planned(on=ON)

    career.refresh_from_db()
    assert career.school == new


def test_a_move_to_the_bodys_own_school_is_shown_as_needing_another_body(
    client, ect, headteacher, people_team, beanfield
):
    other = SchoolFactory(code="BWA", name="Brooke Weston Academy")
    there = AppropriateBodyFactory(name="NTSH", lead_school=other)
    career = register(ect, headteacher, there)
    url = reverse("pathways:ect-detail", args=[career.pk])
    client.force_login(people_team)
    assert not client.get(url).context["needs_other_body"]
    Contract.objects.filter(person=ect).update(school=other)

    keep_inductions_planned(on=ON)

    career.refresh_from_db()
    assert career.school == beanfield
    assert client.get(url).context["needs_other_body"]
    listed = client.get(reverse("pathways:ect-list"))
    assert listed.context["conflicting"] == [career]
    for page in (client.get(url), listed):
        assert reverse("pathways:ect-edit", args=[career.pk]) in page.content.decode()


def test_body_cannot_move_to_a_school_where_it_checks(ect, beanfield, body):
    career = EarlyCareerFactory(person=ect, school=beanfield, appropriate_body=body, starts_on=SEPTEMBER)

    with pytest.raises(IntegrityError, match="not_run_where_it_checks"), transaction.atomic():
        AppropriateBody.objects.filter(pk=body.pk).update(lead_school=beanfield)
    EarlyCareer.objects.filter(pk=career.pk).update(completed_on=ON)
    assert AppropriateBody.objects.filter(pk=body.pk).update(lead_school=beanfield) == 1


def test_body_that_trained_the_teacher_is_refused_in_the_action_and_in_sql(ect, headteacher, body):
    with pytest.raises(ActionRefused) as refusal:
        register(ect, headteacher, body, trained_with=body)
    assert refusal.value.sentence == body_refused(body, schools=[], trained_with=body)
    with pytest.raises(IntegrityError, match="early_career_body_did_not_train"), transaction.atomic():
        EarlyCareerFactory(appropriate_body=body, trained_with=body)


def test_mentor_and_tutor_are_two_people_and_neither_is_the_teacher(ect, headteacher, cpd_lead, body):
    with pytest.raises(ActionRefused) as refusal:
        register(ect, headteacher, body, mentor=cpd_lead.person, induction_tutor=cpd_lead.person)
    assert refusal.value.sentence == early_career.TWO_PEOPLE
    with pytest.raises(ActionRefused) as refusal:
        register(ect, headteacher, body, mentor=ect)
    assert refusal.value.sentence == early_career.own_helper("mentor")
    with pytest.raises(IntegrityError, match="mentor_is_not_tutor"), transaction.atomic():
        EarlyCareerFactory(mentor=cpd_lead.person, induction_tutor=cpd_lead.person)


def test_change_of_hours_and_long_absence_move_what_is_open_and_leave_what_is_held(
    ect, headteacher, cpd_lead, body
):
    career = register(ect, headteacher, body, induction_tutor=cpd_lead.person)
    first = career.reviews.get(term=1)
    record_review(review_id=first.pk, by=cpd_lead.person, held_on=ON, is_on_track=True, words="", on=ON)
    ect.contracts.update(fte_numerator=3, fte_denominator=5)

    assert keep_inductions_planned(on=ON) == 1
    career.refresh_from_db()
    assert career.terms_needed == 10
    assert career.reviews.get(term=5).kind == "formal"
    assert career.reviews.get(term=1).held_on == ON
    assert keep_inductions_planned(on=ON) == 0

    ect.contracts.update(fte_numerator=1, fte_denominator=1)
    AbsenceFactory(
        person=ect, absence_class="sickness", starts_on=date(2026, 9, 28), ends_on=date(2026, 11, 16)
    )
    keep_inductions_planned(on=ON)
    career.refresh_from_db()
    assert career.terms_needed == 7
    assert career.reviews.count() == 7


def test_agreed_terms_take_the_surplus_reviews_away(ect, headteacher, body):
    career = register(ect, headteacher, body)

    change(career, headteacher, terms_agreed=4)

    assert career.reviews.count() == 4


def test_review_is_recorded_by_the_tutor_alone_and_on_a_day_that_was(ect, headteacher, cpd_lead, body):
    career = register(ect, headteacher, body, induction_tutor=cpd_lead.person)
    review = career.reviews.first()

    def record(by, **facts):
        given = {"held_on": ON, "is_on_track": True, "words": "", "on": ON}
        return record_review(review_id=review.pk, by=by.person, **{**given, **facts})

    with pytest.raises(ActionRefused) as refusal:
        record(headteacher)
    assert refusal.value.sentence == early_career.NOT_TUTOR
    with pytest.raises(ActionRefused) as refusal:
        record(cpd_lead, held_on=ON + timedelta(days=1))
    assert refusal.value.sentence == early_career.STILL_TO_COME
    with pytest.raises(ActionRefused) as refusal:
        record(cpd_lead, held_on=date(2026, 8, 31))
    assert refusal.value.sentence == early_career.before_it_began(career.starts_on)
    with pytest.raises(ActionRefused) as refusal:
        record(cpd_lead, is_on_track=False)
    assert refusal.value.sentence == early_career.WHAT_IS_MISSING
    assert record(cpd_lead, is_on_track=False, words="Routines.").recorded_by == cpd_lead.person
    with pytest.raises(IntegrityError, match="held_says_how"), transaction.atomic():
        EarlyCareerReview.objects.filter(pk=review.pk).update(is_on_track=None)


def test_induction_is_completed_by_the_people_team_when_all_is_held(ect, headteacher, people_team, cpd_lead):
    career = EarlyCareerFactory(person=ect, school=ect.contracts.get().school, starts_on=SEPTEMBER)
    review = EarlyCareerReviewFactory(early_career=career, term=6, kind="formal", due_on=ON)

    def complete(by):
        return complete_induction(early_career_id=career.pk, by=by.person, completed_on=ON, on=ON)

    with pytest.raises(ActionRefused) as refusal:
        complete(headteacher)
    assert refusal.value.sentence == early_career.NOT_PEOPLE_TEAM
    with pytest.raises(ActionRefused) as refusal:
        complete(people_team)
    assert refusal.value.sentence == early_career.REVIEW_MISSING
    EarlyCareerReview.objects.filter(pk=review.pk).update(
        held_on=ON, is_on_track=False, recorded_by=cpd_lead.person
    )
    with pytest.raises(ActionRefused) as refusal:
        complete(people_team)
    assert refusal.value.sentence == early_career.NOT_PASSED
    EarlyCareerReview.objects.filter(pk=review.pk).update(is_on_track=True)
    assert complete(people_team).completed_on == ON
    with pytest.raises(ActionRefused) as refusal:
        change(complete(people_team), people_team, terms_agreed=4)
    assert refusal.value.sentence == early_career.COMPLETED


def test_mentors_are_full(ect, headteacher, line_manager, cpd_lead, body, beanfield):
    year = AcademicYearFactory(name="2026/27")
    capacity = TrainingCapacityFactory(school=beanfield, year=year, mentors=1)
    EarlyCareerFactory(school=beanfield, mentor=line_manager.person, starts_on=SEPTEMBER)

    with pytest.raises(ActionRefused) as refusal:
        register(ect, headteacher, body, mentor=cpd_lead.person)
    assert refusal.value.sentence == training_capacity.mentors_are_taken(beanfield, 1, year)
    assert register(ect, headteacher, body, mentor=line_manager.person).mentor == line_manager.person
    capacity.mentors = 2
    capacity.save()
    career = EarlyCareer.objects.get(person=ect)
    assert change(career, headteacher, mentor=cpd_lead.person).mentor == cpd_lead.person


# Interest --------------------------------------------------------------------------------------
def test_interest_is_ones_own_once_and_not_a_teachers(teaching_assistant, teacher, partner):
    def say(person, by):
        return express_interest(
            person=person.person, by=by.person, phase="primary", has_degree=True,
            has_english_and_maths=True, now=NOW,
        )  # fmt: skip

    first = say(teaching_assistant, teaching_assistant)

    assert say(teaching_assistant, teaching_assistant) == first
    for person, by in ((teaching_assistant, teacher), (teacher, teacher), (partner, partner)):
        with pytest.raises(ActionRefused):
            say(person, by)


def test_whole_product_of_states_and_roles_is_refused_in_sql(people_team, teaching_assistant):
    """Every step that the table does not have is refused by the database, every one it has is taken."""
    taken = set()
    for source, target, capacity in product(STATES, STATES, ("own", "people_team")):
        interest = TeachingInterestFactory()
        way = {"placed": ("advised", "applied", "offered", "placed"), "withdrawn": ("withdrawn",)}.get(
            source, ("advised", "applied", "offered")[: STATES.index(source)]
        )
        walk(interest, *way, by=people_team.person)
        try:
            with transaction.atomic():
                TeachingInterestStep.objects.create(
                    interest=interest,
                    number=interest.step_count + 1,
                    person=interest.person,
                    actor=interest.person if capacity == "own" else people_team.person,
                    capacity=capacity,
                    from_state=source,
                    to_state=target,
                    words="Why.",
                )
        except IntegrityError:
            continue
        taken.add((source, target, capacity))

    assert taken == set(ALLOWED)


def test_state_moves_by_a_step_only(people_team):
    interest = TeachingInterestFactory()

    for facts in ({"state": "advised"}, {"state": "advised", "step_count": 1}, {"person": PersonFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeachingInterest.objects.filter(pk=interest.pk).update(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeachingInterestFactory(state="advised")
    walk(interest, "advised", by=people_team.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeachingInterestStep.objects.update(words="Something else")


def test_nobody_of_the_people_team_moves_their_own(people_team):
    interest = TeachingInterestFactory(person=people_team.person)

    with pytest.raises(ActionRefused) as refusal:
        move_interest(interest_id=interest.pk, to="advised", by=people_team.person, words="Me.", now=NOW)
    assert refusal.value.sentence == teaching_interest.PEOPLE_TEAMS_STEP
    with pytest.raises(IntegrityError, match="not_on_own"), transaction.atomic():
        walk(interest, "advised", by=people_team.person)


def test_people_team_says_why_and_the_person_is_told(people_team, teaching_assistant, headteacher):
    interest = TeachingInterestFactory(person=teaching_assistant.person)

    with pytest.raises(ActionRefused) as refusal:
        move_interest(interest_id=interest.pk, to="advised", by=people_team.person, words=" ", now=NOW)
    assert refusal.value.sentence == teaching_interest.WORDS_NEEDED
    with pytest.raises(ActionRefused) as refusal:
        move_interest(interest_id=interest.pk, to="advised", by=headteacher.person, words="Yes.", now=NOW)
    assert refusal.value.sentence == teaching_interest.NOT_PEOPLE_TEAM
    for _ in range(2):  # twice is one
        move_interest(interest_id=interest.pk, to="advised", by=people_team.person, words="SCITT.", now=NOW)

    assert interest.steps.count() == 1
    assert Message.objects.get(kind="teaching_interest").person == teaching_assistant.person


def place(interest, by, school, mentor, **facts):
    given = {"starts_on": date(2027, 9, 1), "words": "Welcome.", "now": NOW}
    return place_trainee(
        interest_id=interest.pk, by=by.person, school=school, mentor=mentor, **{**given, **facts}
    )


def test_placement_wants_room_a_mentor_of_the_school_and_a_day_to_come(
    people_team, teacher, outsider, beanfield
):
    interest = walk(TeachingInterestFactory(), "advised", "applied", "offered", by=people_team.person)
    with pytest.raises(ActionRefused) as refusal:
        place(interest, people_team, beanfield, teacher.person, starts_on=date(2060, 9, 1))
    assert refusal.value.sentence == training_capacity.NO_SUCH_YEAR
    year = AcademicYearFactory(name="2027/28")
    with pytest.raises(ActionRefused) as refusal:
        place(interest, people_team, beanfield, teacher.person)
    assert refusal.value.sentence == training_capacity.number_not_said(beanfield, year)
    capacity = TrainingCapacityFactory(school=beanfield, year=year, mentors=0, placements=0)
    with pytest.raises(ActionRefused) as refusal:
        place(interest, people_team, beanfield, teacher.person)
    assert refusal.value.sentence == training_capacity.placements_are_taken(beanfield, 0, year)
    capacity.placements = 1
    capacity.save()
    with pytest.raises(ActionRefused) as refusal:
        place(interest, people_team, beanfield, teacher.person)
    assert refusal.value.sentence == training_capacity.mentors_are_taken(beanfield, 0, year)
    capacity.mentors = 1
    capacity.save()
    with pytest.raises(ActionRefused) as refusal:
        place(interest, people_team, beanfield, outsider.person)
    assert refusal.value.sentence == teaching_interest.works_elsewhere(outsider.person, beanfield)
    with pytest.raises(ActionRefused) as refusal:
        place(interest, people_team, beanfield, teacher.person, starts_on=SEPTEMBER)
    assert refusal.value.sentence == teaching_interest.FIRST_DAY_PASSED

    assert place(interest, people_team, beanfield, teacher.person).state == "placed"
    assert Message.objects.filter(kind="induction_help", person=teacher.person).exists()


def test_two_placements_at_once_do_not_share_the_last_place(cloned_database, people_team, teacher, beanfield):
    TrainingCapacityFactory(school=beanfield, year=AcademicYearFactory(name="2027/28"), placements=1)
    interests = [
        walk(TeachingInterestFactory(), "advised", "applied", "offered", by=people_team.person)
        for _ in range(2)
    ]

    results = at_once(
        *(lambda one=one: place(one, people_team, beanfield, teacher.person) for one in interests)
    )

    assert sorted(type(result).__name__ for result in results) == ["ActionRefused", "TeachingInterest"]


# Reminders, home, reference ---------------------------------------------------------------------
def test_reviews_are_reminded_of_to_the_tutor_and_late_ones_to_the_head_too(ect, headteacher, cpd_lead, body):
    career = register(ect, headteacher, body, induction_tutor=cpd_lead.person)
    day = career.reviews.get(term=1).due_on

    def told(on):
        return {(due.person_id, due.kind) for due in due_on(on)}

    assert told(day - timedelta(days=15)) == set()
    assert told(day - timedelta(days=14)) == {(cpd_lead.person_id, "review_due")}
    assert told(day + timedelta(days=2)) == set()
    assert told(day + timedelta(days=3)) == {
        (cpd_lead.person_id, "review_late"),
        (headteacher.person_id, "review_late"),
    }
    late = next(iter(due_on(day + timedelta(days=3))))
    assert late.line == f"Progress review of {ect.full_name}, term 1, was due Fri 11 Dec."


def test_interest_nobody_answered_is_reminded_of_after_a_fortnight(people_team, teaching_assistant):
    interest = TeachingInterestFactory(person=teaching_assistant.person, created_at=NOW)
    day = timezone.localdate(NOW)

    assert list(due_on(day + timedelta(days=13))) == []
    assert [due.person_id for due in due_on(day + timedelta(days=14))] == [people_team.person_id]
    walk(interest, "advised", by=people_team.person)
    assert list(due_on(day + timedelta(days=14))) == []


def test_reminders_take_the_same_queries_for_one_and_three(
    people_team, headteacher, cpd_lead, beanfield, django_assert_num_queries
):
    def more():
        person = ContractFactory(school=beanfield).person
        career = EarlyCareerFactory(
            person=person, school=beanfield, induction_tutor=cpd_lead.person, starts_on=SEPTEMBER
        )
        EarlyCareerReviewFactory(early_career=career, due_on=ON - timedelta(days=5))
        TeachingInterestFactory(created_at=NOW - timedelta(days=20))

    more()
    with django_assert_num_queries(4):
        list(due_on(ON))
    more()
    more()
    with django_assert_num_queries(4):
        assert len(list(due_on(ON))) == 9


def test_home_has_one_line(ect, headteacher, cpd_lead, teaching_assistant, body):
    register(ect, headteacher, body, induction_tutor=cpd_lead.person)
    TeachingInterestFactory(person=teaching_assistant.person)

    late = thread_for_home(cpd_lead.person, date(2026, 12, 20))
    assert [(one.words, one.waits) for one in late] == [(f"1 review of {ect.full_name} is late", True)]
    assert thread_for_home(cpd_lead.person, ON) == []
    assert [one.words for one in thread_for_home(ect, ON)] == ["Progress review of term 1, due Fri 11 Dec"]
    [stands] = thread_for_home(teaching_assistant.person, ON)
    assert (stands.url, stands.waits) == (reverse("pathways:teach-mine"), False)
    assert TeachingInterest.State.INTERESTED.label.lower() in stands.words


def test_bodies_are_loaded_once_and_keep_what_the_people_team_changed(beanfield):
    assert load_appropriate_bodies() == ["BWA"]
    AppropriateBody.objects.filter(name="Teach First").update(source="Rung them up")

    load_appropriate_bodies()

    assert AppropriateBody.objects.count() == 3
    assert AppropriateBody.objects.get(name="Teach First").source == "Rung them up"
