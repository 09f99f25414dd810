"""Coaching: a teaching assistant finds a coach, who agrees; they log a meeting, and both years show it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

# Of the demo's sign-ins Ruth Calder works at another site: with room for one more, and the best fit.
OFFER = """
from pathways.models import CoachProfile, CoachingAgreement
from staff.models import User
person = User.objects.get(email="hublead@demo.example").person
CoachProfile.objects.update_or_create(person=person, defaults=dict(
    training="ilm7", topics=["workload"], approaches=["oskar"], phases=["primary"], capacity=9, is_open=True))
CoachingAgreement.objects.filter(coach=person, coachee__user__email="ta@demo.example").delete()
"""


def test_ta_finds_a_coach_they_meet_and_both_years_show_it(
    new_page: NewPage, manage: Callable[..., str], barriers
):
    manage("shell", "-c", OFFER)
    assistant, coach = new_page("ta", phone=True), new_page("hublead", phone=True)
    assistant.goto("/pathways/coaching/")
    assert barriers(assistant) == []
    assistant.get_by_role("link", name="Find a coach").first.click()
    assistant.get_by_label("What is it about?").select_option(label="Workload and priorities")
    assistant.get_by_label("How would you like to work?").select_option(label="Solution-focused (OSKAR)")
    assistant.get_by_role("button", name="Show coaches").click()
    expect(assistant.get_by_text("Coaches on “Workload and priorities”").first).to_be_visible()
    assert barriers(assistant) == []
    expect(assistant.get_by_role("heading", name="Grace Okafor")).to_have_count(0)  # her line manager
    assistant.get_by_role("button", name="Ask Ruth Calder").click()
    expect(assistant.get_by_text("Asked. Ruth Calder has a message").first).to_be_visible()

    coach.goto("/pathways/coaching/")
    assert barriers(coach) == []
    coach.get_by_role("link", name="Marta Kowalczyk").first.click()
    assert barriers(coach) == []
    coach.get_by_role("button", name="I will coach them").click()
    coach.get_by_role("button", name="Log this meeting").click()  # today and an hour: nothing to fill in
    expect(coach.get_by_text("Logged. It counts for both of you.").first).to_be_visible()
    assert barriers(coach) == []

    for page, words in ((coach, "Coaching a colleague"), (assistant, "Being coached")):
        page.goto("/entitlements/")
        expect(page.get_by_text(words).first).to_be_visible()


def test_figures_hide_what_is_about_few_people(new_page: NewPage, barriers):
    team = new_page("people")
    team.goto("/pathways/coaching/figures/")

    assert barriers(team) == []
    expect(team.get_by_text("hidden").first).to_be_visible()


def test_somebody_offers_to_coach_without_javascript(new_page: NewPage, barriers):
    manager = new_page("manager", javascript=False)
    manager.goto("/pathways/coaching/offer/")
    manager.get_by_label("Your training as a coach").select_option(label="ILM level 3")
    manager.get_by_label("Confidence").check()
    manager.get_by_role("button", name="Save").click()

    expect(manager.get_by_text("Saved. Whoever looks for a coach can find you now.").first).to_be_visible()
