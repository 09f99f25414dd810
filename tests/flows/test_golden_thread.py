"""The Golden Thread: a teaching assistant is followed to a placement; an induction tutor records a review."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

# Beanfield has room next year for one more trainee with a mentor; Marta has said nothing yet.
ROOM = """
from entitlements.models import AcademicYear
from pathways.models import TrainingCapacity
from staff.models import School
year = AcademicYear.objects.filter(starts_on__gt=clock.today()).order_by("starts_on").first()
TrainingCapacity.objects.update_or_create(
    school=School.objects.get(code="BPS"), year=year, defaults=dict(mentors=9, placements=9))
print(year.starts_on.isoformat())
"""


def test_ta_with_a_degree_is_followed_to_a_placement(new_page: NewPage, manage: Callable[..., str], barriers):
    first_day = manage("shell", "-v", "0", "-c", ROOM).strip().splitlines()[-1]
    assistant, team = new_page("ta", phone=True), new_page("people")

    assistant.goto("/pathways/thread/")
    assert barriers(assistant) == []
    assistant.get_by_role("link", name="Find out how").first.click()
    assert barriers(assistant) == []
    assistant.get_by_label("Primary").check()
    assistant.get_by_label("I have a degree").check()
    assistant.get_by_label("I have GCSE English and maths at grade 4 (or C) or above").check()
    assistant.get_by_role("button", name="Send").click()
    expect(assistant.get_by_text("The people team answers within a fortnight.").first).to_be_visible()
    expect(assistant.get_by_text("GCSE science at grade 4 or above is missing", exact=False)).to_be_visible()
    assert barriers(assistant) == []

    team.goto("/pathways/teach/board/")
    assert barriers(team) == []
    team.get_by_role("link", name="Marta Kowalczyk").click()
    for button in ("Advise", "They have applied", "They have an offer"):
        team.get_by_role("link", name=button).click()
        team.get_by_label("What you tell them").fill("As we said on the phone.")
        team.get_by_role("button", name=button).click()
    assert barriers(team) == []
    team.get_by_role("link", name="Place them").click()
    assert barriers(team) == []
    team.get_by_label("School").select_option(label="Beanfield Primary School")
    team.get_by_label("Mentor").select_option(label="Tom Ashby")
    team.get_by_label("First day").fill(first_day)
    team.get_by_label("What you tell them").fill("Welcome.")
    team.get_by_role("button", name="Place them").click()
    expect(team.get_by_role("heading", name="Placed").first).to_be_visible()

    assistant.reload()
    expect(assistant.get_by_text("with Tom Ashby as mentor")).to_be_visible()
    assert barriers(assistant) == []


def test_induction_tutor_records_a_review_and_the_head_sees_it(new_page: NewPage, barriers):
    tutor, head = new_page("cpdlead", phone=True), new_page("head")
    tutor.goto("/pathways/thread/")
    tutor.locator("section", has_text="Teachers I help").get_by_role("link").first.click()
    assert barriers(tutor) == []
    name = tutor.get_by_role("heading", level=1).inner_text()
    tutor.locator("a.btn-primary", has_text="Record").first.click()
    assert barriers(tutor) == []
    tutor.get_by_label("On track", exact=True).check()
    tutor.get_by_label("What was agreed").fill("Calm start to every lesson.")
    tutor.get_by_role("button", name="Record it").click()
    expect(tutor.get_by_text("Calm start to every lesson.")).to_be_visible()

    head.goto("/pathways/thread/ects/")
    assert barriers(head) == []
    head.get_by_role("link", name=name).click()
    expect(head.get_by_text("Calm start to every lesson.")).to_be_visible()
    assert barriers(head) == []
    expect(head.get_by_role("link", name="Record")).to_have_count(0)


def test_capacity_without_javascript(new_page: NewPage, barriers):
    team = new_page("people", javascript=False)
    team.goto("/pathways/thread/capacity/")
    team.get_by_role("link", name="Change Beanfield Primary School").click()
    team.get_by_label("Mentors").fill("12")
    team.get_by_label("Trainees").fill("7")
    team.get_by_role("button", name="Save").click()

    expect(team.get_by_text("Saved for Beanfield Primary School", exact=False).first).to_be_visible()


def test_capacity_list_has_no_barriers(new_page: NewPage, barriers):
    team = new_page("people")
    team.goto("/pathways/thread/capacity/")

    assert barriers(team) == []
