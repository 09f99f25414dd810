"""The Golden Thread: a teaching assistant is followed to a placement; an induction tutor records a review."""

import pytest
from playwright.sync_api import expect

from entitlements.models import AcademicYear
from pathways.models import EarlyCareer, TeachingInterest, TrainingCapacity
from staff import clock
from staff.models import School
from tests.browser import find_barriers
from tests.flows.conftest import NewPage
from tests.flows.locators import expect_said, fill_in, link_to, send_button
from tests.flows.sessions import person_of

pytestmark = pytest.mark.browser


@pytest.mark.full
def test_ta_with_a_degree_is_followed_to_a_placement(new_page: NewPage):
    # Beanfield has room next year for one more trainee with a mentor; Marta has said nothing yet.
    year = AcademicYear.objects.filter(starts_on__gt=clock.today()).order_by("starts_on")[0]
    school, tom, marta = School.objects.get(code="BPS"), person_of("teacher"), person_of("ta")
    TrainingCapacity.objects.update_or_create(
        school=school, year=year, defaults={"mentors": 9, "placements": 9}
    )
    assistant, team = new_page("ta", phone=True), new_page("people")

    assistant.goto("/pathways/thread/")
    link_to(assistant, "pathways:teach-mine").click()
    fill_in(assistant, phase="primary", has_degree=True, has_english_and_maths=True)
    send_button(assistant).click()
    expect_said(assistant)
    expect(assistant.locator("section[aria-labelledby=meets] li:not(.ok)")).to_have_count(1)  # science
    assert find_barriers(assistant) == []
    interest = TeachingInterest.objects.filter(person=marta).latest("pk")

    team.goto("/pathways/teach/board/")
    link_to(team, "pathways:teach-detail", interest.pk).click()
    for to in ("advised", "applied", "offered"):
        link_to(team, "pathways:teach-move", interest.pk, to).click()
        fill_in(team, words="As we said on the phone.")
        send_button(team).click()
    assert find_barriers(team) == []
    link_to(team, "pathways:teach-move", interest.pk, "placed").click()
    assert find_barriers(team) == []
    fill_in(team, school=school.pk, mentor=tom.pk, starts_on=year.starts_on, words="Welcome.")
    send_button(team).click()
    expect(team.locator("main .callout-ok").first).to_be_visible()

    assistant.reload()
    expect(assistant.locator("main .callout-ok").first).to_contain_text(tom.full_name)
    assert find_barriers(assistant) == []


def test_induction_tutor_records_a_review_and_the_head_sees_it(new_page: NewPage):
    tutor, head = new_page("cpdlead", phone=True), new_page("head")
    agreed = "Calm start to every lesson."
    tutor.goto("/pathways/thread/")
    tutor.locator("section[aria-labelledby=helped] a").first.click()
    assert find_barriers(tutor) == []
    career = EarlyCareer.objects.get(pk=tutor.url.rstrip("/").rsplit("/", 1)[1])
    tutor.locator("#terms").locator("xpath=..").locator("a.btn-primary").first.click()
    assert find_barriers(tutor) == []
    fill_in(tutor, is_on_track="yes", words=agreed)
    send_button(tutor).click()
    expect(tutor.get_by_text(agreed)).to_be_visible()

    head.goto("/pathways/thread/ects/")
    link_to(head, "pathways:ect-detail", career.pk).click()
    expect(head.get_by_text(agreed)).to_be_visible()
    assert find_barriers(head) == []
    expect(head.locator("main a[href*='/pathways/thread/reviews/']")).to_have_count(0)


@pytest.mark.full
def test_capacity_without_javascript(new_page: NewPage):
    school = School.objects.get(code="BPS")
    team = new_page("people", javascript=False)
    team.goto("/pathways/thread/capacity/")
    link_to(team, "pathways:capacity-edit", school.pk).click()
    fill_in(team, mentors=12, placements=7)
    send_button(team).click()

    expect_said(team)
    assert TrainingCapacity.objects.filter(school=school, mentors=12, placements=7).exists()
