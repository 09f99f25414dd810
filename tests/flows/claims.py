"""Claims that journeys start from: sent by hand on the page, or there already."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from entitlements.actions.claims import send_claim
from entitlements.models import ActivityKind, Claim
from staff import clock
from tests.flows.locators import fill_in, send_button
from tests.flows.sessions import person_of

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def claim_on_the_page(page: Page, folder: Path, title: str) -> Claim:
    """An hour and a quarter, six days ago, with evidence."""
    evidence = folder / "certificate.pdf"
    evidence.write_bytes(PDF)
    page.goto("/entitlements/claims/new/")
    fill_in(
        page,
        kind=ActivityKind.objects.get(code="webinar").pk,
        title=title,
        occurred_on=clock.today() - timedelta(days=6),
        hours=1,
        minutes=15,
        learned="Pre-teach three words before each lesson.",
    )
    page.locator("input[type=file]").set_input_files(evidence)
    send_button(page).click()
    expect(page.locator(".state-requested").first).to_be_visible()
    return Claim.objects.get(title=title)


def a_claim(who: str, title: str, *, days_ago: int) -> Claim:
    """A plain claim of 35 minutes: under a day, nothing else on that date."""
    person = person_of(who)
    return send_claim(
        person=person,
        kind=ActivityKind.objects.get(code="webinar"),
        occurred_on=clock.today() - timedelta(days=days_ago),
        title=title,
        learned="Pre-teach three words before each lesson.",
        minutes=35,
        by=person,
        now=clock.now(),
    )
