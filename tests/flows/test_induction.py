"""Induction: a starter ticks a step on a phone, and the manager sees it and chooses a buddy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser

# The demo's sign-ins have been here for years: one of them starts today, for this journey.
START = """
from datetime import timedelta
from pathways.models import Induction, InductionStep
from staff.models import User
person = User.objects.get(email="ta@demo.example").person
today = clock.today()
induction = Induction.objects.create(
    person=person, contract=person.contracts.filter(is_main=True).first(), starts_on=today - timedelta(days=7))
for number, (title, by, days) in enumerate(
        [("Read the policy of this journey", "person", -2), ("Show the way round", "manager", 3)], start=1):
    InductionStep.objects.create(
        induction=induction, number=number, title=title, done_by=by, due_on=today + timedelta(days=days))
"""


def test_starter_ticks_a_step_and_the_manager_sees_it(
    new_page: NewPage, manage: Callable[..., str], barriers
):
    manage("shell", "-c", START)
    starter, manager = new_page("ta", phone=True), new_page("manager")
    starter.goto("/pathways/induction/")
    assert barriers(starter) == []
    expect(starter.get_by_role("heading", name="What is next")).to_be_visible()

    manager.goto("/pathways/induction/team/?show=late")
    assert barriers(manager) == []
    expect(manager.get_by_text("Read the policy of this journey").first).to_be_visible()

    starter.get_by_role("button", name="Mark done “Read the policy of this journey”").click()
    expect(starter.get_by_role("button", name="Undo “Read the policy of this journey”")).to_be_visible()

    manager.goto("/pathways/induction/team/")
    manager.get_by_role("link", name="Marta Kowalczyk").click()
    expect(manager.get_by_text("ticked by Marta Kowalczyk").first).to_be_visible()
    assert barriers(manager) == []
    manager.get_by_role("button", name="Mark done “Show the way round”").click()
    expect(manager.get_by_text("Everything is done.").first).to_be_visible()
    manager.get_by_label("Buddy").select_option(label="Tom Ashby")
    manager.get_by_role("button", name="Choose this buddy").click()
    expect(manager.get_by_text("Tom Ashby is the buddy now.").first).to_be_visible()
