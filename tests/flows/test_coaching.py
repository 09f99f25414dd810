"""Coaching: a teaching assistant finds a coach, who agrees; they log a meeting, and both years show it."""

import pytest
from playwright.sync_api import expect

from entitlements.models import LedgerEntry
from pathways.models import CoachingAgreement, CoachProfile
from tests.browser import find_barriers
from tests.factories.pathways_coaching import CoachProfileFactory
from tests.flows.conftest import NewPage
from tests.flows.locators import button_to, expect_said, fill_in, link_to, send_button, state
from tests.flows.sessions import person_of

pytestmark = pytest.mark.browser


def test_ta_finds_a_coach_they_meet_and_both_years_show_it(new_page: NewPage):
    ta, ruth, her_manager = person_of("ta"), person_of("hublead"), person_of("manager")
    # Of the demo's sign-ins she works at another site: with room for one more, and the best fit.
    CoachingAgreement.objects.filter(coach=ruth, coachee=ta).delete()
    CoachProfile.objects.filter(person=ruth).delete()
    CoachProfileFactory(
        person=ruth,
        training="ilm7",
        topics=["workload"],
        approaches=["oskar"],
        phases=["primary"],
        capacity=9,
        is_open=True,
    )
    assistant, coach = new_page("ta", phone=True), new_page("hublead", phone=True)

    assistant.goto("/pathways/coaching/")
    link_to(assistant, "pathways:coaching-find").click()
    fill_in(assistant, topic="workload", approach="oskar")
    assistant.locator("main form[method=get] [type=submit]").click()
    offer = assistant.locator("main li", has=assistant.locator(f"input[name=coach][value='{ruth.pk}']"))
    expect(offer.get_by_role("heading", name=ruth.full_name)).to_be_visible()
    assert find_barriers(assistant) == []
    expect(assistant.locator(f"input[name=coach][value='{her_manager.pk}']")).to_have_count(0)
    offer.locator("button[type=submit]").click()
    expect_said(assistant)

    agreement = CoachingAgreement.objects.get(coach=ruth, coachee=ta)
    coach.goto("/pathways/coaching/")
    link_to(coach, "pathways:coaching-agreement", agreement.pk).click()
    assert find_barriers(coach) == []
    button_to(coach, "pathways:coaching-answer", agreement.pk).and_(coach.locator("[value=agree]")).click()
    expect(state(coach, "agreed").first).to_be_visible()
    # Today and an hour: nothing to fill in.
    button_to(coach, "pathways:coaching-log", agreement.pk).click()
    expect_said(coach)
    assert find_barriers(coach) == []

    for page, person in ((coach, ruth), (assistant, ta)):
        entry = LedgerEntry.objects.filter(person=person, source_key__startswith="coaching:").latest("pk")
        page.goto("/entitlements/")
        expect(page.locator("tbody tr", has_text=entry.title).first).to_be_visible()


@pytest.mark.full
def test_somebody_offers_to_coach_without_javascript(new_page: NewPage):
    manager = new_page("manager", javascript=False)
    manager.goto("/pathways/coaching/offer/")
    fill_in(manager, training="ilm3")
    manager.locator("[name=topics][value=confidence]").check()
    send_button(manager).click()

    expect_said(manager)
    assert "confidence" in CoachProfile.objects.get(person=person_of("manager")).topics
