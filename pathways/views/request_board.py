"""The people team's board of requests, and the Masters panels."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pathways.access.requests import get_board, get_panel
from pathways.actions import panels as actions
from pathways.actions.request_steps import RequestRefused
from pathways.forms.request_money import BoardForm, PanelForm
from pathways.models import MastersPanel
from pathways.queries.panels import panel_view, panels_for_list, was_decided_so
from pathways.queries.request_board import board_of
from staff import clock
from staff.access import person_or_404
from staff.models import Person, School
from staff.refusals import ActionRefused
from staff.requests import SignedInRequest


@require_safe
def request_board(request: SignedInRequest) -> HttpResponse:
    """Every request under way by stage: who, what, how long, and what is overdue."""
    on = clock.today()
    seen = get_board(request.user, on)
    form = BoardForm(request.GET, schools=School.objects.exclude(kind=School.Kind.PARTNER).order_by("name"))
    board = board_of(seen, on, **form.choice)
    context = {"board": board, "form": form, "nav_current": "pathways"}
    return render(request, "pathways/request_board.html", context)


@require_safe
def panel_list(request: SignedInRequest) -> HttpResponse:
    """The yearly Masters panels."""
    on = clock.today()
    get_board(request.user, on)
    context = {"panels": list(panels_for_list()), "on": on, "nav_current": "pathways"}
    return render(request, "pathways/panel_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def panel_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who applied, in the ranking; keep the ranking, or decide together."""
    now = clock.now()
    on = timezone.localdate(now)
    panel, seen = get_panel(request.user, pk, on)
    person = person_or_404(request.user)
    view = panel_view(panel, person, seen, on)
    if request.method == "POST" and view.has_applied:
        raise PermissionDenied("Who has applied to a panel neither ranks nor decides in its round.")
    form = PanelForm(request.POST or None, ranked=view.may_rank, decided=view.may_decide)
    if (
        request.method == "POST"
        and form.is_valid()
        and (said := _keep(form, panel, person, request.POST, now))
    ):
        messages.success(request, said)
        return redirect("pathways:panel-detail", pk)
    rows = [
        (one, form.field_of("rank", one.request.pk), form.field_of("decision", one.request.pk))
        for one in view.waiting
    ]
    context = {"view": view, "panel": panel, "form": form, "rows": rows, "nav_current": "pathways"}
    return render(
        request, "pathways/panel_detail.html", context, status=422 if request.method == "POST" else 200
    )


def _keep(form: PanelForm, panel: MastersPanel, person: Person, sent: QueryDict, now: datetime) -> str:
    """Keep the ranking, and the decisions where they were sent; what to say of it, or nothing and the form says why.

    Decisions that stand already, taken by this person with a form sent before, are said again.
    """
    try:
        actions.rank(panel_id=panel.pk, ranks=form.ranks(), by=person, now=now)
        if "decide" not in sent:
            return "The ranking is kept."
        actions.decide_panel(panel_id=panel.pk, by=person, now=now, **form.decision())
    except ActionRefused as refused:
        if "decide" not in sent or not was_decided_so(panel, person, form.pressed, sent.get("words", "")):
            field = refused.field if isinstance(refused, RequestRefused) else None
            form.add_error(field if field in form.fields else None, refused.sentence)
            return ""
    decided = list(form.pressed.values())
    return f"Decided: {decided.count('award')} awarded, {decided.count('decline')} not. All have been told."
