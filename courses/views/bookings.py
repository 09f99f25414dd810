"""Booking a place, seeing where one stands, and giving it up."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import decides_on, get_booking_for, get_session_to_book, may_cancel_for
from courses.actions import bookings as actions
from courses.icalendars import Method, calendar_of, spans_of
from courses.models import Booking
from courses.queries.bookings import bookings_of
from courses.queries.confirmations import BookingPage, page_of
from courses.queries.facts import HOLDING_STATES
from staff import clock
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def booking_list(request: SignedInRequest) -> HttpResponse:
    """My bookings: to come, waiting with the place in the line and why, and what is over."""
    person = request.user.person
    mine = bookings_of(person, now=clock.now()) if person else None
    return render(request, "courses/booking_list.html", {"mine": mine, "nav_current": "home"})


@require_POST
def session_book(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a place; the answer is the booking's page, the same however often it is asked."""
    session = get_session_to_book(request.user, pk)
    person = request.user.person
    assert person is not None  # the door
    try:
        booking = actions.book(person=person, session_id=session.pk, by=person, now=clock.now(), seen=session)
    except ActionRefused as refusal:
        say(request, refusal)
        return redirect(session.course)
    return redirect("courses:booking-detail", booking.pk)


@require_safe
def booking_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One booking: what was asked, what became of it, and what can be done now."""
    booking = get_booking_for(request.user, pk)
    page = _page(request, booking)
    return render(request, "courses/booking_detail.html", {"page": page, "nav_current": "home"})


@require_safe
def booking_calendar(request: SignedInRequest, pk: int) -> HttpResponse:
    """The booking as a file for a calendar; 404 while it holds no place, as in the private calendar."""
    booking = get_booking_for(request.user, pk)
    if booking.is_live and booking.state not in HOLDING_STATES:
        raise Http404("No place is held, so there is nothing for a calendar.")
    session = booking.session
    method: Method = "PUBLISH" if booking.is_live else "CANCEL"
    words = calendar_of([(booking, session, spans_of(session.parts.all()))], method=method)
    response = HttpResponse(words, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{session.course.slug}.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def booking_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once more, on a page of its own; then cancel."""
    booking = get_booking_for(request.user, pk, to="cancel")
    page = _page(request, booking)
    if request.method != "POST":
        return render(request, "courses/booking_cancel.html", {"page": page, "nav_current": "home"})
    reason = request.POST.get("reason", "").strip()
    try:
        actions.cancel_booking(
            booking_id=pk, by=request.user.person, now=clock.now(), reason=reason or page.default_reason
        )
    except ActionRefused as refusal:
        say(request, refusal)
        return redirect("courses:booking-detail", pk)
    messages.success(request, f"{page.cancelled_words}: {page.title_and_day}.")
    return redirect("courses:booking-list" if page.is_own else booking.session.course)


def _page(request: SignedInRequest, booking: Booking) -> BookingPage:
    return page_of(
        booking,
        is_own=booking.person_id == request.user.person_id,
        is_for_cancelling=may_cancel_for(request.user, booking),
        is_for_deciding=decides_on(request.user, booking),
        now=clock.now(),
    )


@require_POST
def booking_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the place that is on offer."""
    return _answer(request, pk, actions.accept_offer)


@require_POST
def booking_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the place that is on offer go to the next person."""
    return _answer(request, pk, actions.decline_offer)


def _answer(request: SignedInRequest, pk: int, action: Callable[..., Booking]) -> HttpResponse:
    get_booking_for(request.user, pk, to="answer")
    try:
        action(booking_id=pk, by=request.user.person, now=clock.now())
    except ActionRefused as refusal:
        say(request, refusal)
    return redirect("courses:booking-detail", pk)


@require_POST
def booking_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Agree to a request (`decision` is agree) or not (anything else), from the inbox."""
    booking = get_booking_for(request.user, pk, to="decide")
    is_agreed = request.POST.get("decision") == "agree"
    actor = request.user.person
    assert actor is not None  # the door
    try:
        actions.decide_request(
            booking_id=pk,
            by=actor,
            is_agreed=is_agreed,
            reason=request.POST.get("reason", ""),
            now=clock.now(),
        )
    except ActionRefused as refusal:
        say(request, refusal)
        return redirect("courses:booking-detail", pk)
    said = "Agreed" if is_agreed else "Not agreed"
    messages.success(request, f"{said}: {booking.person.full_name}, {booking.session.course.title}.")
    return redirect("/inbox/")


def say(request: SignedInRequest, refusal: ActionRefused) -> None:
    """Show a refusal on the next page, with the way to where the matter can be mended."""
    words = refusal.sentence
    if refusal.link:
        words = format_html('{} <a href="{}">{}</a>', words, refusal.link, refusal.link_label)
    messages.error(request, words)
