"""A request for a funded route from the idea to the start, across four people (issue 3, part 6)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from staff import clock
from tests.flows.conftest import NewPage

pytestmark = pytest.mark.browser


def _a_route(manage: Callable[..., str], code: str, kind: str, title: str) -> None:
    """A route of the test's own, so that nothing depends on what the demo trust has asked for."""
    manage(
        "shell",
        "-c",
        "from pathways.models import Route; Route.objects.update_or_create("
        f"code='{code}', defaults=dict(slug='{code}', kind='{kind}', title='{title}', typical_months=18))",
    )


# Somebody else of the people team.
COLLEAGUE = """
from staff.models import Responsibility
held = Responsibility.objects.in_force(clock.today()).filter(kind="people_team")
one = held.exclude(person__user__email="people@demo.example").order_by("pk").first()
print("COLLEAGUE", one.person.user.email)
"""


def _ask(page: Page, code: str, **more: str) -> str:
    page.goto(f"/pathways/routes/{code}/request/")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_label("Why this").fill("I want to run our reading groups well.")
    page.get_by_label("When would you like to start?").fill((clock.today() + timedelta(days=200)).isoformat())
    for label, words in more.items():
        page.get_by_label(label).first.fill(words)
    page.get_by_role("button", name="Send to my manager").click()
    expect(page.get_by_role("heading", name="Where it is")).to_be_visible()
    return page.url.split("://", 1)[1].split("/", 1)[1]


def _support(page: Page, title: str) -> None:
    """From the inbox to the record of the discussion, and support."""
    page.goto("/inbox/")
    page.get_by_role("link").filter(has_text=title).first.click()
    page.get_by_role("link", name="Record the discussion").click()
    page.get_by_label("What did you agree?").fill("It fits. We start after Easter.")
    page.get_by_label("Who covers, and when?").fill("Jo on Tuesday afternoons.")
    page.get_by_label("When does off-the-job training").fill("Tuesday afternoons.")
    page.get_by_role("button", name="Record and support").click()
    expect(page.get_by_text("With the budget holder").first).to_be_visible()


def _check(page: Page, address: str, payer: str, **agreed: str) -> None:
    """Everything is met; `agreed` is what else this kind of route asks for, by the name of its field."""
    page.goto(f"/{address}")
    page.get_by_role("link", name="Check the funding").click()
    page.locator("select[name=confirmed_payer]").select_option(payer)
    for choice in page.locator("select[name$=_outcome]").all():
        choice.select_option("met")
    for name, words in agreed.items():
        page.locator(f"input[name={name}]").fill(words)
    page.get_by_role("button", name="All is checked").click()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()


def test_apprenticeship_from_idea_to_start_across_four_people(new_page: NewPage, manage: Callable[..., str]):
    title = "Reading support worker"
    _a_route(manage, "flow-app", "apprenticeship", title)
    assistant, manager, head, people = (
        new_page("ta", phone=True),
        new_page("manager", phone=True),
        new_page("head", phone=True),
        new_page("people"),
    )
    address = _ask(assistant, "flow-app")
    _support(manager, title)

    head.goto("/inbox/")  # two taps, the facts beside the button
    head.get_by_role("link").filter(has_text=title).first.click()
    expect(head.get_by_text("Jo on Tuesday afternoons.").first).to_be_visible()
    head.get_by_role("button", name="Agree the budget").click()
    ends_on = (clock.today() + timedelta(days=900)).isoformat()
    _check(
        people,
        address,
        "levy",
        price="7000",
        off_job_hours="400",
        planned_ends_on=ends_on,
        levy_forecast="9000",
    )
    expect(people.get_by_text("Agreed", exact=True).first).to_be_visible()

    assistant.goto(f"/{address}")
    for _ in range(2):
        assistant.get_by_role("button", name="I have signed this").click()
    for _ in range(3):
        people.goto(f"/{address}")
        people.get_by_role("button", name="Record the signature").click()
    people.goto(f"/{address}")
    people.get_by_role("link", name="Record the start").click()
    people.get_by_role("button", name="Record the start").click()
    assistant.goto(f"/{address}")

    expect(assistant.get_by_text("You are on programme.").first).to_be_visible()
    expect(assistant.get_by_role("heading", name="Reviews")).to_be_visible()


