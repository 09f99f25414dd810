"""The private calendar: its address for calendars, and the page where it is made and revoked."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from courses.actions.feeds import hash_of, make_feed, revoke_feed, token_of
from courses.icalendars import calendar_of
from courses.models import CalendarFeed
from courses.queries.feeds import calendar_entries, person_behind
from staff import clock
from staff.models import Person
from staff.requests import SignedInRequest


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a token, as long as its person may sign in; unchanged since the last time, 304."""
    person = person_behind(hash_of(token), on=clock.today())
    if person is None:
        raise Http404("There is no such calendar.")
    words = calendar_of(calendar_entries(person, now=clock.now()), method="PUBLISH", name="My CPD")
    etag = f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"'
    response = HttpResponse(words, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=900"
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
def feed_page(request: SignedInRequest) -> HttpResponse:
    """My calendar address: what it is, the address itself, and how to stop it."""
    feed = CalendarFeed.objects.filter(person=_person(request)).first()
    return render(
        request, "courses/feed_page.html", {"feed": feed, "address": address_of(feed), "nav_current": "more"}
    )


@require_POST
def feed_make(request: SignedInRequest) -> HttpResponse:
    """Make the address; one that is there stays."""
    person = _person(request)
    make_feed(person=person, by=person, now=clock.now())
    return redirect("courses:feed-page")


@require_POST
def feed_revoke(request: SignedInRequest) -> HttpResponse:
    """Stop the address at once."""
    person = _person(request)
    revoke_feed(person=person, by=person)
    messages.success(request, "Your calendar address no longer works.")
    return redirect("courses:feed-page")


def address_of(feed: CalendarFeed | None) -> str:
    """The whole address of a feed; empty where there is none or it can no longer be told."""
    token = token_of(feed) if feed else ""
    return f"{settings.PUBLIC_URL}{reverse('calendar-feed', args=[token])}" if token else ""


def _person(request: SignedInRequest) -> Person:
    if request.user.person is None:
        raise PermissionDenied("This sign-in has no staff record, so it has no calendar.")
    return request.user.person
