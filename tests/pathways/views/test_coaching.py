"""Coaching on its pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entitlements.academic_year import YearDates
from entitlements.models import LedgerEntry
from pathways.actions import coaching_meetings
from pathways.models import CoachingAgreement, CoachingTopic, CoachProfile
from pathways.rules.coaching import reason_topic
from staff import clock
from staff.models import Contract
from tests.factories.entitlements import AcademicYearFactory, ActivityKindFactory, EntitlementPolicyFactory
from tests.factories.pathways_coaching import (
    CoachingAgreementFactory,
    CoachingMeetingFactory,
    CoachProfileFactory,
)
from tests.factories.staff import ContractFactory, JobRoleFactory

TODAY = clock.today()


@pytest.fixture
def year(db):
    year = AcademicYearFactory(name=YearDates.for_date(TODAY).label)
    EntitlementPolicyFactory(year=year)
    for code in ("coaching_given", "coaching_received"):
        ActivityKindFactory(code=code)
    return year


@pytest.fixture
def agreement(year, outsider, teaching_assistant):
    return CoachingAgreementFactory(coach=outsider.person, coachee=teaching_assistant.person, starts_on=TODAY)


def test_empty_page_says_what_to_do(client, teacher):
    client.force_login(teacher)

    page = client.get("/pathways/coaching/").content.decode()

    main = page[page.index("<main") :]
    assert [main.count(f'href="{reverse(f"pathways:coaching-{name}")}"') for name in ("find", "offer")] == [
        1,
        1,
    ]


def test_offer_find_ask_agree_log(client, year, outsider, teaching_assistant):
    client.force_login(outsider)
    client.post(
        "/pathways/coaching/offer/",
        {"training": "ilm3", "topics": ["confidence"], "capacity": "2", "is_open": "on"},
    )
    client.force_login(teaching_assistant)
    found = client.get("/pathways/coaching/find/?topic=confidence").content.decode()
    assert "Oscar Outsider" in found
    assert reason_topic(CoachingTopic.CONFIDENCE.label) in found
    client.post(
        "/pathways/coaching/find/", {"topic": "confidence", "coach": outsider.person_id, "meetings": "4"}
    )
    asked = CoachingAgreement.objects.get()
    client.force_login(outsider)
    client.post(f"/pathways/coaching/{asked.pk}/answer/", {"answer": "agree"})
    client.post(f"/pathways/coaching/{asked.pk}/log/", {"held_on": TODAY.isoformat(), "minutes": "60"})

    assert CoachingAgreement.objects.get().state == "agreed"
    assert LedgerEntry.objects.count() == 2
    page = client.get(f"/pathways/coaching/{asked.pk}/").content.decode()
    assert "1 of 4 meetings held" in page


def test_number_of_meetings_is_chosen_when_asking_and_when_agreeing(
    client, year, outsider, teaching_assistant
):
    CoachProfileFactory(person=outsider.person)
    client.force_login(teaching_assistant)
    assert (
        '<option value="6">6 meetings</option>'
        in client.get("/pathways/coaching/find/?topic=confidence").content.decode()
    )
    client.post(
        "/pathways/coaching/find/", {"topic": "confidence", "coach": outsider.person_id, "meetings": "6"}
    )
    asked = CoachingAgreement.objects.get()
    address = f"/pathways/coaching/{asked.pk}/"
    client.force_login(outsider)
    assert '<option value="6" selected>6 meetings</option>' in client.get(address).content.decode()

    refused = client.post(f"{address}answer/", {"answer": "agree", "meetings": "9"})
    assert refused.status_code == 422
    client.post(f"{address}answer/", {"answer": "agree", "meetings": "5"})

    asked.refresh_from_db()
    assert (asked.state, asked.meetings_planned) == ("agreed", 5)


def test_both_are_told_when_one_comes_to_manage_the_other(client, agreement, outsider, teaching_assistant):
    client.force_login(teaching_assistant)
    address = f"/pathways/coaching/{agreement.pk}/"
    assert not client.get(address).context["is_in_line"]

    Contract.objects.filter(person=teaching_assistant.person).update(line_manager=outsider.person)

    assert client.get(address).context["is_in_line"]
    client.force_login(outsider)
    assert client.get(address).context["is_in_line"]


def test_line_manager_is_never_offered(client, line_manager, teaching_assistant):
    CoachProfileFactory(person=line_manager.person)
    client.force_login(teaching_assistant)

    page = client.get("/pathways/coaching/find/?topic=confidence")

    assert page.context["found"] == []
    assert str(line_manager.person) not in page.content.decode()


def test_asking_the_line_manager_by_hand_is_refused(client, line_manager, teaching_assistant):
    CoachProfileFactory(person=line_manager.person)
    client.force_login(teaching_assistant)

    response = client.post(
        "/pathways/coaching/find/",
        {"topic": "confidence", "coach": line_manager.person_id, "meetings": "4"},
    )

    assert response.status_code == 422
    assert not CoachingAgreement.objects.exists()


def test_meeting_to_come_comes_back_with_its_mistake(client, agreement, outsider):
    client.force_login(outsider)

    response = client.post(
        f"/pathways/coaching/{agreement.pk}/log/", {"held_on": "2090-01-01", "minutes": "60"}
    )

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [coaching_meetings.STILL_TO_COME]


def test_removed_meeting_is_gone_for_both(client, agreement, outsider):
    client.force_login(outsider)
    client.post(f"/pathways/coaching/{agreement.pk}/log/", {"held_on": TODAY.isoformat(), "minutes": "60"})
    meeting = agreement.meetings.get()

    client.post(f"/pathways/coaching/meetings/{meeting.pk}/remove/")

    assert LedgerEntry.objects.filter(reverses__isnull=False).count() == 2


@pytest.mark.parametrize("who", ["line_manager", "headteacher", "people_team", "teacher"])
def test_agreement_is_its_two_peoples_alone(client, agreement, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(f"/pathways/coaching/{agreement.pk}/").status_code == 404


def test_coachee_does_not_answer_for_the_coach(client, agreement, teaching_assistant):
    client.force_login(teaching_assistant)

    assert client.post(f"/pathways/coaching/{agreement.pk}/answer/").status_code == 403


def test_figures_hide_what_is_about_few(client, people_team, beanfield):
    for _ in range(6):
        ContractFactory(school=beanfield)
    CoachProfileFactory(person=ContractFactory(school=beanfield).person)
    client.force_login(people_team)

    page = client.get("/pathways/coaching/figures/").content.decode()

    assert "hidden" in page


def test_figures_by_school_and_staff_group_and_the_wait(client, people_team, kettering):
    """Of 20 teachers and 10 others six and five are trained; ten pairs in all, answered after three days."""
    teachers, others = JobRoleFactory(), JobRoleFactory(code="OFA", staff_group="support")
    central = Contract.objects.get(person=people_team.person).school
    for _ in range(5):
        ContractFactory(school=central, job_role=JobRoleFactory(code="HRO", staff_group="leadership"))
    coaches, coachees = [], []
    for role, people, trained in ((teachers, 20, 6), (others, 10, 5)):
        made = [ContractFactory(school=kettering, job_role=role).person for _ in range(people)]
        coaches += made[:trained]
        coachees += made[-5:]
    for person in coaches:
        CoachProfileFactory(person=person, training="ilm5")
    CoachProfileFactory(person=coachees[0], training="introduced")
    asked_at = clock.now() - timedelta(days=40)
    for coach, coachee in zip(coaches, coachees, strict=False):
        agreement = CoachingAgreementFactory(
            coach=coach,
            coachee=coachee,
            starts_on=TODAY - timedelta(days=37),
            answered_at=asked_at + timedelta(days=3),
        )
        CoachingAgreement.objects.filter(pk=agreement.pk).update(asked_at=asked_at)
    client.force_login(people_team)

    culture = client.get("/pathways/coaching/figures/").context["culture"]

    group = {one.name: (one.staff, one.coaches, one.per_100, one.coached) for one in culture.by_group}
    assert group["Teachers"] == (20, 6, 30.0, 11)
    [here] = [one for one in culture.by_school if one.name == kettering.name]
    assert (here.staff, here.coaches, here.per_100) == (30, 11, 36.7)
    assert culture.wait_days == 3


@pytest.mark.parametrize(("who", "status"), [("headteacher", 200), ("cpd_lead", 200), ("line_manager", 404)])
def test_figures_are_for_who_plans_cpd(client, request, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/pathways/coaching/figures/").status_code == status


@pytest.mark.parametrize("path", ["", "find/?topic=confidence"])
def test_queries_are_the_same_for_one_and_three(client, year, teaching_assistant, path):
    def more():
        person = ContractFactory().person
        CoachProfileFactory(person=person)
        CoachingMeetingFactory(
            agreement=CoachingAgreementFactory(
                coach=ContractFactory().person, coachee=teaching_assistant.person
            )
        )

    more()
    client.force_login(teaching_assistant)
    client.get(f"/pathways/coaching/{path}")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/pathways/coaching/{path}")
    more()
    more()
    with CaptureQueriesContext(connection) as three:
        client.get(f"/pathways/coaching/{path}")

    assert len(three) == len(one)


def test_profile_comes_back_filled_in(client, teacher):
    CoachProfileFactory(person=teacher.person, about="Listens well")
    client.force_login(teacher)

    assert "Listens well" in client.get("/pathways/coaching/offer/").content.decode()
    assert CoachProfile.objects.count() == 1
