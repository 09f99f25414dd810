"""What is done with a request: discussion, checks, each step, signatures and reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from pathways.access.requests import (
    get_request_to_decide,
    get_request_to_run,
    get_request_to_sign,
    get_request_to_step,
)
from pathways.actions import requests as actions
from pathways.actions import requests_programme as programme
from pathways.actions.request_steps import RequestRefused
from pathways.forms.requests import ChecksForm, DiscussionForm, ReviewForm, SignatureForm, StepForm
from pathways.queries.request_case import BUTTONS, StepButton, case_of
from pathways.queries.requests_papers import signatures_missing
from pathways.rules.requests import RequestStep
from staff import clock
from staff.access import person_or_404
from staff.loose_types import CleanedData, StepFacts
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

_ONE_TAP: Final[dict[str, Callable[..., object]]] = {
    "supported": actions.support,
    "funded": actions.fund,
    "covered": actions.cover,
    "asked": actions.ask_about_request,
    "answered": actions.answer_request,
    "appealed": actions.appeal,
    "upheld": actions.uphold,
    "dismissed": actions.dismiss,
}
_DATED: Final[dict[str, Callable[..., object]]] = {
    "resumed": programme.resume,
    "completed": programme.complete,
}
_SAID: Final = {
    "supported": "Supported",
    "funded": "Budget agreed",
    "covered": "Cost covered",
    "awarded": "Place awarded",
    "asked": "Question sent",
    "answered": "Answer sent",
    "declined": "Declined",
    "appealed": "Appeal sent",
    "upheld": "Appeal upheld",
    "dismissed": "Appeal dismissed",
    "started": "Start recorded",
    "paused": "Break recorded",
    "resumed": "Return recorded",
    "completed": "Completion recorded",
    "withdrawn": "Withdrawn",
}


@require_http_methods(["GET", "HEAD", "POST"])
def request_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    """One step: a form that says what it does, and the step itself."""
    now = clock.now()
    on = timezone.localdate(now)
    if step not in _SAID:
        raise Http404("There is no such step.")
    found = get_request_to_step(request.user, pk, RequestStep(step), on)
    person = person_or_404(request.user)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        step=RequestStep(step),
        is_own=found.person_id == person.pk,
        is_begun=found.starts_on is not None,
        initial={"effective_on": on},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _take(step, form.cleaned_data, request_id=pk, by=person, now=now)
        except RequestRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except ActionRefused as refused:
            messages.error(request, refused.sentence)
            return redirect("pathways:request-detail", pk)
        else:
            messages.success(request, f"{_SAID[step]}: {found.person}, {found.route}.")
            is_own = found.person_id == person.pk
            return (
                redirect("inbox")
                if "inbox" in request.POST and not is_own
                else redirect("pathways:request-detail", pk)
            )
    context = {
        "case": case_of(found, reader=person, on=on),
        "route_request": found,
        "form": form,
        "step": step,
    }
    context |= {"button": StepButton(step, BUTTONS[step]), "nav_current": "pathways"}
    return render(
        request, "pathways/request_step.html", context, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def request_discussion(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record the discussion, and support it in the same go if that is what came of it."""
    now = clock.now()
    on = timezone.localdate(now)
    sent_again = RequestStep.SUPPORTED if "support" in request.POST else None
    found = get_request_to_decide(request.user, pk, on, sent_again=sent_again)
    person = person_or_404(request.user)
    form = DiscussionForm(request.POST or None, route=found.route, initial={"held_on": on})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_discussion(request_id=pk, by=person, now=now, **form.content())
            if "support" in request.POST:
                actions.support(request_id=pk, by=person, now=now)
        except RequestRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except ActionRefused as refused:
            messages.error(request, refused.sentence)
            return redirect("pathways:request-detail", pk)
        else:
            messages.success(request, "Supported." if "support" in request.POST else "Discussion recorded.")
            return redirect("pathways:request-detail", pk)
    context = {"route_request": found, "form": form, "nav_current": "inbox"}
    return render(
        request, "pathways/request_discussion.html", context, status=422 if request.method == "POST" else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def request_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """The people team's checks: kept as they go, passed on when all are answered."""
    now = clock.now()
    on = timezone.localdate(now)
    sent_again = RequestStep.CHECKED if "done" in request.POST else None
    found = get_request_to_decide(request.user, pk, on, sent_again=sent_again)
    person = person_or_404(request.user)
    form = ChecksForm(request.POST or None, request=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_checks(request_id=pk, by=person, now=now, **form.content())
            if "done" in request.POST:
                actions.check_request(request_id=pk, by=person, now=now)
        except RequestRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Checked." if "done" in request.POST else "Checks kept.")
            return redirect("pathways:request-detail", pk)
    context = {"route_request": found, "form": form, "nav_current": "inbox"}
    return render(
        request, "pathways/request_check.html", context, status=422 if request.method == "POST" else 200
    )


@require_POST
def request_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record a signature: one's own, or as the people team the others'."""
    now = clock.now()
    found = get_request_to_sign(request.user, pk, timezone.localdate(now))
    person = person_or_404(request.user)
    is_learner = found.person_id == person.pk
    form = SignatureForm(request.POST, missing=signatures_missing(found), is_learner=is_learner)
    if not form.is_valid():
        messages.error(request, "Choose what was signed, and when.")
        return redirect("pathways:request-detail", pk)
    document, party = form.cleaned_data["what"].split(":")
    signed_on = form.cleaned_data["signed_on"]
    try:
        programme.sign(request_id=pk, document=document, party=party, signed_on=signed_on, by=person, now=now)
    except ActionRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Signature recorded.")
    return redirect("pathways:request-detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def request_review(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Record a review on programme."""
    now = clock.now()
    on = timezone.localdate(now)
    found = get_request_to_run(request.user, pk, on)
    review = get_object_or_404(found.reviews, number=number)
    form = ReviewForm(request.POST or None, initial={"held_on": review.held_on or on, "words": review.words})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        hours = data.pop("off_job_hours")
        minutes = None if hours is None else hours * 60
        try:
            programme.record_review(
                review_id=review.pk, off_job_minutes=minutes, by=person_or_404(request.user), now=now, **data
            )
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Review recorded.")
            return redirect("pathways:request-detail", pk)
    context = {"route_request": found, "review": review, "form": form, "nav_current": "inbox"}
    return render(
        request, "pathways/request_review.html", context, status=422 if request.method == "POST" else 200
    )


def _take(step: str, data: CleanedData, **who: StepFacts) -> None:
    """Take the step that the address names with what its form holds."""
    if step == "declined":
        actions.decline_request(words=data["words"], reason_code=data["reason_code"], **who)
    elif step == "awarded":
        actions.award(words=data["words"], overspend_reason=data["overspend_reason"], **who)
    elif step == "started":
        programme.start(starts_on=data["effective_on"], **who)
    elif step == "paused":
        dates = {"on": data["effective_on"], "expected_back_on": data["expected_back_on"]}
        programme.pause(words=data["words"], **dates, **who)
    elif step == "withdrawn":
        programme.withdraw(words=data["words"], on=data.get("effective_on"), **who)
    elif step in _DATED:
        _DATED[step](on=data["effective_on"], words=data["words"], **who)
    else:
        _ONE_TAP[step](words=data["words"], **who)
