"""Requests for funded routes: mine, the draft, and the case page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pathways.access.requests import get_open_route, get_own_request, get_request_for
from pathways.actions.request_drafts import change_draft, start_draft
from pathways.actions.request_steps import RequestRefused
from pathways.actions.requests import send_request
from pathways.forms.requests import DraftForm, SignatureForm
from pathways.models import RouteRequest
from pathways.queries.request_case import buttons_of, case_of
from pathways.queries.request_money import money_of
from pathways.queries.requests import my_requests
from pathways.rules.requests import OVER
from staff import clock
from staff.access import person_or_404
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest

_OVER = frozenset(state.value for state in OVER)


@require_safe
def request_list(request: SignedInRequest) -> HttpResponse:
    """What I have asked for."""
    person = request.user.person
    rows = list(my_requests(person)) if person else []
    context = {"rows": rows, "sees_board": request.user.is_people_team, "nav_current": "pathways"}
    return render(request, "pathways/request_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_start(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for a route: what it is, and the start of a draft."""
    person, route = person_or_404(request.user), get_open_route(slug)
    if request.method == "POST":
        try:
            draft = start_draft(person=person, route=route, by=person)
        except ActionRefused as refused:
            messages.error(request, refused.sentence)
            return redirect("pathways:request-list")
        return redirect(
            "pathways:request-edit" if draft.state == "draft" else "pathways:request-detail", draft.pk
        )
    live = my_requests(person).filter(route=route).exclude(state__in=_OVER).first()
    context = {"route": route, "live": live, "nav_current": "pathways"}
    return render(request, "pathways/request_start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """My draft: write it, keep it, send it."""
    now = clock.now()
    on = timezone.localdate(now)
    found, person = get_own_request(request.user, pk, on), person_or_404(request.user)
    if found.state != RouteRequest.State.DRAFT:
        return redirect("pathways:request-detail", pk)
    form = DraftForm(request.POST or None, instance=found, route=found.route, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            change_draft(request_id=pk, by=person, fields=form.cleaned_data)
            if "send" not in request.POST:
                messages.success(request, "Kept as a draft. Nobody else sees it yet.")
                return redirect("pathways:request-detail", pk)
            send_request(request_id=pk, by=person, now=now)
        except RequestRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except ActionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Sent. Your manager has been told.")
            return redirect("pathways:request-detail", pk)
    context = {"case": found, "form": form, "nav_current": "pathways"}
    return render(
        request, "pathways/request_edit.html", context, status=422 if request.method == "POST" else 200
    )


@require_safe
def request_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The case: what happened, who has it, what comes next, and what I may do."""
    on = clock.today()
    found = get_request_for(request.user, pk, on)
    case = case_of(found, reader=request.user.person, on=on)
    is_party = case.is_own or case.runs_it
    is_money_shown = case.is_own or case.is_team or case.decider is not None
    signature_form = (
        SignatureForm(missing=case.missing, is_learner=case.is_own, initial={"signed_on": on})
        if is_party and any((party == "learner") == case.is_own for _, party in case.missing)
        else None
    )
    context = {
        "case": case,
        "route_request": found,
        **buttons_of(case),
        "signature_form": signature_form,
        "money": money_of(found, on) if is_money_shown else None,
        "may_keep_money": case.is_team,
        "nav_current": "pathways" if case.is_own else "inbox",
    }
    return render(request, "pathways/request_detail.html", context)
