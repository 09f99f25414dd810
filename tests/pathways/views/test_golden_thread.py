"""The Golden Thread on its pages: my line, early career teachers, capacity, training to teach."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entitlements.academic_year import YearDates
from pathways.actions.reference import load_pathways
from pathways.actions.reference_routes import load_routes
from pathways.models import EarlyCareer, Route, TeachingInterest, TrainingCapacity
from staff import clock
from tests.factories.entitlements import AcademicYearFactory
from tests.factories.pathways_golden_thread import (
    AppropriateBodyFactory,
    EarlyCareerFactory,
    EarlyCareerReviewFactory,
    TeachingInterestFactory,
    TrainingCapacityFactory,
    walk,
)
from tests.factories.pathways_requests import RouteFactory
from tests.factories.staff import ContractFactory, JobRoleFactory, PersonFactory
from tests.markup import without_layout

TODAY = clock.today()


@pytest.fixture
def year(db):
    return AcademicYearFactory(name=YearDates.for_date(TODAY).label)


@pytest.fixture
def next_year(db):
    return AcademicYearFactory(name=YearDates(YearDates.for_date(TODAY).start_year + 1).label)


@pytest.fixture
def ect_role(db):
    return JobRoleFactory(code="TCH-ECT", title="Early career teacher")


def an_ect(beanfield, ect_role, tutor=None, mentor=None):
    contract = ContractFactory(school=beanfield, job_role=ect_role, starts_on=date(TODAY.year - 1, 9, 1))
    return EarlyCareerFactory(
        person=contract.person,
        school=beanfield,
        starts_on=contract.starts_on,
        induction_tutor=tutor,
        mentor=mentor,
    )


@pytest.fixture
def career(beanfield, ect_role, line_manager, cpd_lead):
    return an_ect(beanfield, ect_role, tutor=cpd_lead.person, mentor=line_manager.person)


@pytest.fixture
def review(career):
    return EarlyCareerReviewFactory(early_career=career, due_on=TODAY - timedelta(days=4))


def body_of(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


# My line ----------------------------------------------------------------------------------
def test_teacher_sees_where_they_are_and_what_is_next(client, teacher):
    load_routes()
    client.force_login(teacher)

    page = body_of(client, "/pathways/thread/")

    assert page.count('aria-current="step"') == 1
    assert '<span class="visually-hidden">You are here:</span>Teacher<' in without_layout(page)
    assert "NPQ: Leading teaching" in page
    assert "To be found out" in page  # nobody has looked the school up


def test_funding_of_an_npq_is_what_the_people_team_keeps_in_the_table(client, teacher):
    load_routes()
    client.force_login(teacher)
    assert "For all staff of state schools" not in body_of(client, "/pathways/thread/")
    Route.objects.filter(code="NPQLT").update(npq_rule="all_publicly_funded")
    assert "For all staff of state schools" in body_of(client, "/pathways/thread/")
    words = "The Department for Education pays for nobody from 2027."
    Route.objects.filter(code="NPQLT").update(funding_status="trust", funding_words=words)
    page = body_of(client, "/pathways/thread/")

    assert words in page
    assert "For all staff of state schools" not in page


def test_thread_asks_as_much_for_one_npq_as_for_all(client, teacher):
    def asked():
        with CaptureQueriesContext(connection) as found:
            body_of(client, "/pathways/thread/")
        return len(found)

    client.force_login(teacher)
    RouteFactory(code="NPQLT", kind="npq")
    body_of(client, "/pathways/thread/")
    one = asked()
    load_routes()

    assert asked() == one


def test_assistant_finds_the_way_in(client, teaching_assistant):
    client.force_login(teaching_assistant)

    page = body_of(client, "/pathways/thread/")

    assert "The way to teaching" in page
    assert 'href="/pathways/teach/"' in page


def test_tutor_sees_whom_they_help(client, career, review, cpd_lead):
    client.force_login(cpd_lead)

    page = body_of(client, "/pathways/thread/")

    assert career.person.full_name in page
    assert "You are the induction tutor" in without_layout(page)
    assert "Overdue" in page


# Early career teachers -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("cpd_lead", 200),  # the tutor here
        ("line_manager", 200),  # the mentor here
        ("headteacher", 200),
        ("people_team", 200),
        ("teacher", 404),
        ("outsider", 404),
        ("hub_lead", 404),
    ],
)
def test_induction_is_for_those_who_help_and_lead(client, career, request, who, status):
    client.force_login(request.getfixturevalue(who))

    body_of(client, f"/pathways/thread/ect/{career.pk}/", status)


def test_page_says_time_off_in_hours_from_the_contract(client, career, cpd_lead):
    career.person.contracts.update(fte_numerator=3, fte_denominator=5)
    client.force_login(cpd_lead)

    page = body_of(client, f"/pathways/thread/ect/{career.pk}/")

    assert "1 hour 30 minutes a week" in page
    assert "10 terms" in page


def test_tutor_records_a_review(client, review, cpd_lead):
    client.force_login(cpd_lead)

    response = client.post(
        f"/pathways/thread/reviews/{review.pk}/",
        {"held_on": TODAY.isoformat(), "is_on_track": "yes", "words": "Good questions."},
    )

    review.refresh_from_db()
    assert response.status_code == 302
    assert (review.held_on, review.is_on_track, review.recorded_by) == (TODAY, True, cpd_lead.person)


def test_review_not_on_track_without_words_comes_back(client, review, cpd_lead):
    client.force_login(cpd_lead)

    response = client.post(
        f"/pathways/thread/reviews/{review.pk}/", {"held_on": TODAY.isoformat(), "is_on_track": "no"}
    )

    assert response.status_code == 422
    assert "what helps" in response.content.decode()


@pytest.mark.parametrize("who", ["headteacher", "people_team", "line_manager"])
def test_nobody_but_the_tutor_records(client, review, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(f"/pathways/thread/reviews/{review.pk}/").status_code == 403


def test_teacher_reads_and_does_not_change(client, review):
    from tests.factories.staff import UserFactory

    client.force_login(UserFactory(person=review.early_career.person))

    assert "My early career" in body_of(client, f"/pathways/thread/ect/{review.early_career.pk}/")
    assert client.get(f"/pathways/thread/reviews/{review.pk}/").status_code == 403
    assert client.get(f"/pathways/thread/ect/{review.early_career.pk}/edit/").status_code == 403


def test_head_sees_who_is_late_and_who_is_not_registered(
    client, review, headteacher, beanfield, ect_role, kettering
):
    new = ContractFactory(school=beanfield, job_role=ect_role).person
    elsewhere = ContractFactory(school=kettering, job_role=ect_role).person
    client.force_login(headteacher)

    page = body_of(client, "/pathways/thread/ects/?show=late")
    whole = body_of(client, "/pathways/thread/ects/")

    assert review.early_career.person.full_name in page
    assert new.full_name in whole
    assert elsewhere.full_name not in whole


@pytest.mark.parametrize("who", ["teacher", "line_manager", "cpd_lead", "outsider"])
def test_list_is_for_heads_and_the_people_team(client, request, who):
    client.force_login(request.getfixturevalue(who))

    body_of(client, "/pathways/thread/ects/", 404)


def test_head_registers_and_a_body_that_may_not_check_is_refused_in_the_form(
    client, headteacher, beanfield, ect_role, cpd_lead
):
    begun = date(TODAY.year - (TODAY.month < 9), 9, 1)
    person = ContractFactory(school=beanfield, job_role=ect_role, starts_on=begun).person
    home = AppropriateBodyFactory(name="NTSH", lead_school=beanfield)
    other = AppropriateBodyFactory()
    client.force_login(headteacher)
    path = f"/pathways/thread/ects/new/{person.pk}/"
    data = {"starts_on": begun.isoformat(), "induction_tutor": cpd_lead.person_id}

    refused = client.post(path, {**data, "appropriate_body": home.pk})
    taken = client.post(path, {**data, "appropriate_body": other.pk})

    assert refused.status_code == 422
    assert "NTSH is run from Beanfield Primary School" in refused.content.decode()
    assert taken.status_code == 302
    assert EarlyCareer.objects.get().reviews.count() == 6


def test_late_reviews_come_first_and_who_has_finished_last(
    client, people_team, career, review, ect_role, beanfield
):
    done, going = an_ect(beanfield, ect_role), an_ect(beanfield, ect_role)
    EarlyCareer.objects.filter(pk=done.pk).update(completed_on=TODAY - timedelta(days=30))
    client.force_login(people_team)

    page = body_of(client, "/pathways/thread/ects/")

    places = [page.index(f"/thread/ect/{one.pk}/") for one in (career, going, done)]
    assert places == sorted(places)


@pytest.mark.parametrize("path", ["/pathways/thread/ects/", "/pathways/thread/"])
def test_same_queries_for_one_and_three(client, headteacher, beanfield, ect_role, path):
    def more():
        EarlyCareerReviewFactory(
            early_career=an_ect(beanfield, ect_role, tutor=headteacher.person, mentor=PersonFactory())
        )

    more()
    client.force_login(headteacher)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    more()
    more()
    with CaptureQueriesContext(connection) as three:
        client.get(path)

    assert len(three) == len(one)


# Capacity ------------------------------------------------------------------------------------
def test_head_sets_the_numbers_of_their_school(client, headteacher, beanfield, kettering, year):
    client.force_login(headteacher)

    page = body_of(client, "/pathways/thread/capacity/")
    client.post(f"/pathways/thread/capacity/{beanfield.pk}/", {"mentors": "3", "placements": "2"})

    assert "Kettering" not in page
    assert "Not said" in page
    assert TrainingCapacity.objects.get().placements == 2
    assert client.get(f"/pathways/thread/capacity/{kettering.pk}/").status_code == 404


def test_fewer_than_are_in_use_is_refused(client, people_team, career, year, beanfield):
    client.force_login(people_team)

    response = client.post(f"/pathways/thread/capacity/{beanfield.pk}/", {"mentors": "0", "placements": "2"})

    assert response.status_code == 422
    assert "1 mentor of Beanfield Primary School already" in response.content.decode()


def test_capacity_has_the_same_queries_for_any_schools(
    client, people_team, year, beanfield, django_assert_num_queries
):
    client.force_login(people_team)
    client.get("/pathways/thread/capacity/")
    with CaptureQueriesContext(connection) as one:
        client.get("/pathways/thread/capacity/")
    for code in ("CBA", "OVP"):
        TrainingCapacityFactory(school__code=code, year=year)

    with django_assert_num_queries(len(one)):
        client.get("/pathways/thread/capacity/")


# Training to teach ---------------------------------------------------------------------------
def test_assistant_with_a_degree_is_followed_to_a_placement(
    client, teaching_assistant, people_team, teacher, beanfield, year, next_year
):
    TrainingCapacityFactory(school=beanfield, year=next_year)
    client.force_login(teaching_assistant)
    client.post("/pathways/teach/", {"phase": "primary", "has_degree": "on", "has_english_and_maths": "on"})
    interest = TeachingInterest.objects.get()
    mine = body_of(client, f"/pathways/teach/{interest.pk}/")
    assert "A degree is there." in mine
    assert "GCSE science at grade 4 or above is missing" in mine

    client.force_login(people_team)
    assert "Marta Kowalczyk" in body_of(client, "/pathways/teach/board/")
    for to in ("advised", "applied", "offered"):
        client.post(f"/pathways/teach/{interest.pk}/{to}/", {"words": "As agreed."})
    client.post(
        f"/pathways/teach/{interest.pk}/placed/",
        {
            "words": "Welcome.",
            "school": beanfield.pk,
            "mentor": teacher.person_id,
            "starts_on": f"{next_year.starts_on.year}-09-01",
        },
    )

    interest.refresh_from_db()
    assert (interest.state, interest.placed_at, interest.mentor) == ("placed", beanfield, teacher.person)
    assert [step.to_state for step in interest.steps.all()] == ["advised", "applied", "offered", "placed"]
    client.force_login(teaching_assistant)
    assert "At Beanfield Primary School" in body_of(client, f"/pathways/teach/{interest.pk}/")


def test_teacher_is_told_that_they_are_on_the_way_already(client, teacher):
    client.force_login(teacher)

    assert "You are on the way already" in body_of(client, "/pathways/teach/")
    assert client.post("/pathways/teach/", {"phase": "primary"}).status_code == 422


@pytest.mark.parametrize("who", ["line_manager", "headteacher", "teacher", "outsider"])
def test_interest_is_nobody_elses_business(client, teaching_assistant, request, who):
    interest = TeachingInterestFactory(person=teaching_assistant.person)
    client.force_login(request.getfixturevalue(who))

    body_of(client, f"/pathways/teach/{interest.pk}/", 404)
    body_of(client, "/pathways/teach/board/", 404)


def test_person_withdraws_and_does_not_place_themselves(client, teaching_assistant):
    interest = TeachingInterestFactory(person=teaching_assistant.person)
    client.force_login(teaching_assistant)

    assert client.post(f"/pathways/teach/{interest.pk}/offered/", {"words": "Me!"}).status_code == 403
    assert client.post(f"/pathways/teach/{interest.pk}/withdrawn/").status_code == 302
    interest.refresh_from_db()
    assert interest.state == "withdrawn"


def test_people_team_ends_a_placement_from_its_page(client, people_team, teaching_assistant):
    interest = walk(
        TeachingInterestFactory(person=teaching_assistant.person),
        *("advised", "applied", "offered", "placed"),
        by=people_team.person,
    )
    interest.starts_on = clock.today() - timedelta(days=30)
    interest.save()
    address = f"/pathways/teach/{interest.pk}/withdrawn/"

    client.force_login(teaching_assistant)
    assert "End the placement" not in body_of(client, f"/pathways/teach/{interest.pk}/")
    assert client.post(address).status_code == 422
    client.force_login(people_team)
    assert "End the placement" in body_of(client, f"/pathways/teach/{interest.pk}/")
    assert f"This ends the placement at {interest.placed_at}." in body_of(client, address)
    assert client.post(address, {"words": "They move away."}).status_code == 302

    interest.refresh_from_db()
    assert interest.state == "withdrawn"
    assert f"placed at {interest.placed_at}" in body_of(client, "/pathways/teach/board/")
    client.force_login(teaching_assistant)
    assert "They move away." in body_of(client, f"/pathways/teach/{interest.pk}/")
    assert 'name="phase"' in body_of(client, "/pathways/teach/")


def test_step_out_of_turn_comes_back(client, people_team, teaching_assistant):
    interest = TeachingInterestFactory(person=teaching_assistant.person)
    client.force_login(people_team)

    response = client.post(f"/pathways/teach/{interest.pk}/offered/", {"words": "At once."})

    assert response.status_code == 422
    assert "This cannot be done now: interested." in response.content.decode()


def test_board_has_the_same_queries_for_one_and_three(client, people_team):
    def more():
        TeachingInterestFactory(person=ContractFactory().person)
        walk(TeachingInterestFactory(), "advised", by=people_team.person)

    more()
    client.force_login(people_team)
    client.get("/pathways/teach/board/")
    with CaptureQueriesContext(connection) as one:
        client.get("/pathways/teach/board/")
    more()
    more()
    with CaptureQueriesContext(connection) as three:
        client.get("/pathways/teach/board/")

    assert len(three) == len(one)


def test_pathway_with_training_on_it_leads_to_the_form(client, teaching_assistant, beanfield):
    JobRoleFactory(code="TRAINEE", title="Trainee teacher (salaried)")
    load_pathways()
    client.force_login(teaching_assistant)

    assert 'href="/pathways/teach/"' in body_of(client, "/pathways/ta-to-teacher/")
    assert 'href="/pathways/teach/"' not in body_of(client, "/pathways/finance/")
