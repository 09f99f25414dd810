"""The register, made for a phone in a doorway; every part of it works without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import get_session_to_register
from courses.actions.registers import Mark, Saved, add_at_the_door, mark_register
from courses.forms.registers import RegisterForm, WalkInForm
from courses.models import Session
from courses.queries.registers import (
    MOST_FOUND,
    Register,
    about_people,
    people_to_add,
    register_of,
    registers_of,
)
from courses.views.bookings import say
from staff import clock
from staff.loose_types import JsonObject
from staff.models import Person
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

UNDO = "register_undo"


@require_safe
def register_list(request: SignedInRequest) -> HttpResponse:
    """The registers I keep: to mark, to come, done."""
    person = request.user.person
    found = registers_of(person, now=clock.now(), on=clock.today()) if person else None
    return render(request, "courses/register_list.html", {"registers": found, "nav_current": "registers"})


@require_http_methods(["GET", "HEAD", "POST"])
def session_register(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark who is here: each one, or everybody left in one tap."""
    session = get_session_to_register(request.user, pk)
    register = _register(request, session)
    form = RegisterForm(request.POST or None, register=register)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, register, form.marks)
        except ActionRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            _remember(request, register, saved)
            return redirect(_address(register))
    status = 422 if form.errors else 200
    context = {
        "register": register,
        "form": form,
        "undo": _undo(request, register),
        "nav_current": "registers",
    }
    return render(request, "courses/session_register.html", context, status=status)


@require_POST
def register_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the last save of this register back as it was before."""
    session = get_session_to_register(request.user, pk)
    register = _register(request, session)
    before = _undo(request, register)
    if before:
        try:
            _save(request, register, before)
        except ActionRefused as refusal:
            say(request, refusal)
        else:
            request.session.pop(UNDO, None)
            messages.success(request, "The last save is undone.")
    return redirect(_address(register))


@require_http_methods(["GET", "HEAD", "POST"])
def register_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Find somebody who came without a booking, and put them on the list."""
    session = get_session_to_register(request.user, pk)
    if request.method == "POST":
        return _add(request, session)
    form = WalkInForm(request.GET or None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = people_to_add(session, words, on=timezone.localdate(session.starts_at)) if words else []
    about = about_people(found, on=timezone.localdate(session.starts_at))
    people = [{"person": person, "about": about.get(person.pk, "")} for person in found]
    context = {
        "session": session,
        "form": form,
        "words": words,
        "people": people,
        "most": MOST_FOUND,
        "nav_current": "registers",
    }
    return render(request, "courses/register_add.html", context)


def _add(request: SignedInRequest, session: Session) -> HttpResponse:
    number = request.POST.get("person", "")
    person = get_object_or_404(Person, pk=int(number) if number.isdecimal() else 0, erased_at__isnull=True)
    try:
        add_at_the_door(
            session_id=session.pk,
            person=person,
            by=request.user.person,
            now=clock.now(),
            adds_place="adds_place" in request.POST,
        )
    except ActionRefused as refusal:
        say(request, refusal)
        return redirect("courses:register-add", session.pk)
    messages.success(request, f"{person.full_name} is on the list.")
    return redirect("courses:session-register", session.pk)


def _register(request: SignedInRequest, session: Session) -> Register:
    number = request.POST.get("part") or request.GET.get("part") or ""
    register = register_of(session, int(number) if number.isdecimal() else None, now=clock.now())
    if register is None:
        raise Http404("There is no such date.")
    return register


def _save(request: SignedInRequest, register: Register, marks: dict[int, Mark]) -> Saved:
    return mark_register(
        session_id=register.session.pk,
        part_id=register.part.pk,
        marks=marks,
        by=request.user.person,
        now=clock.now(),
    )


def _remember(request: SignedInRequest, register: Register, saved: Saved) -> None:
    """Keep what the marks were, for one undo; a save that changed nothing leaves the last one."""
    if not saved.changed:
        messages.info(request, "Nothing had changed since the last save.")
        return
    request.session[UNDO] = {
        "part": register.part.pk,
        "marks": {str(pk): [mark.mark, mark.minutes] for pk, mark in saved.before.items()},
    }


def _undo(request: SignedInRequest, register: Register) -> dict[int, Mark]:
    kept: JsonObject = request.session.get(UNDO) or {}
    if kept.get("part") != register.part.pk:
        return {}
    listed = {row.booking.pk for row in register.rows}
    return {int(pk): Mark(*mark) for pk, mark in kept["marks"].items() if int(pk) in listed}


def _address(register: Register) -> str:
    return f"{reverse('courses:session-register', args=[register.session.pk])}?part={register.part.number}"
