"""The steps of a request for a funded route, each taken on the page by the person whose turn it is."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from pathways.models import Route, RouteRequest
from staff import clock
from tests.factories.pathways_requests import RouteFactory
from tests.flows.locators import button_to, fill_in, link_to


def a_route(code: str, kind: str, title: str) -> Route:
    """A route of the journey's own, so that nothing depends on what the demo trust has asked for."""
    return RouteFactory(code=code, slug=code, kind=kind, title=title)


def open_request(page: Page, request: RouteRequest) -> None:
    """The page of a request."""
    page.goto(f"/pathways/requests/{request.pk}/")


def expect_state(page: Page, request: RouteRequest, state: str) -> None:
    """The request has come to this state, and the page says so."""
    words = RouteRequest.State(state).label
    expect(page.locator(".state", has_text=words).first).to_be_visible()
    request.refresh_from_db()
    assert request.state == state


def ask_for(page: Page, route: Route, **more: str) -> RouteRequest:
    """Begin a draft, fill it in and send it to the manager."""
    write_draft(page, route, **more)
    page.locator("button[name=send]").click()
    page.wait_for_url("**/pathways/requests/*/")
    return RouteRequest.objects.get(route=route)


def write_draft(page: Page, route: Route, **more: str) -> None:
    """Fill in a draft."""
    page.goto(f"/pathways/routes/{route.slug}/request/")
    page.locator("main form[method=post] [type=submit]").click()
    fill_in(
        page,
        why="I want to run our reading groups well.",
        planned_starts_on=clock.today() + timedelta(days=200),
        **more,
    )


def support(page: Page, request: RouteRequest) -> None:
    """From the inbox to the record of the discussion, and support."""
    page.goto("/inbox/")
    link_to(page, "inbox-request", request.pk).click()
    link_to(page, "pathways:request-discussion", request.pk).click()
    fill_in(
        page,
        outcome="It fits. We start after Easter.",
        cover_plan="Jo on Tuesday afternoons.",
        off_job_timetable="Tuesday afternoons.",
    )
    page.locator("button[name=support]").click()
    expect_state(page, request, "budget")


def take_step(page: Page, request: RouteRequest, step: str) -> None:
    """Press the button of a step that needs no words."""
    button_to(page, "pathways:request-step", request.pk, step).click()


def check(page: Page, request: RouteRequest, payer: str, **agreed: object) -> None:
    """Everything is met; `agreed` is what else this kind of route asks for, by the name of its field."""
    open_request(page, request)
    link_to(page, "pathways:request-check", request.pk).click()
    fill_in(page, confirmed_payer=payer, **agreed)
    for choice in page.locator("select[name$=_outcome]").all():
        choice.select_option("met")
    page.locator("button[name=done]").click()
    page.wait_for_url(f"**/pathways/requests/{request.pk}/")


def start(page: Page, request: RouteRequest) -> None:
    """Record that it has started."""
    open_request(page, request)
    link_to(page, "pathways:request-step", request.pk, "started").click()
    page.locator("main form[method=post] .actions [type=submit]").click()
    page.wait_for_url(f"**/pathways/requests/{request.pk}/")
