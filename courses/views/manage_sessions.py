"""Running the catalogue, sessions: making them, moving them, calling them off, and who is on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import get_managed_course, get_managed_session
from courses.actions.planning import add_sessions, change_terms, parts_of
from courses.actions.sessions import cancel_session, change_capacity, change_session
from courses.forms.sessions import (
    CapacityForm,
    ChangedSpanFormSet,
    NewSessionsForm,
    ReasonForm,
    SpanFormSet,
    TermsForm,
    VenueForm,
    spans_of,
)
from courses.models import Session
from courses.queries.managing import people_on
from staff import clock
from staff.exports import csv_lines
from staff.models import Person
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest
from staff.wording import counted, when

NOTHING_ADDED = (
    "These sessions are there already, so nothing was added. For more groups at once say how many."
)


@require_http_methods(["GET", "POST"])
def sessions_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add one or many sessions: dates by places, once or weekly, apart or as parts."""
    course = get_managed_course(request.user, slug)
    form = NewSessionsForm(request.POST or None, initial={"capacity": 20})
    dates = SpanFormSet(request.POST or None, prefix="dates")
    if request.method == "POST" and form.is_valid() and dates.is_valid():
        try:
            made = add_sessions(
                course_id=course.pk,
                plans=form.plans(dates.spans),
                by=request.user.person,
                now=clock.now(),
            )
        except ActionRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            said = f"{counted(len(made), 'session')} added." if made else NOTHING_ADDED
            messages.success(request, said)
            return redirect("courses:manage-course", course.slug)
    context = {"course": course, "form": form, "dates": dates}
    is_wrong = request.method == "POST"
    return render(request, "courses/manage_sessions_new.html", context, status=422 if is_wrong else 200)


@require_safe
def session_people(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who has a place, who asked and who waits, with search."""
    session = get_managed_session(request.user, pk)
    words = request.GET.get("q", "")[:100]
    context = {
        "session": session,
        "course": session.course,
        "bookings": list(people_on(session, words=words, on=clock.today())),
        "words": words,
        "capacity_form": CapacityForm(initial={"capacity": session.capacity}),
        "is_past": session.starts_at <= clock.now(),
    }
    return render(request, "courses/manage_session.html", context)


@require_safe
def session_people_csv(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same list as a file, exactly as searched."""
    session = get_managed_session(request.user, pk)
    bookings = people_on(session, words=request.GET.get("q", "")[:100], on=clock.today())
    header = ["Last name", "First name", "Payroll number", "E-mail", "School", "Role", "State", "Asked at"]
    rows = (
        [
            booking.person.last_name,
            booking.person.first_name,
            booking.person.payroll_number,
            booking.person.work_email,
            booking.school_name,
            booking.role_title,
            booking.get_state_display(),
            f"{timezone.localtime(booking.created_at):%Y-%m-%d %H:%M}",
        ]
        for booking in bookings
    )
    response = HttpResponse("".join(csv_lines(header, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="people-on-session-{session.pk}.csv"'
    return response


@require_http_methods(["GET", "POST"])
def session_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a session, or change who leads and how places are given; people with a place are told of a move."""
    session = get_managed_session(request.user, pk)
    venue = VenueForm(
        request.POST or None,
        initial={"school": session.school_id, "room": session.room, "online_link": session.online_link},
    )
    terms = TermsForm(request.POST or None, initial=TermsForm.of(session))
    dates = ChangedSpanFormSet(request.POST or None, prefix="dates", initial=spans_of(session.parts.all()))
    if request.method == "POST" and venue.is_valid() and terms.is_valid() and dates.is_valid():
        try:
            _save(session, venue, terms, dates.spans, request.user.person)
        except ActionRefused as refusal:
            venue.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Saved. People with a place are told of a new time or place.")
            return redirect("courses:manage-session", session.pk)
    context = {"session": session, "course": session.course, "venue": venue, "terms": terms, "dates": dates}
    is_wrong = request.method == "POST"
    return render(request, "courses/manage_session_edit.html", context, status=422 if is_wrong else 200)


def _save(
    session: Session,
    venue: VenueForm,
    terms: TermsForm,
    spans: list[tuple[datetime, datetime]],
    by: Person | None,
) -> None:
    """Both changes or neither; dates that stay keep their minutes."""
    school = venue.cleaned_data["school"]
    parts = list(session.parts.all())
    wanted = parts_of(spans, minutes=session.course.minutes)
    if [(part.starts_at, part.ends_at) for part in parts] == spans:
        wanted = [replace(times, minutes=part.minutes) for times, part in zip(wanted, parts, strict=True)]
    with transaction.atomic():
        change_session(
            session_id=session.pk,
            parts=wanted,
            school_id=school.pk if school else None,
            room=venue.cleaned_data["room"],
            online_link=venue.cleaned_data["online_link"],
            by=by,
            now=clock.now(),
        )
        change_terms(session_id=session.pk, terms=terms.terms, trainer_ids=terms.trainer_ids, by=by)


@require_POST
def session_capacity(request: SignedInRequest, pk: int) -> HttpResponse:
    """More or fewer places; those that become free go to the people who wait."""
    session = get_managed_session(request.user, pk)
    form = CapacityForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give a number of places from 1 to 5,000.")
        return redirect("courses:manage-session", session.pk)
    capacity = form.cleaned_data["capacity"]
    try:
        change_capacity(session_id=session.pk, capacity=capacity, by=request.user.person, now=clock.now())
    except ActionRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"The session has {counted(capacity, 'place')} now.")
    return redirect("courses:manage-session", session.pk)


@require_http_methods(["GET", "POST"])
def session_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Call a session off, with the reason everybody reads."""
    session = get_managed_session(request.user, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            cancel_session(session_id=session.pk, reason=reason, by=request.user.person, now=clock.now())
        except ActionRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            moment = when(session.starts_at, session.ends_at)
            messages.success(request, f"The session on {moment} is cancelled. Everybody was told.")
            return redirect("courses:manage-course", session.course.slug)
    context = {
        "session": session,
        "course": session.course,
        "form": form,
        "held": people_on(session, on=clock.today()).count(),
    }
    return render(request, "courses/manage_session_cancel.html", context, status=422 if form.errors else 200)
