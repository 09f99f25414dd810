"""Induction: a starter ticks a step on a phone, and the manager sees it and chooses a buddy."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from staff import clock
from tests.browser import find_barriers
from tests.factories.pathways_induction import InductionFactory, InductionStepFactory
from tests.flows.conftest import NewPage
from tests.flows.locators import button_to, expect_said, fill_in, link_to, state
from tests.flows.sessions import person_of

pytestmark = pytest.mark.browser


@pytest.mark.full
def test_starter_ticks_a_step_and_the_manager_sees_it(new_page: NewPage):
    # The demo's sign-ins have been here for years: one of them starts today, for this journey.
    marta, tom, today = person_of("ta"), person_of("teacher"), clock.today()
    induction = InductionFactory(
        contract=marta.contracts.get(is_main=True), starts_on=today - timedelta(days=7)
    )
    policy = InductionStepFactory(induction=induction, number=1, due_on=today - timedelta(days=2))
    tour = InductionStepFactory(
        induction=induction, number=2, done_by="manager", due_on=today + timedelta(days=3)
    )
    starter, manager = new_page("ta", phone=True), new_page("manager")
    starter.goto("/pathways/induction/")
    assert find_barriers(starter) == []
    expect(starter.locator(".callout", has_text=policy.title)).to_be_visible()

    manager.goto("/pathways/induction/team/?show=late")
    assert find_barriers(manager) == []
    expect(manager.locator("td", has_text=policy.title).first).to_be_visible()

    button_to(starter, "pathways:induction-tick", policy.pk).click()
    expect(button_to(starter, "pathways:induction-undo", policy.pk)).to_be_visible()

    manager.goto("/pathways/induction/team/")
    link_to(manager, "pathways:induction-detail", induction.pk).click()
    expect(state(manager.locator("li", has_text=policy.title), "done")).to_be_visible()
    expect(manager.locator("li", has_text=policy.title)).to_contain_text(marta.full_name)
    assert find_barriers(manager) == []
    button_to(manager, "pathways:induction-tick", tour.pk).click()
    expect(state(manager.locator("li", has_text=tour.title), "done")).to_be_visible()
    expect(button_to(manager, "pathways:induction-tick", tour.pk)).to_have_count(0)
    fill_in(manager, buddy=tom.pk)
    button_to(manager, "pathways:induction-buddy", induction.pk).click()
    expect_said(manager)
    induction.refresh_from_db()
    assert induction.buddy == tom