def test_masters_from_idea_to_agreement_across_four_people(new_page: NewPage, manage: Callable[..., str]):
    title = "MA Reading and Language"
    _a_route(manage, "flow-ma", "masters", title)
    teacher, manager, holder, people = (
        new_page("teacher"),
        new_page("manager", phone=True),
        new_page("head"),
        new_page("people"),
    )
    address = _ask(teacher, "flow-ma", University="University of Leicester")
    _support(manager, title)
    holder.goto(f"/{address}")
    holder.get_by_role("button", name="Agree the budget").click()
    people.goto(f"/{address}")
    people.get_by_role("link", name="Fees and payments").click()
    people.get_by_label("Fee of year 1").fill("3200")
    people.get_by_label("Fee of year 2").fill("3200")
    people.get_by_role("button", name="Keep the fees").click()
    _check(people, address, "trust")
    expect(people.get_by_text("Waiting for the panel").first).to_be_visible()
    people.goto(f"/{address}")  # who has checked it does not award the place as well
    expect(people.get_by_role("button", name="Record the award")).to_have_count(0)
    colleague = new_page(manage("shell", "-c", COLLEAGUE).split("COLLEAGUE ")[1].split("@")[0].strip())
    colleague.goto(f"/{address}")
    colleague.get_by_role("button", name="Record the award").click()
    teacher.goto(f"/{address}")

    expect(teacher.get_by_text("Agreed", exact=True).first).to_be_visible()
    expect(teacher.get_by_text("Training cost agreement, learner").first).to_be_visible()
    teacher.get_by_role("button", name="I have signed this").click()
    people.goto(f"/{address}")
    people.get_by_role("button", name="Record the signature").click()
    people.get_by_role("link", name="Fees and payments").click()
    people.get_by_label("Paid by the trust so far").fill("3200")
    people.get_by_label("Paid on").fill(clock.today().isoformat())
    people.get_by_role("button", name="Record the payment").click()
    people.goto(f"/{address}")
    people.get_by_role("link", name="Record the start").click()
    people.get_by_role("button", name="Record the start").click()
    teacher.goto(f"/{address}")

    expect(teacher.get_by_role("heading", name="What you would pay back")).to_be_visible()
    balance = teacher.get_by_role("table", name="How the balance falls")
    expect(balance.get_by_role("cell", name="£3,200.00")).to_be_visible()
    expect(balance.get_by_role("cell", name="£2,400.00")).to_be_visible()
    expect(balance.get_by_role("cell", name="£0.00")).to_be_visible()


def test_withdrawn_standard_is_found_and_refused_with_the_other_ways(new_page: NewPage):
    assistant = new_page("ta", phone=True)
    assistant.goto("/pathways/routes/?q=team+leadr")
    assistant.get_by_role("link", name="team leader", exact=True).click()
    assistant.get_by_role("link", name="Team leader", exact=True).click()
    expect(assistant.get_by_text("The levy pays for no start after Mon 31 Aug 2026.")).to_be_visible()
    assistant.get_by_role("link", name="Ask for this route").click()
    assistant.get_by_role("button", name="Begin a draft").click()
    assistant.get_by_label("Why this").fill("I lead the lunch team.")
    start = (clock.today() + timedelta(days=200)).isoformat()
    assistant.get_by_label("When would you like to start?").fill(start)
    assistant.get_by_role("button", name="Send to my manager").click()

    refusal = assistant.locator("form").get_by_text("Other ways:").first
    expect(refusal).to_contain_text("Data technician")
    expect(refusal).to_contain_text("the Leadership Academy")


def test_people_team_works_from_the_board(new_page: NewPage):
    people = new_page("people")
    people.goto("/pathways/requests/")
    people.get_by_role("link", name="Board of requests").click()
    stage = people.get_by_role("region", name="People team", exact=False).first
    expect(stage).to_be_visible()
    people.get_by_label("Kind").select_option("apprenticeship")
    people.get_by_role("button", name="Show").click()
    column = people.locator("section[aria-labelledby=stage-people]")
    column.get_by_role("link").first.click()
    expect(people.get_by_role("heading", name="Where it is")).to_be_visible()
    expect(people.get_by_role("link", name="Check the funding")).to_be_visible()
    people.goto("/pathways/requests/panels/")
    people.get_by_role("link", name="start").first.click()
    people.get_by_label("Place of").first.fill("1")
    people.get_by_role("button", name="Keep the ranking").click()
    expect(people.get_by_text("The ranking is kept.")).to_be_visible()
