"""Early career teachers: the list of a school or the trust, one induction, and its reviews."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pathways.access.golden_thread import (
    Looked,
    Standing,
    check_sees_early_careers,
    get_early_career,
    get_early_career_to_complete,
    get_early_career_to_lead,
    get_review_to_record,
    get_teacher_to_register,
)
from pathways.actions import early_career as actions
from pathways.forms.golden_thread import ChangeForm, CompleteForm, RegisterForm, ReviewForm
from pathways.models import EarlyCareer
from pathways.queries.early_career import (
    early_careers_seen_by,
    in_conflict,
    journey_of,
    not_registered,
    teaching_school_of,
)
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

PAGE_SIZE = 40
SHOWN = {"": "All", "late": "Late", "open": "Under way", "done": "Completed"}


@require_safe
def ect_list(request: SignedInRequest) -> HttpResponse:
    """The early career teachers of my school or of the trust: the late ones first."""
    on = clock.today()
    person = check_sees_early_careers(request.user, on)
    shown = request.GET.get("show", "")
    careers = early_careers_seen_by(person, on)
    if shown == "late":
        careers = careers.filter(late__gt=0, completed_on__isnull=True)
    elif shown == "open":
        careers = careers.filter(completed_on__isnull=True)
    elif shown == "done":
        careers = careers.filter(completed_on__isnull=False)
    options = [
        {"words": words, "url": f"?show={name}" if name else "?", "on": name == shown}
        for name, words in SHOWN.items()
    ]
    context = {
        "page": Paginator(careers, PAGE_SIZE).get_page(request.GET.get("page")),
        "unknown": not_registered(person, on),
        "conflicting": list(in_conflict(early_careers_seen_by(person, on), on)),
        "options": options,
        "shown": shown,
        "on": on,
        "nav_current": "pathways",
    }
    return render(request, "pathways/ect_list.html", context)


@require_safe
def ect_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One induction, term by term."""
    on = clock.today()
    looked = get_early_career(request.user, pk, on)
    career = looked.early_career
    context = {
        "career": career,
        "journey": journey_of(career, on),
        "needs_other_body": in_conflict(EarlyCareer.objects.filter(pk=pk), on).exists(),
        "is_own": Standing.OWN in looked.standings,
        "may_record": Standing.TUTOR in looked.standings and career.completed_on is None,
        "may_lead": looked.may_lead and career.completed_on is None,
        "may_complete": Standing.PEOPLE_TEAM in looked.standings and career.completed_on is None,
        "sees_list": looked.may_lead,
        "nav_current": "pathways",
    }
    return render(request, "pathways/ect_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def ect_register(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin the induction of an early career teacher."""
    now = clock.now()
    on = timezone.localdate(now)
    person = get_teacher_to_register(request.user, pk, on)
    contract = teaching_school_of(person, on)
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        person=person,
        school=contract.school,
        on=on,
        initial={"starts_on": contract.starts_on},
    )
    if form.is_bound and form.is_valid():
        by = person_or_404(request.user)
        try:
            career = actions.register_induction(person=person, by=by, now=now, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Registered. The reviews are planned.")
            return redirect("pathways:ect-detail", career.pk)
    context = {"person": person, "school": contract.school, "form": form, "nav_current": "pathways"}
    return render(request, "pathways/ect_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def ect_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change who helps, who checks, and what was agreed."""
    now = clock.now()
    on = timezone.localdate(now)
    career = get_early_career_to_lead(request.user, pk, on).early_career
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        person=career.person,
        school=career.school,
        on=on,
        initial=ChangeForm.initial_of(career),
    )
    if form.is_bound and form.is_valid():
        by = person_or_404(request.user)
        try:
            actions.change_induction(early_career_id=pk, by=by, now=now, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Saved. What is due is planned anew.")
            return redirect("pathways:ect-detail", pk)
    context = {
        "person": career.person,
        "school": career.school,
        "career": career,
        "form": form,
        "nav_current": "pathways",
    }
    return render(request, "pathways/ect_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def ect_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record one review, as the induction tutor."""
    on = clock.today()
    review, looked = get_review_to_record(request.user, pk, on)
    is_held = review.held_on is not None
    initial: dict[str, object] = {"held_on": review.held_on or on, "words": review.words}
    if is_held:
        initial["is_on_track"] = "yes" if review.is_on_track else "no"
    form = ReviewForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        by = person_or_404(request.user)
        try:
            actions.record_review(review_id=pk, by=by, on=on, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Recorded: {review}.")
            return redirect("pathways:ect-detail", looked.early_career.pk)
    context = {"review": review, "career": looked.early_career, "form": form, "nav_current": "pathways"}
    return render(request, "pathways/ect_review.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def ect_complete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record the appropriate body's decision that it is passed."""
    on = clock.today()
    looked: Looked = get_early_career_to_complete(request.user, pk, on)
    form = CompleteForm(request.POST if request.method == "POST" else None, initial={"completed_on": on})
    if form.is_bound and form.is_valid():
        by = person_or_404(request.user)
        try:
            actions.complete_induction(early_career_id=pk, by=by, on=on, **form.cleaned_data)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Completed. Well done to everybody.")
            return redirect("pathways:ect-detail", pk)
    context = {"career": looked.early_career, "form": form, "nav_current": "pathways"}
    return render(request, "pathways/ect_complete.html", context, status=422 if form.errors else 200)
